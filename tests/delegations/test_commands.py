"""Delegation: what may be handed over, what is done under it, and what an expired one is good for."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Person
from app.accounts.queries import authorities
from app.applications import commands as applications
from app.applications.queries.standing import parts
from app.db import db, transaction
from app.decisions.commands import Cast
from app.decisions.models import Ballot, Decision
from app.delegations.commands import Handing, delegate, end_delegation
from app.delegations.models import Delegation
from app.delegations.queries import delegations
from app.errors import Conflict, Missing
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.trail.queries import events_of
from tests.answers import GRANT
from tests.factories import Days, last_event, refused, rows
from tests.world import World

TODAY, TOMORROW, LATER = date(2026, 11, 23), date(2026, 11, 24), date(2026, 12, 31)
LIMIT = 100_000_00


@pytest.fixture(autouse=True)
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    """Let it be a working day in Kuala Lumpur."""
    found = Days(monkeypatch)
    found.noon(TODAY.isoformat())
    return found


def handing(taker: Person, **changed: Any) -> Handing:
    given = {
        "taker": taker.email,
        "duty": "approver",
        "valid_from": TODAY,
        "valid_to": LATER,
        "reason": "On leave.",
        "scheme": "MY-BAP",
        "currency": "MYR",
        "limit": LIMIT,
    }
    return Handing(**{**given, **changed})


def hand(
    world: World, taker: str = "desk_two", giver: str = "approver", **changed: Any
) -> Delegation:
    with transaction():
        return delegate(handing(getattr(world, taker), **changed), actor=getattr(world, giver))


RULES = [
    pytest.param("approver", "approver", {}, {"not_to_oneself"}, id="to oneself"),
    pytest.param("desk_two", "approver", {"limit": 10_000_000_01}, {"within_own_limit"},
                 id="a sen beyond one's own limit"),
    pytest.param("desk_two", "approver", {"valid_to": date(2031, 1, 1)}, {"within_own_limit"},
                 id="longer than one's own authority"),
    pytest.param("desk_two", "approver", {"scheme": "MY-OTHER"}, {"within_own_limit"},
                 id="for a scheme without one's own authority"),
    pytest.param("desk_two", "desk", {"scheme": "", "currency": None, "limit": None},
                 {"not_onward"}, id="a duty that is not one's own"),
    pytest.param("desk_two", "approver", {"valid_from": LATER, "valid_to": TOMORROW}, {"period"},
                 id="a last day before the first"),
    pytest.param("desk_two", "approver",
                 {"valid_from": date(2026, 11, 1), "valid_to": date(2026, 11, 22)}, {"not_past"},
                 id="a period that is over"),
    pytest.param("approver", "approver", {"limit": 10_000_000_01, "duty": "releaser"},
                 {"not_to_oneself", "within_own_limit", "not_onward"}, id="everything at once"),
]  # fmt: skip


@pytest.mark.parametrize(("taker", "giver", "changed", "rules"), RULES)
def test_what_may_not_be_handed_over(
    world: World, taker: str, giver: str, changed: dict[str, Any], rules: set[str]
) -> None:
    with refused(*rules):
        hand(world, taker, giver, **changed)
    assert delegations(getattr(world, giver)) == []


def test_what_was_delegated_is_not_delegated_on(world: World) -> None:
    hand(world)
    with refused("not_onward", "within_own_limit"):
        hand(world, "small_approver", "desk_two")


def test_nobody_hands_over_to_another_agency(world: World) -> None:
    stranger = world.person("approver.vn")
    with refused("same_agency"), transaction():
        delegate(handing(stranger), actor=world.approver)


def test_a_delegation_stands_on_the_trail_of_the_agency(world: World) -> None:
    found = hand(world)
    agency = world.approver.agency
    assert agency is not None
    event = events_of(agency.reference)[-1]
    assert (event.kind, event.actor, event.id) == ("delegate", world.approver.mark, found.event_id)
    assert event.record["detail"]["taker"] == world.desk_two.mark
    with transaction():
        end_delegation(found.id, actor=world.desk_two)
    assert events_of(agency.reference)[-1].kind == "end_delegation"
    with pytest.raises(Conflict), transaction():
        end_delegation(found.id, actor=world.approver)


def test_only_its_two_people_end_a_delegation(world: World) -> None:
    found = hand(world)
    with pytest.raises(Missing), transaction():
        end_delegation(found.id, actor=world.desk)


# Acting under it


def test_an_act_under_a_delegation_says_for_whom(world: World) -> None:
    reference = world.at("decision")
    given = hand(world)
    world.vote(reference, "approve", Cast("80000.00"), actor=world.desk_two)
    event = last_event(reference)
    assert (event.actor, event.record["on_behalf_of"]) == (
        world.desk_two.mark,
        world.approver.mark,
    )
    assert (event.record["delegation"], event.record["detail"]["authority"]["limit"]) == (
        given.id,
        LIMIT,
    )
    decision, ballot = (rows(model, world.case(reference))[0] for model in (Decision, Ballot))
    assert (decision.delegation_id, ballot.on_behalf_of_id) == (given.id, world.approver.id)


def test_both_stand_on_the_side_that_acted(world: World) -> None:
    reference = world.at("decision")
    hand(world)
    world.vote(reference, "approve", Cast("80000.00"), actor=world.desk_two)
    held = parts(world.case(reference))
    assert (held[world.desk_two.id], held[world.approver.id]) == ("approver", "approver")


def test_an_act_never_goes_a_sen_beyond_what_was_handed_over(world: World) -> None:
    reference = world.at("decision")
    hand(world, limit=79_999_99)
    with refused("within_authority"):
        world.vote(reference, "approve", Cast("80000.00"), actor=world.desk_two)
    hand(world, limit=80_000_00)
    world.vote(reference, "approve", Cast("80000.00"), actor=world.desk_two)
    assert world.case(reference).state == "offered"


def test_an_approver_goes_beyond_the_own_limit_only_for_another(world: World) -> None:
    reference = world.at("decision")
    with refused("within_authority"):
        world.vote(reference, "approve", Cast("80000.00"), actor=world.small_approver)
    hand(world, "small_approver")
    world.vote(reference, "approve", Cast("80000.00"), actor=world.small_approver)
    assert last_event(reference).record["on_behalf_of"] == world.approver.mark


def test_what_the_giver_may_not_do_the_taker_may_not_do(world: World) -> None:
    """The giver was on the other side of this case before the duty was handed over."""
    reference = world.at("assessment")
    world.assess(reference, world.everything)
    world.assess(reference, world.assessor)
    world.recommend(reference)
    hand(world, "desk_two", "approver")
    with transaction():
        world.everything.duties = ["approver", "assessor"]
    hand(world, "member", "everything", limit=None, currency=None, scheme="", duty="assessor")
    other = world.at("assessment")
    world.assess(other, world.assessor)
    with transaction():
        applications.declare(other, "A cousin.", whole=False, actor=world.everything)
    with refused("no_interest"):
        world.assess(other, world.member)


def test_an_expired_delegation_is_good_for_nothing_and_says_so(world: World, days: Days) -> None:
    reference = world.at("submitted")
    nobody = world.assessor
    hand(world, "assessor", "desk", duty="desk_officer", scheme="", currency=None, limit=None,
         valid_to=TOMORROW)  # fmt: skip
    days.noon("2026-11-25")
    with refused("delegation_in_force"):
        world.do(reviews.move, reference, Reasoned(), act="take_up", actor=nobody)
    days.noon("2026-11-24")
    world.do(reviews.move, reference, Reasoned(), act="take_up", actor=nobody)
    assert last_event(reference).record["on_behalf_of"] == world.desk.mark


def test_a_delegation_that_begins_tomorrow_is_not_in_force(world: World) -> None:
    reference = world.at("submitted")
    hand(world, "assessor", "desk", duty="desk_officer", scheme="", currency=None, limit=None,
         valid_from=TOMORROW)  # fmt: skip
    with refused("delegation_in_force"):
        world.do(reviews.move, reference, Reasoned(), act="take_up", actor=world.assessor)


def test_a_delegation_that_was_ended_is_over_at_once(world: World) -> None:
    reference = world.at("decision")
    found = hand(world)
    with transaction():
        end_delegation(found.id, actor=world.approver)
    with refused("delegation_in_force", "within_authority"):
        world.vote(reference, "approve", Cast("80000.00"), actor=world.desk_two)


def test_the_givers_authority_that_shrank_shrinks_the_delegation(world: World) -> None:
    reference = world.at("decision", GRANT)
    hand(world)
    with transaction():
        for row in authorities(world.approver, TODAY):
            row.limit_minor = 1000_00
    with refused("within_authority"):
        world.vote(reference, "approve", Cast("80000.00"), actor=world.desk_two)


def test_the_database_refuses_a_delegation_to_oneself(world: World) -> None:
    found = hand(world)
    found.taker_id = found.giver_id
    with pytest.raises(IntegrityError):
        db.session.flush()
