"""Calendars of invented places, from weekdays and days off, over the years the tests play in."""

from collections.abc import Collection
from datetime import date, timedelta

from workflows.clocks import Calendar

FIRST, LAST = date(2021, 1, 1), date(2031, 12, 31)


def calendar(
    name: str,
    *,
    weekend: Collection[int] = (6, 7),
    holidays: Collection[date] = (),
    worked: Collection[date] = (),
) -> Calendar:
    """Return a calendar: ``weekend`` are ISO weekdays, Monday is 1; ``worked`` are days that are worked all the same."""
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    off = {day for day in days if day.isoweekday() in weekend} | set(holidays)
    return Calendar(name, FIRST, LAST, frozenset(off - set(worked)))
