"""Clawbacks of the world: a case with money paid, a demand on it, and what came in."""

from datetime import date, timedelta
from typing import Any

from app.accounts.models import Person
from app.applications.queries import today
from app.awards.queries import awarded
from app.proceedings import commands
from app.proceedings.compose import KINDS
from app.proceedings.queries import count, proceeding
from app.recoveries.compose.clawbacks import Clawback
from app.recoveries.compose.receipts import Came
from app.reviews.commands import Reasoned
from tests.world import World

CLAWBACK, RECEIPT = "clawback", "clawback_receipt"
REASON = "The line was sold."


def paid(world: World, **changed: str) -> str:
    """Return a case of MYR 80,000.00 whose first tranche, of MYR 32,000.00, is paid."""
    reference = world.at("disbursing", **changed)
    world.tranche_to(reference, 1, "paid")
    return reference


def day(world: World, reference: str, days: int = 30) -> date:
    """Return a local day of a case, so many days from today."""
    return today(world.case(reference)) + timedelta(days=days)


def demand(
    world: World, reference: str, amount: str = "10000.00", parts: int = 1, **more: Any
) -> int:
    """Propose a clawback, and return its number."""
    first = more.pop("first_due", None) or day(world, reference)
    reason = more.pop("reason", REASON)
    actor = more.pop("actor", world.desk)
    given = Clawback(amount, reason, parts, first)
    world.do(commands.propose, reference, CLAWBACK, given, reason or "note", actor=actor)
    return count(world.case(reference))


def act(world: World, reference: str, number: int, name: str, actor: Person, note: str = "") -> Any:
    """Take an act on a proceeding."""
    said = Reasoned(note=note)
    return world.do(commands.take, reference, number, said, act=name, actor=actor)


def demanded(world: World, reference: str, amount: str = "10000.00", parts: int = 1) -> int:
    """Propose and approve a clawback, and return its number."""
    number = demand(world, reference, amount, parts)
    act(world, reference, number, "approve", world.approver)
    return number


def record(world: World, reference: str, amount: str, bank: str = "BANK-9", **more: Any) -> int:
    """Record money that came in, and return the number of the receipt."""
    on = more.pop("on", None)
    came = Came(amount, more.pop("received_on", None) or day(world, reference, 0), bank, on)
    world.do(commands.propose, reference, RECEIPT, came, "", actor=world.maker)
    return count(world.case(reference))


def received(world: World, reference: str, amount: str, bank: str = "BANK-9") -> int:
    """Record money that came in, and let a second person confirm it."""
    number = record(world, reference, amount, bank)
    act(world, reference, number, "confirm", world.checker)
    return number


def state(world: World, reference: str, number: int) -> str:
    """Return where a proceeding stands."""
    return proceeding(world.case(reference), number).state


def money(world: World, reference: str) -> tuple[int, int]:
    """Return what the enterprise holds and what was clawed back, in units of the currency."""
    award = awarded(world.case(reference))
    return award.paid_minor // 100, award.clawed_back_minor // 100


def told(world: World, reference: str, number: int, kind: str = CLAWBACK) -> dict[str, str]:
    """Return what a proceeding says of itself, with plain blanks."""
    words = KINDS[kind].words(proceeding(world.case(reference), number))
    return {label: text.replace("\u00a0", " ") for label, text in words}
