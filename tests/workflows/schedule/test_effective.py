"""What a loan costs a year, whatever its method is called."""

import datetime as dt
import math
from dataclasses import replace
from decimal import Context, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings

from tests.workflows.schedule.loans import CENT, TERMS, Loan, drawn, loans
from workflows.schedule import Terms, effective_rate, repayment_schedule

YEAR = Terms("bullet", Decimal(12), 1, "ACT/365F", CENT, unit="years")
DAY = dt.date(2025, 1, 1)


@pytest.mark.parametrize(
    ("change", "rate"),
    [
        pytest.param({}, "12.0000", id="one payment after a year of 365 days: the nominal rate"),
        pytest.param({"annual_rate_pct": Decimal(0)}, "0.0000", id="no interest: zero"),
        # (1 + 0.12 x 73/365)^5 - 1
        pytest.param({"instalments": 5, "every": 73, "unit": "days"}, "12.5900", id="five payments a year compound"),
        # 1,000 = 560 / (1 + r) + 560 / (1 + r)^2
        pytest.param({"method": "flat", "instalments": 2}, "7.8999", id="flat interest costs more than it says"),
        pytest.param({"down_payment_pct": Decimal(50)}, "12.0000", id="what is paid back at once costs nothing"),
        pytest.param({"instalments": 2, "grace_waived": 1}, "5.8301", id="a waived year"),
    ],
)  # fmt: skip
def test_the_effective_rate_of_a_loan(change: dict[str, Any], rate: str) -> None:
    if change.get("method") == "flat":
        change = {**change, "annual_rate_pct": Decimal(6)}
    drawdowns = [drawn("1000000", DAY)]
    rows = repayment_schedule(replace(YEAR, **change), drawdowns)
    assert str(effective_rate(rows, drawdowns)) == rate


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        pytest.param("2000", "Less is repaid", id="rows of a smaller loan"),
        pytest.param("0.01", "No effective rate up to", id="rows of a far larger loan"),
    ],
)
def test_rows_that_do_not_fit_the_drawdowns_are_refused(amount: str, sentence: str) -> None:
    rows = repayment_schedule(TERMS, [drawn("1000")])
    with pytest.raises(ValueError, match=sentence):
        effective_rate(rows, [drawn(amount)])


def test_without_a_drawdown_there_is_no_rate() -> None:
    with pytest.raises(ValueError, match="needs a drawdown"):
        effective_rate((), ())


@given(loans())
@settings(deadline=None, max_examples=50)
def test_discounted_at_the_effective_rate_both_sides_are_worth_the_same(loan: Loan) -> None:
    terms, drawdowns = loan
    try:
        rows = repayment_schedule(terms, drawdowns)
    except ValueError:
        return
    with localcontext(Context(prec=3)):
        rate = effective_rate(rows, drawdowns)
    begun = drawdowns[0].date

    def worth(amount: Decimal, day: dt.date) -> float:
        years = (day - begun).days / 365
        return float(amount) * math.exp(-math.log1p(float(rate) / 100) * years)

    out = sum(worth(d.amount, d.date) for d in drawdowns)
    back = sum(worth(row.total, row.due) for row in rows)
    years = (rows[-1].due - begun).days / 365
    assert rate >= 0
    assert abs(out - back) <= out * (years + 1) * 1e-6
