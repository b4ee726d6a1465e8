"""Keeping a new version of a repayment schedule; the ones before it stay."""

from typing import Any

from app.awards.models import Award
from app.db import db
from app.repayments import queries
from app.repayments.models import RepaymentSchedule


def redraw(award: Award, event_id: int) -> RepaymentSchedule:
    """Make the schedule anew from what was drawn so far, as the next version."""
    drawdowns, rows = queries.drawn(award)
    basis: dict[str, Any] = {
        "terms": award.terms,
        "drawdowns": [{"on": d.date.isoformat(), "amount": str(d.amount)} for d in drawdowns],
    }
    schedule = RepaymentSchedule(
        award_id=award.id,
        version=queries.versions(award) + 1,
        kind="drawn",
        basis=basis,
        rows=[queries.plain(row, award.currency) for row in rows],
        event_id=event_id,
    )
    db.session.add(schedule)
    return schedule
