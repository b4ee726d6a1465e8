"""The events of the cases of one workflow version, streamed from the log and counted; never more than so many."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Person
from app.analysis.compose.process import Flow, Moved
from app.analysis.queries.days import Days
from app.analysis.queries.said import said
from app.analysis.queries.wanted import within
from app.applications.models import Application
from app.applications.queries import visible
from app.db import db
from app.schemes import queries as schemes
from app.schemes.models import Scheme
from app.trail.models import Event
from workflows.definition import Workflow

# What one request reads: some seconds of work, and a year of a large agency.
MOST_EVENTS = 100_000
LONGEST = timedelta(days=366)
_ROWS = 2_000


@dataclass(frozen=True)
class Span:
    """Which cases are looked at: of a workflow version, of an agency ("" for all), first submitted in local days."""

    digest: str
    agency: str
    first: date
    last: date


@dataclass(frozen=True)
class Ran:
    """The process as it ran; ``more`` says that there are more events than one request reads, and nothing is shown then."""

    flow: Flow
    more: bool


def versions(actor: Person) -> list[tuple[Workflow, int]]:
    """Return the workflow versions of the cases an auditor may see, with how many cases each has."""
    counted = (
        visible(actor)
        .with_only_columns(Application.workflow_digest, func.count())
        .group_by(Application.workflow_digest)
    )
    found = [(schemes.workflow(digest), count) for digest, count in db.session.execute(counted)]
    return sorted(found, key=lambda one: (one[0].name, -one[0].version, one[0].digest))


def newest() -> date:
    """Return the last day of the period that is looked at when none is said: today in UTC."""
    return clock.now().date()


def ran(actor: Person, span: Span) -> Ran:
    """Read the events of the cases of a span and count them."""
    known = _cases(actor, span)
    flow = Flow(schemes.workflow(span.digest), schemes.workflow, Days(known).between)
    rows = db.session.execute(
        _events(actor, span).limit(MOST_EVENTS + 1), execution_options={"yield_per": _ROWS}
    )
    for count, moved in enumerate(_moved(rows), 1):
        if count > MOST_EVENTS:
            rows.close()
            return Ran(flow, more=True)
        flow.read(moved)
    flow.close()
    return Ran(flow, more=False)


def _moved(rows: Any) -> Iterator[Moved]:
    for row in rows:
        yield Moved(*row)


def _span(actor: Person, span: Span) -> Select[Application]:
    query = visible(actor).where(Application.workflow_digest == span.digest)
    query = query.where(
        *within(Application.submitted_at, span.first, span.last, accounts.zone_of(actor))
    )
    if span.agency:
        found = accounts.agency_by_code(span.agency)
        query = query.where(Application.agency_id == (found.id if found else -1))
    return query


def _cases(actor: Person, span: Span) -> dict[int, Scheme]:
    """Return the scheme versions of the cases of a span, by number."""
    ids = _span(actor, span).with_only_columns(Application.scheme_id).distinct()
    return {row.id: row for row in db.session.scalars(select(Scheme).where(Scheme.id.in_(ids)))}


def _events(actor: Person, span: Span) -> Any:
    return (
        _span(actor, span)
        .join(Event, Event.stream == Application.reference)
        .where(said(Event.entry, "to").is_not(None))
        .where(said(Event.entry, "detail", "tranche").is_(None))
        .order_by(Application.reference, Event.seq)
        .with_only_columns(
            Event.stream,
            Application.scheme_id,
            Event.seq,
            Event.kind,
            Event.at,
            said(Event.entry, "from"),
            said(Event.entry, "to"),
            said(Event.entry, "workflow", "sha256"),
            said(Event.entry, "duty"),
        )
    )
