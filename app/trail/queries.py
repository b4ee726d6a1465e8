"""What can be asked of the trail: the events of a stream, all events in order, and whether the chains hold."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from app.db import db
from app.trail.models import Disclosure, Event, OutboxEntry
from workflows.evidence.chain import commitment, leaf_hash, moment

PAGE = 1000


@dataclass(frozen=True)
class Fact:
    """An event as people read it: the record as it was hashed, and the values that are still disclosed."""

    id: int
    stream: str
    seq: int
    kind: str
    at: datetime
    actor: str
    record: dict[str, Any]
    disclosed: dict[str, str]
    hash: str
    entry: str


@dataclass(frozen=True)
class Break:
    """A place where the trail does not hold."""

    stream: str
    seq: int
    what: str


def events_of(stream: str) -> list[Fact]:
    """Return the events of a stream, oldest first, with what is disclosed: two queries whatever the length."""
    rows = db.session.execute(
        select(Event.__table__).where(Event.stream == stream).order_by(Event.seq)
    ).all()
    disclosed = db.session.execute(
        select(Disclosure.event_id, Disclosure.field, Disclosure.value)
        .join(Event, Event.id == Disclosure.event_id)
        .where(Event.stream == stream)
    ).all()
    values: dict[int, dict[str, str]] = {}
    for event_id, name, value in disclosed:
        values.setdefault(event_id, {})[name] = value
    return [_fact(row, values.get(row.id, {})) for row in rows]


def event(event_id: int) -> Fact | None:
    """Return one event with what is disclosed."""
    row = db.session.execute(select(Event.__table__).where(Event.id == event_id)).first()
    if row is None:
        return None
    disclosed = db.session.execute(
        select(Disclosure.field, Disclosure.value).where(Disclosure.event_id == event_id)
    ).all()
    return _fact(row, dict(disclosed))


def events_in_order(streams: Sequence[str] | Select[str] | None = None) -> Iterator[Fact]:
    """Return events in the order of their recording, page by page: memory does not grow with the trail."""
    last = 0
    while True:
        page = select(Event.__table__).where(Event.id > last).order_by(Event.id).limit(PAGE)
        if streams is not None:
            page = page.where(Event.stream.in_(streams))
        rows = db.session.execute(page).all()
        for row in rows:
            yield _fact(row, {})
        if len(rows) < PAGE:
            return
        last = rows[-1].id


def breaks(heads: Mapping[str, tuple[int, str]] | None = None) -> Iterator[Break]:
    """Return every place where a chain does not hold; ``heads`` are the ends that the cases themselves remember."""
    ends: dict[str, tuple[int, str]] = {}
    for fact in events_in_order():
        seq, previous = ends.get(fact.stream, (0, ""))
        yield from _broken(fact, seq, previous)
        ends[fact.stream] = (fact.seq, fact.hash)
    yield from _undisclosed()
    for stream, (seq, digest) in (heads or {}).items():
        if seq and ends.get(stream) != (seq, digest):
            yield Break(stream, seq, "the case remembers another end of its trail")


def counts() -> tuple[int, int]:
    """Return how many events and how many streams there are."""
    row = db.session.execute(
        select(func.count(Event.id), func.count(Event.stream.distinct()))
    ).one()
    return row[0], row[1]


def waiting() -> dict[str, int]:
    """Return how many outbox entries are in each state."""
    found = select(OutboxEntry.state, func.count()).group_by(OutboxEntry.state)
    return dict(db.session.execute(found).all())


def _broken(fact: Fact, seq: int, previous: str) -> Iterator[Break]:
    if leaf_hash(fact.entry) != fact.hash:
        yield Break(fact.stream, fact.seq, "the record does not match its hash")
    if fact.seq != seq + 1 or fact.record.get("seq") != fact.seq:
        yield Break(fact.stream, fact.seq, f"expected event {seq + 1}")
    if fact.record.get("prev") != previous:
        yield Break(fact.stream, fact.seq, "the record does not follow the one before it")
    columns = (fact.stream, fact.kind, fact.actor, moment(fact.at))
    if tuple(fact.record.get(name) for name in ("stream", "type", "actor", "at")) != columns:
        yield Break(fact.stream, fact.seq, "the columns do not match the record")


def _undisclosed() -> Iterator[Break]:
    """Compare what is disclosed with what the events committed to."""
    last = 0
    while True:
        rows = db.session.execute(
            select(Disclosure.__table__, Event.stream, Event.seq, Event.entry)
            .join(Event, Event.id == Disclosure.event_id)
            .where(Disclosure.id > last)
            .order_by(Disclosure.id)
            .limit(PAGE)
        ).all()
        for row in rows:
            expected = json.loads(row.entry)["committed"].get(row.field)
            if commitment(row.salt, row.value) != expected:
                yield Break(
                    row.stream, row.seq, f"the disclosed {row.field} is not what was committed to"
                )
        if len(rows) < PAGE:
            return
        last = rows[-1].id


def _fact(row: Row[Any], disclosed: dict[str, str]) -> Fact:
    return Fact(
        id=row.id,
        stream=row.stream,
        seq=row.seq,
        kind=row.kind,
        at=row.at,
        actor=row.actor,
        record=json.loads(row.entry),
        disclosed=disclosed,
        hash=row.hash,
        entry=row.entry,
    )
