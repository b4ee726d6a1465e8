"""Payment files of an agency: what waits to be paid, the batches on their way, and the payments of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app.accounts.models import Enterprise, Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.models import Award, Tranche
from app.db import db
from app.disbursements.models import (
    BankLine,
    Disbursement,
    PaymentBatch,
    PaymentInstruction,
    PaymentReturn,
)
from app.errors import Missing
from app.schemes import queries as schemes
from app.schemes.models import Scheme
from workflows.definition import Workflow

PAGE = 25


@dataclass(frozen=True)
class Waiting:
    """A payment that waits to be prepared: its tranche and case, and the act that prepares it."""

    tranche: Tranche
    award: Award
    application: Application
    act: str


def waiting(actor: Person, after: int = 0) -> tuple[list[Waiting], bool]:
    """Return a page of the payments that a person's agency may prepare now, oldest first, and whether there is another."""
    lives = _preparing(actor)
    if not lives:
        return [], False
    places = [
        and_(Scheme.tranche_digest == digest, Tranche.state.in_(states))
        for digest, states in lives.items()
    ]
    found = (
        applications.visible(actor)
        .join(Application.scheme)
        .join(Award, and_(Award.application_id == Application.id, Award.ended_at.is_(None)))
        .join(Tranche, Tranche.award_id == Award.id)
        .where(Application.agency_id == actor.agency_id, or_(*places), Tranche.id > after)
        .options(
            contains_eager(Application.scheme).joinedload(Scheme.agency),
            joinedload(Application.enterprise),
            selectinload(Award.conditions),
        )
        .add_columns(Award, Tranche)
        .order_by(Tranche.id)
        .limit(PAGE + 1)
    )
    rows = db.session.execute(found).all()
    listed = [
        Waiting(row.Tranche, row.Award, row.Application, act)
        for row in rows[:PAGE]
        if (act := act_for(row.Application.scheme.tranche_digest, row.Tranche.state, "prepare"))
    ]
    return listed, len(rows) > PAGE


def act_for(life: str, state: str, does: str, name: str = "") -> str:
    """Return the act of a tranche's life that starts in a state and does something, "" where there is none.

    Where several do, ``name`` chooses.
    """
    acts = [act.name for act in schemes.workflow(life).acts_from(state) if act.does == does]
    return name if name in acts else next(iter(acts), "")


def _preparing(actor: Person) -> dict[str, list[str]]:
    """Return the states in which a payment can be prepared, by the digest of the tranche's life."""
    used = select(Scheme.tranche_digest).where(Scheme.agency_id == actor.agency_id).distinct()
    found = {}
    for digest in db.session.scalars(used):
        workflow = schemes.workflow(digest)
        states = [state for state in workflow.states if act_for(digest, state, "prepare")]
        if states:
            found[digest] = states
    return found


def concealed(actor: Person, instructions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that one of the payments that fit is of a case of the person's agency hidden from the person."""
    seen = applications.visible(actor).with_only_columns(Application.id)
    case = aliased(Application)
    return exists().where(
        instructions,
        Tranche.id == PaymentInstruction.tranche_id,
        Award.id == Tranche.award_id,
        case.id == Award.application_id,
        case.agency_id == actor.agency_id,
        case.id.not_in(seen),
    )


def _shown(actor: Person) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions of the batches a person may know of: of the own agency, with no payment of a hidden case."""
    inside = PaymentInstruction.batch_id == PaymentBatch.id
    return PaymentBatch.agency_id == actor.agency_id, ~concealed(actor, inside)


def batch(message_id: str, actor: Person) -> PaymentBatch:
    """Return a batch of a person's agency by its number; raises ``Missing`` for another, or with a case that is hidden."""
    found = (
        select(PaymentBatch)
        .where(PaymentBatch.message_id == message_id, *_shown(actor))
        .options(selectinload(PaymentBatch.releases))
        .execution_options(populate_existing=True)
    )
    row = db.session.scalars(found).first()
    if row is None:
        raise Missing("There is no such payment file, or not for you.")
    return row


def batches(actor: Person, before: int = 0) -> tuple[list[PaymentBatch], bool]:
    """Return a page of the batches a person may know of, the newest first, and whether there is another."""
    found = (
        select(PaymentBatch)
        .where(*_shown(actor))
        .options(selectinload(PaymentBatch.releases))
        .order_by(PaymentBatch.id.desc())
        .limit(PAGE + 1)
    )
    if before:
        found = found.where(PaymentBatch.id < before)
    rows = list(db.session.scalars(found))
    return rows[:PAGE], len(rows) > PAGE


def life(digest: str) -> Workflow:
    """Return the life of a tranche by its digest."""
    return schemes.workflow(digest)


Payments = Row[str, str, str, Tranche, PaymentInstruction, Application, Award]


def payments(found: PaymentBatch) -> Sequence[Payments]:
    """Return the payments of a batch: ``reference``, ``enterprise``, ``life`` of the tranche, its row, instruction, case, award."""
    query = (
        select(
            Application.reference,
            Enterprise.name.label("enterprise"),
            Scheme.tranche_digest.label("life"),
            Tranche,
            PaymentInstruction,
            Application,
            Award,
        )
        .join(Enterprise, Enterprise.id == Application.enterprise_id)
        .join(Award, Award.application_id == Application.id)
        .join(Tranche, Tranche.award_id == Award.id)
        .join(PaymentInstruction, PaymentInstruction.tranche_id == Tranche.id)
        .join(Scheme, Scheme.id == Application.scheme_id)
        .where(PaymentInstruction.batch_id == found.id)
        .options(
            contains_eager(Application.scheme),
            contains_eager(Application.enterprise),
            selectinload(Award.conditions),
        )
        .order_by(Application.reference, Tranche.number)
    )
    return db.session.execute(query).all()


@dataclass(frozen=True)
class Known:
    """What is known of a payment: when it was paid, under which reference of the bank, and when and why it came back."""

    paid_on: date
    bank_reference: str
    returned_on: date | None
    reason: str | None


def known(found: PaymentBatch) -> dict[int, Known]:
    """Return what is known of the payments of a batch that were paid, by the number of the instruction."""
    query = (
        select(
            Disbursement.instruction_id,
            Disbursement.paid_on,
            Disbursement.bank_reference,
            PaymentReturn.returned_on,
            PaymentReturn.reason,
        )
        .join(PaymentInstruction, PaymentInstruction.id == Disbursement.instruction_id)
        .outerjoin(PaymentReturn, PaymentReturn.disbursement_id == Disbursement.id)
        .where(PaymentInstruction.batch_id == found.id)
    )
    return {row[0]: Known(*row[1:]) for row in db.session.execute(query)}


def said(found: PaymentBatch) -> dict[int, BankLine]:
    """Return the newest line of the bank on each payment of a batch, by the number of the instruction."""
    query = (
        select(BankLine)
        .join(PaymentInstruction, PaymentInstruction.id == BankLine.instruction_id)
        .where(PaymentInstruction.batch_id == found.id)
        .order_by(BankLine.id)
    )
    return {row.instruction_id: row for row in db.session.scalars(query) if row.instruction_id}
