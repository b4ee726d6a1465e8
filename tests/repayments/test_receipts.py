"""Receipts of loans: recorded by one, confirmed by another, booked once, and what each of them pays."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from app.db import db
from app.repayments.compose.drafts import REPAYMENT, Money
from app.repayments.models import AllocationEntry, Receipt
from app.repayments.queries import newest, owing
from tests.factories import Days, invalid, last_event, refused
from tests.repayments.lending import act, begin, drawn, loan_of, receive
from tests.world import World

pytestmark = pytest.mark.one_database

ZONE = "Asia/Ho_Chi_Minh"
GIVEN = Money("10,000,000", date(2026, 12, 29), "FT1")


def test_a_receipt_is_booked_once_a_second_person_confirms_it(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2026-12-31", ZONE)
    number = begin(world, reference, REPAYMENT, GIVEN, world.maker)
    award = loan_of(world, reference)
    assert owing.receipts(award) == []
    with refused("separate_hands"):
        act(world, reference, number, "confirm", world.maker)
    act(world, reference, number, "confirm", world.checker)
    (receipt,) = owing.receipts(award)
    assert (receipt.amount_minor, receipt.received_on) == (10_000_000, date(2026, 12, 29))
    assert last_event(reference).id == receipt.event_id
    detail = last_event(reference).record["detail"]
    assert (detail["amount"], detail["currency"], detail["terms"]["bank_reference"]) == (
        10_000_000,
        "VND",
        "FT1",
    )


def test_a_receipt_pays_what_is_due_in_the_agreed_order(world: World, days: Days) -> None:
    reference = drawn(world)
    award = loan_of(world, reference)
    schedule = newest(award)
    assert schedule is not None
    first = schedule.rows[0]
    days.noon("2026-12-31", ZONE)
    receive(world, reference, "10,000,000", "2026-12-29")
    (receipt,) = owing.receipts(award)
    # It came a day early: it was credit, and paid the instalment on its due date.
    assert dict(owing.kept(award)) == {
        (receipt.id, 1, "interest", date(2026, 12, 30)): first["interest"],
        (receipt.id, 1, "principal", date(2026, 12, 30)): 10_000_000 - first["interest"],
    }
    standing = owing.standing(award)
    assert standing is not None
    assert (standing.days, standing.instalments) == (1, 1)
    assert standing.overdue_minor == first["total"] - 10_000_000


def test_a_receipt_that_is_booked_late_takes_its_place_by_further_entries(
    world: World, days: Days
) -> None:
    reference = drawn(world)
    award = loan_of(world, reference)
    days.noon("2027-01-20", ZONE)
    receive(world, reference, "20,000,000", "2027-01-15", "LATER")
    written = _entries()
    receive(world, reference, "5,000,000", "2026-12-28", "EARLIER")
    assert _entries() > written
    loan = owing.loan(award)
    assert owing.kept(award) == loan.entries(date(2027, 1, 20))
    assert min(place[3] for place in owing.kept(award)) == date(2026, 12, 30)


def _entries() -> int:
    return db.session.scalar(select(func.count(AllocationEntry.id))) or 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        pytest.param({"amount": "USD 100"}, "amount", id="in another currency"),
        pytest.param({"amount": "100.50"}, "amount", id="finer than the currency is paid"),
        pytest.param({"amount": "0"}, "amount", id="of nothing"),
        pytest.param({"amount": "900,000,000"}, "amount", id="of more than is owed"),
        pytest.param({"on": date(2027, 1, 1)}, "on", id="that is still to come"),
        pytest.param({"on": date(2026, 11, 29)}, "on", id="before the first drawdown"),
    ],
)
def test_no_receipt_is_recorded(
    world: World, days: Days, changed: dict[str, object], field: str
) -> None:
    reference = drawn(world)
    days.noon("2026-12-31", ZONE)
    with invalid(field):
        begin(world, reference, REPAYMENT, replace(GIVEN, **changed), world.maker)  # type: ignore[arg-type]


def test_everything_that_is_wrong_is_told_at_once(world: World, days: Days) -> None:
    reference = drawn(world)
    with invalid("amount", "on"):
        begin(world, reference, REPAYMENT, replace(GIVEN, amount="100.50"), world.maker)


@pytest.mark.parametrize("confirmed", [False, True], ids=["still waiting", "booked"])
def test_the_same_receipt_twice_is_refused(world: World, days: Days, *, confirmed: bool) -> None:
    reference = drawn(world)
    days.noon("2026-12-31", ZONE)
    number = begin(world, reference, REPAYMENT, GIVEN, world.maker)
    if confirmed:
        act(world, reference, number, "confirm", world.checker)
    with invalid("bank_reference"):
        begin(world, reference, REPAYMENT, replace(GIVEN, amount="1,000"), world.maker)


def test_a_receipt_that_is_struck_out_may_be_recorded_again(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2026-12-31", ZONE)
    number = begin(world, reference, REPAYMENT, GIVEN, world.maker)
    act(world, reference, number, "strike", world.checker)
    assert db.session.scalars(select(Receipt)).all() == []
    begin(world, reference, REPAYMENT, GIVEN, world.maker)


def test_more_than_is_owed_is_kept_as_credit_once_it_is_confirmed(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2026-12-31", ZONE)
    given = replace(GIVEN, amount="900,000,000", confirmed=True)
    number = begin(world, reference, REPAYMENT, given, world.maker)
    act(world, reference, number, "confirm", world.checker)
    award = loan_of(world, reference)
    owed, standing = owing.loan(award).owed(date(2026, 12, 31)), owing.standing(award)
    assert owed.credit == 900_000_000 - newest_total(award, 1)
    # A second tranche can still be drawn: the loan is not repaid.
    assert standing is not None
    assert (standing.credit_minor, standing.repaid_on) == (owed.credit, None)


def newest_total(award: object, number: int) -> int:
    schedule = newest(award)  # type: ignore[arg-type]
    assert schedule is not None
    return int(next(row["total"] for row in schedule.rows if row["number"] == number))


@pytest.mark.parametrize("model", [Receipt, AllocationEntry], ids=["a receipt", "an entry"])
def test_the_database_refuses_to_change_or_delete(
    world: World, days: Days, model: type[Receipt] | type[AllocationEntry]
) -> None:
    reference = drawn(world)
    days.noon("2026-12-31", ZONE)
    receive(world, reference, "10,000,000", "2026-12-30")
    for act_of in (update(model).values(amount_minor=1), delete(model)):
        with pytest.raises(DBAPIError, match="is never"), db.session.begin_nested():
            db.session.execute(act_of)
