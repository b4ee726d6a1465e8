"""What is owed on a loan: what receipts pay whatever the order they are booked in, restructurings, settlements."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.repayments.compose.basis import basis_of, conventions, effective, rows_of, worked
from app.repayments.compose.changing import Change, current_rate, restructured_basis, with_rate
from app.repayments.compose.owing import Loan, Place, Received, differing, limits_of
from workflows.schedule import Drawdown

AGREED: dict[str, Any] = {
    "rate_pct": "12",
    "instalments": 6,
    "method": "annuity",
    "day_count": "PERIODIC",
    "grace_principal": 0,
}
BEGUN = date(2026, 1, 31)


def loan(received: Sequence[Received] = (), **changed: Any) -> Loan:
    """Return a loan of MYR 6,000.00 drawn on 31 January 2026."""
    agreed = {**AGREED, **changed}
    basis = basis_of(agreed, [Drawdown(BEGUN, Decimal("6000.00"))])
    return Loan(agreed, basis, rows_of(basis, "MYR"), received, "MYR")


RECEIPTS = st.lists(
    st.builds(
        Received,
        id=st.integers(1, 10**6),
        on=st.integers(0, 300).map(lambda days: BEGUN + timedelta(days=days)),
        amount=st.integers(1, 300_000),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)
ORDERS = st.fixed_dictionaries(
    {},
    optional={
        "by": st.sampled_from(["instalment", "component"]),
        "components": st.permutations(["charge", "fee", "interest", "principal"]),
        "ahead": st.booleans(),
    },
)


@settings(max_examples=60)
@given(receipts=RECEIPTS, order=ORDERS, late=st.integers(0, 400))
def test_entries_written_one_booking_after_the_other_say_what_a_replay_says(
    receipts: list[Received], order: dict[str, Any], late: int
) -> None:
    day, kept = BEGUN + timedelta(days=late), Counter[Place]()
    for booked in range(len(receipts) + 1):
        wanted = loan(receipts[:booked], order=order).entries(day)
        for place, change in differing(kept, wanted).items():
            kept[place] += change
        assert differing(kept, wanted) == {}
    by_receipt: Counter[int] = Counter()
    for (receipt, *_), amount in kept.items():
        by_receipt[receipt] += amount
    held = {one.id: one.amount for one in receipts if one.on <= day}
    owed = loan(receipts, order=order).owed(day)
    assert all(amount <= held[receipt] for receipt, amount in by_receipt.items())
    assert sum(held.values()) == sum(by_receipt.values()) + owed.credit


@settings(max_examples=60)
@given(receipts=RECEIPTS, order=ORDERS, late=st.integers(1, 150))
def test_a_restructuring_leaves_what_was_paid_as_it_was(
    receipts: list[Received], order: dict[str, Any], late: int
) -> None:
    day = BEGUN + timedelta(days=late)
    before = loan([one for one in receipts if one.on <= day], order={**order, "ahead": False})
    basis = restructured_basis(before, Change(4, day + timedelta(days=30), "annuity"), day, ())
    if not basis["restructured"]["principal"]:
        return
    after = Loan(basis["terms"], basis, rows_of(basis, "MYR"), before.received, "MYR")
    assert after.entries(day) == before.entries(day)
    quoted = before.quote(day)
    to_come = after.owed(day).to_come
    assert to_come.principal == quoted.arrears.principal + quoted.principal
    assert after.quote(day).total == quoted.total
    assert after.standing(day).days == 0


@pytest.mark.parametrize(
    ("received", "on", "total"),
    [
        pytest.param([], date(2026, 1, 31), 600_000, id="on the day it was drawn"),
        # 12 % a year on 6,000.00 for 14 of the 28 days of a month of a twelfth.
        pytest.param([], date(2026, 2, 14), 603_000, id="half a period of interest later"),
        pytest.param([], date(2026, 2, 28), 606_000, id="when the first instalment falls due"),
        pytest.param(
            [Received(1, date(2026, 2, 28), 103_529)],
            date(2026, 2, 28),
            502_471,
            id="after an instalment was paid",
        ),
        pytest.param(
            [Received(1, date(2026, 2, 10), 700_000)],
            date(2026, 2, 14),
            -97_000,
            id="with more paid than is owed",
        ),
    ],
)
def test_a_loan_is_settled_early(received: list[Received], on: date, total: int) -> None:
    assert loan(received).quote(on).total == total


@pytest.mark.parametrize(
    ("changed", "on", "total"),
    [
        pytest.param(
            {"grace_capitalised": 2}, date(2026, 2, 14), 603_000, id="is capitalised later"
        ),
        pytest.param({"grace_capitalised": 2}, date(2026, 2, 28), 606_000, id="was capitalised"),
        pytest.param({"grace_deferred": 2}, date(2026, 2, 28), 606_000, id="is deferred"),
        pytest.param({"grace_waived": 2}, date(2026, 2, 14), 600_000, id="is waived"),
        pytest.param({"method": "flat"}, date(2026, 2, 14), 603_000, id="is flat"),
        pytest.param(
            {"method": "bullet"}, date(2026, 2, 14), 603_000, id="is paid before the principal"
        ),
    ],
)
def test_interest_that_a_settlement_owes_when_it(
    changed: dict[str, Any], on: date, total: int
) -> None:
    found = loan(**changed)
    paid = [Received(1, on, due.amounts.total) for due in found.dues if due.due_on <= on]
    # What fell due on the day is paid, so that the rest is what interest adds.
    total -= sum(one.amount for one in paid)
    assert loan(paid, **changed).quote(on).total == total


def test_what_was_drawn_later_bears_interest_from_its_day_in_a_settlement() -> None:
    drawdowns = [
        Drawdown(BEGUN, Decimal("6000.00")),
        Drawdown(date(2026, 2, 14), Decimal("2800.00")),
    ]
    basis = basis_of(AGREED, drawdowns)
    found = Loan(AGREED, basis, rows_of(basis, "MYR"), (), "MYR")
    # 6,000.00 for 21 days and 2,800.00 for 7 days of 28, at one per cent a month.
    assert found.quote(date(2026, 2, 21)).accrued == 4_500 + 700


def test_a_restructuring_adds_the_interest_owed_to_the_first_new_instalment() -> None:
    on = date(2026, 3, 14)
    basis = restructured_basis(loan(), Change(4, date(2026, 4, 30), "bullet"), on, [7])
    left, rows = basis["restructured"], rows_of(basis, "MYR")
    # One instalment is overdue with 60.00 of interest; half of 1 % on the rest of 5,024.71 has accrued by 14 of 31 days.
    assert (left["principal"], left["interest"]) == (600_000, 6_000 + 2_269)
    assert [row["number"] for row in rows] == [1, 2, 3, 4, 5]
    assert rows[0]["total"] == 0
    assert rows[1]["interest"] - rows[2]["interest"] > left["interest"]
    assert sum(row["principal"] for row in rows) == 600_000
    assert any("restructured on 2026-03-14" in said for said in conventions(basis, "MYR"))
    assert worked(basis, "MYR")[0][0] == 2
    assert effective(basis, "MYR") is not None


@pytest.mark.parametrize(
    ("on", "rate"),
    [
        pytest.param(date(2026, 2, 1), "12", id="before the change"),
        pytest.param(date(2026, 3, 1), "9", id="on the day of the change"),
        pytest.param(date(2026, 6, 1), "10", id="after another one"),
    ],
)
def test_the_rate_of_a_day(on: date, rate: str) -> None:
    agreed = with_rate(AGREED, Decimal(9), date(2026, 3, 1))
    agreed = with_rate(agreed, Decimal(8), date(2026, 5, 1))
    agreed = with_rate(agreed, Decimal(10), date(2026, 5, 1))
    assert current_rate({"terms": agreed}, on) == Decimal(rate)


def test_limits_are_those_of_the_facility() -> None:
    limits = limits_of({"buckets": [10, 20], "watch_days": 0, "notices": [3, 5, 8]})
    assert (limits.buckets, limits.watch_days, limits.watch_instalments) == ((10, 20), None, 2)
    assert [one.days for one in limits.notices] == [3, 5, 8]
    with pytest.raises(ValueError, match="give the day of each"):
        limits_of({"notices": [3]})
