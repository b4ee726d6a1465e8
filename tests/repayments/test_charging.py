"""What lateness costs of a loan, what of it was charged before, and that charges leave everything else as it was."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.repayments.compose import charging
from app.repayments.compose.basis import basis_of, rows_of
from app.repayments.compose.changing import Change, restructured_basis, settled_basis
from app.repayments.compose.owing import Charge, Loan, Place, Received, differing
from app.repayments.models import LateCharge
from tests.repayments.test_owing import ORDERS, RECEIPTS
from workflows.schedule import Drawdown

AGREED: dict[str, Any] = {
    "rate_pct": "12",
    "instalments": 6,
    "method": "annuity",
    "day_count": "PERIODIC",
    "grace_principal": 0,
    "late_rate_pct": "7.3",
}
SALE = {"late_rate_pct": None, "sale": {"compensation_pct": "1", "penalty_pct": "7.3"}}
BEGUN, FIRST, SECOND = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
# An instalment of MYR 1,035.29 costs 2.07 in ten days at 7.3 per cent a year.
INSTALMENT = 103_529


def loan(received: Sequence[Received] = (), charges: Sequence[Charge] = (), **changed: Any) -> Loan:
    """Return a loan of MYR 6,000.00 drawn on 31 January 2026."""
    agreed = {**AGREED, **changed}
    basis = basis_of(AGREED, [Drawdown(BEGUN, Decimal("6000.00"))])
    return Loan(agreed, basis, rows_of(basis, "MYR"), received, "MYR", charges)


def made(rows: Sequence[dict[str, Any]]) -> list[LateCharge]:
    """Return charges as they are kept."""
    return [LateCharge(kind=row["kind"], covers=row["covers"]) for row in rows]


def brief(rows: Sequence[dict[str, Any]]) -> dict[str, dict[int, int]]:
    """Return amounts by kind and instalment."""
    return {row["kind"]: {one["number"]: one["amount"] for one in row["covers"]} for row in rows}


PAID_LATE = [Received(1, FIRST + timedelta(days=10), INSTALMENT)]


@pytest.mark.parametrize(
    ("received", "changed", "on", "amounts"),
    [
        pytest.param([], {}, FIRST, {}, id="nothing on the due date"),
        pytest.param([], {}, date(2026, 3, 10), {"charge": {1: 207}}, id="ten days of the first instalment"),
        pytest.param([], {}, date(2026, 4, 10), {"charge": {1: 848, 2: 207}}, id="two instalments, each by its days"),
        pytest.param(PAID_LATE, {}, date(2026, 3, 30), {"charge": {1: 207}}, id="until it was paid, and no day more"),
        pytest.param([], SALE, date(2026, 3, 10), {"compensation": {1: 28}, "penalty": {1: 207}}, id="of a sale two amounts"),
        pytest.param([], {"late_rate_pct": None}, date(2026, 3, 10), {}, id="nothing where no rate was agreed"),
        pytest.param([], {"sale": {"penalty_pct": "7.3"}}, date(2026, 3, 10), {"penalty": {1: 207}}, id="of a sale never the charge of a loan"),
    ],
)  # fmt: skip
def test_lateness_costs(
    received: list[Received], changed: dict[str, Any], on: date, amounts: dict[str, dict[int, int]]
) -> None:
    assert brief(charging.uncharged(loan(received, **changed), [], on)) == amounts


def test_what_was_charged_for_an_instalment_is_not_charged_again() -> None:
    before = charging.uncharged(loan(), [], date(2026, 3, 10))
    again = charging.uncharged(loan(), made(before), date(2026, 3, 10))
    later = charging.uncharged(loan(), made(before), date(2026, 4, 10))
    assert (again, brief(later)) == ([], {"charge": {1: 641, 2: 207}})


def test_an_instalment_of_another_day_is_another_instalment() -> None:
    before = charging.uncharged(loan(), [], date(2026, 3, 10))
    before[0]["covers"][0]["due"] = "2026-02-27"
    assert brief(charging.uncharged(loan(), made(before), date(2026, 3, 10))) == {
        "charge": {1: 207}
    }


def row(kind: str, amounts: dict[int, int]) -> dict[str, Any]:
    covers = [{"number": n, "due": f"2026-0{n + 1}-28", "amount": a} for n, a in amounts.items()]
    return {"kind": kind, "amount": sum(amounts.values()), "covers": covers}


@pytest.mark.parametrize(
    ("found", "approved", "charged"),
    [
        pytest.param({1: 9}, {1: 7}, {1: 7}, id="what was approved where more was found"),
        pytest.param({1: 5}, {1: 7}, {1: 5}, id="what was found where it is less"),
        pytest.param({1: 9, 2: 4}, {1: 7}, {1: 7}, id="nothing for an instalment nobody approved"),
        pytest.param({2: 4}, {1: 7, 2: 9}, {2: 4}, id="nothing for one that was paid in time after all"),
    ],
)  # fmt: skip
def test_what_is_charged_is(
    found: dict[int, int], approved: dict[int, int], charged: dict[int, int]
) -> None:
    rows = charging.at_most([row("charge", found)], [row("charge", approved)])
    assert rows == [row("charge", charged)]


def test_no_kind_takes_the_place_of_another() -> None:
    assert charging.at_most([row("penalty", {1: 9})], [row("compensation", {1: 9})]) == []


def test_a_due_is_named_by_its_kind() -> None:
    charges = [Charge(1, "compensation", FIRST, 5), Charge(2, "penalty", FIRST, 5)]
    places: list[Place] = [
        (1, 1, "interest", FIRST),
        (1, -1, "charge", FIRST),
        (1, -2, "charge", FIRST),
    ]
    assert [charging.paid_for(loan([], charges), place) for place in places] == [
        "Interest of instalment 1",
        "Compensation (ta'widh) 1",
        "Penalty to charity (gharamah) 2",
    ]
    sold = loan([], charges, **SALE)
    assert charging.paid_for(sold, places[0]) == "Profit of instalment 1"


def test_a_charge_that_is_waived_whole_is_no_due() -> None:
    charges = [Charge(1, "charge", FIRST, 0), Charge(2, "charge", SECOND, 5)]
    assert [due.number for due in loan([], charges).dues] == [1, 2, 3, 4, 5, 6, -2]
    assert charging.unpaid(loan([], charges), SECOND) == [
        {"number": 2, "kind": "charge", "amount": 5}
    ]


# What is paid ahead is there again for other terms: these orders keep it as credit.
DUE = ORDERS.map(lambda order: {name: said for name, said in order.items() if name != "ahead"})
CHARGES = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 30_000)), min_size=1, max_size=3
).map(
    lambda drawn: [
        Charge(number, "charge", BEGUN + timedelta(days=days), amount)
        for number, (days, amount) in enumerate(drawn, 1)
    ]
)


@settings(max_examples=60)
@given(receipts=RECEIPTS, charges=CHARGES, order=DUE, late=st.integers(0, 400))
def test_entries_say_what_a_replay_says_whenever_a_charge_is_made(
    receipts: list[Received], charges: list[Charge], order: dict[str, Any], late: int
) -> None:
    day, kept = BEGUN + timedelta(days=late), Counter[Place]()
    for booked in range(len(charges) + 1):
        wanted = loan(receipts, charges[:booked], order=order).entries(day)
        for place, change in differing(kept, wanted).items():
            kept[place] += change
        assert differing(kept, wanted) == {}
    owed = loan(receipts, charges, order=order).owed(day)
    held = sum(one.amount for one in receipts if one.on <= day)
    assert held == sum(kept.values()) + owed.credit


@settings(max_examples=60)
@given(receipts=RECEIPTS, charges=CHARGES, order=DUE, late=st.integers(1, 150))
def test_waiving_what_is_unpaid_changes_nothing_that_was_paid(
    receipts: list[Received], charges: list[Charge], order: dict[str, Any], late: int
) -> None:
    day = BEGUN + timedelta(days=late)
    before = loan(
        [one for one in receipts if one.on <= day],
        [one for one in charges if one.due_on <= day],
        order=order,
    )
    left = {found["number"]: found["amount"] for found in charging.unpaid(before, day)}
    waived = [replace(one, amount=one.amount - left.get(one.number, 0)) for one in before.charges]
    after = replace(before, charges=waived)
    assert after.entries(day) == before.entries(day)
    assert after.owed(day).due.charge == 0


@settings(max_examples=60)
@given(
    receipts=RECEIPTS,
    charges=CHARGES,
    order=DUE,
    late=st.integers(1, 150),
    settled=st.booleans(),
)
def test_other_terms_leave_charges_and_what_was_paid_as_they_were(
    receipts: list[Received], charges: list[Charge], order: dict[str, Any], late: int, settled: bool
) -> None:
    day = BEGUN + timedelta(days=late)
    before = loan(
        [one for one in receipts if one.on <= day],
        [one for one in charges if one.due_on <= day],
        order=order,
    )
    change = Change(4, day + timedelta(days=30), "annuity")
    basis = settled_basis(before, day, ()) if settled else restructured_basis(before, change, day, ())  # fmt: skip
    if not basis["restructured"]["principal"]:
        return
    after = replace(before, agreed=basis["terms"], basis=basis, rows=rows_of(basis, "MYR"))
    assert after.entries(day) == before.entries(day)
    assert after.owed(day).due.charge == before.owed(day).due.charge
    assert all(int(kept["number"]) > 0 for kept in basis["restructured"]["kept"])
    if not settled:
        assert after.quote(day).total == before.quote(day).total


@settings(max_examples=60)
@given(receipts=RECEIPTS, sooner=st.integers(0, 300), more=st.integers(0, 100))
def test_however_often_it_is_charged_lateness_costs_the_same(
    receipts: list[Received], sooner: int, more: int
) -> None:
    first = BEGUN + timedelta(days=sooner)
    last = first + timedelta(days=more)
    before = charging.uncharged(loan(receipts), [], first)
    after = charging.uncharged(loan(receipts), made(before), last)
    whole = brief(charging.uncharged(loan(receipts), [], last)).get("charge", {})
    parts = Counter(brief(before).get("charge", {})) + Counter(brief(after).get("charge", {}))
    assert parts == whole
