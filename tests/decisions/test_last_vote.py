"""The last vote is not always a vote for: what it decides must still be possible when it is cast."""

import pytest

from app.db import transaction
from app.decisions import commands
from app.decisions.commands import Cast
from app.decisions.models import Ballot, Decision
from app.schemes.queries import workflow
from app.versions.commands import Move, carry_out, plan_migration
from tests.answers import GRANT
from tests.factories import budget, refused, rows, set_budget
from tests.interface import CASES, Interface, headers, problem
from tests.workflows_of_agencies import published, text
from tests.world import World

HIGH = {"amount": "180000.00", "project_cost": "360000.00"}
HIGH_MINOR = 180_000_00
FOR, AGAINST = Cast(HIGH["amount"]), Cast(reasons=("PRJ-PLAN",), note="Too early.")
ASIDE = Cast(note="I sat on the board until May.")
# The chair is for. With these two the votes are equal, and that of the chair counts.
TIES = [
    pytest.param([("member", "decline", AGAINST)], ("approver", "stand_aside", ASIDE),
                 id="the last one stands aside"),
    pytest.param([("approver", "stand_aside", ASIDE)], ("member", "decline", AGAINST),
                 id="the last one is against"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "last"), TIES)
def test_a_tie_that_the_chair_decides_needs_the_budget_as_a_vote_for_does(
    world: World, before: list[tuple[str, str, Cast]], last: tuple[str, str, Cast]
) -> None:
    reference = world.at("decision", GRANT, **HIGH)
    world.vote(reference, "approve", FOR, actor=world.chair)
    for name, act, cast in before:
        world.vote(reference, act, cast, actor=getattr(world, name))
    set_budget(GRANT, HIGH_MINOR - 1)
    name, act, cast = last
    with refused("within_budget"):
        world.vote(reference, act, cast, actor=getattr(world, name))
    case = world.case(reference)
    assert (case.state, budget(), rows(Decision, case)) == ("decision", (0, 0), [])
    assert len(rows(Ballot, case)) == 2
    set_budget(GRANT, HIGH_MINOR)
    world.vote(reference, act, cast, actor=getattr(world, name))
    assert (world.case(reference).state, budget()) == ("offered", (HIGH_MINOR, 0))


def moved(world: World, *changes: tuple[str, str]) -> str:
    """Return a case that waits for a decision and was moved to a version with other words."""
    reference = world.at("decision")
    source = text(1, *changes)
    new = published(source, author=world.designer, checker=world.designer_two)
    old = workflow(world.case(reference).workflow_digest)
    with transaction():
        move = Move(old, new, {name: name for name in old.states}, "Better names.")
        number = plan_migration(move, actor=world.designer).id
    with transaction():
        carry_out(number, actor=world.designer_two)
    return reference


def test_a_vote_on_a_case_that_moved_meanwhile_is_refused(world: World) -> None:
    """The request named its act before the case got a version without such an act."""
    reference = moved(world, ("[acts.approve]", "[acts.agree]"))
    seen = world.case(reference).version - 1
    with refused("possible_here", "unchanged"), transaction():
        cast = Cast("80000.00")
        commands.vote(reference, cast, act="approve", version=seen, actor=world.approver)
    answer = Interface(world.app, "approver.my").send(
        "POST", f"{CASES}/{reference}/acts/approve", json={"amount": "1"}, headers=headers(seen)
    )
    problem(answer, 404)
