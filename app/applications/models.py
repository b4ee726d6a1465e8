"""The application, its frozen submissions, its attachments, and who stands where in it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Enterprise, Person
from app.db import Model, UTCDateTime
from app.documents.models import Document
from app.schemes.models import Call, Scheme


class Application(Model):
    """A request and what became of it. ``state`` moves only through ``workflows.machine.fire``.

    ``version`` rises by one with every event; ``trail_seq`` and ``trail_hash`` are the head of its trail.
    ``due_on`` is the last day of the running clock in the scheme's country, computed with ``calendar``;
    ``clock_used`` are the days of that clock that were used up before it was last stopped.
    """

    __tablename__ = "application"
    __table_args__ = (
        Index("ix_application_queue", "agency_id", "state", "id"),
        Index("ix_application_enterprise", "enterprise_id", "id"),
        Index("ix_application_due", "due_on"),
        CheckConstraint("requested_minor IS NULL OR requested_minor > 0", name="requested"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    workflow_digest: Mapped[str] = mapped_column(ForeignKey("workflow_version.digest"))
    state: Mapped[str] = mapped_column(String(30))
    version: Mapped[int] = mapped_column(default=0)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    currency: Mapped[str] = mapped_column(String(3))
    requested_minor: Mapped[int | None] = mapped_column(BigInteger)
    trail_seq: Mapped[int] = mapped_column(default=0)
    trail_hash: Mapped[str] = mapped_column(String(64), default="")
    clock_state: Mapped[str | None] = mapped_column(String(30))
    clock_used: Mapped[int] = mapped_column(default=0)
    clock_started_on: Mapped[date | None]
    due_on: Mapped[date | None]
    calendar: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    scheme: Mapped[Scheme] = relationship()
    call: Mapped[Call] = relationship()
    enterprise: Mapped[Enterprise] = relationship()
    applicant: Mapped[Person] = relationship()


class Submission(Model):
    """The frozen copy of an application: answers, documents, scheme and workflow by digest."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int]
    frozen: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Attachment(Model):
    """A document attached to an application as one of the kinds the scheme asks for."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_application", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    kind: Mapped[str] = mapped_column(String(40))
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    document: Mapped[Document] = relationship(lazy="joined")


class Part(Model):
    """Where a person stands in a case. The key allows one part per person: nobody stands on two sides."""

    __tablename__ = "part"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(30))
