"""Amounts: ``Decimal`` for arithmetic, integer minor units for storage, an ISO 4217 code always beside them."""

import re
from decimal import Decimal

# ISO 4217 minor units of the currencies of the eleven member states and the regional fund.
DECIMALS = {
    "BND": 2, "IDR": 2, "KHR": 2, "LAK": 2, "MMK": 2, "MYR": 2, "PHP": 2, "SGD": 2, "THB": 2, "USD": 2, "VND": 0,
}  # fmt: skip
# Currencies whose ISO 4217 minor unit nobody uses: amounts are shown and paid in whole units.
WHOLE_UNITS = frozenset({"IDR", "KHR", "LAK", "MMK", "VND"})

# Larger than any budget here, small enough for a bigint of minor units and for the bank's 18 digits.
LARGEST = Decimal(10) ** 15
WHOLE = Decimal(100)


def step(currency: str) -> Decimal:
    """Return the smallest amount of the currency: 0.01 for MYR, 1 for VND. Raises ``KeyError`` for others."""
    return Decimal(1).scaleb(-DECIMALS[currency])


def to_minor(amount: Decimal, currency: str) -> int:
    """Return the amount in minor units; ``ValueError`` when it is finer than the currency allows."""
    if not amount.is_finite() or amount != amount.quantize(step(currency)):
        raise ValueError(f"{currency} amounts have {DECIMALS[currency] or 'no'} decimals.")
    return int(amount.scaleb(DECIMALS[currency]))


def from_minor(minor: int, currency: str) -> Decimal:
    """Return the amount of so many minor units."""
    return Decimal(minor).scaleb(-DECIMALS[currency])


def paid(currency: str) -> int:
    """Return how many decimals amounts of a currency are paid with: none where its minor unit is out of use."""
    return 0 if currency in WHOLE_UNITS else DECIMALS[currency]


def shown(minor: int, currency: str) -> int:
    """Return how many decimals an amount is shown with: those it is paid with, unless that would hide a part of it."""
    whole = minor % 10 ** DECIMALS[currency] == 0
    return paid(currency) if whole else DECIMALS[currency]


def payable(currency: str) -> Decimal:
    """Return the smallest amount that is paid: 0.01 for MYR, 1 for VND and also for IDR."""
    return Decimal(1).scaleb(-paid(currency))


def typed(text: str, currency: str) -> Decimal:
    """Return the amount a person typed, in units of the currency; ``ValueError`` says what is wrong with it.

    Takes "120000.00", "120,000.00" and "MYR 120,000.00"; where amounts are paid whole also "1.200.000".
    """
    body = text.strip()
    named = re.fullmatch(r"([A-Za-z]{3})\s*([0-9].*)", body)
    if named and named[1].upper() != currency:
        raise ValueError(f"Amounts here are in {currency}, not {named[1].upper()}.")
    body = named[2] if named else body
    decimals = paid(currency)
    if decimals == 0 and re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", body):
        body = body.replace(".", "")
    if not re.fullmatch(r"([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?", body):
        raise ValueError(f"Enter an amount in {currency}, such as {120000:,.{decimals}f}.")
    amount = Decimal(body.replace(",", ""))
    if not 0 <= amount < LARGEST:
        raise ValueError("This amount is too large.")
    to_minor(amount, currency)
    if amount % payable(currency):
        raise ValueError(f"Amounts in {currency} are whole: leave out the decimals.")
    return amount


def formatted(minor: int, currency: str) -> str:
    """Return "MYR 120,000.00" with a no-break space, "IDR 120,000" where amounts are whole."""
    return f"{currency}\u00a0{from_minor(minor, currency):,.{shown(minor, currency)}f}"


def share(minor: int, percent: Decimal) -> int:
    """Return the percentage of an amount, rounded down to a whole minor unit: nobody gets more than the share."""
    return int(Decimal(minor) * percent / WHOLE)


def split(minor: int, percents: list[Decimal], currency: str) -> list[int]:
    """Split an amount by percentages that sum to 100 into parts that can be paid; the last part takes what rounding left."""
    if sum(percents) != WHOLE:
        raise ValueError("The shares of the tranches must sum to 100 %.")
    unit = to_minor(payable(currency), currency)
    parts = [share(minor, percent) // unit * unit for percent in percents[:-1]]
    return [*parts, minor - sum(parts)]
