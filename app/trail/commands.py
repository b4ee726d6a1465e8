"""Recording: the event, what it discloses and the work it entails, in the transaction of whoever calls."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import bindparam, insert, or_, select, update

from app import clock
from app.db import db
from app.trail.compose import Opened, new_key, place, seal
from app.trail.models import Disclosure, DisclosureKey, Event, OutboxEntry
from workflows.evidence.chain import canonical, commitment, leaf_hash, moment

SOFTWARE = "saluran 0.6.0"
FORMAT = 2
MOST_ATTEMPTS = 20
# The wake-up after the commit comes first; the sweep only finds what that one lost.
FIRST_SWEEP = timedelta(seconds=3)

origin: ContextVar[str] = ContextVar("origin", default="command")
"""What causes events now: the request by its id, the outbox entry, the sweep of the clocks, or else a command."""

_EVENT = insert(Event).returning(Event.id)
_DISCLOSURE = insert(Disclosure)
_NEW_KEY = insert(DisclosureKey)
_KEY = select(DisclosureKey.key).where(DisclosureKey.stream == bindparam("stream"))
_OUTBOX = insert(OutboxEntry).returning(OutboxEntry.id)


class Stream(Protocol):
    """Whatever has a decision trail: it carries the head of its own chain, so that no lookup is needed."""

    @property
    def reference(self) -> str:
        """Return how the trail names it."""

    @property
    def agency_code(self) -> str:
        """Return the code of the agency whose trail it is, "" for the log's own."""

    trail_seq: int
    trail_hash: str


@contextmanager
def caused_by(name: str) -> Iterator[None]:
    """Name what causes the events until the end; then it is again what it was before."""
    before = origin.set(name)
    try:
        yield
    finally:
        origin.reset(before)


@dataclass(frozen=True)
class Entry:
    """What is recorded.

    ``body`` holds strings, whole numbers, lists and tables only, and no personal data; ``private`` values are only committed
    to, and an empty one is none. ``duties`` are the work the event entails, by name, with arguments. ``happened_at`` is when
    the fact came about, where that is not now.
    """

    kind: str
    actor: str
    body: dict[str, Any]
    private: dict[str, str] = field(default_factory=dict)
    duties: tuple[tuple[str, dict[str, Any]], ...] = ()
    happened_at: datetime | None = None


@dataclass(frozen=True)
class Recorded:
    """The event as it now stands in the trail, and whose it is."""

    id: int
    seq: int
    hash: str
    at: datetime
    stream: Stream
    kind: str
    actor: str


def record(stream: Stream, entry: Entry) -> Recorded:
    """Append an event to a stream, with its outbox entries; the caller holds the lock on the stream."""
    at = clock.now()
    private = {name: value for name, value in entry.private.items() if value}
    salts = {name: secrets.token_hex(32) for name in private}
    text = canonical(
        {
            "v": FORMAT,
            "stream": stream.reference,
            "agency": stream.agency_code,
            "seq": stream.trail_seq + 1,
            "prev": stream.trail_hash,
            "type": entry.kind,
            "at": moment(at),
            "happened_at": moment(entry.happened_at or at),
            "actor": entry.actor,
            "request": origin.get(),
            "software": SOFTWARE,
            "committed": {n: commitment(salts[n], v) for n, v in private.items()},
            **_exact(entry.body),
        }
    )
    stream.trail_seq += 1
    stream.trail_hash = leaf_hash(text)
    connection = db.session.connection()
    row = {
        "stream": stream.reference,
        "agency": stream.agency_code,
        "seq": stream.trail_seq,
        "kind": entry.kind,
        "at": at,
        "actor": entry.actor,
        "entry": text,
        "hash": stream.trail_hash,
    }
    event_id: int = connection.execute(_EVENT, row).scalar_one()
    if private:
        key = _key(stream.reference)
        disclosed = [
            {
                "event_id": event_id,
                "field": n,
                "sealed": seal(key, place(stream.trail_hash, n), Opened(salts[n], v)),
            }
            for n, v in private.items()
        ]
        connection.execute(_DISCLOSURE, disclosed)
    _promise(event_id, stream.trail_hash, at, entry.duties)
    return Recorded(
        event_id, stream.trail_seq, stream.trail_hash, at, stream, entry.kind, entry.actor
    )


def _key(stream: str) -> bytes:
    """Return the key under which what a stream discloses is kept, made with the first such value."""
    connection = db.session.connection()
    key: bytes | None = connection.execute(_KEY, {"stream": stream}).scalar()
    if key is None:
        key = new_key()
        connection.execute(_NEW_KEY, {"stream": stream, "key": key})
    return key


def _promise(
    event_id: int, digest: str, at: datetime, duties: tuple[tuple[str, dict[str, Any]], ...]
) -> None:
    for duty, args in duties:
        row = {
            "key": f"{digest}:{duty}",
            "event_id": event_id,
            "duty": duty,
            "args": {**args, "event_id": event_id},
            "state": "ready",
            "sends": 0,
            "attempts": 0,
            "send_after": at + FIRST_SWEEP,
        }
        written = db.session.connection().execute(_OUTBOX, row).scalar_one()
        db.session.info.setdefault("outbox", []).append((written, duty))


def _exact(body: dict[str, Any]) -> dict[str, Any]:
    """Refuse what has no single spelling: floats lose money and digests."""

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): walk(inner) for key, inner in value.items() if inner is not None}
        if isinstance(value, list | tuple):
            return [walk(inner) for inner in value]
        if isinstance(value, str | int):
            return value
        raise TypeError(f"An event holds no {type(value).__name__}.")

    result: dict[str, Any] = walk(body)
    return result


# The outbox: claim, finish, give up.


@dataclass(frozen=True)
class Claim:
    """A leased outbox entry: only the holder of the token may finish it."""

    id: int
    token: str
    duty: str
    args: dict[str, Any]


def claim(entry_id: int, *, lease_seconds: int) -> Claim | None:
    """Lease an entry that is ready and not leased by a living job; ``None`` when there is nothing to do."""
    at = clock.now()
    token = secrets.token_hex(16)
    statement = (
        update(OutboxEntry)
        .where(OutboxEntry.id == entry_id, OutboxEntry.state == "ready")
        .where(or_(OutboxEntry.lease_until.is_(None), OutboxEntry.lease_until < at))
        .values(
            lease=token,
            lease_until=at + timedelta(seconds=lease_seconds),
            attempts=OutboxEntry.attempts + 1,
        )
        .returning(OutboxEntry.duty, OutboxEntry.args)
    )
    row = db.session.connection().execute(statement).first()
    return Claim(entry_id, token, row.duty, row.args) if row else None


def finish(work: Claim) -> bool:
    """Mark a leased entry done; ``False`` when somebody else holds the lease now (the effects must be dropped)."""
    return _fenced(
        work, state="done", lease=None, lease_until=None, done_at=clock.now(), error=None
    )


def renew(work: Claim, *, lease_seconds: int) -> bool:
    """Keep a leased entry for longer; ``False`` when somebody else holds the lease now (the work must stop)."""
    return _fenced(work, lease_until=clock.now() + timedelta(seconds=lease_seconds))


def give_back(work: Claim, error: str) -> bool:
    """Note why a leased entry could not be done; it is tried again until it has been tried too often."""
    tries = db.session.scalar(select(OutboxEntry.attempts).where(OutboxEntry.id == work.id)) or 0
    state = "ready" if tries < MOST_ATTEMPTS else "dead"
    return _fenced(work, state=state, lease=None, lease_until=None, error=error[:500])


def _fenced(work: Claim, **values: Any) -> bool:
    statement = (
        update(OutboxEntry)
        .where(OutboxEntry.id == work.id, OutboxEntry.state == "ready")
        .where(OutboxEntry.lease == work.token)
        .values(**values)
    )
    return bool(db.session.connection().execute(statement).rowcount == 1)


def due(*, resend_seconds: int, most: int = 200) -> list[tuple[int, int, str]]:
    """Return ``(id, sends, duty)`` of the entries whose next wake-up is due, and put the one after that off."""
    at = clock.now()
    _give_up(at)
    ready = (
        select(OutboxEntry.id, OutboxEntry.sends, OutboxEntry.duty)
        .where(OutboxEntry.state == "ready", OutboxEntry.send_after <= at)
        .order_by(OutboxEntry.send_after)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    connection = db.session.connection()
    rows = connection.execute(ready).all()
    for row in rows:
        pause = timedelta(seconds=resend_seconds * min(2**row.sends, 8))
        connection.execute(
            update(OutboxEntry)
            .where(OutboxEntry.id == row.id)
            .values(sends=row.sends + 1, send_after=at + pause)
        )
    return [(row.id, row.sends + 1, row.duty) for row in rows]


def _give_up(at: datetime) -> None:
    """Give up entries tried too often whose jobs never lived to say why: killed by the system, most likely."""
    silent = (
        update(OutboxEntry)
        .where(OutboxEntry.state == "ready", OutboxEntry.attempts >= MOST_ATTEMPTS)
        .where(OutboxEntry.lease_until < at)
        .values(
            state="dead",
            lease=None,
            lease_until=None,
            error=f"{MOST_ATTEMPTS} jobs ended without a word.",
        )
    )
    db.session.connection().execute(silent)
