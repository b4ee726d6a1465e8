"""Budgets as a tree, facility over scheme over call, by currency and fiscal year; and transfers between calls."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Agency
from app.db import Model, UTCDateTime

# A budget for the whole life of a call belongs to no one fiscal year.
WHOLE_LIFE = 0


class Budget(Model):
    """What may be given away, in minor units of ``currency``: of a facility, a scheme, or a call.

    ``year`` is the calendar year in which the fiscal year begins, ``WHOLE_LIFE`` for a budget that does not end with a
    year. ``amount_minor`` is ``None`` for a facility or scheme that nobody has set a limit to. Of a facility or scheme
    ``allocated_minor`` went to what lies below; of a call so much is reserved (approved), committed (accepted) and paid.
    The database holds that this never is more than the amount. ``code`` names it at its level; ``agency_id`` is whose
    call or scheme it is, ``None`` for a facility, which several agencies may share.
    """

    __tablename__ = "budget"
    __table_args__ = (
        UniqueConstraint("level", "code", "currency", "year"),
        CheckConstraint("level IN ('facility', 'scheme', 'call')", name="level"),
        CheckConstraint(
            "allocated_minor >= 0 AND reserved_minor >= 0 AND committed_minor >= 0 AND paid_minor >= 0",
            name="not_negative",
        ),
        CheckConstraint(
            "allocated_minor + reserved_minor + committed_minor + paid_minor <= amount_minor",
            name="within",
        ),
        CheckConstraint(
            "(level = 'call' AND amount_minor IS NOT NULL AND allocated_minor = 0) OR "
            "(level <> 'call' AND reserved_minor + committed_minor + paid_minor = 0)",
            name="leaves_spend",
        ),
        CheckConstraint("(level = 'facility') = (parent_id IS NULL)", name="parent"),
        Index("ix_budget_agency", "agency_id", "level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(200))
    currency: Mapped[str] = mapped_column(String(3))
    year: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("budget.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    allocated_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    committed_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    paid_minor: Mapped[int] = mapped_column(BigInteger, default=0)

    @property
    def used_minor(self) -> int:
        """Return how much of it is spoken for."""
        return self.allocated_minor + self.reserved_minor + self.committed_minor + self.paid_minor

    @property
    def left_minor(self) -> int | None:
        """Return how much is left, ``None`` where there is no limit."""
        return None if self.amount_minor is None else self.amount_minor - self.used_minor


class BudgetTransfer(Model):
    """Budget that goes from one call to another: proposed by one person, authorised by another.

    ``outcome`` is "open", "made" or "refused".
    """

    __tablename__ = "budget_transfer"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("source_id <> target_id", name="two_budgets"),
        CheckConstraint("outcome IN ('open', 'made', 'refused')", name="outcome"),
        CheckConstraint("outcome = 'open' OR decided_by IS NOT NULL", name="decided"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("budget.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("budget.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(Text)
    instrument: Mapped[str] = mapped_column(String(200))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(10), default="open")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text, default="")

    source: Mapped[Budget] = relationship(foreign_keys=[source_id])
    target: Mapped[Budget] = relationship(foreign_keys=[target_id])
    agency: Mapped[Agency] = relationship()
