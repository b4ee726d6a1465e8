"""What is known of the payments of a case: instructions, what was paid, and the facts of the acts on a tranche."""

from dataclasses import replace

from sqlalchemy import select

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.models import Award, Tranche
from app.db import db
from app.disbursements.models import Disbursement, PaymentInstruction
from workflows.facts import Facts


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


def disbursement_facts(application: Application, award: Award, actor: Person | None) -> Facts:
    """Return the facts that the acts on every tranche of an award share; ``actor`` is ``None`` for the system."""
    paid = disbursements(award)
    unpaid = tuple(t.number for t in awards.tranches(award) if t.id not in paid)
    open_ = applications.workflow(application).states[application.state].money
    return applications.facts(application, actor, disbursement_open=open_, earlier_unpaid=unpaid)


def tranche_facts(
    shared: Facts, award: Award, tranche: Tranche, instruction: PaymentInstruction | None
) -> Facts:
    """Return the facts that the acts on one tranche need."""
    unpaid = shared.earlier_unpaid or ()
    return replace(
        shared,
        earlier_unpaid=tuple(number for number in unpaid if number < tranche.number),
        amount=tranche.amount_minor,
        award_left=award.amount_minor - award.disbursed_minor,
        file_digest=instruction.sha256 if instruction else None,
        strands=(),
        extended=tranche.clock_extended,
        clock_over=tranche.is_over(shared.today),
    )
