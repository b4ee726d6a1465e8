"""A drawn loan of the world for tests: 600 million dong in 24 instalments, the first on 30 December 2026."""

from datetime import date

from sqlalchemy import select

from app.accounts.models import Person
from app.awards.models import Award
from app.awards.queries import awarded
from app.db import db, transaction
from app.proceedings.commands import propose, take
from app.proceedings.queries import count, proceeding
from app.repayments import jobs
from app.repayments.compose.drafts import REPAYMENT, Money
from app.reviews.commands import Reasoned
from app.trail.models import OutboxEntry
from tests.answers import LOAN
from tests.factories import last_event
from tests.world import World

# The first instalment of the loan: principal and interest in dong, which have no smaller unit.
FIRST_DUE = date(2026, 12, 30)


def work(event_id: int) -> None:
    """Do what a worker does for the schedule of an event."""
    query = select(OutboxEntry).where(OutboxEntry.event_id == event_id)
    entry = next(row for row in db.session.scalars(query) if row.duty == "schedule")
    with transaction():
        jobs.keep(entry.args, None)


def swept() -> int:
    """Work out how loans stand, as the sweeper has it done; returns of how many."""
    db.session.rollback()
    return jobs.sweep()


def drawn(world: World) -> str:
    """Return the reference of a loan whose first tranche is paid and whose schedule stands."""
    reference = world.at("disbursing", LOAN)
    world.tranche_to(reference, 1, "paid")
    work(last_event(reference).id)
    return reference


def loan_of(world: World, reference: str) -> Award:
    """Return the award of a loan as it stands in the database."""
    return awarded(world.case(reference))


def begin(world: World, reference: str, kind: str, given: object, actor: Person) -> int:
    """Propose something about a loan; returns its number."""
    world.do(propose, reference, kind, given, "Because.", actor=actor)
    return count(world.case(reference))


def act(world: World, reference: str, number: int, name: str, actor: Person) -> None:
    """Take an act on a proceeding."""
    world.do(take, reference, number, Reasoned((), "Seen."), act=name, actor=actor)


def approve(world: World, reference: str, number: int) -> None:
    """Let as many approve as the authority matrix of the case asks for."""
    for actor in (world.approver, world.member, world.chair):
        if proceeding(world.case(reference), number).state != "proposed":
            return
        act(world, reference, number, "approve", actor)


def receive(world: World, reference: str, amount: str, on: str, name: str = "FT1") -> None:
    """Record and confirm a receipt."""
    given = Money(amount, date.fromisoformat(on), name)
    number = begin(world, reference, REPAYMENT, given, world.maker)
    act(world, reference, number, "confirm", world.checker)
