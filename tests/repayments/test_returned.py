"""A drawdown that the bank sends back: the schedule is made without it, what was received stays, and it can be paid again."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.checkpoints.commands import advance
from app.db import db, transaction
from app.errors import Conflict
from app.letters.compose import compose
from app.letters.render import DisbursementAdvice
from app.repayments.compose.basis import NOTHING, conventions
from app.repayments.compose.drafts import RATE, REPAYMENT, RESTRUCTURING, Money, NewRate
from app.repayments.export import records
from app.repayments.queries import owing
from app.trail.models import OutboxEntry
from tests.answers import LOAN
from tests.factories import Days, invalid, last_event
from tests.pages.browser import Browser
from tests.repayments.lending import act, begin, drawn, loan_of, receive, swept, work
from tests.repayments.returning import (
    CHANGE,
    FIRST,
    SECOND,
    ZONE,
    approved,
    kinds,
    paid,
    returned,
    send_back,
    standing,
    stands,
)
from tests.world import World

pytestmark = pytest.mark.one_database


# The schedule without it


def test_the_next_version_is_without_what_came_back(world: World, days: Days) -> None:
    reference = drawn(world)
    paid(world, reference, 2)
    days.noon("2026-12-02", ZONE)
    event = returned(world, reference, 2, "2026-12-02")
    schedule = stands(world, reference)
    assert kinds(world, reference) == ["drawn", "drawn", "returned"]
    assert schedule.event_id == event
    assert schedule.basis["drawdowns"] == [{"on": "2026-11-30", "amount": str(FIRST)}]
    assert sum(row["principal"] for row in schedule.rows) == FIRST
    assert standing(world, reference).owed_minor == sum(row["total"] for row in schedule.rows)


def test_the_same_return_makes_one_version_however_often_it_is_worked_on(
    world: World, days: Days
) -> None:
    reference = drawn(world)
    event = returned(world, reference, 1, "2026-11-30")
    work(event)
    work(event)
    assert kinds(world, reference) == ["drawn", "returned"]


def test_what_came_back_before_a_schedule_was_made_with_it_never_was_in_one(
    world: World, days: Days
) -> None:
    reference = world.at("disbursing", LOAN)
    world.tranche_to(reference, 1, "paid")
    payment = last_event(reference).id
    send_back(world, reference, 1, "2026-11-30")
    work(payment)
    work(last_event(reference).id)
    assert kinds(world, reference) == []
    paid(world, reference, 1)
    assert kinds(world, reference) == ["drawn"]


def test_a_payment_worked_on_late_does_not_bring_the_money_back(world: World, days: Days) -> None:
    reference = drawn(world)
    world.tranche_to(reference, 2, "paid")
    events = select(OutboxEntry.event_id).where(OutboxEntry.duty == "schedule")
    payment = max(db.session.scalars(events))
    returned(world, reference, 2, "2026-11-30")
    work(payment)
    assert kinds(world, reference) == ["drawn", "returned"]
    assert len(stands(world, reference).basis["drawdowns"]) == 1


def test_the_advice_of_a_payment_that_came_back_at_once_can_still_be_written(
    world: World, days: Days
) -> None:
    reference = world.at("disbursing", LOAN)
    world.tranche_to(reference, 1, "paid")
    payment = last_event(reference)
    send_back(world, reference, 1, "2026-11-30")
    with transaction():
        advance()
    body = compose("disbursement_advice", world.case(reference), payment).body
    assert isinstance(body, DisbursementAdvice)
    assert [int(amount) for amount in (body.amount, body.remaining)] == [FIRST, SECOND]


# Nothing is drawn any more


def test_with_the_last_drawdown_back_nothing_is_owed_and_it_can_still_be_drawn(
    world: World, days: Days
) -> None:
    reference = drawn(world)
    days.noon("2027-01-05", ZONE)
    assert swept() == 1
    assert standing(world, reference).days == 6
    returned(world, reference, 1, "2027-01-05")
    schedule, found = stands(world, reference), standing(world, reference)
    assert (schedule.kind, schedule.rows, schedule.basis["drawdowns"]) == ("returned", [], [])
    assert conventions(schedule.basis, "VND") == [NOTHING]
    assert (found.owed_minor, found.days, found.next_due_on, found.repaid_on) == (0, 0, None, None)
    days.noon("2027-01-06", ZONE)
    assert swept() == 1
    assert standing(world, reference).repaid_on is None


def test_money_received_before_stays_as_credit_and_pays_what_is_drawn_again(
    world: World, days: Days
) -> None:
    reference = drawn(world)
    days.noon("2026-12-30", ZONE)
    receive(world, reference, "20,000,000", "2026-12-30")
    assert owing.kept(loan_of(world, reference))
    returned(world, reference, 1, "2026-12-30")
    assert not owing.kept(loan_of(world, reference))
    assert standing(world, reference).credit_minor == 20_000_000
    assert owing.loan(loan_of(world, reference)).quote(date(2026, 12, 30)).total == -20_000_000
    days.noon("2027-01-10", ZONE)
    paid(world, reference, 1)
    assert kinds(world, reference) == ["drawn", "returned", "drawn"]
    assert stands(world, reference).basis["drawdowns"] == [
        {"on": "2027-01-10", "amount": str(FIRST)}
    ]
    days.noon("2027-02-11", ZONE)
    swept()
    assert sum(owing.kept(loan_of(world, reference)).values()) == 20_000_000


def test_money_that_comes_in_while_nothing_is_drawn_is_credit(world: World, days: Days) -> None:
    reference = drawn(world)
    returned(world, reference, 1, "2026-11-30")
    with invalid("amount"):
        begin(world, reference, REPAYMENT, Money("500", date(2026, 11, 30), "FT9"), world.maker)
    given = Money("500", date(2026, 11, 30), "FT9", confirmed=True)
    act(world, reference, begin(world, reference, REPAYMENT, given, world.maker), "confirm", world.checker)  # fmt: skip
    assert standing(world, reference).credit_minor == 500


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        pytest.param(RESTRUCTURING, CHANGE, id="no other terms"),
        pytest.param(RATE, NewRate(Decimal(6), date(2027, 2, 28)), id="no other rate"),
    ],
)
def test_nothing_is_changed_while_nothing_is_drawn(
    world: World, days: Days, kind: str, given: object
) -> None:
    reference = drawn(world)
    returned(world, reference, 1, "2026-11-30")
    with pytest.raises(Conflict, match="Nothing has been drawn"):
        begin(world, reference, kind, given, world.desk)


def test_a_change_waits_for_the_schedule_of_what_came_back(world: World, days: Days) -> None:
    reference = drawn(world)
    number = approved(world, reference)
    send_back(world, reference, 1, "2026-11-30")
    with pytest.raises(Conflict, match="is being made"):
        act(world, reference, number, "agree", world.applicant)
    work(max(db.session.scalars(select(OutboxEntry.event_id).where(OutboxEntry.duty == "schedule"))))  # fmt: skip
    with pytest.raises(Conflict, match="Nothing has been drawn"):
        act(world, reference, number, "agree", world.applicant)


def test_the_pages_say_so_in_plain_sentences(world: World, days: Days) -> None:
    reference = drawn(world)
    returned(world, reference, 1, "2026-11-30")
    desk, applicant = Browser(world.app, "desk.vn"), Browser(world.app, "applicant.vn")
    schedule = desk.get(f"/cases/{reference}/schedule")
    assert (schedule.status_code, NOTHING in schedule.text) == (200, True)
    assert "without what the bank has sent back" in schedule.text
    assert "Try out other terms" not in schedule.text
    assert desk.get(f"/cases/{reference}/schedule?version=1").text.count("<rect") > 24
    settled = applicant.get(f"/cases/{reference}/schedule/settlement")
    assert (settled.status_code, "nothing to settle early" in settled.text) == (200, True)
    other = desk.get(f"/cases/{reference}/schedule/other-terms")
    assert (other.status_code, NOTHING in other.text) == (404, True)
    assert "it can still be drawn" in desk.get("/arrears").text
    assert "without instalments" in desk.get(f"/cases/{reference}").text
    assert "no instalments now" in applicant.get(f"/cases/{reference}").text
    for page in ("schedule.csv", "schedule/working.csv"):
        assert desk.get(f"/cases/{reference}/{page}").status_code == 200


def test_the_hand_over_tells_it(world: World, days: Days) -> None:
    reference = drawn(world)
    returned(world, reference, 1, "2026-11-30")
    agency = world.case(reference).scheme.agency
    (found,) = [row for row in records(agency, None) if row["reference"] == reference]
    assert (found["schedule_version"], found["schedule_kind"]) == (2, "returned")
    assert (found["drawdowns"], found["instalments"]) == ([], [])
    assert (found["principal_owed_minor"], found["repaid_on"]) == (0, None)
