"""Clawback: a demand never above what was paid, its instalments, and how it is closed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.clawback import (
    Demand,
    Instalment,
    Owed,
    Receipt,
    Standing,
    Terms,
    Waiver,
    demand,
    standing,
    wrong,
)

TODAY = date(2026, 1, 5)
TERMS = Terms(1_000_00, "MYR", "The machine was sold within a year.", 3, date(2026, 1, 31))
MADE = demand(TERMS, paid=5_000_00, clawed_back=0, today=TODAY)
FEBRUARY, MARCH = date(2026, 2, 28), date(2026, 3, 31)


# The demand


def test_a_demand_falls_due_in_equal_instalments_and_the_last_takes_the_rest() -> None:
    assert MADE.instalments == (
        Instalment(1, date(2026, 1, 31), 333_33),
        Instalment(2, FEBRUARY, 333_33),
        Instalment(3, MARCH, 333_34),
    )


@pytest.mark.parametrize(
    ("terms", "amounts"),
    [
        pytest.param(replace(TERMS, instalments=1), [1_000_00], id="in one amount"),
        pytest.param(replace(TERMS, currency="IDR"), [333_00, 333_00, 334_00], id="whole rupiah"),
        pytest.param(replace(TERMS, amount=3), [1, 1, 1], id="three sen"),
    ],
)
def test_instalments_are_amounts_that_can_be_paid(terms: Terms, amounts: list[int]) -> None:
    made = demand(terms, 5_000_00, 0, TODAY)
    assert [one.amount for one in made.instalments] == amounts


@pytest.mark.parametrize(
    ("change", "clawed_back", "sentences"),
    [
        pytest.param({}, 4_000_00, [], id="all that is left of what was paid"),
        pytest.param({}, 4_000_01, ["MYR 1,000.00 is demanded, but only MYR 999.99 was paid and not demanded back before."], id="a sen more"),
        pytest.param({}, 6_000_00, ["MYR 1,000.00 is demanded, but only MYR 0.00 was paid and not demanded back before."], id="nothing is left"),
        pytest.param({"amount": 0}, 0, ["The amount demanded must be more than zero."], id="nothing is demanded"),
        pytest.param({"reason": " "}, 0, ["Give the reason for demanding money back."], id="no reason"),
        pytest.param({"first_due": TODAY}, 0, ["The first instalment is due on 2026-01-05: leave the enterprise time to pay."], id="due at once"),
        pytest.param({"instalments": 0}, 0, ["There must be at least one instalment."], id="no instalment"),
        pytest.param({"amount": 2}, 0, ["The amount is too small for 3 instalments."], id="less than a sen each"),
        pytest.param({"amount": -1, "reason": "", "instalments": 0}, 0, ["The amount demanded must be more than zero.", "Give the reason for demanding money back.", "There must be at least one instalment."], id="everything that is wrong is named at once"),
    ],
)  # fmt: skip
def test_a_demand_is_checked(
    change: dict[str, Any], clawed_back: int, sentences: list[str]
) -> None:
    terms = replace(TERMS, **change)
    found = wrong(terms, 5_000_00, clawed_back, TODAY)
    assert [sentence.replace("\u00a0", " ") for sentence in found] == sentences
    if sentences:
        with pytest.raises(ValueError, match=r"\."):
            demand(terms, 5_000_00, clawed_back, TODAY)


# What comes in

WAIVER = Waiver("Siti Example, approver", date(2026, 3, 1), "The enterprise is wound up.")


@pytest.mark.parametrize(
    ("receipts", "on", "waiver", "expected"),
    [
        pytest.param([], TODAY, None, (0, 0, 1_000_00, 0, 0), id="nothing yet"),
        pytest.param([], date(2026, 1, 31), None, (0, 0, 1_000_00, 0, 0), id="an instalment is not overdue on its day"),
        pytest.param([], date(2026, 2, 1), None, (0, 0, 1_000_00, 333_33, 0), id="it is overdue the day after"),
        pytest.param([Receipt(TODAY, 400_00)], MARCH, None, (400_00, 0, 600_00, 266_66, 0), id="the oldest is paid first"),
        pytest.param([Receipt(MARCH, 400_00)], FEBRUARY, None, (0, 0, 1_000_00, 333_33, 0), id="money to come does not count"),
        pytest.param([Receipt(TODAY, 1_000_00)], TODAY, None, (1_000_00, 0, 0, 0, 0), id="all at once"),
        pytest.param([Receipt(TODAY, 900_00), Receipt(MARCH, 150_00)], MARCH, None, (1_000_00, 0, 0, 0, 50_00), id="too much is returned"),
        pytest.param([Receipt(TODAY, 400_00)], MARCH, WAIVER, (400_00, 600_00, 0, 0, 0), id="the rest is waived"),
        pytest.param([Receipt(TODAY, 400_00)], WAIVER.on, WAIVER, (400_00, 600_00, 0, 0, 0), id="on the day it is waived"),
        pytest.param([Receipt(WAIVER.on, 400_00)], MARCH, WAIVER, (400_00, 600_00, 0, 0, 0), id="money on the day of the waiver counts"),
        pytest.param([Receipt(TODAY, 400_00)], FEBRUARY, WAIVER, (400_00, 0, 600_00, 0, 0), id="before it is waived"),
        pytest.param([Receipt(TODAY, 400_00), Receipt(MARCH, 5_00)], MARCH, WAIVER, (400_00, 600_00, 0, 0, 5_00), id="money after a waiver is returned"),
        pytest.param([Receipt(TODAY, 1_200_00)], MARCH, WAIVER, (1_000_00, 0, 0, 0, 200_00), id="nothing was left to waive"),
    ],
)  # fmt: skip
def test_a_demand_stands(
    receipts: list[Receipt],
    on: date,
    waiver: Waiver | None,
    expected: tuple[int, int, int, int, int],
) -> None:
    found = standing(MADE, receipts, on, waiver)
    totals = (found.received, found.waived, found.outstanding, found.overdue, found.over)
    assert totals == expected
    assert found.closed == (expected[2] == 0)


def test_the_rows_of_a_demand_show_each_instalment() -> None:
    first, second, third = MADE.instalments
    found = standing(MADE, [Receipt(TODAY, 300_00), Receipt(TODAY, 100_00)], TODAY)
    assert found == Standing(
        rows=(Owed(first, 333_33, 0), Owed(second, 66_67, 266_66), Owed(third, 0, 333_34)),
        received=400_00,
        waived=0,
        outstanding=600_00,
        overdue=0,
        over=0,
    )


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_not_received(amount: int) -> None:
    with pytest.raises(ValueError, match="more than zero"):
        standing(MADE, [Receipt(TODAY, amount)], TODAY)


@pytest.mark.parametrize(("by", "reason"), [("", "Wound up."), ("Siti Example", " ")])
def test_nobody_waives_in_silence(by: str, reason: str) -> None:
    with pytest.raises(ValueError, match="names the person who waives, and the reason"):
        Waiver(by, TODAY, reason)


# Every demand


@given(
    amount=st.integers(10_000, 10**12),
    instalments=st.integers(1, 60),
    currency=st.sampled_from(["MYR", "IDR", "VND"]),
    received=st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 10**11)), max_size=8),
    on=st.integers(0, 2500),
    waived_after=st.none() | st.integers(0, 2000),
)
def test_every_demand_adds_up(
    amount: int,
    instalments: int,
    currency: str,
    received: list[tuple[int, int]],
    on: int,
    waived_after: int | None,
) -> None:
    terms = replace(TERMS, amount=amount, currency=currency, instalments=instalments)
    made: Demand = demand(terms, amount, 0, TODAY)
    assert sum(one.amount for one in made.instalments) == amount
    assert min(one.amount for one in made.instalments) > 0
    receipts = [Receipt(TODAY + timedelta(days=days), money) for days, money in received]
    waiver = None
    if waived_after is not None:
        waiver = replace(WAIVER, on=TODAY + timedelta(days=waived_after))
    day = TODAY + timedelta(days=on)
    found = standing(made, receipts, day, waiver)
    assert found.received + found.waived + found.outstanding == amount
    assert found.received + found.over == sum(one.amount for one in receipts if one.on <= day)
    assert sum(row.received for row in found.rows) == found.received
    assert all(row.received + row.outstanding == row.instalment.amount for row in found.rows)
    assert 0 <= found.overdue <= found.outstanding
    assert min(found.received, found.waived, found.over) >= 0
    left = [row.outstanding for row in found.rows]
    paid = [row.received for row in found.rows]
    assert all(not later or not before for before, later in zip(left, paid[1:], strict=False))
