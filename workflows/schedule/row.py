"""One instalment, and what it was computed from."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflows.schedule.level import Plan
from workflows.schedule.periods import Period
from workflows.schedule.rounding import ZERO


@dataclass(frozen=True, slots=True)
class Row:
    """One instalment: opening + drawn + capitalised - principal = closing, and principal + interest = total.

    ``opening`` is the balance at the start of the period with what was drawn that day, ``drawn`` what came later in
    the period. ``days`` are the calendar days of the period, ``year_fraction`` is its length in years by the day count.
    ``interest`` is what is due, ``accrued`` the interest of this period alone, rounded; ``deferred`` is the interest still
    owed for this and earlier periods, ``capitalised`` what joins the balance. Row number 0 is the down payment.
    """

    number: int
    due: dt.date
    days: int
    year_fraction: Decimal
    opening: Decimal
    drawn: Decimal
    principal: Decimal
    interest: Decimal
    total: Decimal
    closing: Decimal
    accrued: Decimal
    deferred: Decimal
    capitalised: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a period in which neither balance nor rate changes; its length in years is ``year[0] / year[1]``."""

    start: dt.date
    end: dt.date
    balance: Decimal
    rate_pct: Decimal
    year: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Step:
    """A row with what it was computed from.

    ``parts`` are those of the period, or of a flat loan the whole terms for which interest is added with this row.
    ``accrued`` is their interest, not rounded; ``plan`` stands where it was made anew.
    """

    row: Row
    period: Period
    parts: tuple[Part, ...]
    accrued: Decimal
    plan: Plan | None


def accrual(parts: Sequence[Part]) -> Decimal:
    """Return the interest of parts of a period, not rounded: divided once, so that halves stay halves."""
    if len(parts) == 1:
        (part,) = parts
        return part.balance * part.rate_pct * part.year[0] / (100 * part.year[1])
    common = math.lcm(*(part.year[1] for part in parts))
    sums = (p.balance * p.rate_pct * (p.year[0] * (common // p.year[1])) for p in parts)
    return sum(sums, ZERO) / (100 * common)
