"""Due dates and day counts."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.workflows.schedule.loans import CENT, TERMS, column, drawn
from workflows.schedule import Terms, due_date, repayment_schedule


@pytest.mark.parametrize(
    ("seed", "number", "due"),
    [
        pytest.param("2026-01-31", 1, "2026-02-28", id="a short month ends earlier"),
        pytest.param("2026-01-31", 2, "2026-03-31", id="the seed day comes back after it"),
        pytest.param("2028-01-31", 1, "2028-02-29", id="a leap year has its day"),
        pytest.param("2026-11-15", 2, "2027-01-15", id="the year turns"),
        pytest.param("2026-12-31", 24, "2028-12-31", id="December stays in its year"),
    ],
)
def test_due_dates_count_from_the_seed(seed: str, number: int, due: str) -> None:
    assert due_date(dt.date.fromisoformat(seed), number) == dt.date.fromisoformat(due)


@pytest.mark.parametrize(
    ("change", "dues"),
    [
        pytest.param({"unit": "days", "every": 10}, ["2026-02-10", "2026-02-20"], id="every ten days"),
        pytest.param({"unit": "weeks"}, ["2026-02-07", "2026-02-14"], id="every week"),
        pytest.param({"every": 2}, ["2026-03-31", "2026-05-31"], id="every second month"),
        pytest.param({"unit": "quarters"}, ["2026-04-30", "2026-07-31"], id="every quarter"),
        pytest.param({"unit": "half_years"}, ["2026-07-31", "2027-01-31"], id="every half-year"),
        pytest.param({"unit": "years"}, ["2027-01-31", "2028-01-31"], id="every year"),
        pytest.param(
            {"month_end": "first_of_next"}, ["2026-03-01", "2026-03-31"], id="a missing day rolls on"
        ),
        pytest.param(
            {"first_due": dt.date(2026, 2, 15)}, ["2026-02-15", "2026-03-15"], id="a first due date is the seed"
        ),
        pytest.param(
            {"first_due": dt.date(2026, 4, 30)}, ["2026-04-30", "2026-05-30"], id="a later one as well"
        ),
    ],
)  # fmt: skip
def test_instalments_fall_due(change: dict[str, Any], dues: list[str]) -> None:
    rows = repayment_schedule(replace(TERMS, instalments=2, **change), [drawn("1000")])
    assert column(rows, "due") == dues


@pytest.mark.parametrize(
    ("day_count", "interest"),
    [
        pytest.param("30/360", "1000.00", id="30/360 takes a twelfth"),
        pytest.param("PERIODIC", "1000.00", id="PERIODIC takes a twelfth"),
        pytest.param("ACT/365F", "920.55", id="ACT/365F takes 28 days of 365"),
        pytest.param("ACT/360", "933.33", id="ACT/360 takes 28 days of 360"),
        pytest.param("ACT/364", "923.08", id="ACT/364 takes 28 days of 364"),
        pytest.param("ACT/ACT-ISDA", "920.55", id="ACT/ACT takes 28 days of 365"),
    ],
)
def test_the_day_count_decides_the_interest_of_february(day_count: Any, interest: str) -> None:
    terms = Terms("equal_principal", Decimal(12), 1, day_count, CENT)
    (row,) = repayment_schedule(terms, [drawn("100000")])
    assert (str(row.interest), row.days) == (interest, 28)


@pytest.mark.parametrize(
    ("day_count", "interest"),
    [
        # ISDA, EMU and Market Conventions: Recent Developments (1998): 497.72 on 10,000, 61 days of 365 and 121 of 366.
        pytest.param("ACT/ACT-ISDA", "49772.44", id="split at 1 January, as ISDA publishes it"),
        # 60 days of 365 and 122 of 366.
        pytest.param("ACT/ACT-31DEC", "49771.69", id="split at 31 December"),
        pytest.param("ACT/365F", "49863.01", id="not split"),
    ],
)
def test_a_leap_year_counts_from_its_beginning(day_count: Any, interest: str) -> None:
    terms = Terms("bullet", Decimal(10), 1, day_count, CENT, unit="half_years")
    (row,) = repayment_schedule(terms, [drawn("1000000", dt.date(2003, 11, 1))])
    assert (str(row.interest), row.due) == (interest, dt.date(2004, 5, 1))


@pytest.mark.parametrize(
    ("change", "interest"),
    [
        pytest.param({"first_due": dt.date(2024, 1, 16)}, "4.84", id="15 of 31 days of a month"),
        pytest.param({"first_due": dt.date(2024, 2, 18)}, "15.86", id="a month, and 17 of 29 days"),
        pytest.param({"first_due": dt.date(2024, 4, 1)}, "30.00", id="three whole months"),
        pytest.param({"first_due": dt.date(2024, 1, 11), "unit": "weeks"}, "3.33", id="ten days of 360"),
        pytest.param({"first_due": dt.date(2024, 2, 18), "day_count": "PERIODIC"}, "15.86", id="PERIODIC likewise"),
        pytest.param({"first_due": dt.date(2024, 1, 11), "unit": "weeks", "day_count": "PERIODIC"}, "3.30", id="ten sevenths of a fifty-second"),
        pytest.param({"first_due": dt.date(2024, 2, 18), "day_count": "ACT/360"}, "16.00", id="48 actual days"),
    ],
)  # fmt: skip
def test_a_first_period_may_be_shorter_or_longer(change: dict[str, Any], interest: str) -> None:
    terms = replace(TERMS, annual_rate_pct=Decimal(12), **change)
    rows = repayment_schedule(terms, [drawn("1000", dt.date(2024, 1, 1))])
    assert str(rows[0].interest) == interest


def test_the_fractions_of_a_year_add_up_to_the_term() -> None:
    terms = replace(TERMS, day_count="ACT/ACT-ISDA", instalments=24)
    rows = repayment_schedule(terms, [drawn("1000", dt.date(2023, 1, 1))])
    assert sum((row.year_fraction for row in rows), Decimal(0)).quantize(CENT) == 2
    assert sum(row.days for row in rows) == (dt.date(2025, 1, 1) - dt.date(2023, 1, 1)).days


def test_a_due_date_after_the_end_of_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="after the year 9999"):
        repayment_schedule(TERMS, [drawn("1000", dt.date(9999, 6, 1))])
