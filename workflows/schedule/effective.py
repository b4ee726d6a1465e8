"""The effective rate of a schedule: what a loan costs a year, whatever its method is called."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Final

from workflows.schedule.rounding import ZERO
from workflows.schedule.row import Row
from workflows.schedule.terms import Drawdown

_PRECISION: Final = Context(prec=28, rounding=ROUND_HALF_EVEN)
_YEAR: Final = 365
_SHOWN: Final = Decimal("0.0001")
_ENOUGH: Final = Decimal("0.0000001")
# No loan costs more; beyond it there is no sensible answer to look for.
_MOST: Final = Decimal(10) ** 9

Flow = tuple[int, Decimal]


def effective_rate(rows: Iterable[Row], drawdowns: Iterable[Drawdown]) -> Decimal:
    """Return the effective rate in per cent a year, to four decimals.

    It is the rate r at which what is repaid is worth what was drawn: the sum of each amount / (1 + r)^(days / 365),
    days counted from the first drawdown, is the same for both (as in Annex I of Directive 2008/48/EC of the European
    Union, with days for years). Found by bisection. Only what is in the rows counts: no fees, no taxes. Raises
    ``ValueError`` when there is no drawdown, when less is repaid than drawn, or when no rate up to 1,000,000,000 % fits.
    """
    with localcontext(_PRECISION):
        flows = _flows(rows, drawdowns)
        if not flows or flows[0][1] <= 0:
            raise ValueError("An effective rate needs a drawdown before anything is repaid.")
        gain = -sum(amount for _, amount in flows)
        if gain < 0:
            raise ValueError("Less is repaid than was drawn: there is no effective rate.")
        if not gain:
            return ZERO.quantize(_SHOWN)
        low, high = ZERO, Decimal(1)
        while _worth(flows, high) < 0:
            low, high = high, high * 4
            if high > _MOST:
                raise ValueError("No effective rate up to 1,000,000,000 % fits.")
        while high - low > _ENOUGH:
            middle = (low + high) / 2
            if _worth(flows, middle) < 0:
                low = middle
            else:
                high = middle
        return high.quantize(_SHOWN)


def _flows(rows: Iterable[Row], drawdowns: Iterable[Drawdown]) -> tuple[Flow, ...]:
    """Return what goes to the borrower less what comes back, by days from the first drawdown."""
    by_day: dict[dt.date, Decimal] = {}
    for drawdown in drawdowns:
        by_day[drawdown.date] = by_day.get(drawdown.date, ZERO) + drawdown.amount
    for row in rows:
        by_day[row.due] = by_day.get(row.due, ZERO) - row.total
    begun = min(by_day, default=dt.date.min)
    return tuple(((day - begun).days, amount) for day, amount in sorted(by_day.items()))


def _worth(flows: Sequence[Flow], rate_pct: Decimal) -> Decimal:
    """Return what all flows together are worth on the first day at a rate a year."""
    daily = (-(1 + rate_pct / 100).ln() / _YEAR).exp()
    worth, discount, passed = ZERO, Decimal(1), 0
    for days, amount in flows:
        discount *= daily ** (days - passed)
        passed = days
        worth += amount * discount
    return worth
