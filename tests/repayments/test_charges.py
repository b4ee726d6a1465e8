"""Late-payment charges are made by an event once they are approved, each day of lateness once."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app.db import db, transaction
from app.errors import Conflict
from app.repayments.compose.charging import LATE_CHARGE, WAIVER
from app.repayments.compose.drafts import REPAYMENT, WRITE_OFF, Money
from app.repayments.models import ChargeWaiver, LateCharge
from app.repayments.queries import owing
from app.trail.models import OutboxEntry
from tests.answers import LOAN
from tests.factories import Days, last_event
from tests.pages.browser import Browser
from tests.repayments.lateness import (
    DAY,
    LATE,
    SALE,
    ZONE,
    charged,
    cost,
    done,
    first,
    late,
    stood,
)
from tests.repayments.lending import act, approve, begin, loan_of, receive, swept, work
from tests.world import World

pytestmark = pytest.mark.one_database


def test_lateness_is_charged_by_an_event_once_it_is_approved(world: World, days: Days) -> None:
    reference = late(world, days)
    number = begin(world, reference, LATE_CHARGE, None, world.desk)
    assert charged(world, reference) == []
    approve(world, reference, number)
    amount = cost(first(world, reference), 10)
    (row,) = owing.charges(loan_of(world, reference))
    assert (row.number, row.kind, row.amount_minor, row.due_on) == (1, "charge", amount, DAY)
    assert row.covers == [{"number": 1, "due": "2026-12-30", "amount": amount}]
    event = last_event(reference)
    assert row.event_id == event.id
    assert event.record["detail"]["terms"] == {
        "until": "2027-01-09",
        "rows": [{"kind": "charge", "amount": amount, "covers": row.covers}],
    }
    assert event.record["detail"]["amount"] == amount


def test_each_day_of_lateness_is_charged_once(world: World, days: Days) -> None:
    reference = late(world, days)
    done(world, reference, LATE_CHARGE)
    with pytest.raises(Conflict, match="nothing that was not charged before"):
        begin(world, reference, LATE_CHARGE, None, world.desk)
    days.noon("2027-01-19", ZONE)
    done(world, reference, LATE_CHARGE)
    due = first(world, reference)
    # The charge of before bears none: twenty days of the instalment alone.
    amounts = [amount for _, amount, _ in charged(world, reference)]
    assert amounts == [cost(due, 10), cost(due, 20) - cost(due, 10)]


def test_what_was_waived_is_not_charged_again(world: World, days: Days) -> None:
    reference = late(world, days)
    done(world, reference, LATE_CHARGE)
    done(world, reference, WAIVER)
    with pytest.raises(Conflict, match="nothing that was not charged before"):
        begin(world, reference, LATE_CHARGE, None, world.desk)


def test_an_instalment_that_was_paid_late_is_charged_until_it_was_paid(
    world: World, days: Days
) -> None:
    reference = late(world, days)
    receive(world, reference, str(first(world, reference)), "2027-01-04")
    assert stood(world, reference).days == 0
    done(world, reference, LATE_CHARGE)
    assert charged(world, reference) == [("charge", cost(first(world, reference), 5), 0)]
    days.noon("2027-01-20", ZONE)
    swept()
    found = stood(world, reference)
    assert (found.days, found.bucket, found.notice) == (0, "current", "")
    assert found.overdue_minor == found.overdue_charge_minor > 0


def test_no_more_is_charged_than_was_approved(world: World, days: Days) -> None:
    reference = late(world, days)
    number = begin(world, reference, LATE_CHARGE, None, world.desk)
    days.noon("2027-01-12", ZONE)
    approve(world, reference, number)
    assert charged(world, reference) == [("charge", cost(first(world, reference), 10), 0)]
    done(world, reference, LATE_CHARGE)
    assert sum(amount for _, amount, _ in charged(world, reference)) == cost(
        first(world, reference), 13
    )


def test_a_receipt_that_is_booked_meanwhile_makes_a_charge_less(world: World, days: Days) -> None:
    reference = late(world, days)
    number = begin(world, reference, LATE_CHARGE, None, world.desk)
    receive(world, reference, str(first(world, reference)), "2027-01-02")
    approve(world, reference, number)
    assert charged(world, reference) == [("charge", cost(first(world, reference), 3), 0)]


def test_where_nothing_was_late_after_all_nothing_is_charged(world: World, days: Days) -> None:
    reference = late(world, days)
    number = begin(world, reference, LATE_CHARGE, None, world.desk)
    receive(world, reference, str(first(world, reference)), "2026-12-30")
    with pytest.raises(Conflict, match="nothing is left to charge"):
        approve(world, reference, number)


def test_a_receipt_booked_late_leaves_a_charge_that_was_made(world: World, days: Days) -> None:
    reference = late(world, days)
    done(world, reference, LATE_CHARGE)
    receive(world, reference, str(first(world, reference)), "2026-12-30")
    amount = cost(first(world, reference), 10)
    assert charged(world, reference) == [("charge", amount, 0)]
    assert owing.loan(loan_of(world, reference)).owed(DAY).due.charge == amount
    with pytest.raises(Conflict, match="nothing that was not charged before"):
        begin(world, reference, LATE_CHARGE, None, world.desk)


@pytest.mark.parametrize(
    ("agreed", "sentence"),
    [
        pytest.param({"late_rate_pct": "0"}, "Lateness has cost nothing", id="a rate of nothing"),
        pytest.param({"sale": {"principle": "murabahah", "ceiling_rate_pct": "9"}}, "No charge for late payment was agreed", id="a sale without either"),
        pytest.param({"method": "annuity"}, "No charge for late payment was agreed", id="no rate"),
    ],
)  # fmt: skip
def test_nothing_is_charged_with(
    world: World, days: Days, agreed: dict[str, Any], sentence: str
) -> None:
    reference = late(world, days, **agreed)
    with pytest.raises(Conflict, match=sentence):
        begin(world, reference, LATE_CHARGE, None, world.desk)


def test_one_charge_is_decided_at_a_time(world: World, days: Days) -> None:
    reference = late(world, days)
    begin(world, reference, LATE_CHARGE, None, world.desk)
    with pytest.raises(Conflict, match="being decided already"):
        begin(world, reference, LATE_CHARGE, None, world.desk)


def test_nothing_is_charged_before_anything_is_drawn(world: World, days: Days) -> None:
    reference = world.at("disbursing", LOAN)
    with transaction():
        award = loan_of(world, reference)
        award.terms = {**award.terms, **LATE}
    with pytest.raises(Conflict, match="Nothing has been drawn"):
        begin(world, reference, LATE_CHARGE, None, world.desk)


def test_a_loan_that_is_written_off_meanwhile_is_not_charged(world: World, days: Days) -> None:
    reference = late(world, days)
    number = begin(world, reference, LATE_CHARGE, None, world.desk)
    done(world, reference, WRITE_OFF)
    with pytest.raises(Conflict, match="written off"):
        approve(world, reference, number)


def test_a_loan_that_is_settled_early_is_not_charged(world: World, days: Days) -> None:
    reference = late(world, days)
    world.tranche_to(reference, 2, "paid")
    events = select(OutboxEntry.event_id).where(OutboxEntry.duty == "schedule")
    work(max(db.session.scalars(events)))
    total = owing.loan(loan_of(world, reference)).quote(DAY).total
    given = Money(str(total), DAY, "FT-END", settles=True)
    number = begin(world, reference, REPAYMENT, given, world.maker)
    act(world, reference, number, "confirm", world.checker)
    with pytest.raises(Conflict, match="settled early"):
        begin(world, reference, LATE_CHARGE, None, world.desk)


def test_two_amounts_with_two_recipients_are_never_one(world: World, days: Days) -> None:
    reference = late(world, days, **SALE)
    done(world, reference, LATE_CHARGE)
    due = first(world, reference)
    assert charged(world, reference) == [
        ("compensation", cost(due, 10, 10), 0),
        ("penalty", cost(due, 10), 0),
    ]
    rows = owing.charges(loan_of(world, reference))
    assert [row.number for row in rows] == [1, 2]
    assert len({row.event_id for row in rows}) == 1
    page = Browser(world.app, "applicant.vn").get(f"/cases/{reference}/schedule").text
    for words in ("Compensation (ta&#39;widh) 1", "Penalty to charity (gharamah) 2", "Financier"):
        assert words in page, words


@pytest.mark.parametrize("model", [LateCharge, ChargeWaiver], ids=["a charge", "a waiver"])
def test_the_database_refuses_to_change_or_delete(
    world: World, days: Days, model: type[LateCharge] | type[ChargeWaiver]
) -> None:
    reference = late(world, days)
    done(world, reference, LATE_CHARGE)
    done(world, reference, WAIVER)
    for act_of in (update(model).values(amount_minor=1), delete(model)):
        with pytest.raises(DBAPIError, match="is never"), db.session.begin_nested():
            db.session.execute(act_of)
