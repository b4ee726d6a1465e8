"""The repayment schedule of a loan: as it would be when drawn at once, and as it is by what was drawn."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.awards.models import Award
from app.db import db
from app.disbursements import queries as disbursements
from app.repayments.models import RepaymentSchedule
from workflows.money import from_minor, payable, to_minor
from workflows.schedule import Drawdown, Row, Terms, repayment_schedule


def terms(award: Award) -> Terms:
    """Return the loan terms of a facility agreement as the arithmetic takes them."""
    agreed = award.terms
    return Terms(
        method=agreed["method"],
        annual_rate_pct=Decimal(agreed["rate_pct"]),
        instalments=int(agreed["instalments"]),
        day_count=agreed["day_count"],
        money_step=payable(award.currency),
        grace_principal=int(agreed["grace_principal"]),
    )


def indicative(award: Award, start: date) -> tuple[Row, ...]:
    """Return the schedule if the whole amount were drawn on a day: what the letter of offer shows."""
    whole = Drawdown(start, from_minor(award.amount_minor, award.currency))
    return repayment_schedule(terms(award), [whole])


def drawn(award: Award) -> tuple[list[Drawdown], tuple[Row, ...]]:
    """Return what was drawn, oldest first, and the schedule that follows from it."""
    paid = sorted(
        disbursements.disbursements(award).values(), key=lambda row: (row.paid_on, row.id)
    )
    drawdowns = [
        Drawdown(row.paid_on, from_minor(row.amount_minor, award.currency)) for row in paid
    ]
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


def versions(award: Award) -> int:
    """Return how many versions there are."""
    counted = select(func.count()).where(RepaymentSchedule.award_id == award.id)
    return db.session.scalar(counted) or 0


def plain(row: Row, currency: str) -> dict[str, Any]:
    """Return an instalment in minor units, as it is stored."""
    amounts = ("principal", "interest", "total", "closing")
    kept: dict[str, Any] = {name: to_minor(getattr(row, name), currency) for name in amounts}
    return {"number": row.number, "due": row.due.isoformat(), **kept}
