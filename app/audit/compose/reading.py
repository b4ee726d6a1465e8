"""What of the trail a bundle holds and its reader may see, page by page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, true

from app.accounts.models import Agency, Person
from app.applications import queries as applications
from app.applications.models import Application
from app.audit.compose.scope import Scope
from app.checkpoints.commands import LOG
from app.db import db
from app.errors import Conflict
from app.trail.models import Event

PAGE = 1000

# The kinds of coverage: the events of some streams, each with its proof; or every leaf between two.
CASES, RANGE = "cases", "range"

_SEAL = and_(Event.stream == LOG, Event.kind == "seal")


@dataclass(frozen=True)
class Reader:
    """For whom a bundle is: an auditor and the agencies that this one may audit; nobody is the operator, who reads all.

    ``codes`` ``None`` are all agencies.
    """

    person: Person | None = None
    codes: frozenset[str] | None = None

    def sees(self) -> ColumnElement[bool]:
        """Return what is true of the events whose entries the reader may see.

        They are those on the page of the audit: of the cases, and of the agencies themselves. Of the log's own stream
        everybody sees the seals; the rest of it tells of other agencies.
        """
        if self.person is None:
            return true()
        shown = applications.visible(self.person).with_only_columns(Application.id)
        known = shown.where(Application.reference == Event.stream).exists()
        if self.codes is None:
            return or_(known, Event.stream == LOG, Event.stream.startswith("agency:"))
        own = Event.stream.in_([f"agency:{code}" for code in sorted(self.codes)])
        return or_(known, _SEAL, own)

    def hides(self, agency: str) -> bool:
        """Tell whether cases of an agency that are on its trail are hidden from the reader."""
        if self.person is None:
            return False
        shown = applications.visible(self.person).with_only_columns(Application.id)
        hidden = (
            select(Application.id)
            .join(Agency, Agency.id == Application.agency_id)
            .where(Agency.code == agency, Application.trail_seq > 0)
            .where(Application.id.not_in(shown))
        )
        return db.session.scalar(hidden.limit(1)) is not None


@dataclass(frozen=True)
class Plan:
    """Which leaves of a tree of ``size`` a bundle holds: those that ``where`` is true of, from ``first`` to ``last`` - 1.

    ``total`` is how many these are at most. ``agencies`` are covered with every stream they have.
    """

    coverage: str
    size: int
    first: int
    last: int
    where: ColumnElement[bool]
    total: int
    agencies: tuple[str, ...] = ()


def plan(scope: Scope, reader: Reader, size: int) -> Plan:
    """Return what a bundle holds; raises ``Conflict`` when that is nothing."""
    if scope.kind == "cases":
        where = and_(Event.stream.in_(scope.cases), reader.sees())
        return _some(where, size)
    if scope.kind == "agency":
        where = and_(Event.agency == scope.agency, reader.sees())
        if reader.hides(scope.agency):
            return _some(where, size)
        return _some(where, size, scope.agency)
    if scope.kind == "all":
        codes = known_agencies() if reader.codes is None else sorted(reader.codes)
        whole = tuple(code for code in codes if not reader.hides(code))
        return Plan(RANGE, size, 0, size, _seen(scope, reader), size, whole)
    first, last = _period(scope, size)
    return Plan(RANGE, size, first, last, _seen(scope, reader), last - first)


def known_agencies() -> list[str]:
    """Return the codes of the agencies that have a trail."""
    return sorted(db.session.scalars(select(Event.agency).where(Event.agency != "").distinct()))


def _some(where: ColumnElement[bool], size: int, *agencies: str) -> Plan:
    counted = select(func.count()).select_from(Event).where(where, Event.leaf_index < size)
    total = db.session.scalar(counted) or 0
    if not total:
        raise Conflict("Nothing of what was asked for is on the trail.")
    return Plan(CASES, size, 0, size, where, total, agencies)


def _seen(scope: Scope, reader: Reader) -> ColumnElement[bool]:
    if scope.agency:
        return or_(and_(Event.agency == scope.agency, reader.sees()), _SEAL)
    return reader.sees()


def _period(scope: Scope, size: int) -> tuple[int, int]:
    """Return the first leaf of a period, and the one after the last."""
    begins, over = scope.moments()
    found = select(func.min(Event.leaf_index), func.max(Event.leaf_index)).where(
        Event.at >= begins, Event.at < over, Event.leaf_index < size
    )
    first, last = db.session.execute(found).one()
    if first is None or last is None:
        raise Conflict("Nothing was recorded in this period.")
    return first, last + 1


def pages(found: Plan) -> Iterator[list[Row[Any]]]:
    """Return leaves in the order of the tree: index, number, stream, kind, seq, hash, and ``entry`` or ``None``.

    Of a range there is every leaf, without the entry where the reader may not see it.
    """
    ranged = found.coverage == RANGE
    entry = case((found.where, Event.entry)).label("entry") if ranged else Event.entry
    page = select(
        Event.leaf_index, Event.id, Event.stream, Event.kind, Event.seq, Event.hash, entry
    )
    page = page if ranged else page.where(found.where)
    last = found.first - 1
    while True:
        narrowed = page.where(Event.leaf_index > last, Event.leaf_index < found.last)
        rows = list(db.session.execute(narrowed.order_by(Event.leaf_index).limit(PAGE)).all())
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        last = rows[-1].leaf_index
