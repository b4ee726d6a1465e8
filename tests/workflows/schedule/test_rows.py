"""The instalments: methods, grace, drawdowns, later rates and the borrower's own part."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.workflows.schedule.loans import CENT, TERMS, column, drawn
from workflows.schedule import RateChange, Row, Terms, repayment_schedule

TWELVE = Terms("annuity", Decimal(12), 4, "30/360", CENT)
THOUSAND = [drawn("1000")]


def interest(rows: tuple[Row, ...]) -> Decimal:
    return sum((row.interest for row in rows), Decimal(0))


# Closed forms: 1,200.00 at 1 % a month over 12 months.


@pytest.mark.parametrize(
    ("change", "cost"),
    [
        pytest.param({"method": "equal_principal"}, "78.00", id="equal principal costs P i (n + 1) / 2"),
        pytest.param({"method": "bullet"}, "144.00", id="a bullet costs P i n"),
        pytest.param({"method": "flat"}, "144.00", id="flat interest costs P i n too"),
        pytest.param({"grace_principal": 11}, "144.00", id="interest alone until the end is a bullet"),
        pytest.param(
            {"method": "bullet", "grace_deferred": 11}, "144.00", id="deferred interest bears none"
        ),
        pytest.param(
            {"method": "bullet", "grace_capitalised": 11}, "152.19", id="capitalised interest costs P ((1 + i)^n - 1)"
        ),
        pytest.param({"method": "bullet", "grace_waived": 5}, "84.00", id="waived interest costs nothing"),
        pytest.param({"annual_rate_pct": Decimal(0)}, "0.00", id="no rate costs nothing"),
        pytest.param(
            {"method": "equal_principal", "grace_principal": 3}, "96.00", id="grace costs P i g, and the rest as if shorter"
        ),
        pytest.param(
            {"method": "equal_principal", "grace_deferred": 3}, "78.00", id="deferral alone changes the day, not the cost"
        ),
        pytest.param(
            {"method": "equal_principal", "grace_waived": 3}, "45.00", id="a waiver takes the dearest months"
        ),
    ],
)  # fmt: skip
def test_what_a_method_costs(change: dict[str, Any], cost: str) -> None:
    terms = replace(TWELVE, instalments=12, **change)
    rows = repayment_schedule(terms, [drawn("1200")])
    paid = sum((row.total for row in rows), Decimal(0))
    assert str(paid - 1200) == cost
    capitalised = sum((row.capitalised for row in rows), Decimal(0))
    assert interest(rows) + capitalised == Decimal(cost)


# Grace


@pytest.mark.parametrize(
    ("change", "totals"),
    [
        pytest.param({"grace_principal": 2}, ["10.00", "10.00", "507.51", "507.51"], id="interest alone, then level"),
        pytest.param(
            {"grace_principal": 2, "grace_deferred": 1}, ["0.00", "20.00", "507.51", "507.51"], id="deferred within the grace"
        ),
        pytest.param(
            {"grace_principal": 2, "grace_deferred": 2}, ["0.00", "0.00", "527.51", "507.51"], id="deferred as long: on top of the level one"
        ),
        pytest.param(
            {"grace_deferred": 2}, ["256.28", "256.28", "256.28", "256.00"], id="deferred alone: out of the level one"
        ),
        pytest.param({"grace_capitalised": 2}, ["0.00", "0.00", "517.71", "517.72"], id="capitalised: level on more"),
        pytest.param(
            {"grace_capitalised": 1, "grace_principal": 2}, ["0.00", "10.10", "512.59", "512.59"], id="capitalised, then interest alone"
        ),
        pytest.param({"grace_waived": 2}, ["251.86", "251.86", "251.86", "251.87"], id="waived: less, and level at once"),
        pytest.param(
            {"grace_waived": 2, "grace_principal": 2}, ["0.00", "0.00", "507.51", "507.51"], id="waived and no principal: nothing due"
        ),
        pytest.param(
            {"method": "equal_principal", "grace_deferred": 2}, ["250.00", "250.00", "272.50", "252.50"], id="equal principal goes on while interest waits"
        ),
        pytest.param(
            {"method": "flat", "grace_deferred": 2}, ["250.00", "250.00", "280.00", "260.00"], id="flat principal goes on as well"
        ),
        pytest.param(
            {"method": "flat", "grace_waived": 2}, ["250.00", "250.00", "260.00", "260.00"], id="flat interest is not charged for waived periods"
        ),
        pytest.param(
            {"method": "flat", "grace_principal": 2}, ["10.00", "10.00", "510.00", "510.00"], id="flat interest runs through grace for principal"
        ),
    ],
)  # fmt: skip
def test_each_grace_is_its_own(change: dict[str, Any], totals: list[str]) -> None:
    assert column(repayment_schedule(replace(TWELVE, **change), THOUSAND), "total") == totals


def test_deferred_interest_that_is_more_than_the_instalment_is_paid_at_once_all_the_same() -> None:
    terms = replace(TWELVE, instalments=30, annual_rate_pct=Decimal(24), grace_deferred=20)
    rows = repayment_schedule(terms, THOUSAND)
    assert rows[20].interest == sum(row.accrued for row in rows[:21])
    assert rows[20].principal == 0
    assert rows[20].total > rows[0].total
    assert rows[-1].closing == 0


# Drawdowns


def test_dong_have_no_decimals() -> None:
    terms = Terms("annuity", Decimal("7.5"), 3, "ACT/365F", Decimal(1))
    rows = repayment_schedule(terms, [drawn("1200000000")])
    assert {row.total.as_tuple().exponent for row in rows} == {0}
    assert sum(row.principal for row in rows) == 1_200_000_000


def test_equal_principal_is_shared_anew_after_a_drawdown() -> None:
    terms = Terms("equal_principal", Decimal(0), 4, "30/360", CENT)
    rows = repayment_schedule(terms, [drawn("400"), drawn("90", dt.date(2026, 3, 10))])
    assert column(rows, "principal") == ["100.00", "130.00", "130.00", "130.00"]
    assert column(rows, "drawn") == ["0.00", "90.00", "0.00", "0.00"]


def test_flat_interest_of_a_later_drawdown_runs_from_its_day() -> None:
    terms = Terms("flat", Decimal(12), 4, "30/360", CENT)
    rows = repayment_schedule(terms, [drawn("1000"), drawn("600", dt.date(2026, 3, 31))])
    assert column(rows, "interest") == ["10.00", "10.00", "16.00", "16.00"]
    assert column(rows, "principal") == ["250.00", "250.00", "550.00", "550.00"]


def test_drawdowns_of_one_day_are_one_and_their_order_is_indifferent() -> None:
    later = drawn("500", dt.date(2026, 4, 2))
    once = repayment_schedule(TERMS, [drawn("1000"), later])
    assert repayment_schedule(TERMS, [later, drawn("400"), drawn("600")]) == once


def test_an_instalment_never_falls_below_its_own_interest() -> None:
    terms = Terms("annuity", Decimal(200), 120, "ACT/365F", CENT)
    rows = repayment_schedule(terms, [drawn("100000")])
    assert min(row.principal for row in rows) == 0
    assert rows[-1].closing == 0


# Later rates


@pytest.mark.parametrize(
    ("day", "interest"),
    [
        pytest.param(dt.date(2026, 1, 31), ["20.00", "15.15"], id="from the first day"),
        pytest.param(
            dt.date(2026, 2, 28), ["10.00", "15.07"], id="from a due date: the next period"
        ),
        pytest.param(dt.date(2026, 2, 14), ["15.00", "15.07"], id="within a period: by its days"),
        pytest.param(dt.date(2025, 6, 1), ["20.00", "15.15"], id="from before the drawdown"),
        pytest.param(dt.date(2030, 1, 1), ["10.00", "7.54"], id="after the end: never"),
    ],
)
def test_a_later_rate_holds_from_its_day(day: dt.date, interest: list[str]) -> None:
    terms = replace(TWELVE, rates=(RateChange(day, Decimal(24)),))
    rows = repayment_schedule(terms, THOUSAND)
    assert column(rows[:2], "interest") == interest
    assert abs(rows[-1].total - rows[-2].total) < Decimal("0.05")


def test_equal_principal_stays_when_the_rate_changes() -> None:
    change = RateChange(dt.date(2026, 3, 31), Decimal(24))
    terms = Terms("equal_principal", Decimal(12), 4, "30/360", CENT, rates=(change,))
    rows = repayment_schedule(terms, THOUSAND)
    assert column(rows, "principal") == ["250.00"] * 4
    assert column(rows, "interest") == ["10.00", "7.50", "10.00", "5.00"]


# The borrower's own part


@pytest.mark.parametrize(
    ("change", "own"),
    [
        pytest.param({"down_payment": Decimal("250.50")}, "250.50", id="an amount"),
        pytest.param({"down_payment_pct": Decimal("33.335")}, "333.35", id="a share, rounded"),
    ],
)
def test_a_down_payment_is_row_zero_and_the_schedule_is_on_the_rest(
    change: dict[str, Any], own: str
) -> None:
    drawdowns = [drawn("1000"), drawn("100", dt.date(2026, 3, 1))]
    first, *rows = repayment_schedule(replace(TWELVE, **change), drawdowns)
    assert (first.number, first.due, first.days) == (0, drawdowns[0].date, 0)
    assert (str(first.total), str(first.interest)) == (own, "0.00")
    rest = [drawn(str(1000 - Decimal(own))), drawdowns[1]]
    assert tuple(rows) == repayment_schedule(TWELVE, rest)
