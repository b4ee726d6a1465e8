"""What becomes of the clocks of tranches, and of deadlines whose calendar has changed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.awards.models import Tranche
from app.awards.queries import awarded, tranche
from app.db import db, transaction
from app.disbursements import commands as disbursements
from app.notices.jobs import sweep
from app.notices.queries import escalated
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.schemes import queries as schemes
from app.submissions import commands as submissions
from tests.factories import Days, last_event, refused
from tests.notices.definitions import claims_under, of_the_clock, swept
from tests.world import World


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    clock = Days(monkeypatch)
    clock.noon("2026-11-23")
    return clock


# Tranches


def claimed(world: World) -> str:
    """Return a case whose first tranche was claimed on Monday 23 November."""
    reference = world.at("disbursing")
    return claims_under(world, reference)


def first(world: World, reference: str) -> Tranche:
    return tranche(awarded(world.case(reference)), 1)


def ask(world: World, reference: str) -> None:
    world.do(disbursements.ask, reference, 1, "Please.", act="claim", actor=world.applicant)


def test_a_tranche_has_a_clock_of_its_own(world: World, days: Days) -> None:
    reference = claimed(world)
    assert first(world, reference).due_on is None
    ask(world, reference)
    row = first(world, reference)
    assert (row.due_on, row.warn_on) == (date(2026, 11, 27), date(2026, 11, 26))
    assert last_event(reference).record["clock"]["started"]["due_on"] == "2026-11-27"
    assert world.case(reference).due_on is None


def test_a_tranche_is_warned_of_deemed_in_order_and_late(world: World, days: Days) -> None:
    reference = claimed(world)
    ask(world, reference)
    days.noon("2026-11-26")
    assert swept(warned=1)
    assert last_event(reference).record["detail"]["tranche"] == 1
    days.noon("2026-11-28")
    assert swept(expired=1)
    row, found = first(world, reference), last_event(reference)
    assert (row.state, row.due_on) == ("verified", date(2026, 12, 1))
    assert (found.kind, found.actor) == ("deem", "system:clock")
    assert found.record["detail"]["expired_on"] == "2026-11-27"
    days.noon("2026-12-02")
    assert swept(escalated=1)
    assert first(world, reference).escalated_to == "releaser"
    assert [escalated(world.releaser), escalated(world.approver)] == [1, 0]


def test_a_tranche_goes_by_the_calendar_of_the_scheme(
    world: World, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = claimed(world)
    scheme = world.case(reference).scheme
    # Kelantan closes on Friday and Saturday, and works on Sunday.
    kelantan = replace(schemes.terms(scheme), calendar="MY-03")
    monkeypatch.setitem(schemes._terms, scheme.digest, kelantan)
    ask(world, reference)
    row = first(world, reference)
    assert row.due_on == date(2026, 11, 29)
    assert row.calendar is not None
    assert row.calendar.startswith("MY-03 holidays ")


def test_an_act_that_only_moves_a_tranche_stops_its_clock(world: World, days: Days) -> None:
    reference = claimed(world)
    ask(world, reference)
    days.noon("2026-11-28")
    assert swept(expired=1)
    world.do(disbursements.move, reference, 1, Reasoned(), act="close", actor=world.desk)
    row, found = first(world, reference), last_event(reference)
    assert (row.state, row.due_on, row.calendar) == ("closed", None, None)
    assert list(found.record["clock"]) == ["stopped"]


def test_what_the_clock_does_is_refused_to_people_and_before_its_time(
    world: World, days: Days
) -> None:
    reference = claimed(world)
    ask(world, reference)
    with refused("duty", "clock_over"):
        world.do(disbursements.move, reference, 1, Reasoned(), act="deem", actor=world.desk)


# Calendars that change


def put_off(row: Any, *, due_on: date, calendar: str) -> None:
    """Let a deadline stand as if it were computed with other holidays."""
    with transaction():
        row.due_on, row.calendar = due_on, calendar


def test_a_deadline_is_computed_anew_when_the_calendar_has_changed(
    world: World, days: Days
) -> None:
    reference = world.at("submitted")
    kept, now = "MY holidays 0.100 2021-2031 sha256:0123abcd", world.case(reference).calendar
    put_off(world.case(reference), due_on=date(2026, 11, 24), calendar=kept)
    days.noon("2026-11-25")
    assert swept(recomputed=1, warned=1)
    case = world.case(reference)
    assert (case.due_on, case.calendar, case.escalated_to) == (date(2026, 11, 26), now, None)
    told = next(event for event in of_the_clock(reference) if event.kind == "clock_recomputed")
    assert told.record["detail"] == {
        "state": "submitted",
        "due_on": "2026-11-26",
        "calendar": now,
        "before": {"due_on": "2026-11-24", "calendar": kept},
    }


def test_a_day_that_stays_the_same_is_recorded_and_warns_of_nothing_again(
    world: World, days: Days
) -> None:
    reference = world.at("submitted")
    days.noon("2026-11-25")
    assert swept(warned=1)
    put_off(world.case(reference), due_on=date(2026, 11, 26), calendar="MY holidays 0.100")
    assert swept(recomputed=1)
    assert world.case(reference).warned_on == date(2026, 11, 25)


def test_days_used_before_a_pause_are_not_given_back(world: World, days: Days) -> None:
    reference = world.at("screening")
    days.noon("2026-11-25")
    said = Reasoned(("INC-DOC",), "Please send it again.")
    world.do(reviews.return_for_information, reference, said, actor=world.desk)
    days.noon("2026-12-07")
    world.do(submissions.resubmit, reference, "", actor=world.applicant)
    assert world.case(reference).due_on == date(2026, 12, 10)
    put_off(world.case(reference), due_on=date(2026, 12, 20), calendar="MY holidays 0.100")
    assert swept(recomputed=1)
    assert world.case(reference).due_on == date(2026, 12, 10)


def test_the_clock_of_a_tranche_is_computed_anew_as_well(world: World, days: Days) -> None:
    reference = claimed(world)
    ask(world, reference)
    put_off(first(world, reference), due_on=date(2026, 12, 24), calendar="MY holidays 0.100")
    assert swept(recomputed=1)
    assert first(world, reference).due_on == date(2026, 11, 27)


def test_not_every_sweep_reads_every_clock(world: World, days: Days) -> None:
    reference = world.at("submitted")
    put_off(world.case(reference), due_on=date(2026, 12, 24), calendar="MY holidays 0.100")
    db.session.rollback()
    assert "recomputed" not in sweep(recompute=False)
    assert world.case(reference).due_on == date(2026, 12, 24)
