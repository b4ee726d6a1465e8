"""What is known of an award: its conditions and its tranches."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.applications.models import Application
from app.awards.models import Award, Condition, Tranche
from app.db import db
from app.errors import Missing


def award(application: Application) -> Award | None:
    """Return the award of a case: the newest, when one before it was made void."""
    found = select(Award).where(Award.application_id == application.id).order_by(Award.id.desc())
    return db.session.scalars(found.limit(1).execution_options(populate_existing=True)).first()


def awarded(application: Application) -> Award:
    """Return the award of a case; raises ``Missing`` when nothing was approved."""
    found = award(application)
    if found is None:
        raise Missing("Nothing has been approved in this case.")
    return found


def conditions(found: Award) -> list[Condition]:
    """Return the conditions precedent of an award."""
    rows = select(Condition).where(Condition.award_id == found.id).order_by(Condition.id)
    return list(db.session.scalars(rows))


def open_for(found: Award, number: int, today: date) -> tuple[str, ...]:
    """Return what keeps a tranche from being paid on a day: its own open conditions, and those subsequent past their day.

    Read once for an award, whatever the number of its tranches.
    """
    return tuple(
        row.sentence
        for row in found.conditions
        if row.met_at is None
        and (row.tranche == number or (row.due_on is not None and row.due_on < today))
    )


def tranches(found: Award) -> list[Tranche]:
    """Return the tranches of an award in their order."""
    rows = select(Tranche).where(Tranche.award_id == found.id).order_by(Tranche.number)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def tranches_of(awards: Sequence[Award]) -> dict[int, list[Tranche]]:
    """Return the tranches of many awards in their order, by the number of the award."""
    rows = select(Tranche).where(Tranche.award_id.in_([found.id for found in awards]))
    ordered = rows.order_by(Tranche.award_id, Tranche.number)
    found: dict[int, list[Tranche]] = {award.id: [] for award in awards}
    for row in db.session.scalars(ordered.execution_options(populate_existing=True)):
        found[row.award_id].append(row)
    return found


def tranche(found: Award, number: int) -> Tranche:
    """Return a tranche by its number; raises ``Missing``."""
    for row in tranches(found):
        if row.number == number:
            return row
    raise Missing(f"The award has no tranche {number}.")
