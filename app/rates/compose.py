"""Converting US dollars, and what is wrong with a rate as somebody wrote it."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from app.rates.models import ExchangeRate
from workflows.money import DECIMALS, from_minor, step, to_minor

DOLLAR = "USD"
KEYS = {"currency", "on_day", "units", "source"}
LONGEST = 200
# A dollar has bought between a hundredth and tens of thousands of units of each currency here: more is a slip of the pen.
LEAST, MOST = Decimal("0.01"), Decimal(1_000_000)
MOST_DIGITS = 20
# Where the day begins first in the member states.
FIRST_ZONE = "Asia/Dili"


def converted(usd_minor: int, rate: ExchangeRate) -> int:
    """Return an amount of US cents in minor units of the rate's currency, half to even."""
    amount = from_minor(usd_minor, DOLLAR) * Decimal(rate.units)
    return to_minor(amount.quantize(step(rate.currency), ROUND_HALF_EVEN), rate.currency)


def written(units: Decimal | str) -> str:
    """Return a rate as it is kept: a decimal number without an exponent and without zeros at its end."""
    text = f"{Decimal(units):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def mistakes(said: Mapping[str, Any], today: date) -> list[str]:
    """Return everything that is wrong with a rate: unknown currency, a day to come, no number, no source."""
    if set(said) != KEYS:
        return ["A rate has currency, on_day, units and source, and nothing else."]
    return list(_mistakes(said, today))


def _mistakes(said: Mapping[str, Any], today: date) -> Iterator[str]:
    day, source = said["on_day"], said["source"]
    if said["currency"] not in DECIMALS or said["currency"] == DOLLAR:
        known = ", ".join(sorted(DECIMALS.keys() - {DOLLAR}))
        yield f"{said['currency']!r} is not one of {known}."
    if type(day) is not date:
        yield "on_day is a day, such as 2026-11-30."
    elif day > today:
        yield f"{day} is still to come."
    if not _worth(said["units"]):
        yield f"{said['units']!r} is no number of units to a dollar: write it as text, such as “16250.50”."
    if not isinstance(source, str) or not 0 < len(source.strip()) <= LONGEST:
        yield f"source says in 1 to {LONGEST} characters who published the rate."


def _worth(units: Any) -> bool:
    if not isinstance(units, str):
        return False
    try:
        number = Decimal(units)
    except InvalidOperation:
        return False
    return number.is_finite() and LEAST <= number <= MOST and len(written(number)) <= MOST_DIGITS
