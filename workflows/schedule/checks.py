"""Everything that is wrong with terms or drawdowns, each as a sentence, all at once."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, get_args

from workflows.schedule.conventions import (
    DayCount,
    FlatRounding,
    LevelBasis,
    Method,
    MonthEnd,
    Rounding,
    StepRounding,
    Unit,
)

if TYPE_CHECKING:
    from workflows.schedule.terms import Drawdown, Terms

# Ten years of daily instalments; more is a slip of the pen, and would keep a computer busy for long.
MOST_INSTALMENTS: Final = 3660
WHOLE: Final = Decimal(100)
_NAMED: Final = (
    ("method", "repayment method", Method),
    ("day_count", "day count", DayCount),
    ("rounding", "rounding", Rounding),
    ("instalment_rounding", "rounding of the instalment step", StepRounding),
    ("flat_rounding", "rounding of flat instalments", FlatRounding),
    ("unit", "unit of the frequency", Unit),
    ("month_end", "month-end rule", MonthEnd),
    ("level_basis", "basis of the level instalment", LevelBasis),
)
_GRACE: Final = {
    "grace_principal": "At least one instalment must repay principal after the grace.",
    "grace_deferred": "At least one instalment must pay the deferred interest after the grace.",
    "grace_capitalised": "At least one instalment must repay principal after interest was capitalised.",
    "grace_waived": "At least one period must bear interest after the waiver.",
}


class Impossible(ValueError):
    """No loan can have these terms or drawdowns; ``sentences`` are all the reasons."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def refuse(*problems: str) -> None:
    """Raise ``Impossible`` with all the sentences, when there is one."""
    if problems:
        raise Impossible(*problems)


def wrong_terms(terms: "Terms") -> Iterator[str]:
    """Find everything that is wrong with terms in themselves."""
    yield from _unknown(terms)
    yield from _numbers(terms)
    yield from _graces(terms)
    yield from _steps(terms)
    yield from _contradictions(terms)
    yield from _rates(terms)
    yield from _own(terms)


def wrong_drawdowns(
    terms: "Terms", drawdowns: Sequence["Drawdown"], last_due: dt.date
) -> Iterator[str]:
    """Find everything that is wrong with drawdowns in order of their days; there is at least one."""
    for drawdown in drawdowns:
        if not _positive(drawdown.amount):
            yield f"The drawdown of {drawdown.date} must be more than zero."
        elif not _multiple(drawdown.amount, terms.money_step):
            yield f"The drawdown of {drawdown.date} is finer than {terms.money_step}."
        if drawdown.date >= last_due:
            yield f"The drawdown of {drawdown.date} must be before the last due date, {last_due}."
    begun = drawdowns[0].date
    if terms.first_due is not None and terms.first_due <= begun:
        yield f"The first due date, {terms.first_due}, must be after the first drawdown, {begun}."
    first = sum((d.amount for d in drawdowns if d.date == begun), Decimal(0))
    if terms.down_payment >= first > 0:
        yield f"The down payment must be less than the first drawdown, {first}."


def _unknown(terms: "Terms") -> Iterator[str]:
    for field, told, names in _NAMED:
        value, known = getattr(terms, field), get_args(names)
        if value not in known:
            yield f"The {told} {value!r} is not known: choose one of {', '.join(known)}."


def _numbers(terms: "Terms") -> Iterator[str]:
    if not terms.annual_rate_pct.is_finite() or terms.annual_rate_pct < 0:
        yield "The annual rate must be zero or more."
    if terms.instalments < 1:
        yield "There must be at least one instalment."
    if terms.instalments > MOST_INSTALMENTS:
        yield f"There can be at most {MOST_INSTALMENTS:,} instalments."
    if terms.every < 1:
        yield "An instalment must fall due every one or more units."


def _graces(terms: "Terms") -> Iterator[str]:
    most = max(terms.instalments, 1)
    for field, sentence in _GRACE.items():
        if not 0 <= getattr(terms, field) < most:
            yield sentence
    if sum(bool(getattr(terms, field)) for field in _GRACE if field != "grace_principal") > 1:
        yield "Interest can be deferred, capitalised or waived, but only one of the three."


def _steps(terms: "Terms") -> Iterator[str]:
    if not _positive(terms.money_step):
        yield "The money step must be more than zero."
    elif terms.instalment_step is not None and not _multiple(
        terms.instalment_step, terms.money_step
    ):
        yield "The instalment step must be a multiple of the money step."


def _contradictions(terms: "Terms") -> Iterator[str]:
    if terms.method == "bullet" and terms.instalment_step is not None:
        yield "Only regular instalments have an instalment step, and a bullet loan has none."
    if terms.method == "bullet" and terms.grace_principal:
        yield "A bullet loan repays no principal before its end: leave out the grace for principal."
    if terms.method != "annuity" and terms.smooth_last:
        yield "Only the level instalments of an annuity are smoothed."
    if terms.method != "annuity" and terms.level_basis != "factors":
        yield "Only an annuity has a basis of the level instalment."
    if terms.method == "flat" and terms.grace_capitalised:
        yield "Flat interest is never on interest: it cannot be capitalised."
    if terms.method == "flat" and terms.rates:
        yield "Flat interest is fixed for the whole term: it has no later rates."


def _rates(terms: "Terms") -> Iterator[str]:
    days = [change.date for change in terms.rates]
    if days != sorted(set(days)):
        yield "Later rates stand in order of their days, one for each day."
    for change in terms.rates:
        if not change.annual_rate_pct.is_finite() or change.annual_rate_pct < 0:
            yield f"The annual rate from {change.date} must be zero or more."


def _own(terms: "Terms") -> Iterator[str]:
    amount, share = terms.down_payment, terms.down_payment_pct
    if amount and share:
        yield "The down payment is an amount or a share in per cent, not both."
    if not amount.is_finite() or amount < 0:
        yield "The down payment must be zero or more."
    elif amount and _positive(terms.money_step) and not _multiple(amount, terms.money_step):
        yield f"The down payment is finer than {terms.money_step}."
    if not share.is_finite() or not 0 <= share < WHOLE:
        yield "The down payment must be at least 0 and less than 100 per cent."


def _positive(amount: Decimal) -> bool:
    return amount.is_finite() and amount > 0


def _multiple(amount: Decimal, step: Decimal) -> bool:
    return _positive(amount) and amount % step == 0
