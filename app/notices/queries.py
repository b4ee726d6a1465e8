"""Which clocks want something now, found by their due days; and what is late on a person's list."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from app import clock
from app.accounts.models import Person
from app.applications.models import Application, Clocked
from app.applications.queries import visible
from app.awards.models import Award, Tranche
from app.countries.queries import is_current
from app.db import db
from app.proceedings.models import Proceeding
from app.schemes import queries as schemes
from app.schemes.models import Scheme
from workflows.definition import Clock

# How many clocks of one kind a sweep looks at: the next sweep has the others.
MOST = 500
# The day begins earliest at UTC+14; nowhere is it later than the local day there.
_FIRST_MIDNIGHT = timedelta(hours=14)

Wants = Callable[[type[Clocked], date], ColumnElement[bool]]


@dataclass(frozen=True)
class Due:
    """A clock that wants something: of a case, or of one of its tranches or proceedings by number (0 is none)."""

    reference: str
    tranche: int = 0
    proceeding: int = 0


@dataclass(frozen=True)
class _Kind:
    """Cases, tranches or proceedings: their clocks, by scheme, workflow version and state."""

    row: type[Clocked]
    place: tuple[Any, Any, Any]
    named: Select[str, int, int]


def _kinds() -> tuple[_Kind, _Kind, _Kind]:
    cases = select(Application.reference, literal(0), literal(0)).select_from(Application)
    tranches = (
        select(Application.reference, Tranche.number, literal(0))
        .select_from(Tranche)
        .join(Award, Award.id == Tranche.award_id)
        .join(Application, Application.id == Award.application_id)
        .join(Scheme, Scheme.id == Application.scheme_id)
        .where(Award.ended_at.is_(None))
    )
    proceedings = (
        select(Application.reference, literal(0), Proceeding.number)
        .select_from(Proceeding)
        .join(Application, Application.id == Proceeding.application_id)
    )
    scheme = Application.scheme_id
    return (
        _Kind(Application, (scheme, Application.workflow_digest, Application.state), cases),
        _Kind(Tranche, (scheme, Scheme.tranche_digest, Tranche.state), tranches),
        _Kind(Proceeding, (scheme, Proceeding.workflow_digest, Proceeding.state), proceedings),
    )


_KINDS = _kinds()


def warnings() -> list[Due]:
    """Return the clocks whose holder is to be warned."""
    return list(_wanting(lambda row, today: row.warn_on <= today, lambda _: True))


def expired() -> list[Due]:
    """Return the clocks that have run out and name an act that the system takes then."""
    return list(_wanting(_over, lambda clock: clock.expires is not None))


def late() -> list[Due]:
    """Return the clocks that have run out and name a duty that is told, but nobody was told yet."""
    return list(
        _wanting(
            lambda row, today: _over(row, today) & row.escalated_to.is_(None),
            lambda clock: clock.escalate is not None,
        )
    )


def outdated() -> list[Due]:
    """Return the clocks whose last day was computed with a calendar that has changed since.

    This looks at every clock that runs, so it is not for every sweep.
    """
    found: list[Due] = []
    for kind in _KINDS:
        known = db.session.scalars(
            select(kind.row.calendar).where(kind.row.calendar.is_not(None)).distinct()
        )
        changed = [title for title in known if title and not is_current(title)]
        if changed:
            rows = kind.named.where(kind.row.calendar.in_(changed)).limit(MOST)
            found += [Due(*row) for row in db.session.execute(rows)]
    return found


def escalated(actor: Person) -> int:
    """Return how many cases a person may see are late and on the list of one of the person's duties."""
    duties = tuple(actor.duties)
    tranches = (
        select(Award.application_id)
        .join(Tranche, Tranche.award_id == Award.id)
        .where(Tranche.escalated_to.in_(duties))
    )
    proceedings = select(Proceeding.application_id).where(Proceeding.escalated_to.in_(duties))
    told = (
        Application.escalated_to.in_(duties)
        | Application.id.in_(tranches)
        | Application.id.in_(proceedings)
    )
    counted = visible(actor).with_only_columns(func.count()).where(told)
    return db.session.scalar(counted) or 0


def _over(row: type[Clocked], today: date) -> ColumnElement[bool]:
    return row.due_on < today


def _wanting(wants: Wants, ends: Callable[[Clock], bool]) -> Iterator[Due]:
    """Find what wants something: first in which states of which schemes, then there by the scheme's own local day.

    Newest first, so that a clock whose act is refused again and again never keeps the others waiting.
    """
    latest = (clock.now() + _FIRST_MIDNIGHT).date()
    for kind in _KINDS:
        places = kind.named.with_only_columns(*kind.place).where(wants(kind.row, latest)).distinct()
        for place in db.session.execute(places).all():
            scheme_id, digest, state = place
            where = schemes.workflow(digest).states.get(state)
            if where is None or where.clock is None or not ends(where.clock):
                continue
            here = (column == value for column, value in zip(kind.place, place, strict=True))
            wanted = kind.named.where(*here, wants(kind.row, _today(scheme_id)))
            rows = db.session.execute(wanted.order_by(kind.row.due_on.desc()).limit(MOST))
            yield from (Due(*row) for row in rows.all())


def _today(scheme_id: int) -> date:
    return clock.today(schemes.zone_of(db.session.get_one(Scheme, scheme_id)))
