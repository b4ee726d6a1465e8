"""Deadlines in a country's own days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.clocks import Calendar, due, elapsed
from workflows.definition import Clock

# Monday 23 November 2026 is the Monday of these tests.
MONDAY, FRIDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28)
WEDNESDAY = date(2026, 11, 25)
PLAIN = Calendar("plain", frozenset({6, 7}), frozenset())
FEAST = Calendar("feast", frozenset({6, 7}), frozenset({WEDNESDAY, SATURDAY}))
FRIDAYS_OFF = Calendar("Friday and Saturday", frozenset({5, 6}), frozenset())
WORKING, CALENDAR = "working", "calendar"


@pytest.mark.parametrize(
    ("days", "unit", "start", "calendar", "last"),
    [
        pytest.param(1, WORKING, MONDAY, PLAIN, "2026-11-24", id="one day is the next day"),
        pytest.param(5, WORKING, MONDAY, PLAIN, "2026-11-30", id="a weekend does not count"),
        pytest.param(1, WORKING, FRIDAY, PLAIN, "2026-11-30", id="from Friday to Monday"),
        pytest.param(1, WORKING, SATURDAY, PLAIN, "2026-11-30", id="a start on a day off"),
        pytest.param(2, WORKING, MONDAY, FEAST, "2026-11-26", id="a holiday does not count"),
        pytest.param(1, WORKING, FRIDAY, FEAST, "2026-11-30", id="a holiday on a weekend is once"),
        pytest.param(4, WORKING, MONDAY, FRIDAYS_OFF, "2026-11-29", id="Sunday may be worked"),
        pytest.param(10, WORKING, MONDAY, PLAIN, "2026-12-07", id="two weeks"),
        pytest.param(5, CALENDAR, MONDAY, FEAST, "2026-11-28", id="calendar days all count"),
        pytest.param(30, CALENDAR, date(2028, 2, 1), PLAIN, "2028-03-02", id="a leap day counts"),
    ],
)
def test_a_clock_is_due(days: int, unit: str, start: date, calendar: Calendar, last: str) -> None:
    assert due(Clock(days, unit), start, calendar) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("used", "last"),
    [
        pytest.param(0, "2026-11-30", id="nothing used"),
        pytest.param(2, "2026-11-26", id="two days were used before the pause"),
        pytest.param(5, "2026-11-23", id="all was used: due at once"),
        pytest.param(9, "2026-11-23", id="more than all was used: due at once"),
    ],
)
def test_a_clock_goes_on_where_it_stopped(used: int, last: str) -> None:
    assert due(Clock(5, WORKING), MONDAY, PLAIN, used=used) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("unit", "start", "today", "calendar", "days"),
    [
        pytest.param(WORKING, MONDAY, MONDAY, PLAIN, 0, id="nothing on the day itself"),
        pytest.param(WORKING, MONDAY, FRIDAY, PLAIN, 4, id="four days to Friday"),
        pytest.param(WORKING, FRIDAY, date(2026, 11, 30), PLAIN, 1, id="a weekend is nothing"),
        pytest.param(WORKING, MONDAY, FRIDAY, FEAST, 3, id="a holiday is nothing"),
        pytest.param(CALENDAR, FRIDAY, date(2026, 11, 30), PLAIN, 3, id="calendar days all count"),
        pytest.param(WORKING, FRIDAY, MONDAY, PLAIN, 0, id="no working day before the start"),
        pytest.param(CALENDAR, FRIDAY, MONDAY, PLAIN, 0, id="no calendar day before the start"),
    ],
)
def test_days_pass(unit: str, start: date, today: date, calendar: Calendar, days: int) -> None:
    assert elapsed(Clock(9, unit), start, today, calendar) == days


def test_a_day_is_worked_unless_it_is_off() -> None:
    worked = [FEAST.works(MONDAY + timedelta(days=n)) for n in range(7)]
    assert worked == [True, True, False, True, True, False, False]


@settings(deadline=None)
@given(
    days=st.integers(1, 60),
    used=st.integers(0, 60),
    start=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2029, 6, 30)), max_size=20),
    unit=st.sampled_from([WORKING, CALENDAR]),
)
def test_exactly_the_days_left_lie_between_start_and_due(
    days: int, used: int, start: date, holidays: frozenset[date], unit: str
) -> None:
    calendar = Calendar("any", frozenset({6, 7}), holidays)
    clock = Clock(days, unit)
    last = due(clock, start, calendar, used=used)
    assert elapsed(clock, start, last, calendar) == max(days - used, 0)
    assert last == start or unit == CALENDAR or calendar.works(last)
