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
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.models import Clocked
from app.db import Model, UTCDateTime

PRECEDENT, SUBSEQUENT = "precedent", "subsequent"


class Award(Model):
    """What was offered, and where its money is. Amounts in minor units; ``expires_on`` is the last local day for acceptance.

    Every unit of ``amount_minor`` is in one place: reserved (approved, not yet accepted), undrawn, claimed, verified,
    instructed (with the bank), paid, clawed back, or released (given back to the budget). The database holds that they
    sum to it. ``returned_minor`` counts what banks sent back after it was paid. ``budget_id`` is the budget of the call it
    is charged to. Costs count that are dated from ``costs_from`` to ``costs_to``, where the scheme says so. ``terms`` are
    the loan terms (rate, instalments, method, day count, grace; cover and fee of its guarantee), empty for a grant.
    """

    __tablename__ = "award"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint(
            "reserved_minor >= 0 AND undrawn_minor >= 0 AND claimed_minor >= 0 AND verified_minor >= 0 "
            "AND instructed_minor >= 0 AND paid_minor >= 0 AND clawed_back_minor >= 0 "
            "AND released_minor >= 0 AND returned_minor >= 0",
            name="not_negative",
        ),
        CheckConstraint(
            "reserved_minor + undrawn_minor + claimed_minor + verified_minor + instructed_minor "
            "+ paid_minor + clawed_back_minor + released_minor = amount_minor",
            name="adds_up",
        ),
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
    reserved_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    undrawn_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    claimed_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    verified_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    instructed_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    paid_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    clawed_back_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    released_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    returned_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    budget_id: Mapped[int] = mapped_column(ForeignKey("budget.id"), index=True)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    offered_on: Mapped[date]
    expires_on: Mapped[date]
    costs_from: Mapped[date | None]
    costs_to: Mapped[date | None]
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    conditions: Mapped[list["Condition"]] = relationship(order_by="Condition.id", viewonly=True)

    @hybrid_property
    def disbursed_minor(self) -> int:
        """Return what was paid out and not sent back by a bank, whether or not it was clawed back later."""
        return self.paid_minor + self.clawed_back_minor

    @property
    def left_minor(self) -> int:
        """Return what may still be paid: all of it that is neither paid, clawed back nor given back to the budget."""
        return self.amount_minor - self.disbursed_minor - self.released_minor


class Movement(Model):
    """An amount of an award that went from one place to another, in minor units, with the event that moved it.

    ``source`` "outside" is where an award comes from. Written once: the places of an award can be counted again from these.
    """

    __tablename__ = "movement"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("source <> target", name="two_places"),
        Index("ix_movement_award", "award_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    tranche_id: Mapped[int | None] = mapped_column(ForeignKey("tranche.id"))
    source: Mapped[str] = mapped_column(String(12))
    target: Mapped[str] = mapped_column(String(12))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))


class AwardVersion(Model):
    """What was agreed, as of one event: its size and tranches in minor units, loan terms, and the days on which costs count.

    Number 1 is what was approved; each variation, restructuring or cut makes the next, and none is ever changed.
    """

    __tablename__ = "award_version"
    __table_args__ = (UniqueConstraint("award_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    number: Mapped[int]
    size_minor: Mapped[int] = mapped_column(BigInteger)
    tranches: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    costs_from: Mapped[date | None]
    costs_to: Mapped[date | None]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))


class Condition(Model):
    """A condition of an award, met with evidence or waived by a person with the authority for it.

    One of the stage "precedent" must be met before first money, one "subsequent" after it, by ``due_on`` where that is said;
    with ``tranche`` it must be met before that tranche is paid.
    """

    __tablename__ = "condition"
    __table_args__ = (
        UniqueConstraint("award_id", "key"),
        CheckConstraint("stage IN ('precedent', 'subsequent')", name="stage"),
        CheckConstraint("waived_by IS NULL OR met_at IS NOT NULL", name="waived"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    key: Mapped[str] = mapped_column(String(40))
    sentence: Mapped[str] = mapped_column(Text)
    met_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    met_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    evidence: Mapped[str] = mapped_column(Text, default="")
    stage: Mapped[str] = mapped_column(String(12), default="precedent", server_default="precedent")
    tranche: Mapped[int | None]
    due_on: Mapped[date | None]
    waived_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))

    @property
    def before_first_money(self) -> bool:
        """Tell whether it must be met before the first money, not only before one tranche or later."""
        return self.stage == PRECEDENT and self.tranche is None


class Tranche(Clocked, Model):
    """A planned slice of the money, in minor units; its small life is a workflow of its own.

    ``claimed_minor`` is what was asked for of ``amount_minor``, ``verified_minor`` what of that is to be paid; each ``None``
    before.
    """

    __tablename__ = "tranche"
    __table_args__ = (
        UniqueConstraint("award_id", "number"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("claimed_minor > 0 AND claimed_minor <= amount_minor", name="claimed"),
        CheckConstraint("verified_minor > 0 AND verified_minor <= claimed_minor", name="verified"),
        Index("ix_tranche_due", "due_on"),
        Index("ix_tranche_warn", "warn_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    number: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(200))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    claimed_minor: Mapped[int | None] = mapped_column(BigInteger)
    verified_minor: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(60))
    asked_note: Mapped[str] = mapped_column(Text, default="")

    @property
    def bound_minor(self) -> int:
        """Return what of the award it stands for: what was verified, else what was claimed, else what is planned."""
        return self.verified_minor or self.claimed_minor or self.amount_minor
