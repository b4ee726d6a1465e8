"""The sweep over the clocks: what it does on which local day, once, and without one case holding up another."""

from datetime import date
from typing import Any

import pytest

from app.db import db, transaction
from app.notices import commands, jobs
from app.notices.jobs import sweep
from app.notices.queries import escalated
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.trail.queries import events_of
from tests.answers import LOAN
from tests.factories import Days, budget, last_event
from tests.notices.definitions import NOTHING, of_the_clock, swept, under
from tests.world import World


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    clock = Days(monkeypatch)
    clock.noon("2026-11-23")
    return clock


# A case in "submitted" since Monday 23 November has three working days, to Thursday 26; it warns one day before.


@pytest.mark.parametrize(
    ("moment", "kinds"),
    [
        pytest.param("2026-11-24T23:59:00", [], id="nothing two days before the last"),
        pytest.param("2026-11-25T00:00:00", ["clock_warned"], id="a warning on the day before"),
        pytest.param("2026-11-26T23:59:00", ["clock_warned"], id="a warning on the last day"),
        pytest.param("2026-11-27T00:00:00", ["clock_escalated"], id="no warning when it is late"),
        pytest.param("2027-02-01T00:00:00", ["clock_escalated"], id="one escalation, however late"),
    ],
)
def test_on_its_local_day_a_case_is(
    world: World, days: Days, moment: str, kinds: list[str]
) -> None:
    reference = world.at("submitted")
    days.moment(moment)
    assert swept(warned=kinds.count("clock_warned"), escalated=kinds.count("clock_escalated"))
    assert [event.kind for event in of_the_clock(reference)] == kinds


def test_a_local_day_is_that_of_the_scheme(world: World, days: Days) -> None:
    malaysian, vietnamese = world.at("submitted"), world.at("submitted", LOAN)
    days.moment("2026-11-26T16:30:00", "UTC")
    assert swept(escalated=1, warned=1)
    assert [event.kind for event in of_the_clock(malaysian)] == ["clock_escalated"]
    assert [event.kind for event in of_the_clock(vietnamese)] == ["clock_warned"]


def test_a_deadline_passed_at_the_end_of_its_local_day_whenever_that_is_noticed(
    world: World, days: Days
) -> None:
    late, offered = world.at("submitted"), world.at("offered")
    days.noon("2026-12-28")
    assert swept(escalated=1, expired=1)
    told = [events_of(reference)[-1].record for reference in (late, offered)]
    assert [(event["type"], event["happened_at"]) for event in told] == [
        ("clock_escalated", "2026-11-26T16:00:00.000000Z"),
        ("lapse", "2026-12-23T16:00:00.000000Z"),
    ]
    assert {event["at"][:10] for event in told} == {"2026-12-28"}


def test_a_warning_says_of_what_and_gives_the_case_a_version(world: World, days: Days) -> None:
    reference = world.at("submitted")
    version = world.case(reference).version
    days.noon("2026-11-25")
    assert swept(warned=1)
    case, found = world.case(reference), last_event(reference)
    assert (case.warned_on, case.version) == (date(2026, 11, 25), version + 1)
    assert found.record["detail"] == {
        "state": "submitted",
        "due_on": "2026-11-26",
        "calendar": case.calendar,
        "holder": "agency",
    }


def test_a_late_case_is_on_the_list_of_a_duty_until_it_goes_on(world: World, days: Days) -> None:
    reference = world.at("submitted")
    days.noon("2026-11-27")
    assert swept(escalated=1)
    assert world.case(reference).escalated_to == "approver"
    assert last_event(reference).record["detail"]["to"] == "approver"
    assert [escalated(world.approver), escalated(world.desk)] == [1, 0]
    assert escalated(world.person("approver.vn")) == 0
    world.do(reviews.move, reference, Reasoned(), act="take_up", actor=world.desk)
    assert world.case(reference).escalated_to is None
    assert escalated(world.approver) == 0
    assert swept()


def test_more_time_takes_the_escalation_back(world: World, days: Days) -> None:
    reference = world.at("screening")
    said = Reasoned(("INC-DOC",), "Please send it again.")
    world.do(reviews.return_for_information, reference, said, actor=world.desk)
    late = world.case(reference).due_on
    days.noon("2026-12-24")
    assert swept(escalated=1)
    more = Reasoned(note="The applicant was ill.")
    world.do(reviews.move, reference, more, act="extend", actor=world.desk)
    case = world.case(reference)
    assert (case.escalated_to, case.warned_on, case.clock_extended) == (None, None, True)
    assert (late, case.due_on) == (date(2026, 12, 23), date(2027, 1, 6))
    assert last_event(reference).record["clock"]["extended"]["from"] == "2026-12-23"


# The acts of the system


def test_a_case_is_deemed_taken_up_when_nobody_does(world: World, days: Days) -> None:
    reference = under(world, world.at("submitted"))
    days.noon("2026-11-27")
    assert swept(expired=1)
    case, found = world.case(reference), last_event(reference)
    assert (case.state, case.due_on) == ("screening", date(2026, 12, 4))
    assert (found.kind, found.actor, found.record["duty"]) == ("deem", "system:clock", "system")
    assert found.record["detail"] == {"expired_on": "2026-11-26"}
    assert found.record["clock"]["stopped"]["used"] == 4


def test_what_a_rule_refuses_to_the_system_is_put_on_a_list(world: World, days: Days) -> None:
    stuck = under(world, world.at("screening"))
    other = under(world, world.at("submitted"))
    days.noon("2026-12-01")
    assert swept(expired=1, escalated=1)
    assert (world.case(stuck).state, world.case(stuck).escalated_to) == ("screening", "approver")
    assert world.case(other).state == "screening"


def test_an_offer_lapses_and_the_budget_is_given_back(world: World, days: Days) -> None:
    reference = world.at("offered")
    days.noon("2026-12-24")
    db.session.rollback()
    assert sweep()["expired"] == 1
    assert (world.case(reference).state, budget()) == ("lapsed", (0, 0))


def test_a_case_that_cannot_be_looked_after_does_not_stop_the_others(
    world: World, days: Days, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = world.at("submitted"), world.at("submitted", amount="7000")
    real = commands.escalate

    def breaks(reference: str, number: int, proceeding: int) -> bool:
        done = real(reference, number, proceeding)
        if reference == bad:
            raise LookupError("Something is gone.")
        return done

    find = jobs._SWEEP["escalated"][0]
    monkeypatch.setitem(jobs._SWEEP, "escalated", (find, breaks))
    days.noon("2026-11-27")
    db.session.rollback()
    assert sweep()["escalated"] == 1
    assert (world.case(bad).escalated_to, world.case(good).escalated_to) == (None, "approver")
    assert of_the_clock(bad) == []
    assert f"The clock of {bad} could not be looked after." in caplog.text


def test_a_sweep_that_takes_too_long_leaves_the_rest_to_the_next(
    world: World, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.at("submitted")
    days.noon("2026-11-27")
    db.session.rollback()
    monkeypatch.setattr(jobs, "PATIENCE_SECONDS", -1.0)
    assert sweep() == NOTHING
    monkeypatch.undo()
    days.noon("2026-11-27")
    assert sweep()["escalated"] == 1
    assert world.case(reference).escalated_to == "approver"


@pytest.mark.parametrize(
    "command",
    [commands.warn, commands.escalate, commands.expire, commands.recompute],
    ids=lambda command: command.__name__,
)
@pytest.mark.parametrize(
    "state",
    [
        pytest.param("submitted", id="while there is time"),
        pytest.param("disbursing", id="when no clock runs any more"),
    ],
)
def test_a_command_looks_again_whether_it_is_wanted(
    world: World, days: Days, command: Any, state: str
) -> None:
    reference = world.at(state)
    before = len(events_of(reference))
    with transaction():
        assert command(reference, 0) is False
    assert len(events_of(reference)) == before
