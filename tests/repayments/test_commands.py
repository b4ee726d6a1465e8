"""The repayment schedule: a new version after each drawdown, and the ones before it stay."""

from datetime import date

import pytest
from sqlalchemy import select

from app.awards.models import Award
from app.awards.queries import awarded
from app.db import db, transaction
from app.disbursements.queries import disbursements
from app.repayments import jobs
from app.repayments.models import RepaymentSchedule
from app.repayments.queries import drawn, indicative, newest, terms, versions
from app.trail.models import OutboxEntry
from app.trail.queries import events_of
from tests.answers import GRANT, LOAN
from tests.factories import Days, last_event
from tests.world import World
from workflows.money import to_minor


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    clock = Days(monkeypatch)
    clock.noon("2026-11-30", "Asia/Ho_Chi_Minh")
    return clock


def work(event_id: int) -> None:
    """Do what a worker does for the schedule of an event."""
    query = select(OutboxEntry).where(OutboxEntry.event_id == event_id)
    entry = next(row for row in db.session.scalars(query) if row.duty == "schedule")
    with transaction():
        jobs.keep(entry.args, None)


def all_versions(award: Award) -> list[RepaymentSchedule]:
    query = select(RepaymentSchedule).where(RepaymentSchedule.award_id == award.id)
    return list(db.session.scalars(query.order_by(RepaymentSchedule.version)))


def test_each_drawdown_makes_a_new_version_and_keeps_the_old(world: World, days: Days) -> None:
    reference = world.at("disbursing", LOAN)
    award = awarded(world.case(reference))
    assert (versions(award), newest(award)) == (0, None)

    world.tranche_to(reference, 1, "paid")
    first_event = last_event(reference).id
    work(first_event)
    (first,) = all_versions(award)
    kept = (list(first.rows), dict(first.basis))

    days.noon("2027-01-15", "Asia/Ho_Chi_Minh")
    world.tranche_to(reference, 2, "paid")
    work(events_of(reference)[-2].id)
    old, new = all_versions(award)
    assert (old.rows, old.basis) == kept
    assert (old.version, new.version, new.kind) == (1, 2, "drawn")
    assert old.event_id == first_event
    assert old.basis["drawdowns"] == [{"on": "2026-11-30", "amount": "600000000"}]
    assert new.basis["drawdowns"][1] == {"on": "2027-01-15", "amount": "900000000"}
    assert new.basis["terms"] == award.terms
    assert [row["due"] for row in new.rows] == [row["due"] for row in old.rows]
    assert newest(award) == new


def test_what_was_drawn_is_repaid_exactly(world: World, days: Days) -> None:
    reference = world.at("disbursing", LOAN)
    world.tranche_to(reference, 1, "paid")
    work(last_event(reference).id)
    rows = all_versions(awarded(world.case(reference)))[0].rows
    assert len(rows) == 24
    assert sum(row["principal"] for row in rows) == 600_000_000
    assert (rows[0]["number"], rows[0]["due"], rows[-1]["closing"]) == (1, "2026-12-30", 0)
    assert all(row["total"] == row["principal"] + row["interest"] for row in rows)
    assert all(isinstance(row["total"], int) for row in rows)


def test_the_schedule_follows_from_what_was_paid(world: World, days: Days) -> None:
    reference = world.at("disbursing", LOAN)
    world.tranche_to(reference, 1, "paid")
    award = awarded(world.case(reference))
    drawdowns, rows = drawn(award)
    (paid,) = disbursements(award).values()
    assert [(d.date, to_minor(d.amount, "VND")) for d in drawdowns] == [
        (paid.paid_on, paid.amount_minor)
    ]
    assert rows[-1].closing == 0


def test_the_offer_shows_the_schedule_of_the_whole_amount(world: World) -> None:
    award = awarded(world.case(world.at("offered", LOAN)))
    rows = indicative(award, date(2026, 11, 30))
    assert sum(row.principal for row in rows) == 1_500_000_000
    assert len(rows) == terms(award).instalments == 24


def test_a_grant_has_no_schedule(world: World) -> None:
    reference = world.at("disbursing", GRANT)
    world.tranche_to(reference, 1, "paid")
    event = last_event(reference).id
    promised = select(OutboxEntry.duty).where(OutboxEntry.event_id == event)
    assert list(db.session.scalars(promised)) == ["letter"]
    assert newest(awarded(world.case(reference))) is None
