"""Checks of a registry number where it was given out, and certificates."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, UTCDateTime


class RegistryCheck(Model):
    """What an officer found when looking an enterprise up in its registry; written once, the newest counts."""

    __tablename__ = "registry_check"
    __table_args__ = (
        CheckConstraint("outcome IN ('verified', 'not_found', 'struck_off')", name="outcome"),
        Index("ix_registry_check_enterprise", "enterprise_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    outcome: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    checked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Certificate(Model):
    """A certificate that somebody of an enterprise has passed a course; local days, ``expires_on`` inclusive.

    ``issuer`` is who certified it, ``number`` is the issuer's. Once revoked it counts no more.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("issuer", "number"),
        Index("ix_certificate_enterprise", "enterprise_id", "course"),
        CheckConstraint("expires_on IS NULL OR expires_on >= issued_on", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    course: Mapped[str] = mapped_column(String(40))
    holder: Mapped[str] = mapped_column(String(120))
    issuer: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_why: Mapped[str] = mapped_column(Text, default="", server_default="")
