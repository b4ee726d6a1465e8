"""The waiting list of a call: on it only while the budget is out, off it in order, and what ends there keeps nobody waiting."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.audit import queries as audit
from app.awards import commands as awards
from app.db import db
from app.decisions.commands import listing
from app.decisions.queries import ahead
from app.letters.compose import compose
from app.letters.models import IssuedLetter
from app.letters.render import WaitingList
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.trail.queries import events_of
from tests.factories import (
    Days,
    budget,
    do_the_work,
    last_event,
    leave,
    let_clocks_run_out,
    refused,
)
from tests.interface import Interface
from tests.pages.browser import Browser
from tests.world import World

pytestmark = pytest.mark.one_database
WHY = Reasoned(note="The budget is out.")
SAID = Reasoned(("OTH",), "The call is closed.")


def put(world: World, reference: str, actor: Any = None) -> None:
    by = actor or world.desk
    world.do(listing.wait_list, reference, WHY, act="wait_list", actor=by)


def take(world: World, reference: str) -> None:
    world.do(listing.take_from_list, reference, WHY, act="take_from_list", actor=world.desk)


def waiting(world: World, *amounts: str) -> list[str]:
    """Return cases that went on the waiting list one after the other, each with its recommended amount."""
    references = [world.at("decision", amount=amount) for amount in amounts]
    leave(0)
    for reference in references:
        put(world, reference)
    return references


@pytest.mark.parametrize(
    ("left", "waits"),
    [
        pytest.param(0, True, id="nothing is left"),
        pytest.param(79_999_99, True, id="a sen too little is left"),
        pytest.param(80_000_00, False, id="just enough is left"),
    ],
)
def test_a_case_waits_only_when_the_budget_does_not_suffice(
    world: World, left: int, waits: bool
) -> None:
    reference = world.at("decision")
    leave(left)
    if not waits:
        with refused("budget_out"):
            put(world, reference)
        assert world.case(reference).waiting_since is None
        return
    put(world, reference)
    case = world.case(reference)
    assert (case.state, case.waiting_since is not None) == ("waiting", True)
    event = last_event(reference)
    assert event.record["detail"] == {
        "recommended": 80_000_00,
        "budget_left": left,
        "currency": "MYR",
    }
    assert event.disclosed == {"note": "The budget is out."}


def test_the_applicant_is_told_in_a_letter_that_promises_nothing(world: World) -> None:
    (reference,) = waiting(world, "80000")
    do_the_work()
    issued = select(IssuedLetter).where(IssuedLetter.kind == "waiting_list")
    assert [row.application_id for row in db.session.scalars(issued)] == [world.case(reference).id]
    fact = next(fact for fact in events_of(reference) if fact.kind == "wait_list")
    letter = compose("waiting_list", world.case(reference), fact)
    zone = ZoneInfo("Asia/Kuala_Lumpur")
    assert letter.body == WaitingList("Standing call 2026", fact.at.astimezone(zone).date())
    assert letter.subject == "Your application is on the waiting list"
    page = Browser(world.app, "applicant.my").get(f"/cases/{reference}")
    assert "Notice of the waiting list" in page.text


def test_the_list_is_kept_by_desk_officers(world: World) -> None:
    reference = world.at("decision")
    leave(0)
    with refused("duty"):
        put(world, reference, world.maker)


ORDER = [
    pytest.param(("80000", "5000"), 80_000_00, [0], [1], id="whoever waits longest goes first"),
    pytest.param(("80000", "5000"), 79_999_99, [1], [0], id="what cannot be served keeps nobody waiting"),
    pytest.param(("5000", "80000"), 80_000_00, [0], [1], id="also when the later one asks for more"),
    pytest.param(("80000", "5000"), 4_999_99, [], [0, 1], id="nobody goes while there is too little for any"),
]  # fmt: skip


@pytest.mark.parametrize(("amounts", "left", "free", "held"), ORDER)
def test_cases_are_taken_up_in_the_order_they_came(
    world: World, amounts: tuple[str, ...], left: int, free: list[int], held: list[int]
) -> None:
    references = waiting(world, *amounts)
    leave(left)
    for number in held:
        with refused("first_in_line"):
            take(world, references[number])
    for number in free:
        take(world, references[number])
        case = world.case(references[number])
        assert (case.state, case.waiting_since) == ("decision", None)


def test_after_the_first_the_next_one_goes(world: World) -> None:
    first, second = waiting(world, "80000", "5000")
    leave(85_000_00)
    with refused("first_in_line"):
        take(world, second)
    take(world, first)
    take(world, second)
    world.approve(first)
    world.approve(second)
    assert budget() == (85_000_00, 0)
    assert audit.verify() == []


def test_a_case_goes_on_the_list_again_when_others_were_faster(world: World) -> None:
    first, second = waiting(world, "80000", "5000")
    leave(80_000_00)
    take(world, first)
    leave(5_000_00)
    put(world, first)
    assert ahead(world.case(first), 5_000_00) == (second,)
    take(world, second)


ENDS: list[Any] = [
    pytest.param(reviews.move, SAID, "screen_out", "desk", "declined", id="declined without a decision"),
    pytest.param(awards.end, WHY, "withdraw", "applicant", "withdrawn", id="withdrawn by the applicant"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "said", "act", "who", "state"), ENDS)
def test_what_ends_on_the_list_keeps_nobody_waiting(
    world: World, command: Any, said: Reasoned, act: str, who: str, state: str
) -> None:
    first, second = waiting(world, "80000", "5000")
    world.do(command, first, said, act=act, actor=getattr(world, who))
    assert (world.case(first).state, budget()) == (state, (0, 0))
    leave(80_000_00)
    take(world, second)
    assert world.case(second).state == "decision"


def test_who_is_declined_on_the_list_gets_a_letter(world: World) -> None:
    (reference,) = waiting(world, "80000")
    do_the_work()
    world.do(reviews.move, reference, SAID, act="screen_out", actor=world.desk)
    assert do_the_work() == ["done"]


def test_the_page_says_who_goes_first(world: World) -> None:
    first, second = waiting(world, "80000", "5000")
    leave(80_000_00)
    page = Browser(world.app, "desk.my").get(f"/cases/{second}").text
    assert f"These wait longer and can be served: {first}." in page
    told = Interface(world.app, "applicant.my").case(second)
    assert first not in str(told)


def test_a_case_that_waits_too_long_is_put_before_the_approver(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(monkeypatch)
    days.noon("2026-11-23")
    (reference,) = waiting(world, "80000")
    days.noon("2027-04-01")
    let_clocks_run_out()
    case = world.case(reference)
    assert (case.state, case.escalated_to) == ("waiting", "approver")
