"""Loans after the money is out: schedules in versions, receipts and what they paid, charges, write-offs, how each loan stands."""

from datetime import date
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

from app.applications.models import Application
from app.db import Model


class RepaymentSchedule(Model):
    """One version of a schedule. ``basis`` is all that it is made from; ``rows`` the instalments in minor units.

    ``kind`` is drawn (after a disbursement), returned (the bank sent one back), restructured, rate_change, or settled (early).
    The newest version stands; the ones before it are superseded and kept. One without instalments repays nothing: all came back.
    """

    __tablename__ = "repayment_schedule"
    __table_args__ = (UniqueConstraint("award_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    basis: Mapped[dict[str, Any]] = mapped_column(JSON)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))


class Receipt(Model):
    """Money that came in for a loan, booked for ever: an amount in minor units of the loan's currency, and its local day.

    The reference of the bank is there once for a loan, and a line of a bank's file is booked once.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("award_id", "bank_reference"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), unique=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    received_on: Mapped[date]
    bank_reference: Mapped[str] = mapped_column(String(80))
    bank_line_id: Mapped[int | None] = mapped_column(ForeignKey("bank_line.id"), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)


class AllocationEntry(Model):
    """That an amount of a receipt pays a component of an instalment, from a local day; below zero it takes that back.

    An ``instalment`` below zero is the late-payment charge of that number.

    The entries of a loan together always say what a replay of all its receipts says. A receipt that is booked late, with an
    earlier day, may change what others paid: that is written as further entries, never over old ones.
    """

    __tablename__ = "allocation"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        Index("ix_allocation_award", "award_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"))
    instalment: Mapped[int]
    component: Mapped[str] = mapped_column(String(10))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    paid_on: Mapped[date]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))


class LateCharge(Model):
    """What lateness costs, charged for ever: due from a local day on, an amount in minor units of the loan's currency.

    ``number`` counts the charges of a loan. ``kind`` is charge, or in financing by sale compensation (the financier's) or
    penalty (for charity). ``covers`` says for which instalments, as ``number``, ``due`` and ``amount`` of each.
    """

    __tablename__ = "late_charge"
    __table_args__ = (
        UniqueConstraint("award_id", "number"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date]
    covers: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))

    waivers: Mapped[list["ChargeWaiver"]] = relationship(lazy="selectin")

    @property
    def waived_minor(self) -> int:
        """Return what of it was waived."""
        return sum(row.amount_minor for row in self.waivers)


class ChargeWaiver(Model):
    """That an amount of a late-payment charge was waived, in minor units; a charge may be waived in parts."""

    __tablename__ = "charge_waiver"
    __table_args__ = (
        UniqueConstraint("proceeding_id", "charge_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    charge_id: Mapped[int] = mapped_column(ForeignKey("late_charge.id"), index=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))


class WriteOff(Model):
    """That a loan was written off: what was owed then, in minor units, on which local day. Who approved it is in the proceeding."""

    __tablename__ = "write_off"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount"),)

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), primary_key=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), unique=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    written_off_on: Mapped[date]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)


class LoanStanding(Model):
    """How a loan stands at the end of a day (``as_of``) of its ``zone``, worked out from its schedule and receipts; amounts in minor units.

    ``days`` are those past due of the oldest unpaid instalment, ``instalments`` how many are past due. ``owed_minor`` is what
    is still to be paid by the schedule, due or not, without the credit. ``notice`` is the letter that is due, ``noticed`` the last
    one that was sent since the loan fell behind. ``repaid_on`` is when nothing was owed any more and nothing can be drawn.
    """

    __tablename__ = "loan_standing"
    __table_args__ = (
        Index("ix_loan_standing_agency", "agency_id", "days", "award_id"),
        Index("ix_loan_standing_zone", "zone", "as_of"),
    )

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    currency: Mapped[str] = mapped_column(String(3))
    zone: Mapped[str] = mapped_column(String(40))
    as_of: Mapped[date]
    days: Mapped[int]
    instalments: Mapped[int]
    bucket: Mapped[str] = mapped_column(String(20))
    overdue_principal_minor: Mapped[int] = mapped_column(BigInteger)
    overdue_interest_minor: Mapped[int] = mapped_column(BigInteger)
    overdue_charge_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    owed_minor: Mapped[int] = mapped_column(BigInteger)
    credit_minor: Mapped[int] = mapped_column(BigInteger)
    watched: Mapped[bool]
    notice: Mapped[str] = mapped_column(String(20))
    noticed: Mapped[str] = mapped_column(String(20), default="")
    next_due_on: Mapped[date | None]
    written_off: Mapped[bool] = mapped_column(default=False)
    repaid_on: Mapped[date | None]

    application: Mapped[Application] = relationship()

    @property
    def overdue_minor(self) -> int:
        """Return what is overdue in all."""
        return (
            self.overdue_principal_minor + self.overdue_interest_minor + self.overdue_charge_minor
        )
