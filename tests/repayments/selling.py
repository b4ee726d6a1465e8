"""Financing by sale in the world of the tests: the shipped scheme as if it were open, with one agency of the world."""

from dataclasses import replace

from sqlalchemy import select

from app.accounts.commands import authorise
from app.db import db, transaction
from app.schemes.commands import CATALOGUE, publish
from app.trail.models import OutboxEntry
from tests.answers import SALE
from tests.people import authority
from tests.repayments.lending import work
from tests.world import World

CHANGED = (
    ("version = 3", "version = 4"),
    ('status = "closed"', 'status = "open"'),
    ('agency = "MY-SMEBANK"', 'agency = "MY-SMECORP"'),
    ('compensation_pct = "1.00"\n', 'compensation_pct = "1.00"\npenalty_pct = "0.50"\n'),
    ("[basis]\n", '[basis]\npenalty_pct = "illustrative"\n'),
)


def open_up(world: World) -> None:
    """Publish the scheme, and let the approver and the releaser of the world decide in it."""
    text = (CATALOGUE / "my_sbf.toml").read_text("utf-8")
    for before, after in CHANGED:
        assert text.count(before) == 1
        text = text.replace(before, after)
    world.country = "MY"
    with transaction():
        publish(text)
        grant = authority("approver", "MY-SBF", "MYR")
        authorise(world.approver, grant)
        authorise(world.releaser, replace(grant, duty="releaser"))


def offered(world: World) -> str:
    """Return a case with an offer: MYR 200,000.00 in 60 months at 7.5 %, the price fixed at 10 %."""
    open_up(world)
    return world.at("offered", SALE)


def sold(world: World) -> str:
    """Return a case in which the cost is paid, and whose schedule stands."""
    open_up(world)
    reference = world.at("disbursing", SALE)
    world.tranche_to(reference, 1, "paid")
    # The last payment ends the case, so the schedule is of the event before the last.
    work(
        db.session.scalars(select(OutboxEntry.event_id).where(OutboxEntry.duty == "schedule")).one()
    )
    return reference
