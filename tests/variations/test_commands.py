"""Variations and cuts: proposed by one, approved by another under authority and budget, agreed to, and only then done."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import commands as accounts
from app.audit import queries as audit
from app.awards.queries import awarded
from app.db import db, transaction
from app.errors import Conflict
from app.letters.models import IssuedLetter
from app.proceedings.models import Approval
from app.proceedings.queries import proceeding
from app.trail.queries import events_of
from tests.awards.books import problems
from tests.factories import (
    Days,
    budget,
    do_the_work,
    last_event,
    leave,
    let_clocks_run_out,
    refused,
)
from tests.people import authority
from tests.variations.changing import (
    act,
    agreed,
    change,
    cut,
    disbursing,
    money,
    planned,
    propose,
    state,
    versions,
)
from tests.world import World

pytestmark = pytest.mark.one_database


# What a change does

CHANGES = [
    pytest.param("planned", change("70000", "30000", "40000"), [(1, 30000, "planned"), (2, 40000, "planned")], 70000,
                 id="it is raised"),
    pytest.param("planned", change("50000", "50000"), [(1, 50000, "planned"), (2, 36000, "cancelled")], 50000,
                 id="it is lowered, and planned in one tranche"),
    pytest.param("planned", change("", "10000", "20000", "30000"),
                 [(1, 10000, "planned"), (2, 20000, "planned"), (3, 30000, "planned")], 60000,
                 id="its tranches are planned anew"),
    pytest.param("claimed", change("80000", "50000", "6000"),
                 [(1, 24000, "claimed"), (2, 50000, "planned"), (3, 6000, "planned")], 80000,
                 id="it is raised while a tranche is claimed, which is left alone"),
    pytest.param("paid", change("24000.00"), [(1, 24000, "paid"), (2, 36000, "cancelled")], 24000,
                 id="it is lowered to what is paid"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "given", "plan", "size"), CHANGES)
def test_an_award_is_changed_once_all_have_agreed(
    world: World, first: str, given: Any, plan: list[Any], size: int
) -> None:
    reference = disbursing(world)
    world.tranche_to(reference, 1, first)
    before = money()
    number = propose(world, reference, given)
    act(world, reference, number, "approve", "approver")
    assert (state(world, reference, number), money()) == ("approved", before)
    act(world, reference, number, "agree", "applicant")
    assert (state(world, reference, number), planned(world, reference)) == ("in_force", plan)
    assert (versions(world, reference), sum(budget())) == ([60000, size], size * 100)
    assert problems() + audit.verify() == []


def test_a_case_goes_on_when_nothing_is_left_to_be_paid(world: World) -> None:
    reference = disbursing(world)
    world.tranche_to(reference, 1, "paid")
    agreed(world, reference, change("24000"))
    assert world.case(reference).state == "completed"


def test_the_last_day_for_costs_is_moved(world: World) -> None:
    reference = disbursing(world)
    with transaction():
        found = awarded(world.case(reference))
        found.costs_from, found.costs_to = date(2026, 11, 1), date(2027, 11, 1)
    agreed(world, reference, change(costs_to=date(2028, 5, 1)))
    found = awarded(world.case(reference))
    assert (found.costs_from, found.costs_to) == (date(2026, 11, 1), date(2028, 5, 1))
    assert versions(world, reference) == [60000, 60000]


def test_what_is_offered_is_told_in_one_letter(world: World) -> None:
    reference = disbursing(world)
    do_the_work()
    number = propose(world, reference, change("70000", "30000", "40000"))
    assert do_the_work() == []
    act(world, reference, number, "approve", "approver")
    assert do_the_work() == ["done"]
    newest = db.session.scalars(select(IssuedLetter).order_by(IssuedLetter.id.desc())).first()
    assert newest is not None
    assert newest.kind == "change_offer"


# Who decides


def test_more_than_the_budget_has_is_not_promised(world: World) -> None:
    reference = disbursing(world)
    number = propose(world, reference, change("70000", "30000", "40000"))
    leave(9_999_99)
    with refused("more_within_budget"):
        act(world, reference, number, "approve", "approver")
    leave(10_000_00)
    act(world, reference, number, "approve", "approver")
    leave(9_999_99)
    with refused("more_within_budget"):
        act(world, reference, number, "agree", "applicant")
    assert versions(world, reference) == [60000]


def test_the_authority_counts_for_the_whole_that_it_comes_to(world: World) -> None:
    reference = disbursing(world)
    number = propose(world, reference, change("70000", "30000", "40000"))
    for limit, reaches in ((69_999_99, False), (70_000_00, True)):
        given = authority("small_approver", "MY-BAP", "MYR")
        with transaction():
            accounts.authorise(
                world.small_approver, type(given)(**{**vars(given), "limit_minor": limit})
            )
        if reaches:
            act(world, reference, number, "approve", "small_approver")
            continue
        with refused("within_authority"):
            act(world, reference, number, "approve", "small_approver")
    taken = last_event(reference).record["detail"]
    assert (taken["approval"], taken["needed"], taken["amount"]) == (1, 1, 70_000_00)
    assert taken["authority"]["limit"] == 70_000_00


def test_for_what_a_committee_decides_two_of_it_approve(world: World) -> None:
    asked = {"amount": "180000.00", "project_cost": "360000.00"}
    reference = disbursing(world, "100000", **asked)
    number = propose(world, reference, change("180000", "90000", "90000"))
    with refused("within_authority"):
        act(world, reference, number, "approve", "small_approver")
    act(world, reference, number, "approve", "approver")
    assert state(world, reference, number) == "proposed"
    with refused("not_yet_approved"):
        act(world, reference, number, "approve", "approver")
    act(world, reference, number, "approve", "member")
    assert state(world, reference, number) == "approved"


def test_nobody_approves_what_the_same_person_proposed(world: World) -> None:
    reference = disbursing(world)
    number = propose(world, reference, change("", "60000"))
    with transaction():
        world.desk.duties = ["desk_officer", "approver"]
        accounts.authorise(world.desk, authority("approver", "MY-BAP", "MYR"))
    with refused("separate_hands"):
        act(world, reference, number, "approve", "desk")
    row = proceeding(world.case(reference), number)
    event = events_of(reference)[-1]
    own = {"proposed_by": row.proposed_by, "person_id": row.proposed_by}
    db.session.add(Approval(proceeding_id=row.id, event_id=event.id, at=event.at, **own))
    with pytest.raises(IntegrityError, match="four_eyes"):
        db.session.flush()


def test_only_who_signs_agrees(world: World) -> None:
    reference = disbursing(world)
    number = propose(world, reference, change("", "60000"))
    act(world, reference, number, "approve", "approver")
    with transaction():
        world.applicant.signs = False
    with refused("signatory"):
        act(world, reference, number, "agree", "applicant")


# What comes to nothing

ENDS = [
    pytest.param("desk", [("refuse", "approver")], "refused", id="the approver refuses it"),
    pytest.param("desk", [("take_back", "desk")], "withdrawn", id="it is taken back"),
    pytest.param("desk", [("approve", "approver"), ("disagree", "applicant")], "refused", id="the enterprise does not agree"),
    pytest.param("desk", [("approve", "approver"), ("", "")], "lapsed", id="the enterprise says nothing for thirty days"),
    pytest.param("applicant", [("turn_down", "desk")], "refused", id="what the enterprise asks for is turned down"),
    pytest.param("applicant", [("give_up", "applicant")], "withdrawn", id="the enterprise takes it back"),
    pytest.param("applicant", [("take_over", "desk"), ("refuse", "approver")], "refused", id="what the enterprise asks for is refused"),
]  # fmt: skip


@pytest.mark.parametrize(("by", "acts", "end"), ENDS)
def test_nothing_changes_when(
    world: World, monkeypatch: pytest.MonkeyPatch, by: str, acts: list[tuple[str, str]], end: str
) -> None:
    days = Days(monkeypatch)
    days.noon("2026-11-23")
    reference = disbursing(world)
    before = money()
    number = propose(world, reference, change("70000", "30000", "40000"), getattr(world, by))
    for name, who in acts:
        if name:
            act(world, reference, number, name, who)
            continue
        days.noon("2026-12-24")
        let_clocks_run_out()
    assert (state(world, reference, number), money()) == (end, before)
    with refused("possible_here"):
        act(world, reference, number, "approve", "approver")
    assert audit.verify() == []


OVERTAKEN = [
    pytest.param(change("", "30000", "30000"), id="a plan"),
    pytest.param(change("70000", "30000", "40000"), id="a raise"),
    pytest.param(change("50000", "20000", "30000"), id="a reduction"),
]


@pytest.mark.parametrize("given", OVERTAKEN)
def test_what_was_claimed_meanwhile_is_not_planned_again(world: World, given: Any) -> None:
    reference = disbursing(world)
    number = propose(world, reference, given)
    act(world, reference, number, "approve", "approver")
    world.tranche_to(reference, 1, "claimed")
    before = money()
    with pytest.raises(Conflict, match="propose it again"):
        act(world, reference, number, "agree", "applicant")
    assert (state(world, reference, number), money()) == ("approved", before)


def test_after_the_end_of_a_case_nothing_is_varied(world: World) -> None:
    reference = disbursing(world)
    world.tranche_to(reference, 1, "paid")
    number = propose(world, reference, change("70000", "46000"))
    act(world, reference, number, "approve", "approver")
    world.tranche_to(reference, 2, "paid")
    with pytest.raises(Conflict, match="come to its end"):
        act(world, reference, number, "agree", "applicant")
    with pytest.raises(Conflict, match="come to its end"):
        propose(world, reference, change("80000", "20000"))
    assert versions(world, reference) == [60000]


def test_one_change_is_decided_at_a_time(world: World) -> None:
    reference = disbursing(world)
    number = propose(world, reference, change("", "60000"))
    for begin in (
        lambda: propose(world, reference, change("", "60000")),
        lambda: cut(world, reference),
    ):
        with pytest.raises(Conflict, match="being decided already"):
            begin()
    act(world, reference, number, "take_back", "desk")
    assert cut(world, reference) == number + 1
