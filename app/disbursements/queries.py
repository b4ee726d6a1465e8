"""What is known of the payments of a case: instructions, and what was paid."""

from sqlalchemy import select

from app.awards.models import Award, Tranche
from app.db import db
from app.disbursements.models import Disbursement, PaymentInstruction


def instruction(tranche: Tranche) -> PaymentInstruction | None:
    """Return the instruction of a tranche that stands: the newest attempt."""
    found = (
        select(PaymentInstruction)
        .where(PaymentInstruction.tranche_id == tranche.id)
        .order_by(PaymentInstruction.attempt.desc())
        .limit(1)
    )
    return db.session.scalars(found.execution_options(populate_existing=True)).first()


def instructions(award: Award) -> dict[int, PaymentInstruction]:
    """Return the newest instruction of each tranche of an award, by the tranche's number in the database."""
    found = (
        select(PaymentInstruction)
        .join(Tranche, Tranche.id == PaymentInstruction.tranche_id)
        .where(Tranche.award_id == award.id)
        .order_by(PaymentInstruction.attempt)
    )
    return {row.tranche_id: row for row in db.session.scalars(found)}


def disbursements(award: Award) -> dict[int, Disbursement]:
    """Return what was paid, by the tranche's number in the database."""
    found = (
        select(Disbursement)
        .join(Tranche, Tranche.id == Disbursement.tranche_id)
        .where(Tranche.award_id == award.id)
        .order_by(Disbursement.id)
    )
    return {row.tranche_id: row for row in db.session.scalars(found)}


def by_event(event_id: int) -> tuple[Disbursement, Tranche, PaymentInstruction]:
    """Return the disbursement an event recorded, with its tranche and instruction."""
    found = (
        select(Disbursement, Tranche, PaymentInstruction)
        .join(Tranche, Tranche.id == Disbursement.tranche_id)
        .join(PaymentInstruction, PaymentInstruction.id == Disbursement.instruction_id)
        .where(Disbursement.event_id == event_id)
    )
    row = db.session.execute(found).one()
    return row[0], row[1], row[2]
