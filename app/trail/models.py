"""Events, what they disclose, and the outbox. An event is never changed or deleted: the database refuses it."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, UTCDateTime


class Event(Model):
    """One recorded fact. ``entry`` holds the canonical JSON bytes exactly as they were hashed.

    ``agency`` is the code of the agency whose stream it is, "" for the log's own. ``leaf_index`` is its place in the tree,
    counted from 0: given once, by the sequencer, and the only thing ever added to an event.

    ``hash`` is SHA-256(0x00 ‖ entry), the leaf hash of RFC 6962, so that a chain and a tree can share it.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("stream", "seq"),
        Index("ux_event_leaf", "leaf_index", unique=True),
        Index("ix_event_agency", "agency", "leaf_index"),
        Index(
            "ix_event_waiting",
            "id",
            postgresql_where=text("leaf_index IS NULL"),
            sqlite_where=text("leaf_index IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stream: Mapped[str] = mapped_column(String(60))
    agency: Mapped[str] = mapped_column(String(20), default="", server_default="")
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(60))
    entry: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    leaf_index: Mapped[int | None] = mapped_column(BigInteger)


class Disclosure(Model):
    """A value an event only commits to: SHA-256(salt ‖ value) is in the entry, both can be erased here.

    ``sealed`` are salt and value, encrypted under the key of the event's stream.
    """

    __tablename__ = "disclosure"
    __table_args__ = (UniqueConstraint("event_id", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    field: Mapped[str] = mapped_column(String(40))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class DisclosureKey(Model):
    """The key under which what a stream's events disclose is kept; without it old copies of the database say nothing."""

    __tablename__ = "disclosure_key"

    stream: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)


class OutboxEntry(Model):
    """Work an event entails. The row is the truth; a message in Redis is only a wake-up.

    ``state`` is ready, done or dead; ``lease`` is the token of the job that works on it until ``lease_until``.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_ready",
            "send_after",
            postgresql_where=text("state = 'ready'"),
            sqlite_where=text("state = 'ready'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    duty: Mapped[str] = mapped_column(String(40))
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default="ready")
    sends: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    send_after: Mapped[datetime] = mapped_column(UTCDateTime)
    lease: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str | None] = mapped_column(String(500))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
