"""Referrals of enterprises from one agency or service centre to another."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Agency, Enterprise
from app.consents.models import Consent
from app.db import Model, UTCDateTime


class Referral(Model):
    """An enterprise handed over: ``state`` is "sent", "accepted", "declined" or "closed".

    ``consent_id`` is the consent under which its details went over; ``application`` the reference of what became of it.
    """

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("state IN ('sent', 'accepted', 'declined', 'closed')", name="state"),
        CheckConstraint("from_agency_id <> to_agency_id", name="two_agencies"),
        CheckConstraint("state <> 'closed' OR closed_by IS NOT NULL", name="closed"),
        CheckConstraint("state = 'sent' OR answered_by IS NOT NULL", name="answered"),
        Index("ix_referral_from", "from_agency_id", "id"),
        Index("ix_referral_to", "to_agency_id", "id"),
        Index("ix_referral_enterprise", "enterprise_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    from_agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    to_agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    scheme_code: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="sent")
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    application: Mapped[str] = mapped_column(String(40), default="")

    enterprise: Mapped[Enterprise] = relationship()
    consent: Mapped[Consent] = relationship()
    sender: Mapped[Agency] = relationship(foreign_keys=[from_agency_id])
    receiver: Mapped[Agency] = relationship(foreign_keys=[to_agency_id])
