"""What is known of the payments of a case: instructions, what was paid, and the accounts it is paid to."""

from sqlalchemy import select

from app.applications.models import Application
from app.awards import queries as awards
from app.awards.models import Award, Tranche
from app.db import db
from app.disbursements.models import (
    Disbursement,
    PayeeAccount,
    PaymentInstruction,
    PaymentReturn,
)
from app.schemes import queries as schemes


def instruction(tranche: Tranche) -> PaymentInstruction | None:
    """Return the instruction of a tranche that stands: the newest attempt."""
    found = (
        select(PaymentInstruction)
        .where(PaymentInstruction.tranche_id == tranche.id)
        .order_by(PaymentInstruction.attempt.desc())
        .limit(1)
    )
    return db.session.scalars(found.execution_options(populate_existing=True)).first()


def disbursements(award: Award) -> dict[int, Disbursement]:
    """Return what was paid and not sent back, by the tranche's number in the database."""
    found = (
        select(Disbursement)
        .join(Tranche, Tranche.id == Disbursement.tranche_id)
        .outerjoin(PaymentReturn, PaymentReturn.disbursement_id == Disbursement.id)
        .where(Tranche.award_id == award.id, PaymentReturn.disbursement_id.is_(None))
        .order_by(Disbursement.id)
    )
    return {row.tranche_id: row for row in db.session.scalars(found)}


def paid_by(tranche: Tranche, event_id: int) -> Disbursement:
    """Return what had been paid of a tranche, at last, when an event was recorded; the bank may have sent it back later.

    Where a facility pays on what the fund paid it, that is an event of its own after the payment.
    """
    found = select(Disbursement).where(
        Disbursement.tranche_id == tranche.id, Disbursement.event_id <= event_id
    )
    return db.session.scalars(found.order_by(Disbursement.id.desc()).limit(1)).one()


def sent_back(award: Award) -> list[Disbursement]:
    """Return what was paid and sent back by the bank, oldest first."""
    found = (
        select(Disbursement)
        .join(Tranche, Tranche.id == Disbursement.tranche_id)
        .join(PaymentReturn, PaymentReturn.disbursement_id == Disbursement.id)
        .where(Tranche.award_id == award.id)
        .order_by(Disbursement.id)
    )
    return list(db.session.scalars(found))


def came_back(event_id: int) -> bool:
    """Tell whether an event is that the bank sent back what it had paid."""
    found = select(PaymentReturn.disbursement_id).where(PaymentReturn.event_id == event_id)
    return db.session.scalar(found) is not None


def disbursement_of(instruction: PaymentInstruction) -> Disbursement | None:
    """Return what was paid by an instruction, whether or not the bank sent it back later."""
    found = select(Disbursement).where(Disbursement.instruction_id == instruction.id)
    return db.session.scalars(found).first()


def payee_accounts(application: Application) -> list[PayeeAccount]:
    """Return the accounts of a case that came after the one submitted and were not dropped, oldest first."""
    found = select(PayeeAccount).where(
        PayeeAccount.application_id == application.id, PayeeAccount.dropped_at.is_(None)
    )
    return list(db.session.scalars(found.order_by(PayeeAccount.id)))


def payable(tranche: Tranche) -> int:
    """Return what is to be paid of a tranche, in minor units: what was verified, else what is planned."""
    return tranche.verified_minor or tranche.amount_minor


def unpaid(application: Application, award: Award) -> tuple[int, ...]:
    """Return the numbers of the tranches whose money has not come to the enterprise yet."""
    states = schemes.workflow(application.scheme.tranche_digest).states
    return tuple(t.number for t in awards.tranches(award) if not states[t.state].end)
