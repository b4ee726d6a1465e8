"""A delegation: who handed which duty to whom, until when, up to which amount."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.db import Model


class Delegation(Model):
    """A duty an officer handed to another for a period: local days, both inclusive; limit in minor units.

    It is never changed but for ``ended_on``, the day from which it holds no more. ``scheme_code`` "" is every scheme.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("giver_id <> taker_id", name="not_to_oneself"),
        CheckConstraint("valid_from <= valid_to", name="period"),
        CheckConstraint("(limit_minor IS NULL) = (currency IS NULL)", name="limit_currency"),
        Index("ix_delegation_taker", "taker_id", "valid_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    taker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    duty: Mapped[str] = mapped_column(String(40))
    scheme_code: Mapped[str] = mapped_column(String(40), default="")
    currency: Mapped[str | None] = mapped_column(String(3))
    limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    ended_on: Mapped[date | None]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)

    giver: Mapped[Person] = relationship(foreign_keys=[giver_id])
    taker: Mapped[Person] = relationship(foreign_keys=[taker_id])
