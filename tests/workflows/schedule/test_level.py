"""What each instalment shall be: multiples, the basis of the level one, smoothing, flat parts."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.workflows.schedule.loans import CENT, TERMS, column, drawn
from workflows.schedule import Terms, repayment_schedule

FLAT = Terms("flat", Decimal(12), 3, "PERIODIC", CENT)


@pytest.mark.parametrize(
    ("change", "total"),
    [
        pytest.param({}, "86.07", id="to the smallest amount"),
        pytest.param({"instalment_step": Decimal(1)}, "86.00", id="to the nearest whole"),
        pytest.param({"instalment_step": Decimal(5)}, "85.00", id="to the nearest five"),
        pytest.param(
            {"instalment_step": Decimal(1), "instalment_rounding": "up"}, "87.00", id="up to a whole"
        ),
        pytest.param(
            {"instalment_step": Decimal(5), "instalment_rounding": "up"}, "90.00", id="up to five"
        ),
        pytest.param(
            {"instalment_step": Decimal(10), "instalment_rounding": "down"}, "80.00", id="down to ten"
        ),
        pytest.param({"day_count": "ACT/360", "level_basis": "equal_periodic_rate"}, "86.07", id="equal periods, whatever the days"),
        pytest.param({"day_count": "ACT/360"}, "86.08", id="the days of each period"),
    ],
)  # fmt: skip
def test_a_level_instalment_of_a_thousand_is(change: dict[str, Any], total: str) -> None:
    rows = repayment_schedule(replace(TERMS, **change), [drawn("1000")])
    assert set(column(rows[:-1], "total")) == {total}
    assert sum(row.principal for row in rows) == 1000


def test_instalments_rounded_up_end_early_rather_than_below_zero() -> None:
    terms = replace(TERMS, instalment_step=Decimal(200), instalment_rounding="up")
    rows = repayment_schedule(terms, [drawn("1000")])
    assert column(rows[4:7], "total") == ["200.00", "15.28", "0.00"]


@pytest.mark.parametrize(
    ("change", "principal", "interest"),
    [
        pytest.param({}, ["333.33", "333.33", "333.34"], ["10.00", "10.00", "10.00"], id="each part to the smallest amount"),
        pytest.param(
            {"instalment_step": Decimal(10)}, ["330.00", "330.00", "340.00"], ["10.00", "10.00", "10.00"], id="the sum to tens"
        ),
        pytest.param(
            {"instalment_step": Decimal(20)}, ["340.00", "340.00", "320.00"], ["0.00", "0.00", "30.00"], id="the sum to twenties: interest is what is left"
        ),
        pytest.param(
            {"instalment_step": Decimal(20), "annual_rate_pct": Decimal(18)}, ["340.00", "340.00", "320.00"], ["0.00", "0.00", "45.00"], id="and not its own multiple"
        ),
        pytest.param(
            {"instalment_step": Decimal(20), "flat_rounding": "parts", "rounding": "half_up"},
            ["340.00", "340.00", "320.00"], ["20.00", "10.00", "0.00"], id="each part to twenties, and never more than is owed"
        ),
        pytest.param(
            {"instalment_step": Decimal(1), "instalment_rounding": "up"}, ["334.00", "334.00", "332.00"], ["10.00", "10.00", "10.00"], id="up to a whole"
        ),
    ],
)  # fmt: skip
def test_flat_instalments_are_rounded(
    change: dict[str, Any], principal: list[str], interest: list[str]
) -> None:
    rows = repayment_schedule(replace(FLAT, **change), [drawn("1000")])
    assert (column(rows, "principal"), column(rows, "interest")) == (principal, interest)


@pytest.mark.parametrize(
    ("loan", "smoothed", "plain"),
    [
        pytest.param(
            ("75", "12.3", 5), ["15.47", "15.45"], ["15.46", "15.49"], id="moved where it helps"
        ),
        pytest.param(
            ("100", "12", 6), ["17.25", "17.28"], ["17.25", "17.28"], id="left where it is small"
        ),
    ],
)
def test_a_large_difference_of_the_last_instalment_is_spread(
    loan: tuple[str, str, int], smoothed: list[str], plain: list[str]
) -> None:
    found = []
    amount, rate, instalments = loan
    for smooth in (True, False):
        terms = replace(TERMS, annual_rate_pct=Decimal(rate), instalments=instalments)
        rows = repayment_schedule(replace(terms, smooth_last=smooth), [drawn(amount)])
        found.append([str(rows[0].total), str(rows[-1].total)])
    assert found == [smoothed, plain]


def test_smoothing_looks_at_the_interest_that_will_really_be_due() -> None:
    terms = Terms("annuity", Decimal(4), 3, "ACT/360", CENT, level_basis="equal_periodic_rate")
    begun = [drawn("100", dt.date(2024, 12, 23))]
    rows = repayment_schedule(replace(terms, smooth_last=True), begun)
    assert rows == repayment_schedule(terms, begun)
