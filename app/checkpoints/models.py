"""Checkpoints, the tiles of the tree under them, and the heads of the streams as last sequenced."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, UTCDateTime


class Checkpoint(Model):
    """A signed statement on the first ``size`` events: ``root`` is the RFC 6962 root over them, in hexadecimal.

    ``note`` is the C2SP signed note, ``peaks`` are the roots of the complete subtrees, the largest first.
    """

    __tablename__ = "checkpoint"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)
    peaks: Mapped[list[Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Tile(Model):
    """256 hashes of the tree side by side, as C2SP tlog-tiles has them, kept once they are complete.

    ``hashes`` are those at height 8·``level``, 32 bytes each; ``root`` is the hash above them all.
    """

    __tablename__ = "tile"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)
    root: Mapped[bytes] = mapped_column(LargeBinary)


class StreamHead(Model):
    """The last event of a stream that is in the tree; ``agency`` is the code of whose stream it is, "" for the log's own."""

    __tablename__ = "stream_head"
    __table_args__ = (Index("ix_stream_head_agency", "agency"),)

    stream: Mapped[str] = mapped_column(String(60), primary_key=True)
    agency: Mapped[str] = mapped_column(String(20))
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class Cosignature(Model):
    """What a witness signed under a checkpoint: ``line`` is the signature line of the note, ``witness`` its verifier key."""

    __tablename__ = "cosignature"

    size: Mapped[int] = mapped_column(
        ForeignKey("checkpoint.size"), primary_key=True, autoincrement=False
    )
    witness: Mapped[str] = mapped_column(String(200), primary_key=True)
    line: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
