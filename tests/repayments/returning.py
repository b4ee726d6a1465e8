"""Drawdowns of a loan of the world that the bank sends back, and that are paid again."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.awards.queries import tranche
from app.db import db, transaction
from app.disbursements import commands
from app.disbursements.commands import answers
from app.disbursements.queries import instruction
from app.repayments.compose.changing import Change
from app.repayments.compose.drafts import RESTRUCTURING
from app.repayments.models import LoanStanding, RepaymentSchedule
from app.repayments.queries import listed, newest, owing
from app.trail.models import OutboxEntry
from tests.disbursements.banks import HEAD, lines, take
from tests.factories import last_event
from tests.repayments.lending import act, approve, begin, loan_of, work
from tests.workflows.banking.said import table
from tests.world import World

ZONE = "Asia/Ho_Chi_Minh"
FIRST, SECOND = 600_000_000, 900_000_000
CHANGE = Change(36, date(2027, 3, 15), "equal_principal", Decimal("3.5"))


def send_back(world: World, reference: str, number: int, on: str) -> None:
    """Let the bank say that it has sent a tranche back, as a worker takes its word."""
    award = loan_of(world, reference)
    payment = instruction(tranche(award, number))
    assert payment is not None
    name = payment.end_to_end_id
    row = f"{name},returned,AC04,{payment.amount_minor},{award.currency},{on},BACK-{name}"
    (line,) = lines(take(world, table(HEAD, row)))
    with transaction():
        assert answers.apply(line.id) == "applied"


def returned(world: World, reference: str, number: int, on: str) -> int:
    """Let the bank send a tranche back and the worker make the schedule; returns the event."""
    send_back(world, reference, number, on)
    event = last_event(reference).id
    work(event)
    return event


def paid(world: World, reference: str, number: int) -> None:
    """Let a tranche be paid, for the first time or again, and the worker make the schedule."""
    if world.tranche_state(reference, number) == "returned":
        pay_again(world, reference, number)
    world.tranche_to(reference, number, "paid")
    events = select(OutboxEntry.event_id).where(OutboxEntry.duty == "schedule")
    work(max(db.session.scalars(events)))


def pay_again(world: World, reference: str, number: int) -> None:
    """Let a payment that came back be prepared, checked, released and confirmed as a new attempt."""
    world.do(commands.prepare, reference, number, actor=world.maker)
    digest = world.digest(reference, number)
    world.do(commands.check, reference, number, digest, actor=world.checker)
    world.do(commands.release, reference, number, digest, actor=world.releaser)
    world.confirm(reference, number)


def stands(world: World, reference: str) -> RepaymentSchedule:
    """Return the schedule of a loan that stands."""
    found = newest(loan_of(world, reference))
    assert found is not None
    return found


def standing(world: World, reference: str) -> LoanStanding:
    """Return how a loan stands."""
    found = owing.standing(loan_of(world, reference))
    assert found is not None
    return found


def kinds(world: World, reference: str) -> list[str]:
    """Return the kinds of all versions, the oldest first."""
    return [kind for _, kind in reversed(listed(loan_of(world, reference)))]


def approved(world: World, reference: str) -> int:
    """Let a restructuring be approved; returns its number."""
    number = begin(world, reference, RESTRUCTURING, CHANGE, world.desk)
    approve(world, reference, number)
    return number


def restructured(world: World, reference: str) -> None:
    """Let a restructuring come into force."""
    number = approved(world, reference)
    act(world, reference, number, "agree", world.applicant)
