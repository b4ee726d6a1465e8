"""The bounds of the conventions of a loan: each is known, they go together, and they fit every method the form offers."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_args

from app.schemes.compose.funding import ArrearsTerms, LoanTerms, ReceiptOrder, SaleTerms
from app.schemes.compose.terms import SchemeTerms
from workflows.arrears import NOTICES, Limits, Notice
from workflows.money import DECIMALS, payable
from workflows.repaying import Order
from workflows.sale import PRINCIPLES, LateTerms, Recognition
from workflows.schedule import Impossible, Terms

METHOD = "method"
# The figures of financing by sale.
OF_A_SALE = ("ceiling_rate_pct", "compensation_pct", "penalty_pct")
_SHARED = frozenset(entry.name for entry in fields(Terms))
MOST_RATE = 100
# What would add to the cost, put off what is due, or round a price that is fixed in another way.
_NOT_OF_A_SALE = (
    "grace_principal",
    "grace_deferred",
    "grace_capitalised",
    "grace_waived",
    "down_payment_pct",
    "smooth_last",
)
_FIRST = ("rate_pct", "instalments_max", "day_count", "grace_principal")


def mistakes(terms: SchemeTerms, loan: LoanTerms) -> Iterator[str]:
    """Find conventions that are not known, contradict one another, or do not go with a method that is offered."""
    yield from _order(loan.order)
    yield from _arrears(loan.arrears)
    yield from _late(loan)
    if loan.sale is not None:
        yield from _sale(terms, loan, loan.sale)
    plain = all(getattr(loan, entry.name) == entry.default for entry in _optional())
    if plain or terms.currency not in DECIMALS:
        return
    found = (said for method in methods(terms) for said in _impossible(terms, loan, method))
    yield from dict.fromkeys(f"loan: {said}" for said in found)


def agreed_figures(loan: LoanTerms) -> tuple[str, ...]:
    """Return the figures of a loan that only some loans have: what lateness costs, and the ceiling rate of a sale."""
    rates = {"late_rate_pct": loan.late_rate_pct}
    if loan.sale is not None:
        rates |= {name: getattr(loan.sale, name) for name in OF_A_SALE}
    return tuple(name for name, rate in rates.items() if rate is not None)


def methods(terms: SchemeTerms) -> tuple[str, ...]:
    """Return the methods of repayment that the form of a scheme offers."""
    asked = next((question for question in terms.questions if question.key == METHOD), None)
    return tuple(asked.choices) if asked else ("annuity",)


def _optional() -> list[Any]:
    """Return the conventions that a schedule is made by and that have a usual value."""
    return [entry for entry in fields(LoanTerms) if entry.name in _SHARED - set(_FIRST)]


def _impossible(terms: SchemeTerms, loan: LoanTerms, method: str) -> tuple[str, ...]:
    chosen = {entry.name: getattr(loan, entry.name) for entry in _optional()}
    try:
        Terms(
            method=method,  # type: ignore[arg-type]
            annual_rate_pct=abs(loan.rate_pct),
            instalments=max(loan.instalments_max, 1),
            day_count="PERIODIC",
            money_step=payable(terms.currency),
            **chosen,
        )
    except Impossible as error:
        return error.sentences
    return ()


def _late(loan: LoanTerms) -> Iterator[str]:
    if loan.late_rate_pct is None:
        return
    if not 0 < loan.late_rate_pct <= MOST_RATE:
        yield "loan.late_rate_pct: expected more than 0 and at most 100; leave it out where lateness costs nothing."
    if loan.sale is not None:
        yield "loan.late_rate_pct: financing by sale has compensation_pct and penalty_pct instead."


def _sale(terms: SchemeTerms, loan: LoanTerms, sale: SaleTerms) -> Iterator[str]:
    """Find what financing by sale cannot be: a price that is not fixed, profit on profit, a payment in parts."""
    for name, known in (("principle", tuple(PRINCIPLES)), ("recognition", get_args(Recognition))):
        said = getattr(sale, name)
        if said not in known:
            yield f"loan.sale.{name}: {said!r} is not one of {', '.join(known)}."
    yield from _rates(terms, loan, sale)
    if (loan.every, loan.unit, loan.day_count) != (1, "months", "PERIODIC"):
        yield "loan.sale: instalments fall due every month, and the day count is PERIODIC."
    if methods(terms) != ("annuity",):
        yield "loan.sale: the form offers no method of repayment other than annuity: leave the question out."
    if terms.guarantee is not None:
        yield "loan.sale: a guarantee of it is not provided for."
    if any(getattr(loan, name) for name in _NOT_OF_A_SALE):
        yield f"loan.sale: it has no {', '.join(_NOT_OF_A_SALE)}."


def _rates(terms: SchemeTerms, loan: LoanTerms, sale: SaleTerms) -> Iterator[str]:
    if not loan.rate_pct <= sale.ceiling_rate_pct <= MOST_RATE:
        yield "loan.sale.ceiling_rate_pct: expected the rate of the financing or more, and at most 100."
    late = {name: getattr(sale, name) for name in ("compensation_pct", "penalty_pct")}
    for name, rate in late.items():
        if rate is not None and not 0 < rate <= MOST_RATE:
            yield f"loan.sale.{name}: expected more than 0 and at most 100; leave it out where there is none."
    try:
        LateTerms(terms.country, **late)
    except ValueError as error:
        yield f"loan.sale: {error}"


def _order(order: ReceiptOrder) -> Iterator[str]:
    try:
        Order(order.by, order.components, order.ahead)  # type: ignore[arg-type]
    except ValueError as error:
        yield f"loan.order: {error}"


def _arrears(arrears: ArrearsTerms) -> Iterator[str]:
    if len(arrears.notices) != len(NOTICES):
        yield f"loan.arrears: notices: give the days of {len(NOTICES)} letters."
        return
    named = zip(NOTICES, arrears.notices, strict=True)
    try:
        Limits(
            buckets=arrears.buckets,
            watch_days=arrears.watch_days or None,
            watch_instalments=arrears.watch_instalments or None,
            notices=tuple(Notice(one.key, days) for one, days in named),
        )
    except ValueError as error:
        yield f"loan.arrears: {error}"
