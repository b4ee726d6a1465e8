"""What an export reads: the events and the grants of a scope, page by page."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, bindparam, func, select, tuple_

from app.accounts.models import Agency, Enterprise
from app.applications.models import Application
from app.awards.models import Award
from app.db import db, read_only
from app.exports.compose import Scope, hidden
from app.schemes.models import Call, Scheme
from app.trail.models import Event

PAGE = 1000
GRANT = "grant"

Row = tuple[int, str, str]
"""Leaf index, hash and entry of an event."""

_ROWS = select(Event.leaf_index, Event.hash, Event.entry)


def pages(found: Scope) -> Iterator[list[Row]]:
    """Return the events of a scope in the order of the tree, a page at a time."""
    query = _ROWS.where(Event.leaf_index < found.size, *found.conditions)
    query = query.where(Event.leaf_index > bindparam("last")).order_by(Event.leaf_index)
    return _paged(query, {"last": -1}, lambda row: {"last": row[0]})


def pages_by_stream(found: Scope) -> Iterator[list[tuple[int, str, str, str, int]]]:
    """Return the events of a scope stream by stream, a page at a time: index, hash, entry, stream and number in it."""
    query = _ROWS.add_columns(Event.stream, Event.seq)
    query = query.where(
        func.coalesce(Event.leaf_index, found.size) < found.size, *found.conditions_by_stream
    )
    place = tuple_(bindparam("stream", type_=String), bindparam("seq", type_=Integer))
    query = query.where(tuple_(Event.stream, Event.seq) > place)
    query = query.order_by(Event.stream, Event.seq)
    return _paged(query, {"stream": "", "seq": 0}, lambda row: {"stream": row[3], "seq": row[4]})


_AWARDS = (
    select(
        Award.id,
        Application.reference,
        Application.requested_minor,
        Award.amount_minor,
        Award.disbursed_minor.label("disbursed_minor"),
        Award.currency,
        Award.offered_on,
        Award.accepted_at,
        Call.code.label("call"),
        Call.title.label("call_title"),
        Scheme.code.label("scheme"),
        Scheme.name.label("scheme_name"),
        Enterprise.country,
        Enterprise.registry_number,
        Enterprise.name.label("enterprise"),
        Agency.code.label("agency"),
        Agency.name.label("agency_name"),
    )
    .join(Application, Application.id == Award.application_id)
    .join(Scheme, Scheme.id == Application.scheme_id)
    .join(Call, Call.id == Application.call_id)
    .join(Enterprise, Enterprise.id == Application.enterprise_id)
    .join(Agency, Agency.id == Scheme.agency_id)
    .join(Event, Event.id == Award.event_id)
    .where(Scheme.instrument == GRANT)
    .where(Award.accepted_at.is_not(None), Award.ended_at.is_(None))
)


def grants(found: Scope) -> Iterator[list[Any]]:
    """Return the grants that were accepted and stand, whose decision is in the tree, a page at a time."""
    query = _AWARDS.where(Event.leaf_index < found.size, *_narrowed(found))
    query = query.where(Award.id > bindparam("last")).order_by(Award.id)
    return _paged(query, {"last": 0}, lambda row: {"last": row.id})


def _narrowed(found: Scope) -> Iterator[ColumnElement[bool]]:
    if found.asked.case:
        yield Application.reference == found.asked.case
    if found.agencies is not None:
        yield Agency.code.in_(sorted(found.agencies))
    if found.reader is not None:
        yield Application.reference.not_in(hidden(found.reader))
    first, end = found.period
    if first is not None:
        yield Award.accepted_at >= first
    if end is not None:
        yield Award.accepted_at < end


def _paged(
    query: Select[*tuple[Any, ...]], first: dict[str, Any], after: Callable[[Any], dict[str, Any]]
) -> Iterator[list[Any]]:
    """Read page after page, each in a transaction of its own: a slow reader holds neither a connection nor a snapshot."""
    # Built once, so that only the place after which to go on travels.
    page, place = query.limit(PAGE), first
    while True:
        db.session.rollback()
        read_only()
        # On the connection: the session would make more of each row than is needed.
        rows = list(db.session.connection().execute(page, place).all())
        db.session.rollback()
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        place = after(rows[-1])
