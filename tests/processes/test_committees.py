"""Votes at the same moment: each counts once, one decision is taken, one award is made, the budget is reserved once."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.awards.models import Award
from app.bootstrap.redis_server import RedisServer
from app.db import db
from app.decisions import commands as decisions
from app.decisions.commands import Cast
from app.decisions.models import Ballot, Decision
from tests.answers import GRANT
from tests.factories import leave, rows
from tests.processes.moments import Deed, Moment, adds_up, apart, at_once
from tests.world import World

HIGH = {"amount": "180000.00", "project_cost": "360000.00"}
HIGH_MINOR = 180_000_00
SMALL = "6000.00"
AGAIN = range(4)
FOR = {"approver": "approve", "member": "approve", "chair": "approve"}
SAID = Cast(reasons=("PRJ-PLAN",), note="Too early.")
ASIDE = Cast(note="I sat on the board until May.")
GIVEN = {"approve": Cast(HIGH["amount"]), "decline": SAID, "stand_aside": ASIDE}


@pytest.fixture(scope="module")
def committee(
    new_database, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("committee")
    with apart(new_database("committee"), redis_server.url, folder) as world:
        yield world


@pytest.fixture(autouse=True)
def whole(committee: World) -> Iterator[None]:
    yield
    assert adds_up()


def vote(reference: str, name: str, act: str, version: int | None) -> Deed:
    """Return the vote of a member on the version that was seen; ``None`` is not looking."""

    def deed(world: World) -> Any:
        actor = getattr(world, name)
        cast = GIVEN[act]
        return decisions.vote(reference, cast, act=act, version=version, actor=actor)

    return deed


def seen(world: World, reference: str, *, blind: bool) -> int | None:
    """Return the version everybody looks at, ``None`` for people who do not look."""
    return None if blind else world.case(reference).version


def all_vote(world: World, acts: dict[str, str], *, blind: bool) -> tuple[str, Moment]:
    """Let three members vote on a new case at the same moment."""
    reference = world.at("decision", GRANT, **HIGH)
    version = seen(world, reference, blind=blind)
    deeds = {name: vote(reference, name, act, version) for name, act in acts.items()}
    return reference, at_once(world.app, deeds)


def counted(world: World, reference: str) -> tuple[str, int, list[str], int]:
    """Return the state of a case, its votes, its decisions, and its awards."""
    case = world.case(reference)
    outcomes = [row.outcome for row in rows(Decision, case)]
    found = (case.state, len(rows(Ballot, case)), outcomes, len(rows(Award, case)))
    db.session.remove()
    return found


@pytest.mark.parametrize("_again", AGAIN)
def test_three_who_do_not_look_vote_at_once_and_two_decide(committee: World, _again: int) -> None:
    reference, moment = all_vote(committee, FOR, blind=True)
    assert (len(moment.won), moment.errors) == (2, [])
    assert moment.rules == [frozenset({"possible_here"})]
    assert counted(committee, reference) == ("offered", 2, ["approve"], 1)


@pytest.mark.parametrize("_again", AGAIN)
def test_of_three_who_looked_at_the_same_version_one_votes(committee: World, _again: int) -> None:
    reference, moment = all_vote(committee, FOR, blind=False)
    assert (len(moment.won), moment.errors) == (1, [])
    assert moment.rules == [frozenset({"unchanged"})] * 2
    assert counted(committee, reference) == ("decision", 1, [], 0)


@pytest.mark.parametrize("_again", AGAIN)
def test_for_against_and_aside_at_once_end_as_the_order_says(committee: World, _again: int) -> None:
    """Whatever the order, a chair for and one against is a tie when the third stands aside: the chair's vote counts."""
    acts = {"chair": "approve", "member": "decline", "approver": "stand_aside"}
    reference, moment = all_vote(committee, acts, blind=True)
    assert (moment.won, moment.errors) == (list(acts), [])
    assert counted(committee, reference) == ("offered", 3, ["approve"], 1)


@pytest.mark.parametrize("blind", [True, False], ids=["not looking", "looking"])
@pytest.mark.parametrize("acts", [("approve", "approve"), ("approve", "decline")], ids=str)
def test_one_member_in_two_sessions_has_one_vote(
    committee: World, acts: tuple[str, str], blind: bool
) -> None:
    reference = committee.at("decision", GRANT, **HIGH)
    version = seen(committee, reference, blind=blind)
    first, second = (vote(reference, "member", act, version) for act in acts)
    moment = at_once(committee.app, {"here": first, "there": second})
    assert (len(moment.won), moment.errors) == (1, [])
    assert moment.rules[0] & {"one_vote", "unchanged"}
    assert counted(committee, reference) == ("decision", 1, [], 0)


def test_standing_aside_twice_at_once_is_once(committee: World) -> None:
    reference = committee.at("decision", GRANT, **HIGH)
    deed = vote(reference, "member", "stand_aside", None)
    moment = at_once(committee.app, {"here": deed, "there": deed})
    assert (len(moment.won), moment.errors) == (1, [])
    assert counted(committee, reference) == ("decision", 1, [], 0)


# The budget


@pytest.mark.parametrize("_again", AGAIN)
def test_two_committees_and_one_budget(committee: World, _again: int) -> None:
    """The last vote of each would take what only one of them can have."""
    first, second = (committee.at("decision", GRANT, **HIGH) for _ in range(2))
    for reference in (first, second):
        committee.vote(reference, "approve", GIVEN["approve"], actor=committee.chair)
    leave(HIGH_MINOR * 3 // 2)
    deeds = {
        reference: vote(reference, name, "approve", committee.case(reference).version)
        for reference, name in ((first, "approver"), (second, "member"))
    }
    moment = at_once(committee.app, deeds)
    leave(10**12)
    assert (len(moment.won), moment.errors) == (1, [])
    assert moment.rules == [frozenset({"within_budget"})]
    lost = next(reference for reference in deeds if reference not in moment.won)
    assert counted(committee, lost) == ("decision", 1, [], 0)
