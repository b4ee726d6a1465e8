"""Amounts and days as banks write them; strict where money depends on it."""

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from workflows.banking.answers import UNKNOWN, Answer
from workflows.money import DECIMALS, step

# ActiveCurrencyAndAmount of ISO 20022 as XML Schema writes a decimal: 18 digits, 5 of them decimals, nothing below nought.
_AMOUNT = re.compile(r"\+?(?=[0-9.])([0-9]*)(?:\.([0-9]*))?", re.ASCII)
_MOST_DIGITS, _MOST_DECIMALS = 18, 5
_CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9]).*", re.ASCII)


def amount(text: str, currency: str) -> Decimal:
    """Return the amount in units of the currency; ``ValueError`` says in a sentence why it cannot be trusted.

    Takes "18750", "18750.5" and "18750.00000". The currency is an ISO 4217 code; of those paid in here no part of the minor
    unit may be left over, and the amount has the decimals of ISO 4217.
    """
    number = _number(text)
    if not _CURRENCY.fullmatch(currency):
        raise ValueError(f"The amount {text!r} has no currency.")
    if currency not in DECIMALS:
        return number
    if number % step(currency):
        raise ValueError(f"The amount {text} {currency} is finer than the currency.")
    return number.quantize(step(currency))


def valued(answer: Answer, text: str, currency: str, problems: list[str]) -> Answer:
    """Return the answer with its amount; with one that cannot be trusted it becomes ``unknown``, and ``problems`` says why."""
    try:
        return replace(answer, amount=amount(text, currency), currency=currency)
    except ValueError as wrong:
        problems.append(f"{answer.end_to_end_id or 'A payment without a name'}: {wrong}")
        return replace(answer, outcome=UNKNOWN, amount=None, currency="")


def day(text: str) -> date | None:
    """Return the day as it is written, in the zone of who wrote it, from a date or a time, with or without an offset; ``None`` for others."""
    written = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(written[1]) if written else None
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """Return the time with the offset that is written, with no zone when none is; ``None`` for what is no time."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> Decimal:
    written = _AMOUNT.fullmatch(text)
    if not written:
        raise ValueError(f"{text!r} is not an amount.")
    whole, part = written[1].lstrip("0"), (written[2] or "").rstrip("0")
    if not written[1] and not written[2]:
        raise ValueError(f"{text!r} is not an amount.")
    if len(whole) + len(part) > _MOST_DIGITS or len(part) > _MOST_DECIMALS:
        raise ValueError(f"The amount {text!r} has more digits than an amount can have.")
    return Decimal(f"{whole or 0}.{part}" if part else whole or "0")
