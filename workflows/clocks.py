"""Deadlines in a country's own days: weekends and public holidays do not count as working days."""

from dataclasses import dataclass
from datetime import date, timedelta

from workflows.definition import Clock

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The days from ``first`` to ``last`` on which the agencies of a place are closed, each by its date.

    They are enumerated because no rule by weekday is right: some Saturdays are worked in place of another day, and the
    days of the weekend have changed. ``name`` says what the days came from; it is stored with every deadline.
    """

    name: str
    first: date
    last: date
    closed: frozenset[date]

    def works(self, day: date) -> bool:
        """Tell whether the day is a working day; raises ``ValueError`` for a day the calendar knows nothing of."""
        if not self.first <= day <= self.last:
            raise ValueError(f"The calendar {self.name} knows nothing of {day}.")
        return day not in self.closed


def due(clock: Clock, start: date, calendar: Calendar, *, used: int = 0) -> date:
    """Return the last day of a clock that started on a day, of which some days were used before a pause."""
    left = max(clock.days - used, 0)
    if clock.unit == "calendar":
        return start + timedelta(days=left)
    day = start
    while left:
        day += _DAY
        left -= calendar.works(day)
    return day


def warns(clock: Clock, last: date, calendar: Calendar) -> date | None:
    """Return the day from which only the last ``clock.warn`` days are left, ``None`` when nobody is to be warned.

    Of a clock in working days it is itself a working day, so that somebody is there to be warned.
    """
    if not clock.warn:
        return None
    if clock.unit == "calendar":
        return last - timedelta(days=clock.warn)
    day, left = last, clock.warn
    while left:
        left -= calendar.works(day)
        day -= _DAY
    while not calendar.works(day):
        day -= _DAY
    return day


def elapsed(clock: Clock, start: date, today: date, calendar: Calendar) -> int:
    """Return how many days of the clock's unit have passed since the day it started.

    What lies before the first day of the calendar does not count: years before, and no clock runs that long.
    """
    if clock.unit == "calendar":
        return max((today - start).days, 0)
    begun = max(start, calendar.first)
    span = range(1, (today - begun).days + 1)
    return sum(calendar.works(begun + n * _DAY) for n in span)
