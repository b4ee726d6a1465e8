"""What is demanded back, by when; what a guarantor paid; what came in on either. Written once."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class ClawbackInstalment(Model):
    """A part of a demand, in minor units, and the local day by which it is to be paid; the parts sum to the demand."""

    __tablename__ = "clawback_instalment"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("ix_clawback_instalment_due", "due_on", "proceeding_id"),
    )

    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class GuaranteePayout(Model):
    """What a guarantor paid the lender on a claim, in minor units of ``currency``, of a loss: money of another institution.

    ``proceeding_id`` is the claim; ``paid_on`` is a local day of the case.
    """

    __tablename__ = "guarantee_payout"
    __table_args__ = (
        CheckConstraint("amount_minor > 0 AND amount_minor <= loss_minor", name="amount"),
        Index("ix_guarantee_payout_application", "application_id"),
    )

    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    loss_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    paid_on: Mapped[date]
    bank_reference: Mapped[str] = mapped_column(String(80))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)


class Incoming(Model):
    """Money that came in and was confirmed by a second person, in minor units: on a demand, as a fee, on a claim paid out.

    ``proceeding_id`` is the receipt, ``on_id`` the demand or the claim it came in on, ``None`` for a fee. Of what came in on
    a claim ``guarantor_minor`` is the guarantor's. A reference of the bank stands once in a case.
    """

    __tablename__ = "incoming"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("guarantor_minor >= 0 AND guarantor_minor <= amount_minor", name="share"),
        UniqueConstraint("application_id", "bank_reference"),
        Index("ix_incoming_on", "on_id"),
    )

    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    on_id: Mapped[int | None] = mapped_column(ForeignKey("proceeding.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    guarantor_minor: Mapped[int | None] = mapped_column(BigInteger)
    received_on: Mapped[date]
    bank_reference: Mapped[str] = mapped_column(String(80))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
