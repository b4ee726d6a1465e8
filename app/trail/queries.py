"""What can be asked of the trail: the events of a stream, all events in order, and whether the chains hold."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from app.db import db
from app.trail.compose import Opened, place, unseal
from app.trail.models import Disclosure, DisclosureKey, Event, OutboxEntry
from workflows.evidence.chain import commitment, leaf_hash, moment

PAGE = 1000
# The event that says under which law what a stream disclosed was erased.
ERASED = "erase"

_SEALED = (
    select(
        Disclosure.id,
        Disclosure.event_id,
        Disclosure.field,
        Disclosure.sealed,
        DisclosureKey.key,
        Event.stream,
        Event.seq,
        Event.hash,
    )
    .join(Event, Event.id == Disclosure.event_id)
    .outerjoin(DisclosureKey, DisclosureKey.stream == Event.stream)
)


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
    disclosed = db.session.execute(_SEALED.where(Event.stream == stream)).all()
    values: dict[int, dict[str, str]] = {}
    for row in disclosed:
        if found := _opened(row):
            values.setdefault(row.event_id, {})[row.field] = found.value
    return [_fact(row, values.get(row.id, {})) for row in rows]


def event(event_id: int) -> Fact | None:
    """Return one event with what is disclosed."""
    row = db.session.execute(select(Event.__table__).where(Event.id == event_id)).first()
    if row is None:
        return None
    disclosed = db.session.execute(_SEALED.where(Disclosure.event_id == event_id)).all()
    return _fact(row, {d.field: found.value for d in disclosed if (found := _opened(d))})


@dataclass(frozen=True)
class Disclosed:
    """A value that an event only commits to, with the salt that shows it was this one."""

    stream: str
    seq: int
    field: str
    salt: str
    value: str


def disclosures_of(streams: Sequence[str] | Select[str]) -> Iterator[Disclosed]:
    """Return what the events of streams disclose, in the order of recording, page by page; what is erased is not there."""
    for row in _sealed(_SEALED.where(Event.stream.in_(streams))):
        if found := _opened(row):
            yield Disclosed(row.stream, row.seq, row.field, found.salt, found.value)


def disclosures_at(events: Collection[int]) -> Iterator[Disclosed]:
    """Return what some events disclose, by their numbers in the database, in the order of recording."""
    for row in _sealed(_SEALED.where(Event.id.in_(events))):
        if found := _opened(row):
            yield Disclosed(row.stream, row.seq, row.field, found.salt, found.value)


def _sealed(found: Any) -> Iterator[Any]:
    last = 0
    while True:
        rows = db.session.execute(
            found.where(Disclosure.id > last).order_by(Disclosure.id).limit(PAGE)
        ).all()
        yield from rows
        if len(rows) < PAGE:
            return
        last = rows[-1].id


def _opened(row: Any) -> Opened | None:
    return unseal(row.key, place(row.hash, row.field), row.sealed) if row.key else None


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
    committed: dict[str, int] = {}
    erased: set[str] = set()
    for fact in events_in_order():
        seq, previous = ends.get(fact.stream, (0, ""))
        yield from _broken(fact, seq, previous)
        ends[fact.stream] = (fact.seq, fact.hash)
        if private := fact.record.get("committed"):
            committed[fact.stream] = committed.get(fact.stream, 0) + len(private)
        if fact.kind == ERASED:
            erased.add(fact.stream)
    yield from _undisclosed(committed, erased)
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


def _undisclosed(committed: dict[str, int], erased: set[str]) -> Iterator[Break]:
    """Compare what is disclosed with what the events committed to: how many values by stream, and where they were erased."""
    left = dict(committed)
    for row in _sealed(_SEALED.add_columns(Event.entry)):
        left[row.stream] = left.get(row.stream, 0) - 1
        expected = json.loads(row.entry)["committed"].get(row.field)
        found = _opened(row)
        if found is None:
            yield Break(row.stream, row.seq, f"the disclosed {row.field} cannot be opened")
        elif commitment(found.salt, found.value) != expected:
            yield Break(
                row.stream, row.seq, f"the disclosed {row.field} is not what was committed to"
            )
    for stream, gone in left.items():
        if gone > 0 and stream not in erased:
            yield Break(
                stream, 0, f"values are gone ({gone}), and no event says that they were erased"
            )


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


def dead(events: Collection[int]) -> list[int]:
    """Return those of some events, by number, of whose work something was tried too often and is not tried again."""
    found = select(OutboxEntry.event_id).where(
        OutboxEntry.event_id.in_(events), OutboxEntry.state == "dead"
    )
    return list(db.session.scalars(found))
