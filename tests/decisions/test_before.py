"""Cases begun under a definition from before there was an authority matrix: one approver decides, as then."""

from pathlib import Path

import pytest

from app.db import db, transaction
from app.decisions.commands import Cast
from app.decisions.queries import decision
from app.schemes.models import WorkflowVersion
from tests.factories import budget, last_event, refused
from tests.world import World
from workflows.format.loading import load

OLD = load((Path(__file__).parents[1] / "workflows/data/grant-1.toml").read_text("utf-8"))


def begun_before(world: World) -> str:
    reference = world.at("decision")
    with transaction():
        db.session.add(
            WorkflowVersion(digest=OLD.digest, name="grant", version=1, source=OLD.source)
        )
        db.session.flush()
        world.case(reference).workflow_digest = OLD.digest
    return reference


@pytest.mark.parametrize(
    ("act", "cast", "state", "outcome", "reserved"),
    [
        pytest.param("approve", Cast("80000.00"), "offered", "approve", 80_000_00, id="approved"),
        pytest.param(
            "decline", Cast(reasons=("PRJ-PLAN",)), "declined", "decline", 0, id="declined"
        ),
    ],
)
def test_one_approver_decides(
    world: World, act: str, cast: Cast, state: str, outcome: str, reserved: int
) -> None:
    reference = begun_before(world)
    world.vote(reference, act, cast)
    found = decision(world.case(reference))
    assert found is not None
    assert (world.case(reference).state, found.outcome, found.name) == (state, outcome, "award")
    assert budget() == (reserved, 0)
    assert last_event(reference).record["workflow"]["version"] == 1


def test_the_old_rules_hold(world: World) -> None:
    reference = begun_before(world)
    with refused("within_authority"):
        world.vote(reference, "approve", Cast("80000.00"), actor=world.small_approver)
    with refused("reasons_given"):
        world.vote(reference, "decline", Cast())
