"""The price of a sale, its instalments and the rebate at early settlement.

The selling price is fixed at the contract, at the ceiling rate; instalments are reckoned at the effective rate. Profit is
never added to the cost and bears no profit. Sources: Bank Negara Malaysia, Guidelines on Ibra' (Rebate) for Sale-Based
Financing, BNM/RH/GL 012-5, 31 January 2013, after resolutions of its Shariah Advisory Council; National Sharia Board
(DSN-MUI), fatwa 84/DSN-MUI/XII/2012. They were read in extracts and as others tell them, so nothing here is a ruling.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Context, Decimal, localcontext
from itertools import pairwise
from typing import Literal, get_args

from workflows.money import WHOLE, payable, to_minor
from workflows.repaying import Amounts, Due

Recognition = Literal["annuity", "proportional"]

# A context of our own: a price may not depend on what the calling thread did to its decimal context.
_ARITHMETIC = Context(prec=50, rounding=ROUND_HALF_EVEN)
_MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Sale:
    """What was agreed: the cost in minor units, nominal profit rates a year in per cent, and the number of months.

    ``instalment_step`` is what the instalment is rounded up to, in minor units: a faster repayment costs no more. The
    last instalment takes what is left. ``None`` leaves it unrounded, as textbooks do, for comparison alone.
    ``recognition`` is how profit is recognised (fatwa 84/DSN-MUI/XII/2012): "annuity", on the cost that is outstanding, or
    "proportional", as its part of what is collected.

    Raises ``ValueError``, naming everything that is wrong, for a sale that cannot be.
    """

    cost: int
    ceiling_rate_pct: Decimal
    effective_rate_pct: Decimal
    months: int
    currency: str
    instalment_step: int | None
    recognition: Recognition = "annuity"

    def __post_init__(self) -> None:
        """Refuse nonsense before anything is computed with it."""
        found = tuple(_wrong(self))
        if found:
            raise ValueError(" ".join(found))


@dataclass(frozen=True)
class Row:
    """One instalment, in minor units.

    profit + cost = instalment, and deferred profit = selling price outstanding - cost outstanding. ``cost`` and
    ``cost_outstanding`` are each rounded by itself, half to even, from unrounded working, as the published illustrations do;
    ``dues`` shares the cost out so that it sums. ``rebate`` is the month's reduction from the ceiling to the effective
    rate: it is settled at the end and does not lower the selling price outstanding; all instalments and all rebates
    sum to the selling price.
    """

    number: int
    instalment: int
    profit: int
    cost: int
    selling_price_outstanding: int
    cost_outstanding: int
    deferred_profit: int
    rebate: int


@dataclass(frozen=True)
class Settlement:
    """Early settlement after so many instalments: to pay = selling price outstanding - rebate (ibra') = cost outstanding."""

    after: int
    selling_price_outstanding: int
    rebate: int
    to_pay: int


def selling_price(sale: Sale) -> int:
    """Return the price fixed at the contract: the unrounded level instalment at the ceiling rate x months, rounded once."""
    with localcontext(_ARITHMETIC):
        return _rounded(sale, _level(sale, sale.ceiling_rate_pct) * sale.months)


def rows(sale: Sale) -> tuple[Row, ...]:
    """Return the instalments; fewer than the months where rounding up has repaid the cost before."""
    with localcontext(_ARITHMETIC):
        paid = tuple(_instalments(sale))
        left = _outstanding(sale, paid)
        return tuple(_rows(sale, paid, left))


def settlement(sale: Sale, after: int) -> Settlement:
    """Return what settles the financing after so many instalments that were all paid.

    The rebate is the selling price outstanding less the cost outstanding, so no profit is paid for the time to come.
    Raises ``ValueError`` when there are not so many instalments.
    """
    every = rows(sale)
    if not 0 <= after <= len(every):
        raise ValueError(f"There are {len(every)} instalments, so {after} cannot be paid.")
    price = every[after - 1].selling_price_outstanding if after else selling_price(sale)
    cost = every[after - 1].cost_outstanding if after else sale.cost
    return Settlement(after, price, price - cost, cost)


def dues(sale: Sale, due_dates: Sequence[date]) -> tuple[Due, ...]:
    """Return what falls due on each day, profit as ``interest`` and cost as ``principal``: the cost sums exactly.

    Raises ``ValueError`` when there are not as many days as instalments, or these are not rounded.
    """
    if sale.instalment_step is None:
        raise ValueError(
            "Instalments that are not rounded cannot fall due: give an instalment step."
        )
    every = rows(sale)
    if len(due_dates) != len(every):
        raise ValueError(f"There are {len(every)} instalments, but {len(due_dates)} due dates.")
    left = pairwise((sale.cost, *(row.cost_outstanding for row in every)))
    repaid = [before - after for before, after in left]
    return tuple(
        Due(row.number, day, Amounts(interest=row.instalment - cost, principal=cost))
        for row, day, cost in zip(every, due_dates, repaid, strict=True)
    )


def _level(sale: Sale, annual_rate_pct: Decimal) -> Decimal:
    """Return the unrounded level instalment: cost x i / (1 - (1 + i)^-n), or cost / n without profit."""
    rate = _monthly(annual_rate_pct)
    if not rate:
        return Decimal(sale.cost) / sale.months
    return sale.cost * rate / (1 - (1 + rate) ** -sale.months)


def _monthly(annual_rate_pct: Decimal) -> Decimal:
    return annual_rate_pct / WHOLE / _MONTHS_A_YEAR


def _instalments(sale: Sale) -> Iterator[Decimal]:
    """Yield what is paid each month: the level instalment, at the end what is left."""
    level, left = _level(sale, sale.effective_rate_pct), Decimal(sale.cost)
    if sale.instalment_step:
        steps = (level / sale.instalment_step).to_integral_value(ROUND_CEILING)
        level = steps * sale.instalment_step
    for month in range(1, sale.months + 1):
        owed = left * (1 + _monthly(sale.effective_rate_pct))
        if owed <= level or month == sale.months:
            yield Decimal(_rounded(sale, owed)) if sale.instalment_step else owed
            return
        yield level
        left = owed - level


def _outstanding(sale: Sale, paid: Sequence[Decimal]) -> Iterator[Decimal]:
    """Yield the unrounded cost outstanding after each instalment; nothing after the last."""
    left, total, so_far = Decimal(sale.cost), sum(paid, Decimal(0)), Decimal(0)
    for amount in paid[:-1]:
        so_far += amount
        if sale.recognition == "annuity":
            left = left * (1 + _monthly(sale.effective_rate_pct)) - amount
        else:
            left = sale.cost * (1 - so_far / total)
        yield left
    yield Decimal(0)


def _rows(sale: Sale, paid: Sequence[Decimal], left: Iterable[Decimal]) -> Iterator[Row]:
    price, cost_before = selling_price(sale), Decimal(sale.cost)
    so_far, granted = Decimal(0), 0
    for number, (amount, cost_left) in enumerate(zip(paid, left, strict=True), 1):
        so_far += amount
        instalment, cost = _rounded(sale, amount), _rounded(sale, cost_before - cost_left)
        price_left, after = price - _rounded(sale, so_far), _rounded(sale, cost_left)
        at_ceiling = (
            price if number == len(paid) else _rounded(sale, Decimal(price) * number / sale.months)
        )
        reduced = max(at_ceiling - (price - price_left), granted)
        yield Row(
            number=number,
            instalment=instalment,
            profit=instalment - cost,
            cost=cost,
            selling_price_outstanding=price_left,
            cost_outstanding=after,
            deferred_profit=price_left - after,
            rebate=reduced - granted,
        )
        cost_before, granted = cost_left, reduced


def _rounded(sale: Sale, minor: Decimal) -> int:
    unit = to_minor(payable(sale.currency), sale.currency)
    return int((minor / unit).to_integral_value(ROUND_HALF_EVEN)) * unit


def _wrong(sale: Sale) -> Iterator[str]:
    unit = to_minor(payable(sale.currency), sale.currency)
    if sale.cost <= 0 or sale.cost % unit:
        yield f"The cost must be more than zero, and an amount that is paid in {sale.currency}."
    if sale.months < 1:
        yield "There must be at least one instalment."
    rates = (sale.effective_rate_pct, sale.ceiling_rate_pct)
    if not all(rate.is_finite() and rate >= 0 for rate in rates):
        yield "The profit rates must be zero or more."
    elif sale.effective_rate_pct > sale.ceiling_rate_pct:
        yield "The effective rate must not be above the ceiling rate: the selling price is fixed."
    step = sale.instalment_step
    if step is not None and (step <= 0 or step % unit):
        yield f"The instalment step must be more than zero, and an amount that is paid in {sale.currency}."
    if sale.recognition not in get_args(Recognition):
        yield f"The recognition of profit {sale.recognition!r} is not known."
