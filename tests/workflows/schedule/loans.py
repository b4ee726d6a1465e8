"""Loans for tests of repayment schedules: one plain one, and any that a facility could agree."""

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from workflows.schedule import Drawdown, RateChange, Row, Terms
from workflows.schedule.periods import last_due

CENT = Decimal("0.01")
SEED = dt.date(2026, 1, 31)
TERMS = Terms("annuity", Decimal(6), 12, "30/360", CENT)
Loan = tuple[Terms, list[Drawdown]]
METHODS = ("annuity", "equal_principal", "flat", "bullet")
DAY_COUNTS = (
    "30/360",
    "PERIODIC",
    "ACT/365F",
    "ACT/360",
    "ACT/364",
    "ACT/ACT-ISDA",
    "ACT/ACT-31DEC",
)
LONGEST = {"days": 120, "weeks": 104, "months": 84, "quarters": 40, "half_years": 20, "years": 10}


def drawn(amount: str, day: dt.date = SEED) -> Drawdown:
    """Return a drawdown."""
    return Drawdown(day, Decimal(amount))


def column(rows: tuple[Row, ...], name: str) -> list[str]:
    """Return one column of a schedule as it is printed."""
    return [str(getattr(row, name)) for row in rows]


@st.composite
def graces(draw: st.DrawFn, method: str, instalments: int) -> dict[str, int]:
    """Return kinds of grace that go together."""
    kinds = ["grace_deferred", "grace_waived"]
    if method != "flat":
        kinds.append("grace_capitalised")
    found = {draw(st.sampled_from(kinds)): draw(st.integers(0, min(instalments - 1, 12)))}
    if method != "bullet":
        found["grace_principal"] = draw(st.integers(0, instalments - 1))
    return found


@st.composite
def loans(draw: st.DrawFn, /, smallest: int = 10**6, **fixed: Any) -> Loan:
    """Return terms up to 36 % with up to three drawdowns, from ``smallest`` money steps each."""
    method: Any = fixed.pop("method", None) or draw(st.sampled_from(METHODS))
    unit = draw(st.sampled_from(list(LONGEST)))
    instalments = draw(st.integers(1, LONGEST[unit]))
    seed = draw(st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)))
    step = draw(st.sampled_from([CENT, Decimal(1), Decimal(100)]))
    values: dict[str, Any] = {
        "annual_rate_pct": draw(st.decimals(0, 36, places=4)),
        "instalments": instalments,
        "day_count": draw(st.sampled_from(DAY_COUNTS)),
        "money_step": step,
        "rounding": draw(st.sampled_from(["half_even", "half_up"])),
        "every": draw(st.integers(1, 3)),
        "unit": unit,
        "month_end": draw(st.sampled_from(["last_day", "first_of_next"])),
        "down_payment_pct": draw(st.sampled_from([Decimal(0), Decimal(25)])),
    }
    if method == "annuity":
        values["level_basis"] = draw(st.sampled_from(["factors", "equal_periodic_rate"]))
        values["smooth_last"] = draw(st.booleans())
    if method != "bullet" and draw(st.booleans()):
        values["instalment_step"] = step * draw(st.sampled_from([5, 10, 100]))
        values["instalment_rounding"] = draw(st.sampled_from(["nearest", "up", "down"]))
        values["flat_rounding"] = draw(st.sampled_from(["sum", "parts"]))
    if draw(st.booleans()):
        values["first_due"] = seed + dt.timedelta(days=draw(st.integers(1, 90)))
    values |= draw(graces(method, instalments))
    terms = Terms(method, **(values | fixed))
    length = (last_due(terms, seed) - seed).days
    days = [0, *draw(st.lists(st.integers(0, length - 1), max_size=2))]
    if method != "flat" and draw(st.booleans()):
        day = seed + dt.timedelta(days=draw(st.integers(0, length)))
        change = RateChange(day, draw(st.decimals(0, 36, places=2)))
        terms = Terms(method, **(values | fixed), rates=(change,))
    units = st.integers(smallest, 10**12)
    return terms, [Drawdown(seed + dt.timedelta(days=day), draw(units) * step) for day in days]
