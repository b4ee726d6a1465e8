"""A loan that is settled early, and credit that pays what falls due by itself."""

from datetime import date

import pytest
from sqlalchemy import select

from app.awards.models import Award
from app.db import db, transaction
from app.repayments.commands import redraw
from app.repayments.compose.drafts import REPAYMENT, Money
from app.repayments.queries import newest, owing
from app.trail.models import OutboxEntry
from tests.answers import LOAN
from tests.factories import Days, invalid, last_event
from tests.repayments.lending import act, begin, drawn, loan_of, receive, swept, work
from tests.world import World
from workflows.money import formatted

pytestmark = pytest.mark.one_database

ZONE = "Asia/Ho_Chi_Minh"
DAY = date(2027, 1, 15)


def drawn_whole(world: World) -> str:
    """Return a loan of which everything is drawn."""
    reference = drawn(world)
    world.tranche_to(reference, 2, "paid")
    events = select(OutboxEntry.event_id).where(OutboxEntry.duty == "schedule")
    work(max(db.session.scalars(events)))
    return reference


def owed(award: Award) -> int:
    return owing.loan(award).quote(DAY).total


def settle(world: World, reference: str, amount: int, on: date = DAY) -> int:
    """Record a receipt that is to settle the loan."""
    given = Money(str(amount), on, "FT-END", settles=True)
    return begin(world, reference, REPAYMENT, given, world.maker)


def test_what_settles_a_loan_ends_its_schedule(world: World, days: Days) -> None:
    reference = drawn_whole(world)
    days.noon("2027-01-15", ZONE)
    number = settle(world, reference, owed(loan_of(world, reference)))
    act(world, reference, number, "confirm", world.checker)
    award = loan_of(world, reference)
    schedule = newest(award)
    assert schedule is not None
    assert (schedule.kind, schedule.rows[-1]["due"]) == ("settled", "2027-01-16")
    assert award.terms["instalments"] == 24
    days.noon("2027-01-16", ZONE)
    assert swept() == 1
    standing = owing.standing(loan_of(world, reference))
    assert standing is not None
    assert (standing.owed_minor, standing.credit_minor) == (0, 0)
    assert standing.repaid_on == date(2027, 1, 16)
    assert swept() == 0


def test_less_than_what_is_owed_settles_nothing(world: World, days: Days) -> None:
    reference = drawn_whole(world)
    days.noon("2027-01-15", ZONE)
    amount = owed(loan_of(world, reference))
    with invalid("amount") as found:
        settle(world, reference, amount - 1)
    assert formatted(amount, "VND") in found["amount"][0]


def test_a_loan_that_can_still_be_drawn_is_not_settled(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2027-01-15", ZONE)
    with invalid("settles"):
        settle(world, reference, owed(loan_of(world, reference)))


def test_a_loan_was_not_settled_before_money_that_came_in_later(world: World, days: Days) -> None:
    reference = drawn_whole(world)
    days.noon("2027-01-15", ZONE)
    receive(world, reference, "1,000,000", "2027-01-14")
    with invalid("on"):
        settle(world, reference, 1_500_000_000, date(2027, 1, 10))


def test_credit_pays_what_falls_due_and_the_entries_say_so(world: World, days: Days) -> None:
    reference = drawn(world)
    receive(world, reference, "60,000,000", "2026-11-30")
    assert not owing.kept(loan_of(world, reference))
    days.noon("2027-01-31", ZONE)
    assert swept() == 1
    award = loan_of(world, reference)
    kept = owing.kept(award)
    assert {place[1] for place in kept} == {1, 2}
    assert kept == owing.loan(award).entries(date(2027, 1, 31))


def test_a_loan_that_was_drawn_before_is_found_by_the_sweep(world: World, days: Days) -> None:
    reference = world.at("disbursing", LOAN)
    world.tranche_to(reference, 1, "paid")
    with transaction():
        redraw(loan_of(world, reference), last_event(reference).id)
    assert owing.standing(loan_of(world, reference)) is None
    assert swept() == 1
    standing = owing.standing(loan_of(world, reference))
    assert standing is not None
    assert (standing.as_of, standing.bucket) == (date(2026, 11, 30), "current")
    assert swept() == 0
