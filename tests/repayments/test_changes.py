"""Other terms for what is owed, another rate, a write-off, letters about arrears: proposed, approved, in force."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.awards.models import AwardVersion
from app.db import db
from app.errors import Conflict
from app.proceedings.compose import KINDS
from app.proceedings.queries import proceeding
from app.repayments.compose.changing import Change
from app.repayments.compose.drafts import NOTICE, RATE, RESTRUCTURING, WRITE_OFF, NewRate
from app.repayments.queries import listed, newest, owing, version
from app.trail.models import OutboxEntry
from tests.factories import Days, invalid, last_event
from tests.repayments.lending import act, approve, begin, drawn, loan_of, receive, swept, work
from tests.world import World

pytestmark = pytest.mark.one_database

ZONE = "Asia/Ho_Chi_Minh"
CHANGE = Change(36, date(2027, 3, 15), "equal_principal", Decimal("3.5"), "principal", 2)


def restructured(world: World, reference: str) -> None:
    """Let a restructuring come into force."""
    number = begin(world, reference, RESTRUCTURING, CHANGE, world.desk)
    approve(world, reference, number)
    act(world, reference, number, "agree", world.applicant)


def test_a_restructuring_makes_a_new_version_on_what_is_owed(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2027-01-15", ZONE)
    receive(world, reference, "20,000,000", "2026-12-30")
    before = owing.kept(loan_of(world, reference))
    restructured(world, reference)
    award = loan_of(world, reference)
    schedule = newest(award)
    assert schedule is not None
    assert [tuple(row) for row in listed(award)] == [(2, "restructured"), (1, "drawn")]
    left = schedule.basis["restructured"]
    assert left["principal"] == sum(
        row["principal"] for row in schedule.rows if row["number"] > left["kept"][-1]["number"]
    )
    assert (award.terms["instalments"], award.terms["rate_pct"]) == (36, "3.5")
    assert (award.terms["first_due"], award.terms["grace_principal"]) == ("2027-03-15", 2)
    assert owing.kept(award) == before
    standing = owing.standing(award)
    assert standing is not None
    assert (standing.days, standing.next_due_on) == (0, date(2027, 3, 15))
    agreed = select(AwardVersion).order_by(AwardVersion.number.desc()).limit(1)
    assert db.session.scalars(agreed).one().terms == award.terms


def test_the_version_of_before_is_kept_as_it_was(world: World, days: Days) -> None:
    reference = drawn(world)
    kept = newest(loan_of(world, reference))
    assert kept is not None
    rows, basis = list(kept.rows), dict(kept.basis)
    days.noon("2027-01-15", ZONE)
    restructured(world, reference)
    found = version(loan_of(world, reference), 1)
    assert (found.rows, found.basis) == (rows, basis)


def test_a_drawdown_after_a_restructuring_is_added_to_it(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2027-01-15", ZONE)
    restructured(world, reference)
    days.noon("2027-02-01", ZONE)
    world.tranche_to(reference, 2, "paid")
    events = select(OutboxEntry.event_id).where(OutboxEntry.duty == "schedule")
    work(max(db.session.scalars(events)))
    award = loan_of(world, reference)
    schedule = newest(award)
    assert schedule is not None
    assert (schedule.version, schedule.kind) == (3, "drawn")
    drawdowns = schedule.basis["drawdowns"]
    assert [one["on"] for one in drawdowns] == ["2027-01-15", "2027-02-01"]
    assert drawdowns[1]["amount"] == "900000000"
    to_come = owing.loan(award).owed(date(2027, 2, 1)).to_come
    assert to_come.principal == 600_000_000 + 900_000_000


def test_a_restructuring_cannot_begin_in_the_past(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2027-03-15", ZONE)
    with invalid("first_due"):
        begin(world, reference, RESTRUCTURING, CHANGE, world.desk)


def test_a_restructuring_that_took_too_long_has_to_be_proposed_anew(
    world: World, days: Days
) -> None:
    reference = drawn(world)
    days.noon("2027-03-10", ZONE)
    number = begin(world, reference, RESTRUCTURING, CHANGE, world.desk)
    approve(world, reference, number)
    days.noon("2027-03-15", ZONE)
    with pytest.raises(Conflict, match="Propose the change anew"):
        act(world, reference, number, "agree", world.applicant)


def test_terms_that_no_loan_can_have_are_refused(world: World, days: Days) -> None:
    reference = drawn(world)
    wrong = Change(2, date(2027, 3, 15), "bullet", grace="principal", grace_periods=1)
    with invalid("") as found:
        begin(world, reference, RESTRUCTURING, wrong, world.desk)
    assert "bullet" in found[""][0]


def test_another_rate_holds_from_its_day(world: World, days: Days) -> None:
    reference = drawn(world)
    before = newest(loan_of(world, reference))
    assert before is not None
    days.noon("2027-01-15", ZONE)
    number = begin(world, reference, RATE, NewRate(Decimal(6), date(2027, 1, 30)), world.desk)
    approve(world, reference, number)
    after = newest(loan_of(world, reference))
    assert after is not None
    assert (after.version, after.kind) == (2, "rate_change")
    assert after.rows[:2] == before.rows[:2]
    assert after.rows[2]["interest"] > before.rows[2]["interest"]
    assert after.basis["terms"]["rates"] == [{"on": "2027-01-30", "rate_pct": "6"}]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param(NewRate(Decimal(101), date(2027, 2, 1)), "rate_pct", id="above a hundred"),
        pytest.param(NewRate(Decimal("4.00"), date(2027, 2, 1)), "rate_pct", id="as it is"),
        pytest.param(NewRate(Decimal(6), date(2027, 1, 14)), "on", id="from a day that is over"),
        pytest.param(NewRate(Decimal(6), date(2029, 1, 1)), "on", id="after the last instalment"),
    ],
)
def test_a_rate_is_refused(world: World, days: Days, given: NewRate, field: str) -> None:
    reference = drawn(world)
    days.noon("2027-01-15", ZONE)
    with invalid(field):
        begin(world, reference, RATE, given, world.desk)


def test_a_write_off_is_one_fact_and_recoveries_are_receipts(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2027-06-15", ZONE)
    owed = owing.loan(loan_of(world, reference)).quote(date(2027, 6, 15)).total
    number = begin(world, reference, WRITE_OFF, None, world.desk)
    days.noon("2027-06-16", ZONE)
    approve(world, reference, number)
    award = loan_of(world, reference)
    found = owing.written_off(award)
    assert found is not None
    # A day more of interest has accrued; no more is written off than was approved.
    assert (found.amount_minor, found.written_off_on) == (owed, date(2027, 6, 16))
    assert len(listed(award)) == 1
    receive(world, reference, "1,000,000", "2027-06-16", "LATE-1")
    standing = owing.standing(loan_of(world, reference))
    assert standing is not None
    assert (standing.written_off, standing.days > 0) == (True, True)
    assert len(owing.receipts(award)) == 1


def test_one_change_at_a_time(world: World, days: Days) -> None:
    reference = drawn(world)
    begin(world, reference, WRITE_OFF, None, world.desk)
    with pytest.raises(Conflict, match="being decided already"):
        begin(world, reference, RESTRUCTURING, CHANGE, world.desk)


def test_each_letter_about_arrears_is_sent_once(world: World, days: Days) -> None:
    reference = drawn(world)
    with pytest.raises(Conflict, match="No letter about arrears is due"):
        begin(world, reference, NOTICE, None, world.desk)
    days.noon("2027-01-06", ZONE)
    assert swept() == 1
    begin(world, reference, NOTICE, None, world.desk)
    event = last_event(reference)
    detail = event.record["detail"]["terms"]
    assert (detail["level"], detail["days"]) == ("first_reminder", 7)
    assert detail["overdue"] == sum(r["principal"] + r["interest"] for r in detail["instalments"])
    duties = select(OutboxEntry).where(OutboxEntry.event_id == event.id)
    assert [(row.duty, row.args["letter"]) for row in db.session.scalars(duties)] == [
        ("letter", "arrears_notice")
    ]
    with pytest.raises(Conflict, match="No letter about arrears is due"):
        begin(world, reference, NOTICE, None, world.desk)
    days.noon("2027-01-29", ZONE)
    swept()
    begin(world, reference, NOTICE, None, world.desk)
    assert last_event(reference).record["detail"]["terms"]["level"] == "second_reminder"


def test_who_pays_what_is_overdue_is_reminded_anew_the_next_time(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2027-01-06", ZONE)
    swept()
    begin(world, reference, NOTICE, None, world.desk)
    receive(world, reference, "30,000,000", "2027-01-06")
    standing = owing.standing(loan_of(world, reference))
    assert standing is not None
    assert (standing.days, standing.noticed) == (0, "")


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        pytest.param(RESTRUCTURING, CHANGE, id="a restructuring"),
        pytest.param(RATE, NewRate(Decimal(6), date(2027, 2, 28)), id="another rate"),
        pytest.param(WRITE_OFF, None, id="a write-off"),
    ],
)
def test_what_is_proposed_is_told_in_words(
    world: World, days: Days, kind: str, given: object
) -> None:
    reference = drawn(world)
    number = begin(world, reference, kind, given, world.desk)
    row = proceeding(world.case(reference), number)
    told = dict(KINDS[kind].words(row))
    assert all(label and text for label, text in told.items())
    assert any("VND" in text or "%" in text for text in told.values())


def test_a_loan_is_repaid_once_nothing_is_owed_and_nothing_can_be_drawn(
    world: World, days: Days
) -> None:
    reference = drawn(world)
    world.tranche_to(reference, 2, "paid")
    events = select(OutboxEntry.event_id).where(OutboxEntry.duty == "schedule")
    work(max(db.session.scalars(events)))
    award = loan_of(world, reference)
    owed = owing.loan(award).owed(date(2026, 11, 30)).to_come.total
    days.noon("2028-12-31", ZONE)
    receive(world, reference, f"{owed}", "2028-12-29")
    standing = owing.standing(loan_of(world, reference))
    assert standing is not None
    assert (standing.owed_minor, standing.repaid_on) == (0, date(2028, 12, 29))
    with pytest.raises(Conflict, match="Nothing is owed any more"):
        begin(world, reference, WRITE_OFF, None, world.desk)
