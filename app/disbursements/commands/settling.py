"""What became of a payment, whoever says it: the bank has paid, has rejected it, or has sent it back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app import clock
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.commands import complete
from app.awards.models import Award
from app.db import db
from app.disbursements import queries
from app.disbursements.commands.turning import Turn, moved, recorded_as, seen, taken
from app.disbursements.models import Disbursement, PaymentReturn
from app.errors import Conflict
from app.trail.commands import Recorded

CANCEL, COMPLETE = "cancel_tranche", "complete"


@dataclass(frozen=True)
class Paid:
    """That the bank has paid: its reference, and the local day. ``told`` is where it says so, ``system`` who acts then."""

    bank_reference: str
    paid_on: date
    told: dict[str, Any] | None = None
    system: str = ""


def pay(turn: Turn, paid: Paid, actor: Person | None) -> Recorded:
    """Record that the money of a tranche is out: committed becomes paid, and with the last tranche the case completes."""
    instruction = turn.instruction
    if instruction is None:
        raise Conflict("No payment of this tranche was released.")
    said = {"bank_reference": paid.bank_reference, "paid_on": paid.paid_on.isoformat()}
    detail = {**said, **(paid.told or {})}
    recorded = recorded_as(turn, actor, detail, _duties(turn), system=paid.system)
    db.session.add(
        Disbursement(
            tranche_id=turn.tranche.id,
            instruction_id=instruction.id,
            amount_minor=instruction.amount_minor,
            currency=instruction.currency,
            paid_on=paid.paid_on,
            bank_reference=paid.bank_reference,
            event_id=recorded.id,
        )
    )
    moved(turn, "instructed", "paid", instruction.amount_minor, recorded)
    complete_if_paid(turn)
    return recorded


def reject(
    turn: Turn, actor: Person | None, told: dict[str, Any] | None = None, system: str = ""
) -> Recorded:
    """Record that a payment was never made; only now may a new attempt be prepared."""
    if turn.instruction is None:
        raise Conflict("No payment of this tranche was released.")
    turn.instruction.rejected_at = clock.now()
    recorded = recorded_as(turn, actor, told, system=system)
    moved(turn, "instructed", "verified", turn.instruction.amount_minor, recorded)
    return recorded


def send_back_by_bank(
    turn: Turn, on: date, reason: str, told: dict[str, Any], system: str
) -> Recorded:
    """Record that the bank has sent back what it had paid: it can be prepared again, as a new attempt; a loan owes it no more."""
    instruction = turn.instruction
    paid = queries.disbursement_of(instruction) if instruction else None
    if instruction is None or paid is None:
        raise Conflict("Nothing of this tranche was paid.")
    instruction.returned_at = clock.now()
    recorded = recorded_as(turn, None, told, _duties(turn), system=system)
    db.session.add(
        PaymentReturn(
            disbursement_id=paid.id,
            returned_on=on,
            reason=reason,
            bank_reference=str(told.get("bank_reference", "")),
            event_id=recorded.id,
        )
    )
    turn.award.returned_minor += paid.amount_minor
    moved(turn, "paid", "verified", paid.amount_minor, recorded)
    return recorded


def _duties(turn: Turn) -> tuple[str, ...]:
    """Return what follows from money that moved: a loan is repaid by what is drawn of it."""
    return ("schedule",) if turn.award.terms else ()


def cancel_tranche(application: Application, number: int) -> Recorded:
    """End a tranche that will not be paid; the system acts, on a case that the caller has locked.

    Raises ``Conflict`` for one that its life does not let go, such as one on its way to the bank.
    """
    found = seen(application, number, None)
    acts = found.workflow.acts_from(found.tranche.state)
    act = next((act.name for act in acts if act.automatic and act.does == CANCEL), None)
    if act is None:
        state = found.workflow.states[found.tranche.state].officer
        raise Conflict(f"Tranche {number} cannot be cancelled: it stands at “{state}”.")
    return recorded_as(taken(found, act), None)


def complete_if_paid(turn: Turn) -> None:
    """Let the case go on once every tranche has come to its end."""
    complete_if_paid_out(turn.application, turn.award)


def complete_if_paid_out(application: Application, award: Award) -> None:
    """Let a case in which money moves go on once no tranche of its award is left; what is undrawn then is given back."""
    acts = applications.workflow(application).acts_from(application.state)
    # A payment that came back later, such as while a report is awaited or after the end, is paid again and nothing more.
    goes_on = any(act.name == COMPLETE for act in acts)
    if goes_on and not queries.unpaid(application, award):
        complete(application, applications.facts(application, None, tranches_unpaid=0))
