"""Consents, given by an enterprise to a service centre or to another agency."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Agency, Enterprise, Person
from app.db import Model, UTCDateTime


class Consent(Model):
    """An agency may act for an enterprise until a local day of the agency, inclusive, unless the consent is withdrawn.

    ``scope`` holds "file" (write applications for it; service centres alone) and "refer" (hand its details over to another
    agency, also in another country).
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index("ix_consent_agency", "agency_id", "enterprise_id"),
        Index("ix_consent_enterprise", "enterprise_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    scope: Mapped[list[str]] = mapped_column(JSON)
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    valid_to: Mapped[date]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    enterprise: Mapped[Enterprise] = relationship()
    agency: Mapped[Agency] = relationship()
    giver: Mapped[Person] = relationship(foreign_keys=[given_by])

    def in_force(self, day: date) -> bool:
        """Tell whether the consent holds on a local day of the agency."""
        return self.withdrawn_at is None and day <= self.valid_to
