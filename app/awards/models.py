"""The award of a grant or the facility agreement of a loan, and its conditions precedent and tranches."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.applications.models import Clocked
from app.db import Model, UTCDateTime


class Award(Model):
    """What was offered. Amounts in minor units; ``expires_on`` is the last local day for acceptance.

    ``terms`` are the loan terms (rate, instalments, method, day count, grace), empty for a grant.
    """

    __tablename__ = "award"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("disbursed_minor >= 0 AND disbursed_minor <= amount_minor", name="within"),
        # One award at a time: a new one only after the one before has ended.
        Index(
            "ux_award_standing",
            "application_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index("ix_award_application", "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    disbursed_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    offered_on: Mapped[date]
    expires_on: Mapped[date]
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)


class Condition(Model):
    """A condition precedent: it must be met before first money."""

    __tablename__ = "condition"
    __table_args__ = (UniqueConstraint("award_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    key: Mapped[str] = mapped_column(String(40))
    sentence: Mapped[str] = mapped_column(Text)
    met_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    met_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    evidence: Mapped[str] = mapped_column(Text, default="")


class Tranche(Clocked, Model):
    """A planned slice of the money, in minor units; its small life is a workflow of its own."""

    __tablename__ = "tranche"
    __table_args__ = (
        UniqueConstraint("award_id", "number"),
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("ix_tranche_due", "due_on"),
        Index("ix_tranche_warn", "warn_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    number: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(200))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(60))
    asked_note: Mapped[str] = mapped_column(Text, default="")
