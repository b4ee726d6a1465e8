"""The conventions of a repayment schedule by name, and what each of them says in a sentence."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from workflows.schedule.terms import Terms

Method = Literal["annuity", "equal_principal", "flat", "bullet"]
DayCount = Literal[
    "30/360", "PERIODIC", "ACT/365F", "ACT/360", "ACT/364", "ACT/ACT-ISDA", "ACT/ACT-31DEC"
]
Unit = Literal["days", "weeks", "months", "quarters", "half_years", "years"]
Rounding = Literal["half_even", "half_up"]
StepRounding = Literal["nearest", "up", "down"]
MonthEnd = Literal["last_day", "first_of_next"]
LevelBasis = Literal["factors", "equal_periodic_rate"]
FlatRounding = Literal["sum", "parts"]

# How many months a unit has; days and weeks are counted in days instead.
MONTHS: Final = {"months": 1, "quarters": 3, "half_years": 6, "years": 12}
DAYS: Final = {"days": 1, "weeks": 7}
# How many days and weeks a year has where interest follows the number of periods, not the calendar.
PER_YEAR: Final = {"days": 365, "weeks": 52}

METHODS: Final = {
    "annuity": "Level instalments (annuity): principal and interest together are the same each time.",
    "equal_principal": "Equal principal each time, and the interest on the balance.",
    "flat": "Flat (add-on) interest: on the whole amount drawn for the whole term, spread evenly; the effective rate is "
    "higher than the rate named.",
    "bullet": "Interest each time, and the whole principal with the last instalment.",
}
DAY_COUNTS: Final = {
    "30/360": "30/360: every month has 30 days and a year 360, whatever the dates; a part of a period is its share of the "
    "actual days.",
    "PERIODIC": "PERIODIC: the rate a year divided by the periods in a year; a part of a period is its share of the actual "
    "days.",
    "ACT/365F": "ACT/365F: actual days over 365, in leap years too.",
    "ACT/360": "ACT/360: actual days over 360.",
    "ACT/364": "ACT/364: actual days over 364, which is 52 weeks.",
    "ACT/ACT-ISDA": "ACT/ACT-ISDA: actual days over 365, over 366 in leap years, split at 1 January.",
    "ACT/ACT-31DEC": "ACT/ACT-31DEC: actual days over 365, over 366 in leap years, split at 31 December.",
}
_ROUNDINGS: Final = {"half_even": "half to even", "half_up": "half up"}
_STEPS: Final = {
    "nearest": "to the nearest multiple",
    "up": "up to a multiple",
    "down": "down to a multiple",
}
_LEVELS: Final = {
    "factors": "The level instalment comes from the interest of each period by its own days.",
    "equal_periodic_rate": "The level instalment comes from equal periods, the rate divided by the periods in a year; "
    "interest still follows the day count.",
}
_MONTH_ENDS: Final = {
    "last_day": "a month without that day has its last day instead",
    "first_of_next": "in place of a day that a month lacks stands the first of the next month",
}


def convention(terms: "Terms") -> tuple[str, ...]:
    """Return the sentences that name every convention of the terms, for the head of a schedule."""
    return tuple(_sentences(terms))


def amount_text(amount: Decimal) -> str:
    """Return an amount as it is written in a sentence: 10,000.00."""
    return f"{amount:,f}"


def rate_text(rate_pct: Decimal) -> str:
    """Return a rate as it is written in a sentence: 12 %, 9.4822 %."""
    return f"{rate_pct.normalize():f} %"


def frequency_text(every: int, unit: str) -> str:
    """Return how often an instalment falls due: every month, every 2 weeks."""
    one = unit.removesuffix("s").replace("_", "-")
    return f"every {one}" if every == 1 else f"every {every} {one}s"


def _sentences(terms: "Terms") -> Iterator[str]:
    yield METHODS[terms.method]
    yield f"Interest is {rate_text(terms.annual_rate_pct)} a year. {DAY_COUNTS[terms.day_count]}"
    yield from (
        f"From {change.date} interest is {rate_text(change.annual_rate_pct)} a year."
        for change in terms.rates
    )
    yield _due(terms)
    yield from _own(terms)
    yield from _grace(terms)
    yield from _level(terms)
    yield (
        f"Interest of a period is summed over its parts and rounded once, {_ROUNDINGS[terms.rounding]}, to "
        f"{amount_text(terms.money_step)}; the last instalment takes the exact balance."
    )


def _due(terms: "Terms") -> str:
    often = frequency_text(terms.every, terms.unit)
    seed = (
        "the first drawdown"
        if terms.first_due is None
        else f"the first due date, {terms.first_due}"
    )
    end = f"; {_MONTH_ENDS[terms.month_end]}" if terms.unit in MONTHS else ""
    return f"{terms.instalments} instalments, {often}, counted from {seed}{end}."


def _own(terms: "Terms") -> Iterator[str]:
    if terms.down_payment:
        yield f"The borrower pays {amount_text(terms.down_payment)} of the first drawdown at once."
    if terms.down_payment_pct:
        yield f"The borrower pays {rate_text(terms.down_payment_pct)} of the first drawdown at once."


def _grace(terms: "Terms") -> Iterator[str]:
    if terms.grace_principal:
        yield f"No principal is due with the first {_counted(terms.grace_principal, 'instalment')}."
    if terms.grace_deferred:
        yield (
            f"Interest of the first {_counted(terms.grace_deferred, 'period')} is deferred: it bears no interest and is "
            "paid with the first instalment after."
        )
    if terms.grace_capitalised:
        yield (
            f"Interest of the first {_counted(terms.grace_capitalised, 'period')} is capitalised: nothing is due, and on "
            "each due date it becomes part of the balance."
        )
    if terms.grace_waived:
        yield f"No interest is charged for the first {_counted(terms.grace_waived, 'period')}."


def _counted(number: int, noun: str) -> str:
    return noun if number == 1 else f"{number} {noun}s"


def _level(terms: "Terms") -> Iterator[str]:
    if terms.method == "annuity":
        yield _LEVELS[terms.level_basis]
    if terms.smooth_last:
        yield (
            "When the last instalment differs from the level one by more than half as many money steps as there are "
            "instalments, the difference is spread over all, if that brings them closer."
        )
    if terms.instalment_step is None:
        return
    how = f"{_STEPS[terms.instalment_rounding]} of {amount_text(terms.instalment_step)}"
    if terms.method == "annuity":
        yield f"The level instalment is rounded {how}."
    elif terms.method == "equal_principal":
        yield f"The principal of an instalment is rounded {how}."
    elif terms.flat_rounding == "sum":
        yield f"The whole instalment and its principal are rounded {how}; interest is the difference."
    else:
        yield f"Principal and interest of an instalment are each rounded {how}."
