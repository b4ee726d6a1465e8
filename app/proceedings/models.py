"""Proceedings of a case, each with a small life of its own, and who approved them."""

from datetime import datetime
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

from app.applications.models import Application, Clocked
from app.db import Model, UTCDateTime


class Proceeding(Clocked, Model):
    """Something that is proposed about an award, and what became of it; ``state`` moves only through ``fire``.

    ``number`` counts the proceedings of a case. ``terms`` are what is proposed, as events tell it; ``amount_minor`` is the
    amount that decides who may approve it, ``None`` where none does. ``private`` is what events only commit to.
    """

    __tablename__ = "proceeding"
    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("ix_proceeding_due", "due_on"),
        Index("ix_proceeding_warn", "warn_on"),
        Index("ix_proceeding_kind", "kind", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    workflow_digest: Mapped[str] = mapped_column(ForeignKey("workflow_version.digest"))
    state: Mapped[str] = mapped_column(String(60))
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    private: Mapped[dict[str, str]] = mapped_column(JSON)
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    application: Mapped[Application] = relationship()
    approvals: Mapped[list["Approval"]] = relationship(order_by="Approval.at", lazy="selectin")


class Approval(Model):
    """That a person approved a proceeding, under which authority; nobody approves it twice, or what the same person proposed."""

    __tablename__ = "approval"
    __table_args__ = (CheckConstraint("person_id <> proposed_by", name="four_eyes"),)

    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    proposed_by: Mapped[int]
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
