"""The loans of an agency by how far they are behind: page by page, with totals, and all of them for a table."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Agency, Person
from app.applications.models import Application
from app.applications.queries import visible
from app.db import db
from app.repayments.models import LoanStanding

PAGE = 25
# Rows of a table that are read at once.
_CHUNK = 500


@dataclass(frozen=True)
class Narrowed:
    """What a list of loans is narrowed to; ``after`` are days past due and number of the last loan of the page before."""

    bucket: str = ""
    watched: bool = False
    notice: bool = False
    after: tuple[int, int] | None = None


@dataclass(frozen=True)
class Total:
    """The loans of a bucket in a currency: how many, what is overdue and what is owed in all, in minor units."""

    bucket: str
    currency: str
    loans: int
    overdue: int
    owed: int


def _seen(agency: Agency, actor: Person) -> Select[LoanStanding]:
    """Return the query of the loans of an agency that a person may know of and that are not repaid."""
    cases = visible(actor).with_only_columns(Application.id)
    return select(LoanStanding).where(
        LoanStanding.agency_id == agency.id,
        LoanStanding.repaid_on.is_(None),
        LoanStanding.application_id.in_(cases),
    )


def _narrowed(query: Select[LoanStanding], by: Narrowed) -> Select[LoanStanding]:
    if by.bucket:
        query = query.where(LoanStanding.bucket == by.bucket)
    if by.watched:
        query = query.where(LoanStanding.watched)
    if by.notice:
        due = (LoanStanding.notice != "", LoanStanding.notice != LoanStanding.noticed)
        query = query.where(*due, ~LoanStanding.written_off)
    if by.after is not None:
        days, number = by.after
        later = (LoanStanding.days == days) & (LoanStanding.award_id > number)
        query = query.where(or_(LoanStanding.days < days, later))
    return query.order_by(LoanStanding.days.desc(), LoanStanding.award_id).options(
        joinedload(LoanStanding.application).joinedload(Application.enterprise),
        joinedload(LoanStanding.application).joinedload(Application.scheme),
    )


def page(agency: Agency, by: Narrowed, actor: Person) -> tuple[list[LoanStanding], bool]:
    """Return a page of the loans of an agency, the furthest behind first, and whether there is another."""
    query = _narrowed(_seen(agency, actor), by).limit(PAGE + 1)
    rows = list(db.session.scalars(query))
    return rows[:PAGE], len(rows) > PAGE


def every(agency: Agency, by: Narrowed, actor: Person) -> Iterator[LoanStanding]:
    """Yield the loans of an agency in the same order, read in parts."""
    query = _narrowed(_seen(agency, actor), by).execution_options(yield_per=_CHUNK)
    yield from db.session.scalars(query)


def totals(agency: Agency, actor: Person) -> list[Total]:
    """Return the totals of an agency's loans by bucket and currency, by how far behind."""
    overdue = (
        LoanStanding.overdue_principal_minor
        + LoanStanding.overdue_interest_minor
        + LoanStanding.overdue_charge_minor
    )
    seen = _seen(agency, actor).with_only_columns(
        LoanStanding.bucket,
        LoanStanding.currency,
        func.count(),
        func.sum(overdue),
        func.sum(LoanStanding.owed_minor),
        func.min(LoanStanding.days),
    )
    grouped = seen.group_by(LoanStanding.bucket, LoanStanding.currency)
    rows = db.session.execute(grouped).all()
    ordered = sorted(rows, key=lambda row: (row[5], row[0], row[1]))
    return [
        Total(bucket, currency, int(count), int(late or 0), int(owed or 0))
        for bucket, currency, count, late, owed, _ in ordered
    ]
