"""The instructions to the bank, and what was paid."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, UTCDateTime


class PaymentInstruction(Model):
    """What the bank gets for one tranche: the file, its digest, and the three people behind it.

    The end-to-end id stays the same on every sending of the same attempt; a new attempt begins only after the
    bank has rejected the last one.
    """

    __tablename__ = "payment_instruction"
    __table_args__ = (
        UniqueConstraint("tranche_id", "attempt"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("checked_by IS NULL OR checked_by <> prepared_by", name="checker"),
        CheckConstraint(
            "released_by IS NULL OR (released_by <> prepared_by AND released_by <> checked_by)",
            name="releaser",
        ),
        CheckConstraint("released_by IS NULL OR checked_by IS NOT NULL", name="checked_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tranche_id: Mapped[int] = mapped_column(ForeignKey("tranche.id"))
    attempt: Mapped[int]
    end_to_end_id: Mapped[str] = mapped_column(String(35), unique=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    file: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    prepared_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime] = mapped_column(UTCDateTime)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    released_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rejected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Disbursement(Model):
    """Money paid out: one per tranche, for ever."""

    __tablename__ = "disbursement"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tranche_id: Mapped[int] = mapped_column(ForeignKey("tranche.id"), unique=True)
    instruction_id: Mapped[int] = mapped_column(ForeignKey("payment_instruction.id"), unique=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    paid_on: Mapped[date]
    bank_reference: Mapped[str] = mapped_column(String(80))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
