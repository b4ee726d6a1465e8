"""The repayment schedule of a loan: as it would be when drawn at once, and as it is by what was drawn."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.awards.models import Award
from app.db import db
from app.disbursements import queries as disbursements
from app.errors import Missing
from app.repayments.compose.basis import basis_of, computed, plain, terms_of
from app.repayments.models import RepaymentSchedule
from workflows.money import from_minor
from workflows.schedule import Drawdown, Row, Terms, repayment_schedule

__all__ = ["drawn", "indicative", "newest", "plain", "terms", "version", "versions"]


def terms(award: Award) -> Terms:
    """Return the loan terms of a facility agreement as the arithmetic takes them."""
    return terms_of(award.terms, award.currency)


def indicative(award: Award, start: date) -> tuple[Row, ...]:
    """Return the schedule if the whole amount were drawn on a day: what the letter of offer shows."""
    return computed(basis_of(award.terms, [whole(award, start)]), award.currency)


def whole(award: Award, start: date) -> Drawdown:
    """Return the drawdown of the whole amount on a day."""
    return Drawdown(start, from_minor(award.amount_minor, award.currency))


def paid_out(award: Award) -> list[Drawdown]:
    """Return what was drawn, oldest first."""
    paid = sorted(
        disbursements.disbursements(award).values(), key=lambda row: (row.paid_on, row.id)
    )
    return [Drawdown(row.paid_on, from_minor(row.amount_minor, award.currency)) for row in paid]


def drawn(award: Award) -> tuple[list[Drawdown], tuple[Row, ...]]:
    """Return what was drawn, oldest first, and the schedule that follows from it by the terms alone."""
    drawdowns = paid_out(award)
    return drawdowns, repayment_schedule(terms(award), drawdowns)


def newest(award: Award) -> RepaymentSchedule | None:
    """Return the version of the schedule that stands."""
    found = (
        select(RepaymentSchedule)
        .where(RepaymentSchedule.award_id == award.id)
        .order_by(RepaymentSchedule.version.desc())
        .limit(1)
    )
    return db.session.scalars(found).first()


def version(award: Award, number: int) -> RepaymentSchedule:
    """Return a version of the schedule by its number; raises ``Missing``."""
    found = select(RepaymentSchedule).where(
        RepaymentSchedule.award_id == award.id, RepaymentSchedule.version == number
    )
    row = db.session.scalars(found).first()
    if row is None:
        raise Missing(f"There is no version {number} of this schedule.")
    return row


def versions(award: Award) -> int:
    """Return how many versions there are."""
    counted = select(func.count()).where(RepaymentSchedule.award_id == award.id)
    return db.session.scalar(counted) or 0


def listed(award: Award) -> list[Any]:
    """Return number and kind of every version, the newest first."""
    found = (
        select(RepaymentSchedule.version, RepaymentSchedule.kind)
        .where(RepaymentSchedule.award_id == award.id)
        .order_by(RepaymentSchedule.version.desc())
    )
    return list(db.session.execute(found))
