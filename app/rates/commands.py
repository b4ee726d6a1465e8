"""Recording what a dollar was worth on a day: once, and on the log's own trail."""

from datetime import date
from decimal import Decimal

from app import clock
from app.checkpoints.commands import note_on_log
from app.db import db
from app.errors import Conflict, Invalid
from app.rates import compose, queries
from app.rates.models import ExchangeRate
from app.trail.commands import Entry


def record(currency: str, on_day: date, units: Decimal | str, source: str) -> ExchangeRate:
    """Record how many units of a currency a US dollar was worth on a day; the same again is once.

    Raises ``Invalid`` with everything that is wrong with it, ``Conflict`` when another value was recorded for the day.
    """
    said = {"currency": currency, "on_day": on_day, "units": str(units), "source": source}
    if wrong := compose.mistakes(said, clock.today(compose.FIRST_ZONE)):
        raise Invalid({"rate": wrong}, " ".join(wrong))
    worth = compose.written(units)
    known = queries.on(currency, on_day)
    if known is None:
        return _recorded(currency, on_day, worth, source)
    if Decimal(known.units) != Decimal(worth):
        raise Conflict(
            f"{currency} on {on_day}: {known.units} is recorded, from {known.source}; a rate is never changed."
        )
    return known


def _recorded(currency: str, on_day: date, units: str, source: str) -> ExchangeRate:
    rate = ExchangeRate(
        currency=currency, on_day=on_day, units=units, source=source, recorded_at=clock.now()
    )
    db.session.add(rate)
    db.session.flush()
    detail = {"currency": currency, "on_day": on_day.isoformat(), "units": units, "source": source}
    note_on_log(Entry("record_rate", "system:operator", {"detail": detail}))
    return rate
