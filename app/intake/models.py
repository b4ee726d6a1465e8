"""Files of paper applications, and what each row became."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, UTCDateTime


class Batch(Model):
    """A file a desk officer handed in: ``total`` rows, of which ``done`` have been looked at.

    ``state`` is "waiting", "running", "imported", "refused" (nothing was imported; ``report`` says why, row by row) or
    "failed". The file itself (``content``) goes when it has been read.
    """

    __tablename__ = "import_batch"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'running', 'imported', 'refused', 'failed')", name="state"
        ),
        Index("ix_import_batch_agency", "agency_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    report: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PaperFiling(Model):
    """That an application came on paper: when it was received, under which number it is filed, which documents it has.

    ``paper_reference`` is the office's own number: the same paper is imported once. ``documents`` are kinds with how many
    were seen; ``archive`` is where the paper is kept.
    """

    __tablename__ = "paper_filing"
    __table_args__ = (UniqueConstraint("call_id", "paper_reference"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    paper_reference: Mapped[str] = mapped_column(String(60))
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    row: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    archive: Mapped[str] = mapped_column(Text)
    documents: Mapped[dict[str, int]] = mapped_column(JSON)
    lodged_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
