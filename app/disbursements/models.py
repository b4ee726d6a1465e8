"""What goes to the bank, who stands behind it, what was paid, what came back, and what the bank answered."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Model, UTCDateTime

# An instruction that may still be paid: neither rejected by the bank nor sent back by it.
_LIVE = text("rejected_at IS NULL AND returned_at IS NULL")


class PaymentBatch(Model):
    """A payment file: payments from one account in one currency, to be executed on one day in the agency's country.

    ``account`` is the paying account as it was, ``format`` the form that its bank takes. The file is fixed by its digest from
    when it is prepared; a batch that was taken back (``voided_at``) was never sent. ``needed`` is how many releasers it
    takes, by its largest payment; ``released_at`` is when the last of them released it.
    """

    __tablename__ = "payment_batch"
    __table_args__ = (
        CheckConstraint("total_minor > 0 AND payments > 0 AND needed > 0", name="positive"),
        CheckConstraint("checked_by IS NULL OR checked_by <> prepared_by", name="checker"),
        CheckConstraint("released_at IS NULL OR checked_by IS NOT NULL", name="checked_first"),
        CheckConstraint("released_at IS NULL OR voided_at IS NULL", name="released_or_voided"),
        # What a release refers to: the same batch with the same two people before it.
        UniqueConstraint("id", "prepared_by", "checked_by", name="uq_payment_batch_hands"),
        Index("ix_payment_batch_agency", "agency_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    message_id: Mapped[str] = mapped_column(String(35), unique=True)
    account: Mapped[dict[str, str]] = mapped_column(JSON)
    format: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3))
    execution_on: Mapped[date]
    payments: Mapped[int]
    total_minor: Mapped[int] = mapped_column(BigInteger)
    file: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    needed: Mapped[int]
    prepared_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime] = mapped_column(UTCDateTime)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    releases: Mapped[list["PaymentRelease"]] = relationship(
        order_by="PaymentRelease.at", lazy="selectin"
    )

    @property
    def released_by(self) -> list[int]:
        """Return who released it so far, by number, the first first."""
        return [release.person_id for release in self.releases]


class PaymentRelease(Model):
    """A release of a batch by one person, who neither prepared nor checked it; nobody releases it twice.

    ``authority_id`` is the widest authority the person used; ``None`` under a workflow that asks for none.
    """

    __tablename__ = "payment_release"
    __table_args__ = (
        ForeignKeyConstraint(
            ["batch_id", "prepared_by", "checked_by"],
            ["payment_batch.id", "payment_batch.prepared_by", "payment_batch.checked_by"],
            name="fk_payment_release_hands",
        ),
        CheckConstraint("person_id <> prepared_by AND person_id <> checked_by", name="third_hand"),
    )

    batch_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    prepared_by: Mapped[int]
    checked_by: Mapped[int]
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class PaymentInstruction(Model):
    """One payment of a tranche, in the batch it stands in now.

    The end-to-end id stays the same on every sending of the same attempt; a new attempt begins only after the bank has
    rejected the last one or sent it back, which the index holds. ``payee`` is the account it goes to. ``found`` is what a
    person says of a payment whose answer is missing, until a second person agrees.
    """

    __tablename__ = "payment_instruction"
    __table_args__ = (
        UniqueConstraint("tranche_id", "attempt"),
        CheckConstraint("amount_minor > 0", name="amount"),
        Index(
            "ux_payment_instruction_live",
            "tranche_id",
            unique=True,
            postgresql_where=_LIVE,
            sqlite_where=_LIVE,
        ),
        Index("ix_payment_instruction_batch", "batch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tranche_id: Mapped[int] = mapped_column(ForeignKey("tranche.id"))
    attempt: Mapped[int]
    end_to_end_id: Mapped[str] = mapped_column(String(35), unique=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("payment_batch.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    payee: Mapped[dict[str, str]] = mapped_column(JSON)
    rejected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    found: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    batch: Mapped[PaymentBatch] = relationship(lazy="joined")


class PayeeAccount(Model):
    """Another account than the one that was submitted, for what is still to be paid in a case.

    It is used from ``usable_on``, a local day; before, while it waits to be confirmed or to have waited long enough, nothing
    is paid. One that was dropped never was used.
    """

    __tablename__ = "payee_account"
    __table_args__ = (
        CheckConstraint("usable_on IS NULL OR dropped_at IS NULL", name="used_or_dropped"),
        Index("ix_payee_account_application", "application_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    account: Mapped[dict[str, str]] = mapped_column(JSON)
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    usable_on: Mapped[date | None]
    dropped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Disbursement(Model):
    """Money paid out: one for each instruction, for ever."""

    __tablename__ = "disbursement"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("ix_disbursement_tranche", "tranche_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tranche_id: Mapped[int] = mapped_column(ForeignKey("tranche.id"))
    instruction_id: Mapped[int] = mapped_column(ForeignKey("payment_instruction.id"), unique=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    paid_on: Mapped[date]
    bank_reference: Mapped[str] = mapped_column(String(80))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)


class PaymentReturn(Model):
    """That the bank sent back what it had paid, with its reason."""

    __tablename__ = "payment_return"

    disbursement_id: Mapped[int] = mapped_column(ForeignKey("disbursement.id"), primary_key=True)
    returned_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    bank_reference: Mapped[str] = mapped_column(String(80))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)


class BankReport(Model):
    """A file of a bank that answers payment files or tells of bookings; the same file is taken once.

    ``problems`` are what a person should look at in the file as a whole.
    """

    __tablename__ = "bank_report"
    __table_args__ = (
        UniqueConstraint("agency_id", "sha256"),
        Index("ix_bank_report_agency", "agency_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    filename: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(40))
    message_id: Mapped[str] = mapped_column(String(1000))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    problems: Mapped[list[str]] = mapped_column(JSON)
    taken_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))


class BankLine(Model):
    """One line of a bank's file: what it says of a payment, and what became of the line.

    ``state`` is "waiting" until it was looked at, "applied" when it moved its tranche, "noted" when it says nothing new,
    "open" when a person has to look at it (``why``), "settled" once a person has. ``told`` is the line as it was read.
    """

    __tablename__ = "bank_line"
    __table_args__ = (
        UniqueConstraint("report_id", "position"),
        CheckConstraint(
            "state IN ('waiting', 'applied', 'noted', 'open', 'settled')", name="state"
        ),
        CheckConstraint("state <> 'settled' OR settled_by IS NOT NULL", name="settled"),
        Index("ix_bank_line_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("bank_report.id"))
    position: Mapped[int]
    end_to_end_id: Mapped[str] = mapped_column(String(35))
    outcome: Mapped[str] = mapped_column(String(12))
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    why: Mapped[str] = mapped_column(Text, default="")
    instruction_id: Mapped[int | None] = mapped_column(ForeignKey("payment_instruction.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    report: Mapped[BankReport] = relationship()
