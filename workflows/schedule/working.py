"""The working of a schedule, line by line, so that a borrower can check each figure by hand."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Literal

from workflows.schedule.conventions import amount_text, rate_text
from workflows.schedule.level import Plan
from workflows.schedule.periods import per_year
from workflows.schedule.rounding import ARITHMETIC
from workflows.schedule.row import Part, Row, Step, accrual
from workflows.schedule.rows import steps
from workflows.schedule.terms import Drawdown, Terms

Kind = Literal[
    "down_payment",
    "instalment",
    "interest_share",
    "charge",
    "part",
    "interest",
    "waived",
    "capitalised",
    "deferred",
    "interest_due",
    "principal",
    "total",
    "closing",
]
# Digits behind the point of figures that are not rounded yet, as a sentence shows them.
_SHOWN = 10
# Not from the calendar module: that follows the language of the machine.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Line:
    """One line of the working: a figure, and the sentence that says how it comes about.

    ``number`` is the instalment's, ``amount`` the figure (not rounded for a ``part`` of a period). For interest
    ``base`` is the balance, ``rate_pct`` the rate a year and ``year`` the part of a year, numerator and denominator;
    for an ``instalment`` that is planned anew it is ``base`` / ``divisor``, rounded.
    """

    number: int
    kind: Kind
    sentence: str
    amount: Decimal
    start: dt.date | None = None
    end: dt.date | None = None
    base: Decimal | None = None
    rate_pct: Decimal | None = None
    year: tuple[int, int] | None = None
    divisor: Decimal | None = None


def working(terms: Terms, drawdowns: Sequence[Drawdown]) -> tuple[Line, ...]:
    """Return how each figure of the schedule comes about, in the order of the instalments.

    Raises ``ValueError`` as ``repayment_schedule`` does.
    """
    with localcontext(ARITHMETIC):
        return tuple(line for step in steps(terms, drawdowns) for line in _lines(terms, step))


def _lines(terms: Terms, step: Step) -> Iterator[Line]:
    row = step.row
    if row.number == 0:
        yield _down_payment(row)
    else:
        yield from _charged(terms, step)
        yield from _grace(row)
        yield from _planned(terms, step)
        yield from _due(row)
    yield Line(row.number, "closing", _closing(row), row.closing)


def _down_payment(row: Row) -> Line:
    said = f"Down payment on {_day(row.due)}: {amount_text(row.principal)} of {amount_text(row.opening)}"
    return Line(0, "down_payment", said, row.principal, end=row.due)


def _charged(terms: Terms, step: Step) -> Iterator[Line]:
    """Say what interest the period costs."""
    if terms.method == "flat":
        yield from _charges(step)
        yield from _shares(terms, step.plan)
        yield _whole(step, "of the flat interest, the part of this instalment")
    elif step.row.number <= terms.grace_waived:
        yield replace(_whole(step, "waived"), kind="waived")
    elif len(step.parts) == 1:
        yield _interest(step, step.parts[0])
    else:
        yield from (_part(step, part) for part in step.parts)
        yield _whole(step, f"the sum of its parts, {_exact(step.accrued)}, rounded")


def _whole(step: Step, how: str) -> Line:
    amount, start, end = step.row.accrued, step.period.start, step.period.due
    said = f"Interest {_span(start, end)}: {how} = {amount_text(amount)}"
    return Line(step.row.number, "interest", said, amount, start=start, end=end)


def _charges(step: Step) -> Iterator[Line]:
    for part in step.parts:
        amount = accrual((part,))
        figures = f"{amount_text(part.balance)} x {rate_text(part.rate_pct)} x {part.year[0]}/{part.year[1]}"
        yield Line(
            step.row.number,
            "charge",
            f"Flat interest {_span(part.start, part.end)}: {figures} = {_exact(amount)}",
            amount,
            start=part.start,
            end=part.end,
            base=part.balance,
            rate_pct=part.rate_pct,
            year=part.year,
        )


def _interest(step: Step, part: Part) -> Line:
    amount = step.row.accrued
    return _accrual(step, part, "interest", amount, amount_text(amount))


def _part(step: Step, part: Part) -> Line:
    amount = accrual((part,))
    return _accrual(step, part, "part", amount, _exact(amount))


def _accrual(step: Step, part: Part, kind: Kind, amount: Decimal, result: str) -> Line:
    year = step.period.told(part.start, part.end)
    figures = f"{amount_text(part.balance)} x {rate_text(part.rate_pct)} x {year}"
    return Line(
        step.row.number,
        kind,
        f"Interest {_span(part.start, part.end)}: {figures} = {result}",
        amount,
        start=part.start,
        end=part.end,
        base=part.balance,
        rate_pct=part.rate_pct,
        year=part.year,
    )


def _grace(row: Row) -> Iterator[Line]:
    """Say what becomes of interest that is not due with its own instalment."""
    if row.capitalised:
        said = f"Interest that joins the balance on {_day(row.due)}: {amount_text(row.capitalised)}"
        yield Line(row.number, "capitalised", said, row.capitalised)
    if row.deferred:
        said = f"Deferred interest, to be paid later, so far: {amount_text(row.deferred)}"
        yield Line(row.number, "deferred", said, row.deferred)


def _planned(terms: Terms, step: Step) -> Iterator[Line]:
    """Say where a new instalment comes from."""
    plan = step.plan
    if plan is None:
        return
    if terms.method == "annuity":
        yield _level(terms, step, plan)
    if terms.method == "equal_principal":
        yield _principal_share(terms, plan)


def _principal_share(terms: Terms, plan: Plan) -> Line:
    amount = plan.principal or Decimal(0)
    said = (
        f"Principal of each instalment from number {plan.number} on: {amount_text(plan.base)} / {plan.divisor}"
        f"{_in_steps(terms)} = {amount_text(amount)}"
    )
    return Line(plan.number, "instalment", said, amount, base=plan.base, divisor=plan.divisor)


def _shares(terms: Terms, plan: Plan | None) -> Iterator[Line]:
    """Say what each flat instalment is made of from here on."""
    if plan is None or plan.charge is None:
        return
    free = plan.number <= terms.free
    if not free:
        yield _principal_share(terms, plan)
    amount, bearing = plan.interest or Decimal(0), Decimal(plan.bearing)
    how = f"{_exact(plan.charge)} / {bearing}"
    if not free and terms.instalment_step is not None and terms.flat_rounding == "sum":
        how = f"{amount_text(plan.base)} / {plan.divisor} + {how}, together{_in_steps(terms)}, less the principal"
    elif not free:
        how += _in_steps(terms)
    said = (
        f"Interest of each instalment from number {plan.number} on: {how} = {amount_text(amount)}"
    )
    yield Line(plan.number, "interest_share", said, amount, base=plan.charge, divisor=bearing)


def _in_steps(terms: Terms) -> str:
    return "" if terms.instalment_step is None else f", in steps of {terms.instalment_step}"


def _level(terms: Terms, step: Step, plan: Plan) -> Line:
    amount = plan.total or Decimal(0)
    head = f"Level instalment from number {plan.number} on"
    left = terms.instalments - plan.number + 1
    how = f"{_exact(plan.base)} / {_exact(plan.divisor)}"
    if (
        terms.level_basis == "equal_periodic_rate"
        and len(step.parts) == 1
        and not terms.grace_waived
    ):
        part, (top, below) = step.parts[0], per_year(terms)
        i = f"({rate_text(part.rate_pct)} x {top}/{below})"
        how = f"{amount_text(part.balance)} x {i} / (1 - (1 + {i})^-{left})"
    said = f"{head}: {how}{_in_steps(terms)} = {amount_text(amount)}"
    return Line(plan.number, "instalment", said, amount, base=plan.base, divisor=plan.divisor)


def _due(row: Row) -> Iterator[Line]:
    number, day = row.number, _day(row.due)
    if row.interest != row.accrued:
        said = f"Interest due on {day}: {amount_text(row.interest)}"
        yield Line(number, "interest_due", said, row.interest)
    said = f"Principal due on {day}: {amount_text(row.principal)}"
    yield Line(number, "principal", said, row.principal)
    sums = f"{amount_text(row.principal)} + {amount_text(row.interest)}"
    said = f"Instalment {number}, due on {day}: {sums} = {amount_text(row.total)}"
    yield Line(number, "total", said, row.total)


def _closing(row: Row) -> str:
    said = [amount_text(row.opening)]
    said += [f"+ {amount_text(more)}" for more in (row.drawn, row.capitalised) if more]
    figures = " ".join([*said, f"- {amount_text(row.principal)}"])
    return f"Balance after {_day(row.due)}: {figures} = {amount_text(row.closing)}"


def _span(start: dt.date, end: dt.date) -> str:
    begin = _day(start) if start.year != end.year else f"{start.day} {_MONTHS[start.month - 1]}"
    return f"{begin} to {_day(end)}"


def _day(day: dt.date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _exact(amount: Decimal) -> str:
    """Return a figure that is not rounded yet, with as many digits as help to check it."""
    shown = round(amount, _SHOWN).normalize()
    return f"{shown:,f}" + ("" if shown == amount else "…")
