"""Repayments: what each pays first, what is left over, and that nobody pays more than is due."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.repaying import (
    COMPONENTS,
    Allocation,
    Amounts,
    Due,
    Order,
    Outstanding,
    Quote,
    Repayment,
    added,
    allocate,
    outstanding,
    replay,
    settlement_quote,
    unpaid,
)

JANUARY, FEBRUARY, MARCH = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
DUES = (
    Due(1, JANUARY, Amounts(charge=5, fee=10, interest=30, principal=100)),
    Due(2, FEBRUARY, Amounts(interest=20, principal=110)),
    Due(3, MARCH, Amounts(interest=10, principal=120)),
)
OLDEST = Order()
ACROSS = Order(by="component")
AHEAD = Order(ahead=True)


def rows(found: Sequence[Allocation]) -> str:
    """Return allocations as text: "1 fee 10"."""
    return ", ".join(f"{row.number} {row.component} {row.amount}" for row in found)


# One repayment


@pytest.mark.parametrize(
    ("amount", "order", "on", "paid", "over"),
    [
        pytest.param(0, OLDEST, JANUARY, "", 0, id="nothing pays nothing"),
        pytest.param(5, OLDEST, JANUARY, "1 charge 5", 0, id="the charge comes first"),
        pytest.param(50, OLDEST, JANUARY, "1 charge 5, 1 fee 10, 1 interest 30, 1 principal 5", 0, id="then fee, interest and principal"),
        pytest.param(160, OLDEST, FEBRUARY, "1 charge 5, 1 fee 10, 1 interest 30, 1 principal 100, 2 interest 15", 0, id="the oldest whole, then the next"),
        pytest.param(160, ACROSS, FEBRUARY, "1 charge 5, 1 fee 10, 1 interest 30, 2 interest 20, 1 principal 95", 0, id="all interest before any principal"),
        pytest.param(200, OLDEST, JANUARY, "1 charge 5, 1 fee 10, 1 interest 30, 1 principal 100", 55, id="what is not due is not paid"),
        pytest.param(200, AHEAD, JANUARY, "1 charge 5, 1 fee 10, 1 interest 30, 1 principal 100, 2 interest 20, 2 principal 35", 0, id="ahead where the facility says so"),
        pytest.param(200, OLDEST, JANUARY - timedelta(days=1), "", 200, id="nothing is due the day before"),
        pytest.param(999, AHEAD, date(2026, 1, 1), "1 charge 5, 1 fee 10, 1 interest 30, 1 principal 100, 2 interest 20, 2 principal 110, 3 interest 10, 3 principal 120", 594, id="more than everything"),
        pytest.param(120, Order(components=("principal", "interest", "fee", "charge")), JANUARY, "1 principal 100, 1 interest 20", 0, id="principal first"),
    ],
)  # fmt: skip
def test_a_repayment_pays(amount: int, order: Order, on: date, paid: str, over: int) -> None:
    found = allocate(DUES, (), amount, order, on)
    assert (rows(found.rows), found.over) == (paid, over)


# A charge that was made on 10 February: a due of its own.
CHARGED = (*DUES, Due(-1, date(2026, 2, 10), Amounts(charge=8)))


@pytest.mark.parametrize(
    ("order", "on", "paid"),
    [
        pytest.param(OLDEST, date(2026, 2, 9), "1 charge 5, 1 fee 10, 1 interest 30, 1 principal 75", id="not before its day"),
        pytest.param(OLDEST, date(2026, 2, 10), "-1 charge 8, 1 charge 5, 1 fee 10, 1 interest 30, 1 principal 67", id="first from its day on"),
        pytest.param(Order(components=("fee", "charge", "interest", "principal")), date(2026, 2, 10), "-1 charge 8, 1 fee 10, 1 charge 5, 1 interest 30, 1 principal 67", id="before interest and principal"),
        pytest.param(Order(components=("interest", "principal", "fee", "charge")), FEBRUARY, "1 interest 30, 1 principal 90", id="after older instalments where the facility names charges last"),
        pytest.param(ACROSS, FEBRUARY, "1 charge 5, -1 charge 8, 1 fee 10, 1 interest 30, 2 interest 20, 1 principal 47", id="among all charges, the oldest first"),
    ],
)  # fmt: skip
def test_a_charge_that_is_a_due_of_its_own_is_paid(order: Order, on: date, paid: str) -> None:
    assert rows(allocate(CHARGED, (), 120, order, on).rows) == paid


def test_a_charge_named_last_is_paid_before_younger_instalments() -> None:
    last = Order(components=("fee", "interest", "principal", "charge"))
    found = allocate(CHARGED, (), 150, last, FEBRUARY)
    assert rows(found.rows[-2:]) == "1 charge 5, -1 charge 5"


def test_what_was_paid_is_not_paid_again() -> None:
    before = allocate(DUES, (), 50, OLDEST, JANUARY).rows
    found = allocate(tuple(reversed(DUES)), before, 120, OLDEST, FEBRUARY)
    assert rows(found.rows) == "1 principal 95, 2 interest 20, 2 principal 5"


@pytest.mark.parametrize(
    ("dues", "paid", "amount", "sentence"),
    [
        pytest.param(DUES, [], -1, "A repayment is not below zero.", id="less than nothing"),
        pytest.param(
            DUES,
            [Allocation(1, "fee", 11, JANUARY), Allocation(9, "principal", 1, JANUARY)],
            1,
            "Instalment 1: more fee was paid than is due. Instalment 9: more principal was paid than is due.",
            id="more was paid than is due",
        ),
        pytest.param([*DUES, DUES[0]], [], 1, "Each instalment has a number of its own.", id="one instalment twice"),
        pytest.param([Due(4, MARCH, Amounts(fee=-1))], [], 1, "Instalment 4: no amount due is below zero.", id="a negative fee"),
    ],
)  # fmt: skip
def test_nonsense_is_refused(
    dues: list[Due], paid: list[Allocation], amount: int, sentence: str
) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        allocate(dues, paid, amount, OLDEST, MARCH)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        pytest.param({"by": "size"}, "'size' is not known", id="an unknown order"),
        pytest.param({"components": ("fee", "interest", "principal")}, "names each once", id="no place for charges"),
        pytest.param({"components": ("fee", "fee", "interest", "principal")}, "names each once", id="fees twice"),
    ],
)  # fmt: skip
def test_an_order_names_everything_once(setting: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Order(**setting)


# Many repayments


def test_credit_pays_the_next_instalment_on_its_day() -> None:
    found = replay(
        DUES, [Repayment(JANUARY, 160), Repayment(date(2026, 3, 10), 100)], OLDEST, MARCH
    )
    assert [(row.number, row.component, row.amount, row.on) for row in found.rows[4:]] == [
        (2, "interest", 15, FEBRUARY),
        (2, "interest", 5, date(2026, 3, 10)),
        (2, "principal", 95, date(2026, 3, 10)),
    ]
    assert found.over == 0


@pytest.mark.parametrize(
    ("on", "due", "to_come", "credit"),
    [
        pytest.param(date(2026, 1, 1), Amounts(), Amounts(5, 10, 60, 330), 0, id="nothing is due yet"),
        pytest.param(JANUARY, Amounts(), Amounts(0, 0, 30, 230), 55, id="the first is paid, with something over"),
        pytest.param(FEBRUARY, Amounts(principal=75), Amounts(0, 0, 10, 120), 0, id="credit has paid a part of the second"),
        pytest.param(MARCH, Amounts(0, 0, 10, 195), Amounts(), 0, id="everything is due"),
    ],
)  # fmt: skip
def test_what_is_outstanding(on: date, due: Amounts, to_come: Amounts, credit: int) -> None:
    found = outstanding(DUES, [Repayment(JANUARY, 200)], OLDEST, on)
    assert found == Outstanding(due, to_come, credit)


ORDERS = st.builds(
    Order,
    by=st.sampled_from(["instalment", "component"]),
    components=st.permutations(COMPONENTS).map(tuple),
    ahead=st.booleans(),
)
DAYS = st.integers(0, 200).map(lambda n: JANUARY + timedelta(days=n))
MONEY = st.integers(0, 500)


@st.composite
def debts(draw: st.DrawFn) -> tuple[Due, ...]:
    amounts = st.builds(Amounts, MONEY, MONEY, MONEY, MONEY)
    drawn = draw(st.lists(st.tuples(DAYS, amounts), max_size=5))
    return tuple(Due(number, *one) for number, one in enumerate(drawn, 1))


RECEIVED = st.lists(st.builds(Repayment, DAYS, st.integers(0, 2000)), max_size=6)


@given(dues=debts(), received=RECEIVED, order=ORDERS, on=DAYS)
def test_every_sen_is_somewhere_and_nothing_is_paid_twice(
    dues: tuple[Due, ...], received: list[Repayment], order: Order, on: date
) -> None:
    found = replay(dues, received, order, on)
    given_by_then = sum(one.amount for one in received if one.on <= on)
    assert sum(row.amount for row in found.rows) + found.over == given_by_then
    assert all(row.amount > 0 and row.on <= on for row in found.rows)
    left = outstanding(dues, received, order, on)
    assert left.due.total + left.to_come.total == added(dues).total - given_by_then + found.over
    for due in unpaid(dues, found.rows):
        assert all(due.amounts.of(name) >= 0 for name in COMPONENTS)
    assert not (found.over and left.due.total)
    early = {row.number for row in found.rows} & {due.number for due in dues if due.due_on > on}
    assert order.ahead or not early


@given(dues=debts(), received=RECEIVED, order=ORDERS, on=DAYS, sooner=DAYS)
def test_all_at_once_is_the_same_as_one_by_one(
    dues: tuple[Due, ...], received: list[Repayment], order: Order, on: date, sooner: date
) -> None:
    whole = replay(dues, received, order, on)
    assert replay(tuple(reversed(dues)), received, order, on) == whole
    before = replay(dues, received, order, min(sooner, on))
    assert whole.rows[: len(before.rows)] == before.rows
    paid, credit = list(before.rows), before.over
    events = [(due.due_on, 0) for due in dues]
    events += [(one.on, one.amount) for one in sorted(received, key=lambda one: one.on)]
    for day, amount in sorted(events, key=lambda event: (event[0], event[1] > 0)):
        if min(sooner, on) < day <= on:
            found = allocate(dues, paid, credit + amount, order, day)
            paid, credit = [*paid, *found.rows], found.over
    assert (tuple(paid), credit) == (whole.rows, whole.over)


# Early settlement


def a_sen_in_a_thousand_days(principal: int, start: date, end: date) -> Decimal:
    return Decimal(principal) * (end - start).days / 1000


DRAWN = date(2025, 12, 31)


@pytest.mark.parametrize(
    ("received", "order", "on", "quote"),
    [
        pytest.param([], OLDEST, date(2026, 1, 10), Quote(date(2026, 1, 10), Amounts(), 330, 3, 0, 0), id="ten days after the loan was drawn"),
        pytest.param([], OLDEST, JANUARY, Quote(JANUARY, Amounts(5, 10, 30, 100), 230, 0, 0, 0), id="a due date: nothing has accrued since"),
        pytest.param([Repayment(JANUARY, 145)], OLDEST, date(2026, 2, 10), Quote(date(2026, 2, 10), Amounts(), 230, 2, 0, 0), id="ten days after the first was paid"),
        pytest.param([Repayment(JANUARY, 200)], OLDEST, date(2026, 2, 10), Quote(date(2026, 2, 10), Amounts(), 230, 2, 0, 55), id="credit is taken off"),
        pytest.param([Repayment(JANUARY, 265)], AHEAD, date(2026, 2, 10), Quote(date(2026, 2, 10), Amounts(), 130, 1, 20, 0), id="principal and interest paid ahead"),
        pytest.param([Repayment(JANUARY, 145), Repayment(date(2026, 2, 10), 120)], AHEAD, date(2026, 2, 20), Quote(date(2026, 2, 20), Amounts(), 130, 3, 20, 0), id="principal paid ahead bore interest until then"),
        pytest.param([Repayment(JANUARY, 145), Repayment(FEBRUARY, 130)], OLDEST, date(2026, 3, 10), Quote(date(2026, 3, 10), Amounts(), 120, 1, 0, 0), id="interest counts from the last due date"),
        pytest.param([], OLDEST, date(2026, 5, 1), Quote(date(2026, 5, 1), Amounts(5, 10, 60, 330), 0, 0, 0, 0), id="after the last due date"),
    ],
)  # fmt: skip
def test_early_settlement_is_quoted(
    received: list[Repayment], order: Order, on: date, quote: Quote
) -> None:
    found = settlement_quote(DUES, received, order, DRAWN, a_sen_in_a_thousand_days, on)
    assert found == quote


@pytest.mark.parametrize(
    ("charged_on", "arrears"),
    [
        pytest.param(date(2026, 2, 10), Amounts(charge=8), id="is in what settles the loan"),
        pytest.param(date(2026, 2, 21), Amounts(), id="is not owed before its day"),
    ],
)
def test_a_charge_since_the_last_due_date(charged_on: date, arrears: Amounts) -> None:
    on = date(2026, 2, 20)
    charged = (*DUES, Due(-1, charged_on, Amounts(charge=8)))
    paid = [Repayment(JANUARY, 145)]
    found = settlement_quote(charged, paid, OLDEST, DRAWN, a_sen_in_a_thousand_days, on)
    # Interest runs from the last due date of an instalment: twenty days, whenever the charge was made.
    assert found == Quote(on, arrears, 230, 4, 0, 0)


def test_the_total_of_a_quote_may_be_money_back() -> None:
    quote = Quote(MARCH, Amounts(1, 2, 3, 4), principal=100, accrued=7, paid_ahead=20, credit=50)
    assert quote.total == 47
    assert replace(quote, credit=200).total == -103
