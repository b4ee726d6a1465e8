"""Shariah-compliant financing by sale as a schedule like any other: its instalments, its price, its rebate, its words."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from app.schemes.compose.funding import SALE
from workflows.money import from_minor, payable, to_minor
from workflows.repaying import Due, Quote
from workflows.sale import ONE_AMOUNT, WORDS, Sale, conventions, dues, rows, selling_price, working
from workflows.schedule import Drawdown, Impossible, Row, Terms
from workflows.schedule.periods import Period, fraction, last_due, periods
from workflows.schedule.row import Part, Step

# A loan says of itself what is asked for.
LOAN_WORDS: Mapping[str, str] = MappingProxyType({name: name for name in WORDS})


def words_of(agreed: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the words for what was agreed: those of a loan, or in their place those of financing by sale."""
    return WORDS if SALE in agreed else LOAN_WORDS


def sale_of(agreed: Mapping[str, Any], drawdowns: Sequence[Drawdown], currency: str) -> Sale:
    """Return the sale that terms and what was paid for the goods come to; raises ``Impossible`` for what cannot be."""
    if len(drawdowns) > 1:
        raise Impossible(ONE_AMOUNT)
    said = agreed[SALE]
    try:
        return Sale(
            cost=to_minor(sum((one.amount for one in drawdowns), Decimal(0)), currency),
            ceiling_rate_pct=Decimal(said["ceiling_rate_pct"]),
            effective_rate_pct=Decimal(agreed["rate_pct"]),
            months=int(agreed["instalments"]),
            currency=currency,
            instalment_step=to_minor(
                Decimal(agreed.get("instalment_step", payable(currency))), currency
            ),
            recognition=said.get("recognition", "annuity"),
        )
    except ValueError as error:
        raise Impossible(str(error)) from error


def steps(
    agreed: Mapping[str, Any], terms: Terms, drawdowns: Sequence[Drawdown], currency: str
) -> tuple[Step, ...]:
    """Return the instalments of a financing: cost as principal and profit as interest, even over the days of each month."""
    sale = sale_of(agreed, drawdowns, currency)
    months = _months(terms, drawdowns)
    owed = _dues(sale, months)
    return tuple(_steps(sale, months, owed))


def told(
    agreed: Mapping[str, Any], drawdowns: Sequence[Drawdown], currency: str, price: int | None
) -> tuple[str, ...]:
    """Return the sentences that name every convention; ``price`` is what of one agreed before is outstanding."""
    sale = sale_of(agreed, drawdowns, currency)
    return conventions(sale, agreed[SALE]["principle"], price=price)


def worked(
    agreed: Mapping[str, Any], terms: Terms, drawdowns: Sequence[Drawdown], currency: str
) -> list[tuple[int, str]]:
    """Return the working line by line: the number of the instalment, and the sentence."""
    sale = sale_of(agreed, drawdowns, currency)
    return working(sale, _dues(sale, _months(terms, drawdowns)))


def price_of(basis: Mapping[str, Any], drawdowns: Sequence[Drawdown], currency: str) -> int:
    """Return the selling price in minor units: as fixed at the contract, or what a restructuring left of it."""
    left = basis.get("restructured")
    if left:
        return int(left["price"]) + sum(int(row["total"]) for row in left["kept"])
    return selling_price(sale_of(basis["terms"], drawdowns, currency))


def rebate(quote: Quote, price_left: int) -> int:
    """Return the rebate (ibra') of an early settlement, in minor units: the price outstanding less what is paid for it.

    ``price_left`` is what of the selling price is not paid; late amounts are no part of it.
    """
    owed = quote.arrears.total - quote.arrears.charge + quote.principal + quote.accrued
    return price_left - (owed - quote.paid_ahead)


def _months(terms: Terms, drawdowns: Sequence[Drawdown]) -> tuple[Period, ...]:
    """Return the months of a financing; raises ``Impossible`` where they go beyond the end of the calendar."""
    begun = drawdowns[0].date
    last_due(terms, begun)
    return periods(terms, begun)


def _dues(sale: Sale, months: Sequence[Period]) -> tuple[Due, ...]:
    return dues(sale, [month.due for month in months[: len(rows(sale))]])


def _steps(sale: Sale, months: Sequence[Period], owed: Sequence[Due]) -> Iterator[Step]:
    left = sale.cost
    for month, due in zip(months, owed, strict=False):
        year = month.year(month.start, month.due)
        yield Step(
            row=_row(sale, month, due, left),
            period=month,
            parts=(_part(sale, month, due, left, year),),
            accrued=from_minor(due.amounts.interest, sale.currency),
            plan=None,
        )
        left -= due.amounts.principal


def _part(sale: Sale, month: Period, due: Due, left: int, year: tuple[int, int]) -> Part:
    """Return a month as if its profit ran evenly on the cost that is outstanding: by this rate part of a month is told."""
    rate = Decimal(due.amounts.interest) * 100 * year[1] / (left * year[0])
    return Part(month.start, month.due, from_minor(left, sale.currency), rate, year)


def _row(sale: Sale, month: Period, due: Due, left: int) -> Row:
    cost, profit = (
        from_minor(amount, sale.currency)
        for amount in (due.amounts.principal, due.amounts.interest)
    )
    opening, nothing = from_minor(left, sale.currency), from_minor(0, sale.currency)
    return Row(
        number=due.number,
        due=due.due_on,
        days=month.days,
        year_fraction=fraction(month.year(month.start, month.due)),
        opening=opening,
        drawn=nothing,
        principal=cost,
        interest=profit,
        total=cost + profit,
        closing=opening - cost,
        accrued=profit,
        deferred=nothing,
        capitalised=nothing,
    )
