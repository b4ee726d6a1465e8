"""Legal holds and erasures; what was erased is gone, that it was erased stays."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, UTCDateTime


class LegalHold(Model):
    """Nothing of a case may be erased while it stands: ``law`` and ``reason`` say why."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index(
            "ux_legal_hold_standing",
            "application_id",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
            sqlite_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    law: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    placed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ErasureProposal(Model):
    """An erasure that waits for a second person: ``outcome`` is "open", "carried_out" or "withdrawn".

    ``ground`` is "retention", when the time of the case is over, or "request", by the person whom the data are about.
    """

    __tablename__ = "erasure_proposal"
    __table_args__ = (
        CheckConstraint("ground IN ('retention', 'request')", name="ground"),
        CheckConstraint("outcome IN ('open', 'carried_out', 'withdrawn')", name="outcome"),
        CheckConstraint("outcome = 'open' OR decided_by IS NOT NULL", name="decided"),
        CheckConstraint("outcome <> 'carried_out' OR decided_by <> proposed_by", name="four_eyes"),
        Index(
            "ux_erasure_proposal_open",
            "application_id",
            unique=True,
            postgresql_where=text("outcome = 'open'"),
            sqlite_where=text("outcome = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    ground: Mapped[str] = mapped_column(String(10))
    law: Mapped[str] = mapped_column(String(200))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(12), default="open")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Erasure(Model):
    """The personal data of a case was erased: under which ``law``, by which event, by whom."""

    __tablename__ = "erasure"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    law: Mapped[str] = mapped_column(String(200))
    erased_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
