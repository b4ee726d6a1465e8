"""Rates of exchange, written once."""

from datetime import date, datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, UTCDateTime


class ExchangeRate(Model):
    """How many units of a currency a US dollar was worth on a day; ``units`` is a decimal number as text."""

    __tablename__ = "exchange_rate"
    __table_args__ = (UniqueConstraint("currency", "on_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    on_day: Mapped[date]
    units: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
