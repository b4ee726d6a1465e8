"""Financing by sale: published illustrations to the sen, and what holds for every sale."""

import json
from dataclasses import replace
from datetime import date
from decimal import Context, Decimal, localcontext
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.money import from_minor, to_minor
from workflows.repaying import Amounts, Due
from workflows.sale import (
    CONFIRMATION,
    RECIPIENTS,
    WORDS,
    LateAmounts,
    LateTerms,
    Sale,
    Settlement,
    dues,
    late_amounts,
    rows,
    selling_price,
    settlement,
)
from workflows.schedule import due_date

TWO_RATES, ONE_RATE = json.loads(
    (Path(__file__).parent / "data/sales.json").read_text("utf-8")
)["cases"]  # fmt: skip


def sen(amount: str) -> int:
    return to_minor(Decimal(amount), "MYR")


# Two rates, instalments rounded up to whole ringgit
HOUSE = Sale(
    cost=sen(TWO_RATES["cost_of_finance"]),
    ceiling_rate_pct=Decimal(TWO_RATES["ceiling_profit_rate_pct"]),
    effective_rate_pct=Decimal(TWO_RATES["effective_profit_rate_pct"]),
    months=TWO_RATES["tenure_months"],
    currency="MYR",
    instalment_step=100,
)
# One rate, nothing rounded before it is printed
MACHINE = Sale(
    cost=sen(ONE_RATE["cost"]),
    ceiling_rate_pct=Decimal(ONE_RATE["profit_rate_pct"]),
    effective_rate_pct=Decimal(ONE_RATE["profit_rate_pct"]),
    months=ONE_RATE["tenure_months"],
    currency="MYR",
    instalment_step=None,
)


# Published illustrations


@pytest.mark.parametrize("printed", TWO_RATES["rows"], ids=lambda row: f"month {row['no']}")
def test_a_published_sale_at_two_rates_is_reproduced_to_the_sen(printed: dict[str, Any]) -> None:
    row = rows(HOUSE)[printed["no"] - 1]
    found = {
        "cost": row.cost,
        "profit": row.profit,
        "outstanding_selling_price": row.selling_price_outstanding,
        "outstanding_cost": row.cost_outstanding,
        "deferred_profit": row.deferred_profit,
    }
    assert {name: str(from_minor(amount, "MYR")) for name, amount in found.items()} == {
        name: printed[name] for name in found
    }
    assert row.instalment == sen(TWO_RATES["instalment"])


def test_a_published_selling_price_is_fixed_at_the_ceiling_rate() -> None:
    assert selling_price(HOUSE) == sen(TWO_RATES["selling_price"])
    assert selling_price(MACHINE) == sen(ONE_RATE["selling_price"])


def test_a_published_rebate_after_a_year_is_reproduced_to_the_sen() -> None:
    printed = ONE_RATE["after_12"]
    assert rows(MACHINE)[0].instalment == sen(ONE_RATE["instalment"])
    assert settlement(MACHINE, 12) == Settlement(
        after=12,
        selling_price_outstanding=sen(printed["selling_price_outstanding"]),
        rebate=sen(printed["unearned_profit_ibra"]),
        to_pay=sen(printed["principal_outstanding"]),
    )


# Rebates


@pytest.mark.parametrize(
    ("after", "price", "rebate"),
    [
        pytest.param(0, "482450.94", "282450.94", id="at once: all profit is given back"),
        pytest.param(6, "474920.94", "278079.77", id="after half a year"),
        pytest.param(240, "181431.90", "181431.90", id="at the end: what the ceiling was above the effective rate"),
    ],
)  # fmt: skip
def test_early_settlement_gives_the_profit_to_come_back(
    after: int, price: str, rebate: str
) -> None:
    cost = sen(price) - sen(rebate)
    assert settlement(HOUSE, after) == Settlement(after, sen(price), sen(rebate), cost)


@pytest.mark.parametrize("after", [-1, 241])
def test_there_are_so_many_instalments_and_no_more(after: int) -> None:
    with pytest.raises(ValueError, match="There are 240 instalments"):
        settlement(HOUSE, after)


def test_each_month_is_reduced_from_the_ceiling_to_the_effective_rate() -> None:
    # 2,010.21 a month at the ceiling rate, less 1,255.00
    every = rows(HOUSE)
    assert [row.rebate for row in every[:6]] == [755_21, 755_21, 755_22, 755_21, 755_21, 755_21]
    assert sum(row.instalment + row.rebate for row in every) == selling_price(HOUSE)


def test_a_sale_without_profit_may_be_repaid_before_its_months_are_over() -> None:
    every = rows(Sale(300_00, Decimal(0), Decimal(0), 4, "MYR", 100_00))
    assert [(row.instalment, row.cost_outstanding) for row in every] == [
        (100_00, 200_00),
        (100_00, 100_00),
        (100_00, 0),
    ]


# Recognition of profit


def test_profit_in_proportion_is_the_same_part_of_every_instalment() -> None:
    level = replace(MACHINE, instalment_step=1)
    spread = rows(replace(level, recognition="proportional"))
    assert [row.instalment for row in spread] == [row.instalment for row in rows(level)]
    # 12,810.90 of profit in 112,810.90: 11.356 per cent of 3,133.64
    assert {row.profit for row in spread[:-1]} == {355_86}
    assert rows(level)[0].profit == 666_67
    assert sum(due.amounts.interest for due in dues(level, DAYS)) == 12_810_90


# Instalments that fall due

DAYS = [due_date(date(2026, 1, 31), month) for month in range(1, 37)]


def test_what_falls_due_is_profit_and_cost() -> None:
    owed = dues(replace(MACHINE, instalment_step=1), DAYS)
    assert owed[0] == Due(1, date(2026, 2, 28), Amounts(interest=666_67, principal=2_466_97))
    assert sum(due.amounts.principal for due in owed) == MACHINE.cost


@pytest.mark.parametrize(
    ("sale", "days", "sentence"),
    [
        pytest.param(MACHINE, DAYS, "give an instalment step", id="instalments that nobody can pay"),
        pytest.param(replace(MACHINE, instalment_step=1), DAYS[1:], "36 instalments, but 35 due dates", id="a day too few"),
    ],
)  # fmt: skip
def test_every_instalment_falls_due_on_a_day(sale: Sale, days: list[date], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        dues(sale, days)


# Lateness

LATE = dues(replace(MACHINE, instalment_step=1), DAYS)[:1]
# Ten days late: 3,133.64 x rate a year x 10/365
ON = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("terms", "compensation", "penalty"),
    [
        pytest.param(LateTerms("MY"), 0, 0, id="both are off"),
        pytest.param(LateTerms("MY", Decimal(1)), 85, 0, id="compensation alone"),
        pytest.param(LateTerms("MY", None, Decimal(4)), 0, 3_43, id="a penalty to charity alone"),
        pytest.param(LateTerms("MY", Decimal(1), Decimal(4)), 85, 3_43, id="both, each by itself"),
        pytest.param(LateTerms("BN"), 0, 0, id="Brunei, where there is no ruling"),
    ],
)
def test_lateness_costs_two_amounts(terms: LateTerms, compensation: int, penalty: int) -> None:
    assert late_amounts(LATE, (), terms, ON, "MYR") == LateAmounts(compensation, penalty)


@pytest.mark.parametrize("rates", [(Decimal(1), None), (None, Decimal(0))])
def test_where_there_is_no_ruling_neither_can_be_set(
    rates: tuple[Decimal | None, Decimal | None],
) -> None:
    with pytest.raises(ValueError, match="No ruling in BN"):
        LateTerms("BN", *rates)


# Words


def test_no_word_of_a_loan_is_left() -> None:
    assert set(WORDS.values()).isdisjoint(WORDS)
    assert not {"interest", "loan"} & set(" ".join(WORDS.values()).split())
    assert RECIPIENTS == {"compensation": "financier", "penalty": "charity"}
    assert "Shariah board" in CONFIRMATION


# Nonsense


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"cost": 0}, "cost must be more than zero", id="no cost"),
        pytest.param({"currency": "IDR", "cost": 1_50}, "an amount that is paid in IDR", id="sen of a rupiah"),
        pytest.param({"months": 0}, "at least one instalment", id="no month"),
        pytest.param({"ceiling_rate_pct": Decimal("NaN")}, "zero or more", id="no rate"),
        pytest.param({"effective_rate_pct": Decimal(-1)}, "zero or more", id="a negative rate"),
        pytest.param({"effective_rate_pct": Decimal("10.61")}, "must not be above", id="an effective rate above the ceiling"),
        pytest.param({"instalment_step": 0}, "step must be more than zero", id="no step"),
        pytest.param({"recognition": "digits"}, "'digits' is not known", id="an unknown recognition"),
    ],
)  # fmt: skip
def test_a_sale_that_cannot_be_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        replace(HOUSE, **change)


# Every sale


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    effective = draw(st.integers(0, 3000))
    currency = draw(st.sampled_from(["MYR", "IDR", "BND"]))
    unit = 100 if currency == "IDR" else 1
    return Sale(
        cost=draw(st.integers(1, 10**11)) * unit,
        ceiling_rate_pct=Decimal(effective + draw(st.integers(0, 2000))) / 100,
        effective_rate_pct=Decimal(effective) / 100,
        months=draw(st.integers(1, 60)),
        currency=currency,
        instalment_step=draw(st.sampled_from([1, 100, 1000])) * unit,
        recognition=draw(st.sampled_from(["annuity", "proportional"])),
    )


@given(sale=sales())
def test_every_sale_adds_up(sale: Sale) -> None:
    every, price = rows(sale), selling_price(sale)
    assert sum(row.instalment + row.rebate for row in every) == price
    assert every[-1].cost_outstanding == 0
    for row in every:
        assert row.profit + row.cost == row.instalment
        assert row.deferred_profit == row.selling_price_outstanding - row.cost_outstanding
        assert min(vars(row).values()) >= 0
    lefts = [price, *(row.selling_price_outstanding for row in every)]
    assert [a - b for a, b in pairwise(lefts)] == [row.instalment for row in every]
    owed = dues(sale, [due_date(date(2026, 1, 31), row.number) for row in every])
    assert sum(due.amounts.principal for due in owed) == sale.cost
    assert [due.amounts.total for due in owed] == [row.instalment for row in every]
    assert all(min(vars(due.amounts).values()) >= 0 for due in owed)


@given(sale=sales(), precision=st.integers(1, 60))
def test_the_context_of_the_thread_changes_nothing(sale: Sale, precision: int) -> None:
    expected = rows(sale)
    with localcontext(Context(prec=precision)):
        assert rows(sale) == expected
