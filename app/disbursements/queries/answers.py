"""The files of banks and their lines: which payment a line is about, and what waits for a person."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.applications.models import Application
from app.awards.models import Award, Tranche
from app.db import db
from app.disbursements.models import (
    BankLine,
    BankReport,
    Disbursement,
    PaymentBatch,
    PaymentInstruction,
)
from app.disbursements.queries.batches import concealed
from app.errors import Missing
from workflows.banking.answers import PAID, REJECTED, RETURNED, Report
from workflows.money import from_minor

MOST = 200
# Fewer values than any database takes in one statement.
_AT_ONCE = 500


def report_by_digest(agency_id: int, sha256: str) -> BankReport | None:
    """Return a file that was taken in before."""
    found = select(BankReport).where(BankReport.agency_id == agency_id, BankReport.sha256 == sha256)
    return db.session.scalars(found).first()


def report_of(event_id: int) -> BankReport:
    """Return the file that an event took in."""
    return db.session.scalars(select(BankReport).where(BankReport.event_id == event_id)).one()


def waiting(report: BankReport) -> list[int]:
    """Return the lines of a file that were not looked at yet, by number, in their order."""
    found = select(BankLine.id).where(BankLine.report_id == report.id, BankLine.state == "waiting")
    return list(db.session.scalars(found.order_by(BankLine.position)))


def line(number: int, *, lock: bool = False) -> BankLine:
    """Return a line as it stands in the database, with its file; raises ``Missing``."""
    found = select(BankLine).where(BankLine.id == number).options(joinedload(BankLine.report))
    found = found.execution_options(populate_existing=True)
    row = db.session.scalars(found.with_for_update(of=BankLine) if lock else found).first()
    if row is None:
        raise Missing("There is no such line, or not for you.")
    return row


def instruction(found: BankLine) -> PaymentInstruction | None:
    """Return the payment that a line names, of the agency whose bank's file it is in."""
    query = (
        select(PaymentInstruction)
        .join(PaymentBatch, PaymentBatch.id == PaymentInstruction.batch_id)
        .where(PaymentInstruction.end_to_end_id == found.end_to_end_id)
        .where(PaymentBatch.agency_id == found.report.agency_id)
    )
    return db.session.scalars(query).first()


def reference_of(found: PaymentInstruction) -> str:
    """Return the reference of the case a payment is of."""
    query = (
        select(Application.reference)
        .join(Award, Award.application_id == Application.id)
        .join(Tranche, Tranche.award_id == Award.id)
        .where(Tranche.id == found.tranche_id)
    )
    return db.session.scalars(query).one()


def number_of(found: PaymentInstruction) -> int:
    """Return the number of the tranche a payment is of."""
    return db.session.scalars(select(Tranche.number).where(Tranche.id == found.tranche_id)).one()


def stands(found: PaymentInstruction) -> str:
    """Return what is known of a payment in the words of bank answers, "" while nothing is."""
    if found.returned_at is not None:
        return RETURNED
    if found.rejected_at is not None:
        return REJECTED
    paid = select(func.count()).where(Disbursement.instruction_id == found.id)
    return PAID if db.session.scalar(paid) else ""


def sent(agency_id: int, report: Report) -> dict[str, dict[str, Decimal]]:
    """Return the payments of the file that a report answers: amounts by end-to-end id, by batch.

    One file is one batch here, so that the number of both is the same.
    """
    named = {report.original_message_id} | {
        name for one in report.answers for name in (one.batch_id, one.file_id)
    }
    ours = sorted(named - {""})
    found: dict[str, dict[str, Decimal]] = {}
    for start in range(0, len(ours), _AT_ONCE):
        query = (
            select(
                PaymentBatch.message_id,
                PaymentInstruction.end_to_end_id,
                PaymentInstruction.amount_minor,
                PaymentInstruction.currency,
            )
            .join(PaymentInstruction, PaymentInstruction.batch_id == PaymentBatch.id)
            .where(PaymentBatch.agency_id == agency_id)
            .where(PaymentBatch.message_id.in_(ours[start : start + _AT_ONCE]))
        )
        for row in db.session.execute(query):
            amount = from_minor(row.amount_minor, row.currency)
            found.setdefault(row.message_id, {})[row.end_to_end_id] = amount
    return found


def reports(actor: Person) -> list[tuple[BankReport, dict[str, int]]]:
    """Return the newest files of a person's agency, each with how many of its lines are in which state."""
    found = (
        select(BankReport)
        .where(BankReport.agency_id == actor.agency_id)
        .order_by(BankReport.id.desc())
        .limit(20)
    )
    rows = list(db.session.scalars(found))
    counted = (
        select(BankLine.report_id, BankLine.state, func.count())
        .where(BankLine.report_id.in_([row.id for row in rows]))
        .group_by(BankLine.report_id, BankLine.state)
    )
    counts: dict[int, dict[str, int]] = {}
    for report_id, state, number in db.session.execute(counted) if rows else ():
        counts.setdefault(report_id, {})[state] = number
    return [(row, counts.get(row.id, {})) for row in rows]


def report(number: int, actor: Person) -> BankReport:
    """Return a file of the bank of a person's agency; raises ``Missing`` for that of another."""
    found = select(BankReport).where(
        BankReport.id == number, BankReport.agency_id == actor.agency_id
    )
    row = db.session.scalars(found).first()
    if row is None:
        raise Missing("There is no such file of the bank, or not for you.")
    return row


def _hidden(actor: Person) -> ColumnElement[bool]:
    """Return the condition that a line names a payment of a case that is hidden from a person."""
    return concealed(actor, PaymentInstruction.end_to_end_id == BankLine.end_to_end_id)


def lines(found: BankReport, actor: Person, after: int = 0) -> tuple[list[BankLine], bool]:
    """Return a page of the lines of a file in their order, and whether there is another; none of hidden cases.

    ``after`` is the position of the last line of the page before.
    """
    query = (
        select(BankLine)
        .where(BankLine.report_id == found.id, BankLine.position > after, ~_hidden(actor))
        .order_by(BankLine.position)
        .limit(MOST + 1)
    )
    rows = list(db.session.scalars(query))
    return rows[:MOST], len(rows) > MOST


def open_lines(actor: Person) -> Sequence[BankLine]:
    """Return the lines of a person's agency that wait for a person, oldest first; none of cases hidden from the person."""
    found = (
        select(BankLine)
        .join(BankLine.report)
        .where(BankReport.agency_id == actor.agency_id, BankLine.state == "open", ~_hidden(actor))
        .options(joinedload(BankLine.report))
        .order_by(BankLine.id)
        .limit(MOST)
    )
    return list(db.session.scalars(found))


def may_settle(number: int, actor: Person) -> bool:
    """Tell whether a line is of a file of a person's agency, and of no case that is hidden from the person."""
    found = (
        select(BankLine.id)
        .join(BankLine.report)
        .where(BankLine.id == number, BankReport.agency_id == actor.agency_id, ~_hidden(actor))
    )
    return db.session.scalar(found) is not None


def cases_of(found: Sequence[BankLine], actor: Person) -> dict[str, str]:
    """Return the references of the cases whose payments lines name, by end-to-end id; only of the person's agency."""
    names = [line.end_to_end_id for line in found if line.end_to_end_id]
    query = (
        select(PaymentInstruction.end_to_end_id, Application.reference)
        .join(Tranche, Tranche.id == PaymentInstruction.tranche_id)
        .join(Award, Award.id == Tranche.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(Application.agency_id == actor.agency_id)
        .where(PaymentInstruction.end_to_end_id.in_(names))
    )
    return dict(db.session.execute(query).all()) if names else {}
