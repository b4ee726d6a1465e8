"""The working of a schedule: its sentences, and that every figure of every row follows from them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings

from tests.workflows.schedule.loans import CENT, TERMS, Loan, drawn, loans
from workflows.schedule import Line, RateChange, Terms, convention, repayment_schedule, working
from workflows.schedule.level import Rounds
from workflows.schedule.rounding import ARITHMETIC

YEAR = dt.date(2024, 1, 1)
TWELVE = Terms("annuity", Decimal(12), 6, "ACT/365F", CENT)
THOUSAND = [drawn("10000", YEAR)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({}, "Interest 1 Jan to 1 Feb 2024: 10,000.00 x 12 % x 31/365 = 101.92", id="interest by actual days"),
        pytest.param({"day_count": "30/360"}, "Interest 1 Jan to 1 Feb 2024: 10,000.00 x 12 % x 30/360 = 100.00", id="interest of a month of 30 days"),
        pytest.param({"day_count": "PERIODIC", "every": 3}, "Interest 1 Jan to 1 Apr 2024: 10,000.00 x 12 % x 3/12 = 300.00", id="interest of a quarter"),
        pytest.param({"day_count": "ACT/ACT-ISDA", "unit": "years"}, "Interest 1 Jan 2024 to 1 Jan 2025: 10,000.00 x 12 % x 366/366 = 1,200.00", id="interest of a leap year"),
        pytest.param(
            {"day_count": "30/360", "first_due": dt.date(2024, 2, 18)},
            "Interest 1 Jan to 18 Feb 2024: 10,000.00 x 12 % x (1 + 17/29) x 30/360 = 158.62", id="interest of a longer first period"
        ),
        pytest.param(
            {"rates": (RateChange(dt.date(2024, 1, 11), Decimal(24)),)},
            "Interest 11 Jan to 1 Feb 2024: 10,000.00 x 24 % x 21/365 = 138.0821917808…", id="interest of a part of a period"
        ),
        pytest.param(
            {"rates": (RateChange(dt.date(2024, 1, 11), Decimal(24)),)},
            "Interest 1 Jan to 1 Feb 2024: the sum of its parts, 170.9589041096…, rounded = 170.96", id="the sum of the parts"
        ),
        pytest.param({"grace_waived": 1}, "Interest 1 Jan to 1 Feb 2024: waived = 0.00", id="interest that is waived"),
        pytest.param({"grace_capitalised": 1}, "Interest that joins the balance on 1 Feb 2024: 101.92", id="interest that is capitalised"),
        pytest.param({"grace_capitalised": 1}, "Balance after 1 Feb 2024: 10,000.00 + 101.92 - 0.00 = 10,101.92", id="the balance it joins"),
        pytest.param({"grace_deferred": 1}, "Deferred interest, to be paid later, so far: 101.92", id="interest that is deferred"),
        pytest.param({"grace_deferred": 1, "grace_principal": 1}, "Interest due on 1 Mar 2024: 197.26", id="deferred interest that is due"),
        pytest.param({}, "Level instalment from number 1 on: 10,613.4720608186… / 6.1515916415… = 1,725.32", id="a level instalment by its factors"),
        pytest.param(
            {"level_basis": "equal_periodic_rate", "instalment_step": Decimal(1)},
            "Level instalment from number 1 on: 10,000.00 x (12 % x 1/12) / (1 - (1 + (12 % x 1/12))^-6), in steps of 1 = 1,725.00", id="a level instalment of equal periods"
        ),
        pytest.param({"method": "equal_principal"}, "Principal of each instalment from number 1 on: 10,000.00 / 6 = 1,666.67", id="equal principal"),
        pytest.param({"method": "flat", "day_count": "30/360"}, "Flat interest 1 Jan to 1 Jul 2024: 10,000.00 x 12 % x 1/2 = 600", id="flat interest of the whole term"),
        pytest.param({"method": "flat", "day_count": "30/360"}, "Interest of each instalment from number 1 on: 600 / 6 = 100.00", id="its part in an instalment"),
        pytest.param(
            {"method": "flat", "day_count": "30/360", "instalment_step": Decimal(10)},
            "Interest of each instalment from number 1 on: 10,000.00 / 6 + 600 / 6, together, in steps of 10, less the principal = 100.00", id="its part when the sum is rounded"
        ),
        pytest.param({}, "Instalment 1, due on 1 Feb 2024: 1,623.40 + 101.92 = 1,725.32", id="the instalment"),
        pytest.param({}, "Balance after 1 Feb 2024: 10,000.00 - 1,623.40 = 8,376.60", id="the balance after it"),
        pytest.param({"down_payment_pct": Decimal(25)}, "Down payment on 1 Jan 2024: 2,500.00 of 10,000.00", id="the down payment"),
    ],
)  # fmt: skip
def test_the_working_says(change: dict[str, Any], sentence: str) -> None:
    lines = working(replace(TWELVE, **change), THOUSAND)
    assert sentence in [line.sentence for line in lines]


def test_a_drawdown_within_a_period_is_in_the_balance() -> None:
    lines = working(TWELVE, [*THOUSAND, drawn("500", dt.date(2024, 1, 20))])
    assert lines[0].sentence.startswith("Interest 1 Jan to 20 Jan 2024: 10,000.00 x 12 % x 19/365")
    assert lines[1].sentence.startswith("Interest 20 Jan to 1 Feb 2024: 10,500.00 x 12 % x 12/365")
    balances = [line.sentence for line in lines if line.kind == "closing"]
    assert balances[0].startswith("Balance after 1 Feb 2024: 10,000.00 + 500.00 - ")


def accrued(terms: Terms, lines: Iterable[Line]) -> Decimal:
    """Compute the interest of one period again, exactly, and round it once."""
    exact = sum(
        (
            Fraction(line.base) * Fraction(line.rate_pct) / 100 * Fraction(*line.year)
            for line in lines
            if line.base is not None and line.rate_pct is not None and line.year is not None
        ),
        Fraction(0),
    )
    with localcontext(ARITHMETIC):
        return Rounds.of(terms).money(Decimal(exact.numerator) / exact.denominator)


@given(loans())
@settings(deadline=None)
def test_every_figure_of_every_row_follows_from_the_working(loan: Loan) -> None:
    terms, drawdowns = loan
    try:
        rows = repayment_schedule(terms, drawdowns)
    except ValueError as error:
        assume("no principal" not in str(error))
        raise
    lines = working(terms, drawdowns)
    balance = None
    for row in rows:
        own = [line for line in lines if line.number == row.number]
        by = {line.kind: line.amount for line in own}
        if row.number:
            due = by.get("interest_due", by.get("interest", by.get("waived")))
            assert (by["principal"], due, by["total"]) == (row.principal, row.interest, row.total)
            assert by.get("capitalised", 0) == row.capitalised
            assert by.get("deferred", 0) == row.deferred
        if row.number and terms.method != "flat" and row.number > terms.grace_waived:
            assert by["interest"] == row.accrued == accrued(terms, own)
        assert by["closing"] == row.closing
        balance = by["closing"]
    assert balance == 0


@given(loans())
@settings(deadline=None, max_examples=50)
def test_every_planned_instalment_follows_from_its_line(loan: Loan) -> None:
    terms, drawdowns = loan
    try:
        lines = working(terms, drawdowns)
    except ValueError as error:
        assume("no principal" not in str(error))
        raise
    rounds = Rounds.of(terms)
    for line in lines:
        if line.kind != "instalment" or line.base is None or line.divisor is None:
            continue
        with localcontext(ARITHMETIC):
            again = rounds.step(line.base / line.divisor)
        assert again == line.amount or terms.smooth_last


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({}, "12 instalments, every month, counted from the first drawdown; a month without that day has its last day instead.", id="when they are due"),
        pytest.param({"every": 2, "unit": "weeks"}, "12 instalments, every 2 weeks, counted from the first drawdown.", id="every two weeks"),
        pytest.param({"unit": "half_years", "month_end": "first_of_next"}, "12 instalments, every half-year, counted from the first drawdown; in place of a day that a month lacks stands the first of the next month.", id="the first of the next month"),
        pytest.param({"first_due": YEAR}, "12 instalments, every month, counted from the first due date, 2024-01-01; a month without that day has its last day instead.", id="a first due date"),
        pytest.param({"down_payment": Decimal(5)}, "The borrower pays 5 of the first drawdown at once.", id="a down payment"),
        pytest.param({"down_payment_pct": Decimal(25)}, "The borrower pays 25 % of the first drawdown at once.", id="a down payment in per cent"),
        pytest.param({"grace_principal": 3}, "No principal is due with the first 3 instalments.", id="no principal"),
        pytest.param({"grace_principal": 1}, "No principal is due with the first instalment.", id="no principal once"),
        pytest.param({"grace_deferred": 3}, "Interest of the first 3 periods is deferred: it bears no interest and is paid with the first instalment after.", id="deferred interest"),
        pytest.param({"grace_capitalised": 3}, "Interest of the first 3 periods is capitalised: nothing is due, and on each due date it becomes part of the balance.", id="capitalised interest"),
        pytest.param({"grace_waived": 3}, "No interest is charged for the first 3 periods.", id="waived interest"),
        pytest.param({"rates": (RateChange(YEAR, Decimal("7.50")),)}, "From 2024-01-01 interest is 7.5 % a year.", id="a later rate"),
        pytest.param({"instalment_step": Decimal(5), "instalment_rounding": "up"}, "The level instalment is rounded up to a multiple of 5.", id="the level instalment in fives"),
        pytest.param({"method": "equal_principal", "instalment_step": Decimal(5)}, "The principal of an instalment is rounded to the nearest multiple of 5.", id="equal principal in fives"),
        pytest.param({"method": "flat", "instalment_step": Decimal(5)}, "The whole instalment and its principal are rounded to the nearest multiple of 5; interest is the difference.", id="flat instalments in fives"),
        pytest.param({"method": "flat", "instalment_step": Decimal(5), "flat_rounding": "parts"}, "Principal and interest of an instalment are each rounded to the nearest multiple of 5.", id="flat parts in fives"),
        pytest.param({"rounding": "half_up"}, "Interest of a period is summed over its parts and rounded once, half up, to 0.01; the last instalment takes the exact balance.", id="the rounding"),
    ],
)  # fmt: skip
def test_the_conventions_say(change: dict[str, Any], sentence: str) -> None:
    assert sentence in convention(replace(TERMS, **change))


@pytest.mark.parametrize("method", ["annuity", "equal_principal", "flat", "bullet"])
def test_the_first_sentences_name_method_and_day_count(method: Any) -> None:
    first, second, *_ = convention(replace(TERMS, method=method))
    assert second.startswith("Interest is 6 % a year. 30/360: ")
    assert first.endswith(".")


def test_smoothing_is_named_when_it_is_agreed() -> None:
    told = convention(replace(TERMS, smooth_last=True))
    assert len(told) == len(convention(TERMS)) + 1
