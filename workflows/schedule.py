"""The repayment schedule of a loan: monthly instalments from its drawdowns, to the smallest unit of money.

The conventions are named in the terms and shown in every row, so that a borrower can check each figure by hand.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Literal, get_args

Method = Literal["annuity", "equal_principal"]
DayCount = Literal["30/360", "PERIODIC", "ACT/365F", "ACT/360"]
Rounding = Literal["half_even", "half_up"]

_DAYS_IN_YEAR = {"ACT/365F": 365, "ACT/360": 360}
_ROUNDING = {"half_even": ROUND_HALF_EVEN, "half_up": ROUND_HALF_UP}
# A context of our own: a schedule may not depend on what the calling thread did to its decimal context.
_ARITHMETIC = Context(prec=50, rounding=ROUND_HALF_EVEN)
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Terms:
    """What was agreed about repayment.

    ``annual_rate_pct`` is the nominal rate a year in per cent. ``day_count`` is the share of a year in a month:
    ``30/360`` and ``PERIODIC`` take one twelfth whatever the dates, ``ACT/365F`` and ``ACT/360`` the actual days.
    ``money_step`` is the smallest amount of the currency (0.01 for MYR, 1 for VND). During the first
    ``grace_principal`` instalments only interest is due. ``instalment_step`` rounds the level instalment of an
    annuity to whole multiples, where a facility wants round figures; the last instalment takes the difference.

    Raises ``ValueError``, naming everything that is wrong, for terms that no loan can have.
    """

    method: Method
    annual_rate_pct: Decimal
    instalments: int
    day_count: DayCount
    money_step: Decimal
    grace_principal: int = 0
    rounding: Rounding = "half_even"
    instalment_step: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse nonsense before anything is computed with it."""
        with localcontext(_ARITHMETIC):
            _refuse(*_wrong_conventions(self), *_wrong_numbers(self))


@dataclass(frozen=True)
class Drawdown:
    """Money paid out to the borrower on a day, in the currency of the terms. It bears interest from that day."""

    date: dt.date
    amount: Decimal


@dataclass(frozen=True)
class Row:
    """One instalment: opening + drawn - principal = closing, and principal + interest = total.

    ``opening`` is the balance at the start of the period with what was drawn that day, ``drawn`` what came later in
    the period. ``days`` are the calendar days of the period, ``year_fraction`` is its length in years by the day count.
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


@dataclass(frozen=True)
class _Period:
    """The time between two due dates."""

    number: int
    start: dt.date
    due: dt.date

    @property
    def days(self) -> int:
        return (self.due - self.start).days

    def fraction(self, terms: Terms, since: dt.date) -> Decimal:
        """Return the part of a year from a day in the period to its end; a twelfth is shared out by actual days."""
        days = Decimal((self.due - since).days)
        if terms.day_count in _DAYS_IN_YEAR:
            return days / _DAYS_IN_YEAR[terms.day_count]
        return days / (12 * self.days)

    def factor(self, terms: Terms, since: dt.date) -> Decimal:
        """Return the interest on one unit of money from a day in the period to its end."""
        return terms.annual_rate_pct / 100 * self.fraction(terms, since)


def due_date(seed: dt.date, number: int) -> dt.date:
    """Return the day of the n-th monthly instalment, counted from the seed: 31 January, 28 February, 31 March."""
    years, month = divmod(seed.month - 1 + number, 12)
    year = seed.year + years
    return dt.date(year, month + 1, min(seed.day, calendar.monthrange(year, month + 1)[1]))


def repayment_schedule(terms: Terms, drawdowns: Sequence[Drawdown]) -> tuple[Row, ...]:
    """Return the instalments that repay the drawdowns exactly.

    The earliest drawdown is the seed of the monthly due dates. A later one bears interest from its day and changes
    the instalments from the next due date on; one on a due date belongs to the period that begins there. Interest
    of a period is summed over its parts and rounded once. An instalment never falls below its own interest, and the
    last one clears the balance.

    The level instalment is P * prod(1 + f_k) / F with F_1 = 1, F_k = 1 + F_(k-1) * (1 + f_k), where f_k is the
    rate for the period k by the day count; with equal periods that is the textbook P * i / (1 - (1 + i)^-n).

    Raises ``ValueError`` when there is no drawdown, an amount is not positive or finer than the money step, or a
    drawdown falls on or after the last due date, or the instalment step leaves nothing for principal.
    """
    with localcontext(_ARITHMETIC):
        in_order = tuple(sorted(drawdowns, key=lambda drawdown: drawdown.date))
        _refuse(*_wrong_drawdowns(terms, in_order))
        return tuple(_rows(terms, in_order))


def _rows(terms: Terms, drawdowns: Sequence[Drawdown]) -> Iterator[Row]:
    periods = _periods(drawdowns[0].date, terms.instalments)
    balance, planned = _ZERO, _ZERO
    for period in periods:
        current = tuple(d for d in drawdowns if period.start <= d.date < period.due)
        accrued = balance * period.factor(terms, period.start) + sum(
            (d.amount * period.factor(terms, d.date) for d in current), _ZERO
        )
        drawn = sum((d.amount for d in current), _ZERO)
        later = _rounded(terms, sum((d.amount for d in current if d.date > period.start), _ZERO))
        owed = _rounded(terms, balance + drawn)
        if current or period.number == terms.grace_principal + 1:
            planned = _planned(terms, owed, accrued, periods[period.number :])
        interest = _rounded(terms, accrued)
        principal = _principal(terms, period.number, planned, interest, owed)
        balance = owed - principal
        yield Row(
            number=period.number,
            due=period.due,
            days=period.days,
            year_fraction=period.fraction(terms, period.start),
            opening=owed - later,
            drawn=later,
            principal=principal,
            interest=interest,
            total=principal + interest,
            closing=balance,
        )


def _periods(seed: dt.date, instalments: int) -> tuple[_Period, ...]:
    return tuple(
        _Period(number, due_date(seed, number - 1), due_date(seed, number))
        for number in range(1, instalments + 1)
    )


def _planned(terms: Terms, owed: Decimal, accrued: Decimal, to_come: Sequence[_Period]) -> Decimal:
    """Return what each instalment from this one on shall be: the level total, or the equal principal."""
    if terms.method == "equal_principal":
        return _rounded(terms, owed / (len(to_come) + 1))
    grown, divisor = owed + accrued, Decimal(1)
    for period in to_come:
        growth = 1 + period.factor(terms, period.start)
        grown, divisor = grown * growth, 1 + divisor * growth
    level = _rounded_to(terms.instalment_step or terms.money_step, terms, grown / divisor)
    if terms.instalment_step and level <= accrued:
        raise ValueError(f"In steps of {terms.instalment_step} the instalment repays no principal.")
    return level


def _principal(
    terms: Terms, number: int, planned: Decimal, interest: Decimal, owed: Decimal
) -> Decimal:
    if number == terms.instalments:
        return owed
    if number <= terms.grace_principal:
        return _rounded(terms, _ZERO)
    wanted = planned - interest if terms.method == "annuity" else planned
    return min(max(wanted, _rounded(terms, _ZERO)), owed)


def _rounded(terms: Terms, amount: Decimal) -> Decimal:
    return _rounded_to(terms.money_step, terms, amount)


def _rounded_to(step: Decimal, terms: Terms, amount: Decimal) -> Decimal:
    whole_steps = (amount / step).to_integral_value(_ROUNDING[terms.rounding])
    return (whole_steps * step).quantize(terms.money_step)


def _refuse(*problems: str) -> None:
    if problems:
        raise ValueError(" ".join(problems))


def _wrong_conventions(terms: Terms) -> Iterator[str]:
    if terms.method not in get_args(Method):
        yield f"The repayment method {terms.method!r} is not known."
    if terms.day_count not in get_args(DayCount):
        yield f"The day count {terms.day_count!r} is not known."
    if terms.rounding not in _ROUNDING:
        yield f"The rounding {terms.rounding!r} is not known."
    if terms.instalment_step is not None and terms.method != "annuity":
        yield "Only the level instalment of an annuity has an instalment step."


def _wrong_numbers(terms: Terms) -> Iterator[str]:
    if not terms.annual_rate_pct.is_finite() or terms.annual_rate_pct < 0:
        yield "The annual rate must be zero or more."
    if terms.instalments < 1:
        yield "There must be at least one instalment."
    if not 0 <= terms.grace_principal < max(terms.instalments, 1):
        yield "At least one instalment must repay principal after the grace."
    if not _positive(terms.money_step):
        yield "The money step must be more than zero."
    elif not _multiple(terms.instalment_step or terms.money_step, terms.money_step):
        yield "The instalment step must be a multiple of the money step."


def _wrong_drawdowns(terms: Terms, drawdowns: Sequence[Drawdown]) -> Iterator[str]:
    if not drawdowns:
        yield "A repayment schedule needs at least one drawdown."
        return
    end = due_date(drawdowns[0].date, terms.instalments)
    for drawdown in drawdowns:
        if not _positive(drawdown.amount):
            yield f"The drawdown of {drawdown.date} must be more than zero."
        elif not _multiple(drawdown.amount, terms.money_step):
            yield f"The drawdown of {drawdown.date} is finer than {terms.money_step}."
        if drawdown.date >= end:
            yield f"The drawdown of {drawdown.date} must be before the last due date, {end}."


def _positive(amount: Decimal) -> bool:
    return amount.is_finite() and amount > 0


def _multiple(amount: Decimal, step: Decimal) -> bool:
    return _positive(amount) and amount % step == 0
