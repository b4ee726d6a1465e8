"""Decisions of cases with what the findings and the flags say of each: a handful of queries for any number of cases."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app import clock
from app.accounts.models import Authority, Person
from app.analysis.queries import wanted
from app.analysis.queries.findings import FINDINGS, Circumstances, raised
from app.analysis.queries.said import said
from app.analysis.queries.wanted import Wanted
from app.applications import queries as applications
from app.applications.models import Application
from app.countries.queries import calendar_of
from app.db import db
from app.decisions.models import Decision
from app.schemes import queries as schemes
from app.schemes.models import Scheme
from app.trail.models import Event
from workflows.authority import band_of
from workflows.clocks import Calendar, elapsed
from workflows.definition import Clock
from workflows.vocabulary import AWARD

YEAR = timedelta(days=365)
# When which cases were approved, by enterprise and agency.
Approvals = dict[tuple[int, int], list[tuple[datetime, int]]]
_WORKING = Clock(0, "working")


@dataclass(frozen=True)
class Taken:
    """A decision as an auditor reads it, with the findings and flags that hold of it, by name."""

    id: int
    name: str
    round: int
    outcome: str
    amount: int | None
    officer_id: int
    officer: str
    instrument: str
    reasons: tuple[str, ...]
    at: datetime
    findings: tuple[str, ...]
    flags: tuple[str, ...]


class Shares:
    """How many decisions of a scheme each officer took in a year: asked once, however many cases are looked at."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str, int], dict[int, int]] = {}

    def of(self, agency_id: int, scheme: str, officer_id: int, year: int) -> tuple[int, int]:
        """Return how many decisions are the officer's, and how many there are."""
        key = (agency_id, scheme, year)
        if key not in self._known:
            self._known[key] = _counted(*key)
        counts = self._known[key]
        return counts.get(officer_id, 0), sum(counts.values())


def _counted(agency_id: int, scheme: str, year: int) -> dict[int, int]:
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    found = (
        select(Decision.officer_id, func.count())
        .join(Application, Application.id == Decision.application_id)
        .join(Scheme, Scheme.id == Application.scheme_id)
        .where(Application.agency_id == agency_id, Scheme.code == scheme)
        .where(Decision.name == AWARD)
        .where(Decision.at >= begin, Decision.at < end)
        .group_by(Decision.officer_id)
    )
    return dict(db.session.execute(found).all())


def zone(case: Application) -> ZoneInfo:
    """Return the time zone where the scheme of a case is at home."""
    return ZoneInfo(applications.zone_of(case))


def calendar(case: Application) -> Calendar:
    """Return the working calendar of the scheme of a case, around now."""
    terms = applications.terms(case)
    return calendar_of(terms.calendar or terms.country, clock.now().date())


def of_cases(rows: Sequence[Application], shares: Shares) -> dict[int, tuple[Taken, ...]]:
    """Return the decisions of each case, oldest first, by the number of the case."""
    if not rows:
        return {}
    cases = {row.id: row for row in rows}
    approved = _approvals(rows)
    found: dict[int, list[Taken]] = {}
    for row in db.session.execute(_DECIDED.where(Decision.application_id.in_(cases))):
        case = cases[row.application_id]
        about = _about(case, row, approved, shares)
        held = tuple(f.name for f in FINDINGS if row._mapping[f.name])
        found.setdefault(case.id, []).append(_taken(row, held, raised(about)))
    return {number: tuple(one) for number, one in found.items()}


_DECIDED = (
    select(
        *(column for column in Decision.__table__.columns),
        Person.name.label("officer"),
        Authority.instrument,
        *(
            finding.condition.label(finding.name)
            for finding in FINDINGS
            if finding.name not in Decision.__table__.columns
        ),
    )
    .join(Application, Application.id == Decision.application_id)
    .join(Person, Person.id == Decision.officer_id)
    .outerjoin(Authority, Authority.id == Decision.authority_id)
    .order_by(Decision.id)
)


def _taken(row: Any, findings: tuple[str, ...], flags: tuple[str, ...]) -> Taken:
    return Taken(
        id=row.id,
        name=row.name,
        round=row.round,
        outcome=row.outcome,
        amount=row.amount_minor,
        officer_id=row.officer_id,
        officer=row.officer,
        instrument=row.instrument or "",
        reasons=tuple(row.reasons),
        at=row.at,
        findings=findings,
        flags=flags,
    )


def _approvals(rows: Sequence[Application]) -> Approvals:
    """Return when which cases were approved, oldest first, by enterprise and agency, for the enterprises of some cases."""
    enterprises = {row.enterprise_id for row in rows}
    found = (
        select(Application.enterprise_id, Application.agency_id, Decision.at, Application.id)
        .join(Decision, Decision.application_id == Application.id)
        .where(Application.enterprise_id.in_(enterprises))
        .where(Decision.name == AWARD, Decision.outcome == "approve")
        .where(Decision.at >= min(row.submitted_at or row.created_at for row in rows) - YEAR)
        .order_by(Decision.at)
    )
    approved: Approvals = {}
    for enterprise, agency, at, case in db.session.execute(found):
        approved.setdefault((enterprise, agency), []).append((at, case))
    return approved


def _repeated(approved: list[tuple[datetime, int]], case: int, at: datetime) -> bool:
    """Tell whether another case was approved in the year before a moment."""
    first, last = (bisect_left(approved, (when, 0)) for when in (at - YEAR, at))
    return any(number != case for _, number in islice(approved, first, last))


def _about(
    case: Application,
    row: Any,
    approved: Approvals,
    shares: Shares,
) -> Circumstances:
    local, at = zone(case), row.at
    received = case.submitted_at or at
    day = at.astimezone(local).date()
    others = approved.get((case.enterprise_id, case.agency_id), [])
    own, total = shares.of(case.agency_id, case.scheme.code, row.officer_id, at.year)
    return Circumstances(
        received_on=received.astimezone(local).date(),
        decided_on=day,
        works=_works(calendar(case), day),
        amount=row.amount_minor,
        band=_band(case, row),
        repeated=_repeated(others, case.id, at),
        own=own,
        total=total,
    )


def _works(days: Calendar, day: date) -> bool:
    return day < days.first or days.works(day)


def _band(case: Application, row: Any) -> int | None:
    decision = schemes.workflow(case.workflow_digest).decisions.get(row.name)
    if decision is None or row.amount_minor is None:
        return None
    found = band_of(decision, row.amount_minor, case.currency, case.scheme.code)
    return found.up_to if found else None


def fitting(actor: Person, asked: Wanted, rows: Sequence[Application]) -> set[int]:
    """Return the numbers of the decisions of some cases that fit what a filter asks of one decision."""
    found = (
        select(Decision.id)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.id.in_([row.id for row in rows]))
        .where(*wanted.of_decision(actor, asked))
    )
    return set(db.session.scalars(found))


def stayed(rows: Sequence[Application], state: str, longer: int) -> set[int]:
    """Return the numbers of the cases that stayed in a state longer than so many working days at one time.

    A stay that has not ended is counted until today.
    """
    if not rows:
        return set()
    cases = {row.reference: row for row in rows}
    found = set()
    for reference, entered, left in _stays(list(cases), state):
        case = cases[reference]
        local = zone(case)
        first, last = (
            entered.astimezone(local).date(),
            (left or clock.now()).astimezone(local).date(),
        )
        if elapsed(_WORKING, first, last, calendar(case)) > longer:
            found.add(case.id)
    return found


def _stays(references: list[str], state: str) -> Iterator[tuple[str, datetime, datetime | None]]:
    """Go through the stays of cases in a state: the case, when it entered, and when it left (``None``: not yet)."""
    steps = (
        select(Event.stream, Event.at, said(Event.entry, "from"), said(Event.entry, "to"))
        .where(Event.stream.in_(references))
        .where(said(Event.entry, "to").is_not(None))
        .where(said(Event.entry, "detail", "tranche").is_(None))
        .order_by(Event.stream, Event.seq)
    )
    entered: dict[str, datetime] = {}
    for stream, at, source, target in db.session.execute(steps):
        if source == state != target and stream in entered:
            yield stream, entered.pop(stream), at
        if target == state != source:
            entered[stream] = at
    for stream, at in entered.items():
        yield stream, at, None
