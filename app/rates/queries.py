"""What a dollar is worth, as far as it was recorded."""

from datetime import date

from sqlalchemy import select

from app.db import db
from app.rates.models import ExchangeRate


def rate_for(currency: str, day: date) -> ExchangeRate | None:
    """Return the newest rate of a currency that is not of a later day, ``None`` where none was recorded.

    The US dollar has none: amounts in it are not converted.
    """
    found = select(ExchangeRate).where(
        ExchangeRate.currency == currency, ExchangeRate.on_day <= day
    )
    return db.session.scalars(found.order_by(ExchangeRate.on_day.desc()).limit(1)).first()


def on(currency: str, day: date) -> ExchangeRate | None:
    """Return the rate of a currency that was recorded for this very day."""
    found = select(ExchangeRate).where(ExchangeRate.currency == currency)
    return db.session.scalars(found.where(ExchangeRate.on_day == day)).one_or_none()


def listed(currency: str = "") -> list[ExchangeRate]:
    """Return the rates of a currency, or of all, the newest of each first."""
    found = select(ExchangeRate).order_by(ExchangeRate.currency, ExchangeRate.on_day.desc())
    if currency:
        found = found.where(ExchangeRate.currency == currency)
    return list(db.session.scalars(found))
