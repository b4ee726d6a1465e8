"""Arrears: days past due, buckets, the watch-list, notices, and charges that never bear a charge."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.arrears import LateCharge, Limits, Notice, bucket, late_charges, standing
from workflows.repaying import Allocation, Amounts, Due

DUE = date(2026, 1, 31)
SECOND = date(2026, 2, 28)
DUES = (
    Due(1, DUE, Amounts(fee=10_00, interest=90_00, principal=900_00)),
    Due(2, SECOND, Amounts(charge=5_00, interest=80_00, principal=910_00)),
)
FIRST_PAID = (
    Allocation(1, "fee", 10_00, DUE),
    Allocation(1, "interest", 90_00, DUE),
    Allocation(1, "principal", 900_00, date(2026, 2, 10)),
)
LIMITS = Limits()


def after(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("on", "paid", "expected"),
    [
        pytest.param(DUE, (), (0, 0, 0, "current", False, ""), id="an instalment is not late on its day"),
        pytest.param(after(1), (), (1, 1, 1000_00, "1 to 30", False, ""), id="it is late the day after"),
        pytest.param(after(7), (), (7, 1, 1000_00, "1 to 30", False, "first_reminder"), id="a week late"),
        pytest.param(after(28), (), (28, 1, 1000_00, "1 to 30", False, "first_reminder"), id="the second is not late on its day"),
        pytest.param(after(29), (), (29, 2, 1995_00, "1 to 30", True, "first_reminder"), id="two instalments are watched"),
        pytest.param(after(30), (), (30, 2, 1995_00, "1 to 30", True, "second_reminder"), id="the last day of a bucket"),
        pytest.param(after(31), (), (31, 2, 1995_00, "31 to 60", True, "second_reminder"), id="the first day of the next"),
        pytest.param(after(91), (), (91, 2, 1995_00, "over 90", True, "final_demand"), id="over ninety days"),
        pytest.param(after(5), FIRST_PAID, (5, 1, 900_00, "1 to 30", False, ""), id="paid in part, the rest later"),
        pytest.param(after(10), FIRST_PAID, (0, 0, 0, "current", False, ""), id="paid on the day itself"),
        pytest.param(after(15), FIRST_PAID, (0, 0, 0, "current", False, ""), id="paid late, and current again"),
        pytest.param(after(58), FIRST_PAID, (30, 1, 995_00, "1 to 30", True, "second_reminder"), id="days count from the oldest unpaid"),
    ],
)  # fmt: skip
def test_a_loan_stands(on: date, paid: tuple[Allocation, ...], expected: tuple[Any, ...]) -> None:
    found = standing(DUES, paid, on, LIMITS)
    overdue = found.overdue.total
    assert (found.days, found.instalments, overdue, found.bucket, found.watched, found.notice) == expected  # fmt: skip


CHARGE = Due(-1, after(3), Amounts(charge=7_00))


@pytest.mark.parametrize(
    ("on", "paid", "expected"),
    [
        pytest.param(after(3), FIRST_PAID[:2], (3, 1, 900_00), id="is not overdue on its day"),
        pytest.param(after(5), FIRST_PAID[:2], (5, 1, 907_00), id="is overdue beside the instalment"),
        pytest.param(after(15), FIRST_PAID, (0, 0, 7_00), id="by itself leaves the loan current"),
        pytest.param(after(30), FIRST_PAID, (2, 1, 1002_00), id="adds no day to those of an instalment"),
    ],
)  # fmt: skip
def test_a_charge(on: date, paid: tuple[Allocation, ...], expected: tuple[int, ...]) -> None:
    found = standing((*DUES, CHARGE), paid, on, LIMITS)
    assert (found.days, found.instalments, found.overdue.total) == expected
    assert (found.bucket == "current", found.notice == "") == (not found.days, found.days < 7)


def test_what_is_overdue_is_told_by_component() -> None:
    found = standing(DUES, FIRST_PAID, after(90), LIMITS)
    assert found.overdue == Amounts(charge=5_00, interest=80_00, principal=910_00)


@pytest.mark.parametrize(
    ("days", "buckets", "name"),
    [
        pytest.param(15, (15, 45), "1 to 15", id="a facility has its own buckets"),
        pytest.param(16, (15, 45), "16 to 45", id="the second of its own"),
        pytest.param(46, (15, 45), "over 45", id="beyond the last of its own"),
        pytest.param(3, (), "past due", id="a facility without buckets"),
    ],
)
def test_buckets_are_a_setting(days: int, buckets: tuple[int, ...], name: str) -> None:
    assert bucket(days, Limits(buckets=buckets)) == name


@pytest.mark.parametrize(
    ("limits", "on", "watched"),
    [
        pytest.param(Limits(watch_days=None, watch_instalments=None), after(400), False, id="nobody is watched"),
        pytest.param(Limits(watch_days=None), after(28), False, id="one instalment of two"),
        pytest.param(Limits(watch_days=None), after(29), True, id="two instalments"),
        pytest.param(Limits(watch_days=10, watch_instalments=None), after(10), True, id="ten days"),
        pytest.param(Limits(watch_days=1, watch_instalments=1, notices=(Notice("first", 1),)), after(1), True, id="one day is enough"),
    ],
)  # fmt: skip
def test_the_watch_list_is_a_setting(limits: Limits, on: date, watched: bool) -> None:
    assert standing(DUES, (), on, limits).watched == watched


def test_limits_that_no_loan_can_be_held_to_are_refused_at_once() -> None:
    notices = (Notice("first_reminder", 0), Notice("final_demand", 0))
    with pytest.raises(ValueError, match="The buckets") as refused:
        Limits(buckets=(30, 30), watch_days=0, watch_instalments=0, notices=notices)
    assert str(refused.value) == (
        "The buckets must rise from more than zero days."
        " Each notice must come later than the one before it."
        " A notice needs at least one day past due."
        " The watch-list begins with at least one day or one instalment."
    )


# Charges for late payment


@pytest.mark.parametrize(
    ("rate", "on", "paid", "charges"),
    [
        pytest.param(None, after(300), (), {}, id="none where the facility has set none"),
        pytest.param("7.3", DUE, (), {}, id="nothing on the due date"),
        # 1,000.00 x 7.3 % x 10/365 = 2.00
        pytest.param("7.3", after(10), (), {1: 2_00}, id="ten days of a thousand"),
        # 1,000.00 x 7.3 % x 38/365 = 7.60; 990.00 x 7.3 % x 10/365 = 1.98: the charge of 5.00 bears none
        pytest.param("7.3", after(38), (), {1: 7_60, 2: 1_98}, id="a charge bears no charge"),
        # 900.00 x 7.3 % x 10/365 = 1.80
        pytest.param("7.3", after(38), FIRST_PAID, {1: 1_80, 2: 1_98}, id="only what was late, as long as it was"),
        # 1,000.00 x 1 % x 1/365 = 0.0273...
        pytest.param("1", after(1), (), {1: 2}, id="a part of a sen is not charged"),
        pytest.param("0", after(99), (), {}, id="a rate of nothing"),
    ],
)  # fmt: skip
def test_lateness_costs(
    rate: str | None, on: date, paid: tuple[Allocation, ...], charges: dict[int, int]
) -> None:
    found = late_charges(DUES, paid, Decimal(rate) if rate else None, on, "MYR")
    assert found == tuple(LateCharge(number, amount) for number, amount in charges.items())


def test_a_charge_in_rupiah_is_whole() -> None:
    assert late_charges(DUES, (), Decimal("7.3"), after(12), "IDR") == (LateCharge(1, 2_00),)


@pytest.mark.parametrize("rate", [Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_a_rate_that_is_none_is_refused(rate: Decimal) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        late_charges(DUES, (), rate, DUE, "MYR")


@given(
    days=st.integers(0, 4000),
    rate=st.integers(0, 5000),
    principal=st.integers(0, 10**13),
    parts=st.lists(st.tuples(st.integers(-30, 4000), st.integers(0, 100)), max_size=5),
)
def test_a_charge_is_what_the_days_say_one_by_one(
    days: int, rate: int, principal: int, parts: list[tuple[int, int]]
) -> None:
    dues = [Due(1, DUE, Amounts(principal=principal))]
    share = principal // (100 * max(len(parts), 1))
    paid = [Allocation(1, "principal", share * part, after(day)) for day, part in parts]
    on, per_cent = after(days), Decimal(rate) / 100
    daily = sum(
        principal - sum(row.amount for row in paid if row.on <= after(day)) for day in range(days)
    )
    expected = int(daily * per_cent // 36_500)
    assert sum(one.amount for one in late_charges(dues, paid, per_cent, on, "MYR")) == expected
