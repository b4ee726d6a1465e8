"""Money out: a tranche is claimed or drawn down, verified, prepared, checked, released, and paid once."""

import hashlib
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.commands import complete
from app.db import db
from app.disbursements import queries
from app.disbursements.commands.turning import (
    Turn,
    moved,
    recorded_as,
    seen,
    taken,
    turned,
)
from app.disbursements.compose import payment_file
from app.disbursements.models import Disbursement, PaymentInstruction
from app.errors import Conflict, Invalid
from app.reviews.commands import Reasoned
from app.trail.commands import Recorded


@dataclass(frozen=True)
class BankAnswer:
    """What the bank said: its reference, and the local day it paid."""

    bank_reference: str
    paid_on: date


def ask(
    reference: str, number: int, note: str, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Claim (grant) or draw down (loan) a tranche."""
    turn = turned(reference, number, act, version, actor, Reasoned(note=note))
    turn.tranche.asked_note = note
    recorded = recorded_as(turn, actor)
    moved(turn, "undrawn", "claimed", recorded)
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
    recorded = recorded_as(turn, actor)
    moved(turn, "claimed", "verified", recorded)
    return recorded


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
    recorded = recorded_as(turn, actor)
    moved(turn, "claimed", "undrawn", recorded)
    return recorded


def prepare(
    reference: str, number: int, *, act: str = "prepare", version: int | None, actor: Person
) -> Recorded:
    """Prepare the payment: the file for the bank is made now and fixed by its digest.

    Before the first money the rules of eligibility are asked again, and what they came to is kept.
    """
    turn = turned(reference, number, act, version, actor)
    last = turn.instruction
    attempt = last.attempt + 1 if last else 1
    # The reference of the case is unique in this installation; the bank's field takes 35 characters.
    end_to_end = f"{turn.application.reference}-T{number}-{attempt}"
    content = payment_file(turn.application, turn.award, turn.tranche, end_to_end, turn.facility)
    turn.instruction = PaymentInstruction(
        tranche_id=turn.tranche.id,
        attempt=attempt,
        end_to_end_id=end_to_end,
        amount_minor=turn.tranche.amount_minor,
        currency=turn.award.currency,
        file=content,
        sha256=hashlib.sha256(content).hexdigest(),
        prepared_by=actor.id,
        prepared_at=clock.now(),
    )
    db.session.add(turn.instruction)
    return recorded_as(turn, actor)


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
    turn = turned(reference, number, act, version, actor, sha256)
    if turn.instruction is not None:
        turn.instruction.checked_by = actor.id
    return recorded_as(turn, actor)


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
    turn = turned(reference, number, act, version, actor, sha256)
    if turn.instruction is not None:
        turn.instruction.released_by = actor.id
        turn.instruction.released_at = clock.now()
    recorded = recorded_as(turn, actor)
    moved(turn, "verified", "instructed", recorded)
    return recorded


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
    turn = turned(reference, number, act, version, actor, said)
    if turn.instruction is not None:
        turn.instruction.rejected_at = clock.now()
    recorded = recorded_as(turn, actor)
    moved(turn, "instructed", "verified", recorded)
    return recorded


def confirm(
    reference: str,
    number: int,
    answer: BankAnswer,
    *,
    act: str = "confirm",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Record that the bank has paid: reserved becomes paid, and with the last tranche the case completes.

    What is paid to the facility of a country is paid out by the fund, and is the enterprise's once that has paid it on.
    """
    turn = turned(reference, number, act, version, actor)
    application, award, tranche = turn.application, turn.award, turn.tranche
    if turn.instruction is None or turn.instruction.released_at is None:
        raise Conflict("No payment of this tranche was released.")
    zone = ZoneInfo(applications.zone_of(application))
    released_on = turn.instruction.released_at.astimezone(zone).date()
    if not released_on <= answer.paid_on <= turn.facts.today:
        raise Invalid({"paid_on": [f"Enter a day from {released_on} to {turn.facts.today}."]})
    detail = {"bank_reference": answer.bank_reference, "paid_on": answer.paid_on.isoformat()}
    duties = ("schedule",) if award.terms else ()
    recorded = recorded_as(turn, actor, detail, duties)
    db.session.add(
        Disbursement(
            tranche_id=tranche.id,
            instruction_id=turn.instruction.id,
            amount_minor=tranche.amount_minor,
            currency=award.currency,
            paid_on=answer.paid_on,
            bank_reference=answer.bank_reference,
            event_id=recorded.id,
        )
    )
    moved(turn, "instructed", "paid", recorded)
    _complete(turn)
    return recorded


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
    _complete(turn)
    return recorded


def _complete(turn: Turn) -> None:
    """Let the case go on once every tranche has come to its end."""
    if not queries.unpaid(turn.application, turn.award):
        complete(turn.application, applications.facts(turn.application, None, tranches_unpaid=0))


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
