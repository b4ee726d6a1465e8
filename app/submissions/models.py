"""What is handed in: the frozen copies of an application, and the documents attached to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Model, UTCDateTime
from app.documents.models import Document


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
    """A document attached to an application as one of the kinds the scheme asks for.

    ``act`` names the act an officer attached it for; it is "" for what the applicant attached.
    """

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_application", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    kind: Mapped[str] = mapped_column(String(40))
    act: Mapped[str] = mapped_column(String(40), default="", server_default="")
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    document: Mapped[Document] = relationship(lazy="joined")


class EligibilityCheck(Model):
    """What the eligibility rules of a scheme came to for a case: at its submission, and again before the first money.

    ``outcome`` is one of ``workflows.eligibility``; ``results`` are name, clause, sentence and result of each rule, ``facts``
    what was known beside the answers.
    """

    __tablename__ = "eligibility_check"
    __table_args__ = (
        CheckConstraint("occasion IN ('submission', 'disbursement')", name="occasion"),
        Index("ix_eligibility_check_application", "application_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    occasion: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(30))
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
