"""Loans handed over to the books of a bank: one record for each loan, the same as a line of CSV and as JSON."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import Agency, Person
from app.applications.models import Application
from app.applications.queries import visible, zone_of
from app.awards.models import Award
from app.clock import today
from app.db import db
from app.delimited import line
from app.repayments import queries
from app.repayments.compose.owing import Loan
from app.repayments.models import LateCharge, LoanStanding, WriteOff
from app.repayments.queries import owing
from app.repayments.queries.owing import Kept
from workflows.evidence.chain import canonical

FORMAT = "saluran-loans-1"
# The cells of a line: plain values as they are, tables as JSON.
COLUMNS = (
    "reference", "country", "registry_number", "enterprise", "scheme", "currency", "agreed_minor", "terms", "drawdowns",
    "schedule_version", "schedule_kind", "schedule_sha256", "instalments", "receipts", "late_charges", "principal_owed_minor",
    "interest_owed_minor", "charges_owed_minor", "overdue_minor", "days_past_due", "credit_minor", "written_off_minor", "written_off_on",
    "repaid_on", "as_of",
)  # fmt: skip
_CHUNK = 200


@dataclass(frozen=True)
class _Row:
    """A loan with its case, how it stands, and what was written off of it."""

    award: Award
    case: Application
    standing: LoanStanding
    off: WriteOff | None


def records(agency: Agency, actor: Person | None) -> Iterator[dict[str, Any]]:
    """Yield a record for each drawn loan of an agency, oldest first; for a person only those the person may know of.

    Amounts are in minor units of ``currency``, days are local to the scheme. ``None`` is the operator, who sees all.
    """
    last = 0
    while True:
        rows = _chunk(agency, actor, last)
        if not rows:
            return
        found = owing.loans([row.award for row in rows])
        yield from (_record(row, found[row.award.id]) for row in rows)
        last = rows[-1].award.id


def _chunk(agency: Agency, actor: Person | None, last: int) -> list[_Row]:
    query = (
        select(Award, Application, LoanStanding, WriteOff)
        .join(Application, Application.id == Award.application_id)
        .join(LoanStanding, LoanStanding.award_id == Award.id)
        .outerjoin(WriteOff, WriteOff.award_id == Award.id)
        .where(LoanStanding.agency_id == agency.id, Award.id > last)
        .options(joinedload(Application.enterprise), joinedload(Application.scheme))
        .order_by(Award.id)
        .limit(_CHUNK)
    )
    if actor is not None:
        cases = visible(actor).with_only_columns(Application.id)
        query = query.where(Application.id.in_(cases))
    return [_Row(*row) for row in db.session.execute(query)]


def _record(row: _Row, kept: Kept) -> dict[str, Any]:
    award, case, off, loan = row.award, row.case, row.off, kept.loan
    day = today(zone_of(case))
    late, owed = loan.standing(day), loan.owed(day)
    return {
        "reference": case.reference,
        "country": case.enterprise.country,
        "registry_number": case.enterprise.registry_number,
        "enterprise": case.enterprise.name,
        "scheme": case.scheme.code,
        "currency": award.currency,
        "agreed_minor": award.amount_minor - award.released_minor,
        "terms": dict(award.terms),
        "drawdowns": [
            {"on": drawdown.date.isoformat(), "amount": str(drawdown.amount)}
            for drawdown in queries.paid_out(award)
        ],
        "schedule_version": kept.schedule.version,
        "schedule_kind": kept.schedule.kind,
        "schedule_sha256": digest(loan),
        "instalments": list(loan.rows),
        "receipts": [
            {
                "on": receipt.received_on.isoformat(),
                "amount_minor": receipt.amount_minor,
                "bank_reference": receipt.bank_reference,
            }
            for receipt in kept.receipts
        ],
        "late_charges": late_charges(kept.charges),
        "principal_owed_minor": owed.due.principal + owed.to_come.principal,
        "interest_owed_minor": owed.due.interest + owed.to_come.interest,
        "charges_owed_minor": owed.due.charge + owed.to_come.charge,
        "overdue_minor": late.overdue.total,
        "days_past_due": late.days,
        "credit_minor": owed.credit,
        "written_off_minor": off.amount_minor if off else None,
        "written_off_on": off.written_off_on.isoformat() if off else None,
        "repaid_on": row.standing.repaid_on.isoformat() if row.standing.repaid_on else None,
        "as_of": day.isoformat(),
    }


def late_charges(charged: Sequence[LateCharge]) -> list[dict[str, Any]]:
    """Return the late-payment charges of a loan as they are handed over, amounts in minor units."""
    return [
        {
            "number": row.number,
            "kind": row.kind,
            "on": row.due_on.isoformat(),
            "amount_minor": row.amount_minor,
            "waived_minor": row.waived_minor,
        }
        for row in charged
    ]


def digest(loan: Loan) -> str:
    """Return the SHA-256 of the instalments of a schedule as canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical({"rows": list(loan.rows)}).encode()).hexdigest()


def as_csv(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of a table (RFC 4180), the first with the names of its columns."""
    yield line(COLUMNS)
    for record in found:
        yield line(_cell(record[name]) for name in COLUMNS)


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value


def as_json(found: Iterator[dict[str, Any]], agency: Agency) -> dict[str, Any]:
    """Return the records of an agency as one document."""
    return {"format": FORMAT, "agency": agency.code, "loans": list(found)}
