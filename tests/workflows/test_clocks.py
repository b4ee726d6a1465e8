"""Deadlines in a country's own days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.calendars import calendar
from workflows.clocks import Calendar, due, elapsed, warns
from workflows.definition import Clock

# Monday 23 November 2026 is the Monday of these tests.
MONDAY, FRIDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28)
WEDNESDAY = date(2026, 11, 25)
PLAIN = calendar("plain")
FEAST = calendar("feast", holidays={WEDNESDAY, SATURDAY})
FRIDAYS_OFF = calendar("Friday and Saturday", weekend={5, 6})
WORKED = calendar("a worked Saturday", worked={SATURDAY})
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
        pytest.param(1, WORKING, FRIDAY, WORKED, "2026-11-28", id="a Saturday may be worked"),
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


def test_years_before_the_calendar_do_not_count() -> None:
    long_ago = date(2019, 1, 1)
    assert elapsed(Clock(9, WORKING), long_ago, MONDAY, PLAIN) == elapsed(
        Clock(9, WORKING), PLAIN.first, MONDAY, PLAIN
    )


@pytest.mark.parametrize(
    ("warn", "unit", "last", "calendar", "day"),
    [
        pytest.param(0, WORKING, "2026-11-30", PLAIN, None, id="nobody is to be warned"),
        pytest.param(2, WORKING, "2026-11-25", PLAIN, "2026-11-23", id="two days before"),
        pytest.param(1, WORKING, "2026-11-30", PLAIN, "2026-11-27", id="on a day that is worked"),
        pytest.param(2, WORKING, "2026-11-30", PLAIN, "2026-11-26", id="over a weekend"),
        pytest.param(2, WORKING, "2026-11-27", FEAST, "2026-11-24", id="over a holiday"),
        pytest.param(7, CALENDAR, "2026-11-30", FEAST, "2026-11-23", id="calendar days all count"),
    ],
)
def test_a_warning_comes_so_many_days_before_the_last(
    warn: int, unit: str, last: str, calendar: Calendar, day: str | None
) -> None:
    found = warns(Clock(30, unit, warn=warn), date.fromisoformat(last), calendar)
    assert found == (date.fromisoformat(day) if day else None)


def test_a_day_is_worked_unless_it_is_closed() -> None:
    worked = [FEAST.works(MONDAY + timedelta(days=n)) for n in range(7)]
    assert worked == [True, True, False, True, True, False, False]


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(PLAIN.first - timedelta(days=1), id="the day before its first"),
        pytest.param(PLAIN.last + timedelta(days=1), id="the day after its last"),
    ],
)
def test_a_calendar_says_nothing_of_days_it_does_not_know(day: date) -> None:
    with pytest.raises(ValueError, match=f"knows nothing of {day}"):
        PLAIN.works(day)


@settings(deadline=None)
@given(
    days=st.integers(1, 60),
    used=st.integers(0, 60),
    warn=st.integers(1, 20),
    start=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2029, 6, 30)), max_size=20),
    unit=st.sampled_from([WORKING, CALENDAR]),
)
def test_exactly_the_days_left_lie_between_start_and_due(
    days: int, used: int, warn: int, start: date, holidays: frozenset[date], unit: str
) -> None:
    found = calendar("any", holidays=holidays)
    clock = Clock(days, unit, warn=warn)
    last = due(clock, start, found, used=used)
    assert elapsed(clock, start, last, found) == max(days - used, 0)
    assert last == start or unit == CALENDAR or found.works(last)
    day = warns(clock, last, found)
    assert day is not None
    assert elapsed(clock, day, last, found) == warn or not found.works(last)
