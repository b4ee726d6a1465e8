"""Legal holds and erasures; what was erased is gone, that it was erased stays."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
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


class Erasure(Model):
    """The personal data of a case was erased: under which ``law``, by which event, by whom."""

    __tablename__ = "erasure"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    law: Mapped[str] = mapped_column(String(200))
    erased_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
