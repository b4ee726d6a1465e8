"""Repayment schedules in their versions: a new drawdown makes a new version, the old one is kept."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model


class RepaymentSchedule(Model):
    """One version of a schedule. ``basis`` holds terms and drawdowns; ``rows`` the instalments in minor units.

    ``kind`` is indicative (in the letter of offer) or drawn (after a disbursement).
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
