"""The bounds of the conventions of a loan: each is known, they go together, and they fit every method the form offers."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from app.schemes.compose.funding import ArrearsTerms, LoanTerms, ReceiptOrder
from app.schemes.compose.terms import SchemeTerms
from workflows.arrears import NOTICES, Limits, Notice
from workflows.money import DECIMALS, payable
from workflows.repaying import Order
from workflows.schedule import Impossible, Terms

METHOD = "method"
_SHARED = frozenset(entry.name for entry in fields(Terms))
_FIRST = ("rate_pct", "instalments_max", "day_count", "grace_principal")


def mistakes(terms: SchemeTerms, loan: LoanTerms) -> Iterator[str]:
    """Find conventions that are not known, contradict one another, or do not go with a method that is offered."""
    yield from _order(loan.order)
    yield from _arrears(loan.arrears)
    plain = all(getattr(loan, entry.name) == entry.default for entry in _optional())
    if plain or terms.currency not in DECIMALS:
        return
    found = (said for method in methods(terms) for said in _impossible(terms, loan, method))
    yield from dict.fromkeys(f"loan: {said}" for said in found)


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
