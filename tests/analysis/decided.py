"""Cases of the grant scheme, one for each way in which a decision can stand out."""

from datetime import date

from app.applications.queries import find
from app.db import transaction
from app.decisions.commands import Cast
from app.delegations.commands import Handing, delegate
from app.trail.commands import Entry, record
from tests.answers import GRANT
from tests.factories import Days, let_clocks_run_out
from tests.world import World

SMALL = {"amount": "10000.00", "project_cost": "20000.00"}
HIGH = {"amount": "180000.00", "project_cost": "360000.00"}
NOTHING_LEFT = Cast(reasons=("PRJ-PLAN",), note="Too early.")


def departing(world: World) -> str:
    """Return a case that was declined although approval was recommended."""
    reference = world.at("decision", GRANT, **SMALL)
    world.vote(reference, "decline", NOTHING_LEFT)
    return reference


def delegated(world: World, day: date) -> str:
    """Return a case that was approved in the approver's name."""
    reference = world.at("decision", GRANT, **SMALL)
    handing = Handing(
        taker=world.desk_two.email,
        duty="approver",
        valid_from=day,
        valid_to=day,
        reason="Away.",
        scheme="MY-BAP",
        currency="MYR",
        limit=20_000_00,
    )
    with transaction():
        delegate(handing, actor=world.approver)
    world.vote(reference, "approve", Cast(SMALL["amount"]), actor=world.desk_two)
    return reference


def at_the_limit(world: World) -> str:
    """Return a case that was approved up to the whole of an authority."""
    reference = world.at("decision", GRANT, **SMALL)
    world.vote(reference, "approve", Cast(SMALL["amount"]), actor=world.small_approver)
    return reference


def disputed(world: World) -> str:
    """Return a case that a committee approved with one vote against."""
    reference = world.at("decision", GRANT, **HIGH)
    world.vote(reference, "decline", NOTHING_LEFT, actor=world.member)
    for name in ("approver", "chair"):
        world.vote(reference, "approve", Cast(HIGH["amount"]), actor=world.person(f"{name}.my"))
    return reference


def two_duties(world: World) -> str:
    """Return a case in which the approver stands as desk officer too, as only a program without that rule would record."""
    reference = world.at("decision", GRANT, **SMALL)
    world.approve(reference)
    with transaction():
        case = find(reference, actor=world.desk, lock=True)
        record(case, Entry("check_again", world.approver.mark, {"duty": "desk_officer"}))
    return reference


def late(world: World, days: Days) -> str:
    """Return a case that was approved on a Sunday, after its clock had run out and it was escalated."""
    reference = world.at("decision", GRANT, **SMALL)
    days.noon("2027-01-17")
    let_clocks_run_out()
    world.vote(reference, "approve", Cast("9600.00"))
    return reference


def everything(world: World, days: Days) -> dict[str, str]:
    """Return a case of each kind by name; all but the last were received and decided on Tuesday 3 November 2026."""
    days.noon("2026-11-03")
    return {
        "departing": departing(world),
        "delegated": delegated(world, date(2026, 11, 3)),
        "at the limit": at_the_limit(world),
        "disputed": disputed(world),
        "two duties": two_duties(world),
        "open": world.at("screening"),
        "late": late(world, days),
    }
