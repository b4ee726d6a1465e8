"""Deadlines in a country's own days: weekends and public holidays do not count as working days."""

from dataclasses import dataclass
from datetime import date, timedelta

from workflows.definition import Clock


@dataclass(frozen=True)
class Calendar:
    """The days on which an agency does not work. ``weekend`` holds ISO weekdays, Monday is 1.

    ``name`` says where the calendar came from; it is stored with every deadline computed from it.
    """

    name: str
    weekend: frozenset[int]
    holidays: frozenset[date]

    def works(self, day: date) -> bool:
        """Tell whether the day is a working day."""
        return day.isoweekday() not in self.weekend and day not in self.holidays


def due(clock: Clock, start: date, calendar: Calendar, *, used: int = 0) -> date:
    """Return the last day of a clock that started on a day, of which some days were used before a pause."""
    left = max(clock.days - used, 0)
    if clock.unit == "calendar":
        return start + timedelta(days=left)
    day = start
    while left:
        day += timedelta(days=1)
        left -= calendar.works(day)
    return day


def elapsed(clock: Clock, start: date, today: date, calendar: Calendar) -> int:
    """Return how many days of the clock's unit have passed since the day it started."""
    if clock.unit == "calendar":
        return max((today - start).days, 0)
    span = range(1, (today - start).days + 1)
    return sum(calendar.works(start + timedelta(days=n)) for n in span)
