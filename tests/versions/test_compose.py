"""The past of a case out of its trail, and its clock under another version."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.applications.models import Application
from app.countries.queries import calendar_of
from app.trail.queries import Fact
from app.versions.compose import past, reclock
from workflows.definition import Clock, State

OLD, TRANCHE, FIRST = "a" * 64, "b" * 64, "c" * 64


def fact(seq: int, kind: str, **record: Any) -> Fact:
    """Return an event as the trail gives it."""
    return Fact(
        seq, "A-1", seq, kind, datetime(2026, 11, 22, tzinfo=UTC), "officer:1", record, {}, "", ""
    )


def step(seq: int, kind: str, source: str, target: str, digest: str = OLD, **more: Any) -> Fact:
    """Return the event of a step under a version."""
    record = {"workflow": {"sha256": digest}, "from": source, "to": target, "duty": "officer"}
    return fact(seq, kind, **{**record, **more})


def moved(seq: int, number: int, old: str) -> Fact:
    """Return the event of a move."""
    migration = {"number": number, "from": old}
    return step(seq, "migrate", "x", "y", "d" * 64, migration=migration)


def road(events: list[Fact], maps: dict[int, dict[str, str]] | None = None) -> list[str]:
    """Return the steps of a past, each as a word."""
    steps = past(events, OLD, maps or {})
    return [f"{found.source} {found.act} {found.target}" for found in steps]


def test_steps_of_the_case_are_its_past() -> None:
    events = [
        step(1, "submit", "draft", "open", duty="applicant or agent", part="applicant"),
        fact(2, "declare_interest", detail={}),
        step(3, "claim", "planned", "claimed", TRANCHE),
        fact(4, "clock_warned", workflow={"sha256": OLD}),
        step(5, "decline", "open", "closed", reasons=["OTH"]),
    ]
    first, last = past(events, OLD, {})
    assert (first.act, first.duties, first.part) == ("submit", ("applicant", "agent"), "applicant")
    assert (last.act, last.part, last.reasoned, first.reasoned) == ("decline", None, True, False)


def test_a_past_before_a_move_is_told_in_the_names_of_today() -> None:
    events = [
        step(1, "submit", "start", "desk", FIRST),
        moved(2, 7, FIRST),
        step(3, "pass", "open", "read"),
    ]
    assert road(events, {7: {"start": "draft", "desk": "open"}}) == [
        "draft submit open",
        "open pass read",
    ]


def test_a_past_before_two_moves_follows_both_maps() -> None:
    events = [
        step(1, "submit", "one", "two", TRANCHE),
        moved(2, 7, TRANCHE),
        step(3, "pass", "desk", "table", FIRST),
        moved(4, 8, FIRST),
        step(5, "close", "read", "closed"),
    ]
    maps = {
        7: {"one": "start", "two": "desk"},
        8: {"start": "draft", "desk": "open", "table": "read"},
    }
    assert road(events, maps) == ["draft submit open", "open pass read", "read close closed"]


def test_an_act_may_be_called_as_the_event_of_a_move() -> None:
    assert road([step(1, "migrate", "draft", "open")]) == ["draft migrate open"]


def state(clock: Clock | None) -> State:
    """Return a state with a clock."""
    return State("open", "Open", "Open", "", "", "agency", clock, end=False)


TODAY = date(2026, 11, 24)
FIVE = Clock(5, "calendar")


@pytest.mark.parametrize(
    ("old", "new", "row", "due"),
    [
        pytest.param(FIVE, FIVE, {}, date(2026, 11, 27), id="the same clock runs on"),
        pytest.param(
            FIVE, Clock(9, "calendar"), {}, date(2026, 12, 1), id="a longer one from its first day"
        ),
        pytest.param(
            FIVE,
            Clock(1, "calendar"),
            {},
            date(2026, 11, 23),
            id="a shorter one may be over at once",
        ),
        pytest.param(FIVE, Clock(5, "working"), {}, date(2026, 11, 27), id="other days"),
        pytest.param(FIVE, None, {}, None, id="none any more"),
        pytest.param(
            None,
            FIVE,
            {"due_on": None, "clock_started_on": None},
            date(2026, 11, 29),
            id="a new one begins today",
        ),
        pytest.param(
            FIVE,
            Clock(9, "calendar"),
            {"clock_days": 30, "due_on": date(2026, 12, 22)},
            date(2026, 12, 22),
            id="days that the scheme set stay",
        ),
        pytest.param(
            FIVE,
            Clock(9, "calendar"),
            {"clock_extended": True, "clock_days": 8, "due_on": date(2026, 11, 30)},
            date(2026, 11, 30),
            id="days that were extended stay",
        ),
        pytest.param(
            FIVE,
            Clock(9, "calendar"),
            {"clock_state": "open", "clock_used": 2},
            date(2026, 11, 29),
            id="days used before a pause count",
        ),
        pytest.param(
            FIVE,
            Clock(9, "calendar"),
            {"clock_state": "elsewhere", "clock_used": 2},
            date(2026, 12, 1),
            id="days used in another state do not",
        ),
    ],
)
def test_the_clock_of_a_case_that_moves(
    old: Clock | None, new: Clock | None, row: dict[str, Any], due: date | None
) -> None:
    running = {
        "clock_used": 0, "clock_started_on": date(2026, 11, 22), "clock_days": 5, "clock_unit": "calendar",
        "clock_extended": False, "due_on": date(2026, 11, 27),
    }  # fmt: skip
    case = Application(**{**running, **row})
    calendar = calendar_of("MY", TODAY)
    before = case.due_on
    told = reclock(case, state(old), state(new), today=TODAY, calendar=calendar)
    assert case.due_on == due
    said = {"due_before": before, "due_on": due}
    if old == new:
        assert told == {}
    else:
        assert told == {name: day.isoformat() for name, day in said.items() if day}
