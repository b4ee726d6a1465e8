"""A claim of a tranche: its lines while they are written, the claim that was made of them, and what was found on it."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Model, UTCDateTime
from app.documents.models import Document

# How a tranche is claimed: with cost lines, in advance, or as what was kept back of earlier claims.
COSTS, ADVANCE, RETENTION = "costs", "advance", "retention"


class ClaimDraft(Model):
    """The lines of a claim as they were typed, right or wrong, while its tranche was not claimed; texts by field."""

    __tablename__ = "claim_draft"

    tranche_id: Mapped[int] = mapped_column(ForeignKey("tranche.id"), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    lines: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Claim(Model):
    """A claim that was made; ``number`` counts those of a case. Amounts in minor units of the award's currency.

    ``cost_minor`` is the cost of all lines, ``amount_minor`` what was claimed for it: at most the public share
    (``share_pct`` per cent) beyond ``advanced_minor``, the advance that was still open then. ``lines_sha256`` is what the
    event says of the lines, made with ``salt``. One that was sent back counts no more.
    """

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        CheckConstraint("kind IN ('costs', 'advance', 'retention')", name="kind"),
        CheckConstraint("cost_minor >= 0 AND amount_minor > 0 AND advanced_minor >= 0", name="amounts"),
        Index("ix_claim_tranche", "tranche_id", "id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    tranche_id: Mapped[int] = mapped_column(ForeignKey("tranche.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    cost_minor: Mapped[int] = mapped_column(BigInteger)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    share_pct: Mapped[str] = mapped_column(String(20))
    advanced_minor: Mapped[int] = mapped_column(BigInteger)
    lines_sha256: Mapped[str] = mapped_column(String(64))
    salt: Mapped[str] = mapped_column(String(64))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    lines: Mapped[list["ClaimLine"]] = relationship(
        order_by="ClaimLine.number", back_populates="claim"
    )


class ClaimLine(Model):
    """A cost of a claim: an invoice of a supplier, its local date, its cost in minor units, and the document that shows it.

    ``supplier_key`` and ``invoice_key`` are both as they are compared (``workflows.claims.compared``).
    """

    __tablename__ = "claim_line"
    __table_args__ = (
        UniqueConstraint("claim_id", "number"),
        CheckConstraint("cost_minor > 0", name="cost"),
        Index("ix_claim_line_invoice", "supplier_key", "invoice_key"),
        Index("ix_claim_line_application", "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int]
    supplier: Mapped[str] = mapped_column(String(140))
    supplier_key: Mapped[str] = mapped_column(String(140))
    invoice: Mapped[str] = mapped_column(String(60))
    invoice_key: Mapped[str] = mapped_column(String(60))
    dated: Mapped[date]
    description: Mapped[str] = mapped_column(Text)
    cost_minor: Mapped[int] = mapped_column(BigInteger)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))

    claim: Mapped[Claim] = relationship(back_populates="lines")
    document: Mapped[Document] = relationship(lazy="joined")
    finding: Mapped["ClaimFinding | None"] = relationship(lazy="joined")


class ClaimFinding(Model):
    """What the verification found on a line: the cost accepted of it in minor units, and why where that is not all."""

    __tablename__ = "claim_finding"
    __table_args__ = (
        CheckConstraint("outcome IN ('accepted', 'reduced', 'refused')", name="outcome"),
        CheckConstraint("accepted_minor >= 0", name="accepted"),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("claim_line.id"), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    outcome: Mapped[str] = mapped_column(String(10))
    accepted_minor: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))


class ClaimSettlement(Model):
    """What a claim came to, in minor units: the sums of ``workflows.claims.Settlement``."""

    __tablename__ = "claim_settlement"
    __table_args__ = (
        CheckConstraint("payable_minor > 0", name="payable"),
        CheckConstraint(
            "accepted_minor >= 0 AND refused_minor >= 0 AND share_minor >= 0 AND capped_minor >= 0 "
            "AND retained_minor >= 0 AND cleared_minor >= 0",
            name="not_negative",
        ),
        CheckConstraint("cleared_minor + retained_minor + payable_minor = share_minor", name="adds_up"),
    )  # fmt: skip

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    accepted_minor: Mapped[int] = mapped_column(BigInteger)
    refused_minor: Mapped[int] = mapped_column(BigInteger)
    share_minor: Mapped[int] = mapped_column(BigInteger)
    capped_minor: Mapped[int] = mapped_column(BigInteger)
    cleared_minor: Mapped[int] = mapped_column(BigInteger)
    retained_minor: Mapped[int] = mapped_column(BigInteger)
    payable_minor: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)


class RetainedTranche(Model):
    """That a tranche is what was kept back of the claims of its award."""

    __tablename__ = "retained_tranche"

    tranche_id: Mapped[int] = mapped_column(ForeignKey("tranche.id"), primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
