"""Money out: a tranche is claimed or drawn down, verified, prepared, checked, released, and paid once."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.queries import awarded, tranche
from app.disbursements import queries
from app.disbursements.commands import batches
from app.disbursements.commands.batches import Chosen
from app.disbursements.commands.settling import Paid, complete_if_paid, pay, reject
from app.disbursements.commands.turning import Turn, moved, recorded_as, seen, taken, turned
from app.disbursements.models import PaymentBatch
from app.errors import Conflict, Invalid, Missing
from app.reviews.commands import Reasoned
from app.trail.commands import Recorded


@dataclass(frozen=True)
class BankAnswer:
    """What the bank said: its reference, and the local day it paid."""

    bank_reference: str
    paid_on: date


@dataclass(frozen=True)
class Finding:
    """What a person found of a payment whose answer is missing: the bank's answer, ``None`` where it has not paid.

    ``note`` is what shows it.
    """

    answer: BankAnswer | None
    note: str


def ask(
    reference: str, number: int, note: str, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Claim (grant) or draw down (loan) a whole tranche."""
    turn = turned(reference, number, act, version, actor, Reasoned(note=note))
    return asked(turn, turn.tranche.amount_minor, actor)


def asked(turn: Turn, amount: int, actor: Person, detail: dict[str, Any] | None = None) -> Recorded:
    """Claim so much of a tranche, in minor units; ``detail`` is what the event says of it beside."""
    turn.tranche.asked_note = turn.facts.note
    turn.tranche.claimed_minor = amount
    recorded = recorded_as(turn, actor, detail)
    moved(turn, "undrawn", "claimed", amount, recorded)
    return recorded


def verify(
    reference: str,
    number: int,
    note: str,
    *,
    act: str = "verify",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Find a claim or drawdown in order."""
    turn = turned(reference, number, act, version, actor, Reasoned(note=note))
    return verified(turn, _claimed(turn), actor)


def verified(
    turn: Turn, amount: int, actor: Person, detail: dict[str, Any] | None = None
) -> Recorded:
    """Find so much of a claim in order, in minor units; the rest of it is undrawn again."""
    claimed = _claimed(turn)
    turn.tranche.verified_minor = amount
    recorded = recorded_as(turn, actor, detail)
    moved(turn, "claimed", "verified", amount, recorded)
    moved(turn, "claimed", "undrawn", claimed - amount, recorded)
    return recorded


def _claimed(turn: Turn) -> int:
    return turn.tranche.claimed_minor or turn.tranche.amount_minor


def send_back(
    reference: str,
    number: int,
    said: Reasoned,
    *,
    act: str = "send_back",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Send a claim or drawdown back to the applicant, with reasons."""
    turn = turned(reference, number, act, version, actor, said)
    claimed = _claimed(turn)
    turn.tranche.claimed_minor = None
    recorded = recorded_as(turn, actor)
    moved(turn, "claimed", "undrawn", claimed, recorded)
    return recorded


def prepare(
    reference: str, number: int, *, act: str = "prepare", version: int | None, actor: Person
) -> Recorded:
    """Prepare the payment of one tranche, in a payment file of its own: see ``batches.prepare``."""
    _, (recorded,) = batches.prepare([Chosen(reference, number, act, version)], actor=actor)
    return recorded


def check(
    reference: str,
    number: int,
    sha256: str,
    *,
    act: str = "check",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Check a prepared payment: another payment officer names the digest of the file."""
    one = Chosen(reference, number, act, version)
    (recorded,) = batches.check(_alone(one, actor), [one], sha256, actor=actor)
    return recorded


def release(
    reference: str,
    number: int,
    sha256: str,
    *,
    act: str = "release",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Release a checked payment to the bank: a third person names the digest of the file."""
    one = Chosen(reference, number, act, version)
    (recorded,) = batches.release(_alone(one, actor), [one], sha256, actor=actor)
    return recorded


def take_out(
    reference: str, number: int, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Take a payment back that was not released; it can be prepared again."""
    one = Chosen(reference, number, act, version)
    (recorded,) = batches.take_back(_alone(one, actor), [one], said.note, actor=actor)
    return recorded


def _alone(one: Chosen, actor: Person) -> PaymentBatch:
    """Return the batch of a payment that stands alone in it; before there is one every rule speaks against the act."""
    application = applications.find(one.reference, actor=actor)
    instruction = queries.instruction(tranche(awarded(application), one.tranche))
    if instruction is None:
        turned(one.reference, one.tranche, one.act, one.version, actor)
        raise Missing("No payment has been prepared for this tranche.")
    return batches.alone(instruction.batch)


def report_unknown(
    reference: str,
    number: int,
    note: str,
    *,
    act: str = "report_unknown",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Record that the bank's answer is missing; nothing can be sent again until it is known."""
    turn = turned(reference, number, act, version, actor, Reasoned(note=note))
    return recorded_as(turn, actor)


def report_rejected(
    reference: str,
    number: int,
    said: Reasoned,
    *,
    act: str = "report_rejected",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Record that the bank rejected the payment, with reasons; only now may a new attempt be prepared."""
    return reject(turned(reference, number, act, version, actor, said), actor)


def confirm(
    reference: str,
    number: int,
    answer: BankAnswer,
    *,
    act: str = "confirm",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Record that the bank has paid: committed becomes paid, and with the last tranche the case completes.

    What is paid to the facility of a country is paid out by the fund, and is the enterprise's once that has paid it on.
    """
    turn = turned(reference, number, act, version, actor)
    _possible(turn, answer)
    return pay(turn, Paid(answer.bank_reference, answer.paid_on), actor)


def find_out(
    reference: str,
    number: int,
    found: Finding,
    *,
    act: str,
    version: int | None,
    actor: Person,
) -> Recorded:
    """Say what became of a payment whose answer is missing; it counts once a second person agrees.

    Raises ``Conflict`` where nothing was released, ``Invalid`` for a day on which the bank cannot have paid.
    """
    turn = turned(reference, number, act, version, actor, Reasoned(note=found.note))
    if turn.instruction is None:
        raise Conflict("No payment of this tranche was released.")
    answer = found.answer
    if answer is None:
        turn.instruction.found = {}
        return recorded_as(turn, actor)
    _possible(turn, answer)
    said = {"bank_reference": answer.bank_reference, "paid_on": answer.paid_on.isoformat()}
    turn.instruction.found = said
    return recorded_as(turn, actor, said)


def agree(
    reference: str, number: int, note: str, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Agree with what another person found: that the bank has paid, or that it has not and a new attempt may begin."""
    turn = turned(reference, number, act, version, actor, Reasoned(note=note))
    said = turn.instruction.found if turn.instruction else None
    if said is None:
        raise Conflict("Nobody has looked into this payment.")
    if not said:
        return reject(turn, actor)
    paid = Paid(said["bank_reference"], date.fromisoformat(said["paid_on"]))
    return pay(turn, paid, actor)


def _possible(turn: Turn, answer: BankAnswer) -> None:
    """Refuse a day on which the bank cannot have paid: before the release, or to come."""
    if turn.instruction is None or turn.instruction.batch.released_at is None:
        raise Conflict("No payment of this tranche was released.")
    zone = ZoneInfo(applications.zone_of(turn.application))
    released_on = turn.instruction.batch.released_at.astimezone(zone).date()
    if not released_on <= answer.paid_on <= turn.facts.today:
        raise Invalid({"paid_on": [f"Enter a day from {released_on} to {turn.facts.today}."]})


def forward(
    reference: str,
    number: int,
    answer: BankAnswer,
    *,
    act: str = "forward",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Record that the facility of the enterprise's country has paid on what the fund had paid to it."""
    turn = turned(reference, number, act, version, actor)
    paid = queries.disbursements(turn.award)[turn.tranche.id].paid_on
    today = clock.today(accounts.zone_of(actor))
    if not paid <= answer.paid_on <= today:
        raise Invalid({"paid_on": [f"Enter a day from {paid} to {today}."]})
    detail = {"bank_reference": answer.bank_reference, "paid_on": answer.paid_on.isoformat()}
    recorded = recorded_as(turn, actor, detail)
    complete_if_paid(turn)
    return recorded


def move(
    reference: str, number: int, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Take an act that moves a tranche and does nothing beside."""
    return recorded_as(turned(reference, number, act, version, actor, said), actor)


def expire(application: Application, number: int, act: str) -> Recorded:
    """Take the act of the clock of a tranche that has run out: the system acts, on a case that the caller has locked."""
    found = seen(application, number, None)
    due_on = found.tranche.due_on
    detail = {"expired_on": due_on.isoformat() if due_on else None}
    return recorded_as(taken(found, act), None, detail, over_on=due_on)
