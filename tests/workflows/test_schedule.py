"""Repayment schedules: published ones to the cent, and what holds for every schedule."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Context, Decimal, localcontext
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.schedule import Drawdown, Row, Terms, due_date, repayment_schedule

PUBLISHED = json.loads((Path(__file__).parent / "data/repayment-schedules.json").read_text("utf-8"))
CENT = Decimal("0.01")
SEED = dt.date(2026, 1, 31)
TERMS = Terms("annuity", Decimal(6), 12, "30/360", CENT)


def drawn(amount: str, day: dt.date = SEED) -> Drawdown:
    return Drawdown(day, Decimal(amount))


def printed(rows: tuple[Row, ...]) -> list[dict[str, str]]:
    return [
        {
            "due": row.due.isoformat(),
            "principal": str(row.principal),
            "interest": str(row.interest),
            "total": str(row.total),
        }
        for row in rows
    ]


# Published schedules


def published_terms(case: dict[str, Any]) -> Terms:
    step = case.get("instalment_multiple_of")
    return Terms(
        method=case["method"],
        annual_rate_pct=Decimal(case["annual_rate_pct"]),
        instalments=case["instalments"],
        day_count=case["day_count"],
        money_step=CENT,
        grace_principal=case.get("grace_principal", 0),
        instalment_step=Decimal(step) if step else None,
    )


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: case["id"])
def test_a_published_schedule_is_reproduced_to_the_cent(case: dict[str, Any]) -> None:
    later = [(d["date"], d["amount"]) for d in case.get("later_drawdowns", [])]
    drawdowns = [
        drawn(amount, dt.date.fromisoformat(day))
        for day, amount in [(case["disbursement_date"], case["principal"]), *later]
    ]
    assert printed(repayment_schedule(published_terms(case), drawdowns)) == case["rows"]


@pytest.mark.parametrize(
    "case",
    [case for case in PUBLISHED["cases"] if "HALF_UP" in case.get("still_reproduced_with", [])],
    ids=lambda case: case["id"],
)
def test_half_up_gives_the_published_schedule_where_it_should(case: dict[str, Any]) -> None:
    terms = replace(published_terms(case), rounding="half_up")
    seed = drawn(case["principal"], dt.date.fromisoformat(case["disbursement_date"]))
    assert printed(repayment_schedule(terms, [seed])) == case["rows"]


@pytest.mark.parametrize("case", PUBLISHED["textbook"], ids=lambda case: case["id"])
def test_a_textbook_annuity_is_reproduced(case: dict[str, Any]) -> None:
    rate = Decimal(case["annual_rate_pct"])
    terms = Terms("annuity", rate, case["n"], "PERIODIC", Decimal("0.00000001"))
    rows = repayment_schedule(terms, [drawn(case["principal"])])
    assert str(rows[0].total) == case["computed_payment"]
    assert str(rows[0].total.quantize(CENT)) == case["payment"]
    for row, expected in zip(rows, case.get("rows", []), strict=False):
        assert str(row.principal.quantize(CENT)) == expected["principal"]
        assert str(row.interest.quantize(CENT)) == expected["interest"]


# Conventions


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
    ("day_count", "interest"),
    [
        pytest.param("30/360", "1000.00", id="30/360 takes a twelfth"),
        pytest.param("PERIODIC", "1000.00", id="PERIODIC takes a twelfth"),
        pytest.param("ACT/365F", "920.55", id="ACT/365F takes 28 days of 365"),
        pytest.param("ACT/360", "933.33", id="ACT/360 takes 28 days of 360"),
    ],
)
def test_the_day_count_decides_the_interest_of_february(day_count: Any, interest: str) -> None:
    terms = Terms("equal_principal", Decimal(12), 1, day_count, CENT)
    (row,) = repayment_schedule(terms, [drawn("100000")])
    assert (str(row.interest), row.days) == (interest, 28)


def test_dong_have_no_decimals() -> None:
    terms = Terms("annuity", Decimal("7.5"), 3, "ACT/365F", Decimal(1))
    rows = repayment_schedule(terms, [drawn("1200000000")])
    assert {row.total.as_tuple().exponent for row in rows} == {0}
    assert sum(row.principal for row in rows) == 1_200_000_000


def test_equal_principal_is_shared_anew_after_a_drawdown() -> None:
    terms = Terms("equal_principal", Decimal(0), 4, "30/360", CENT)
    rows = repayment_schedule(terms, [drawn("400"), drawn("90", dt.date(2026, 3, 10))])
    assert [str(row.principal) for row in rows] == ["100.00", "130.00", "130.00", "130.00"]
    assert [str(row.drawn) for row in rows] == ["0.00", "90.00", "0.00", "0.00"]


def test_drawdowns_of_one_day_are_one_and_their_order_is_indifferent() -> None:
    later = drawn("500", dt.date(2026, 4, 2))
    once = repayment_schedule(TERMS, [drawn("1000"), later])
    assert repayment_schedule(TERMS, [later, drawn("400"), drawn("600")]) == once


def test_an_instalment_never_falls_below_its_own_interest() -> None:
    terms = Terms("annuity", Decimal(200), 120, "ACT/365F", CENT)
    rows = repayment_schedule(terms, [drawn("100000")])
    assert min(row.principal for row in rows) == 0
    assert rows[-1].closing == 0


# Nonsense


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"method": "flat"}, "'flat' is not known", id="an unknown method"),
        pytest.param({"day_count": "NL/365"}, "'NL/365' is not known", id="an unknown day count"),
        pytest.param({"rounding": "up"}, "'up' is not known", id="an unknown rounding"),
        pytest.param({"annual_rate_pct": Decimal(-1)}, "zero or more", id="a negative rate"),
        pytest.param({"annual_rate_pct": Decimal("NaN")}, "zero or more", id="no rate at all"),
        pytest.param({"instalments": 0}, "at least one instalment", id="no instalment"),
        pytest.param({"grace_principal": 12}, "after the grace", id="grace to the end"),
        pytest.param({"grace_principal": -1}, "after the grace", id="grace before the start"),
        pytest.param({"money_step": Decimal(0)}, "money step must be", id="no money step"),
        pytest.param({"instalment_step": Decimal("0.005")}, "a multiple", id="too fine a step"),
        pytest.param(
            {"method": "equal_principal", "instalment_step": Decimal(1)},
            "Only the level instalment",
            id="an instalment step without a level instalment",
        ),
    ],
)
def test_terms_that_no_loan_can_have_are_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        replace(TERMS, **change)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(ValueError, match=r"zero or more\. There must be at least one instalment\."):
        replace(TERMS, annual_rate_pct=Decimal(-1), instalments=0)


@pytest.mark.parametrize(
    ("drawdowns", "sentence"),
    [
        pytest.param([], "at least one drawdown", id="no drawdown"),
        pytest.param([drawn("0")], "more than zero", id="nothing drawn"),
        pytest.param([drawn("-5")], "more than zero", id="less than nothing drawn"),
        pytest.param([drawn("Infinity")], "more than zero", id="an endless amount"),
        pytest.param([drawn("1.005")], "finer than 0.01", id="a fraction of a sen"),
        pytest.param(
            [drawn("10"), drawn("10", dt.date(2027, 1, 31))],
            "before the last due date, 2027-01-31",
            id="a drawdown on the last due date",
        ),
    ],
)
def test_drawdowns_that_cannot_be_repaid_are_refused(
    drawdowns: list[Drawdown], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        repayment_schedule(TERMS, drawdowns)


def test_an_instalment_step_that_leaves_no_principal_is_refused() -> None:
    with pytest.raises(ValueError, match="repays no principal"):
        repayment_schedule(replace(TERMS, instalment_step=Decimal(1000)), [drawn("1200")])


# What holds for every schedule

steps = st.sampled_from([CENT, Decimal(1)])


@st.composite
def loans(draw: st.DrawFn, smallest: int = 1) -> tuple[Terms, list[Drawdown]]:
    """Return terms up to 36 % and 84 months with up to three drawdowns, from ``smallest`` money steps each."""
    instalments = draw(st.integers(1, 84))
    terms = Terms(
        method=draw(st.sampled_from(["annuity", "equal_principal"])),
        annual_rate_pct=draw(st.decimals(0, 36, places=4)),
        instalments=instalments,
        day_count=draw(st.sampled_from(["30/360", "PERIODIC", "ACT/365F", "ACT/360"])),
        money_step=draw(steps),
        grace_principal=draw(st.integers(0, instalments - 1)),
        rounding=draw(st.sampled_from(["half_even", "half_up"])),
    )
    seed = draw(st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)))
    length = (due_date(seed, instalments) - seed).days
    days = [0, *draw(st.lists(st.integers(0, length - 1), max_size=2))]
    units = st.integers(smallest, 10**12)
    return terms, [
        Drawdown(seed + dt.timedelta(days=day), draw(units) * terms.money_step) for day in days
    ]


@given(loans())
@settings(deadline=None)
def test_every_schedule_repays_exactly_what_was_drawn(loan: tuple[Terms, list[Drawdown]]) -> None:
    terms, drawdowns = loan
    rows = repayment_schedule(terms, drawdowns)
    assert len(rows) == terms.instalments
    assert sum(row.principal for row in rows) == sum(d.amount for d in drawdowns)
    assert rows[-1].closing == 0
    assert all(row.total == row.principal + row.interest for row in rows)
    assert all(row.opening + row.drawn - row.principal == row.closing for row in rows)
    assert all(min(row.principal, row.interest, row.opening, row.closing) >= 0 for row in rows)
    assert all(row.principal == 0 for row in rows[: terms.grace_principal])
    assert all(earlier.due < later.due for earlier, later in pairwise(rows))
    assert all(earlier.closing <= later.opening for earlier, later in pairwise(rows))


@given(loans(smallest=10**6))
@settings(deadline=None)
def test_the_last_instalment_of_an_annuity_is_close_to_the_level_one(
    loan: tuple[Terms, list[Drawdown]],
) -> None:
    terms = replace(loan[0], method="annuity")
    rows = repayment_schedule(terms, loan[1][:1])[terms.grace_principal :]
    # Each row rounds at most one step away, and the difference bears interest until the end.
    growth = (1 + terms.annual_rate_pct / 1200 * Decimal("1.05")) ** len(rows)
    assert abs(rows[-1].total - rows[0].total) <= len(rows) * terms.money_step * growth


@given(loans())
@settings(deadline=None, max_examples=25)
def test_a_schedule_depends_on_nothing_but_its_input(loan: tuple[Terms, list[Drawdown]]) -> None:
    rows = repayment_schedule(*loan)
    with localcontext(Context(prec=3)):
        assert repayment_schedule(*loan) == rows
