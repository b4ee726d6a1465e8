"""Due dates, and how long the time between them is in years by the day count.

Fractions of a year are kept as whole numbers, numerator over denominator, so that interest is divided once only.
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from workflows.schedule.checks import Impossible
from workflows.schedule.conventions import DAYS, MONTHS, PER_YEAR

if TYPE_CHECKING:
    from workflows.schedule.terms import Terms

_FIXED_YEAR: Final = {"ACT/365F": 365, "ACT/360": 360, "ACT/364": 364}
_PLAIN_YEAR, _LEAP_YEAR = 365, 366
# Where a calendar year ends for the split: days from there on count in the next one.
_SPLIT: Final = {"ACT/ACT-ISDA": 0, "ACT/ACT-31DEC": 1}


@dataclass(frozen=True, slots=True)
class Period:
    """The time between two due dates.

    ``share`` over ``whole`` is its length in years where the number of periods decides and not the actual days;
    ``said`` is how a person writes that.
    """

    number: int
    start: dt.date
    due: dt.date
    days: int
    day_count: str
    share: int
    whole: int
    said: str

    def year(self, start: dt.date, end: dt.date) -> tuple[int, int]:
        """Return the part of a year from one day of the period to another, as numerator and denominator."""
        days = (end - start).days
        if self.day_count in _SPLIT:
            return _split(start, end, _SPLIT[self.day_count])
        if self.day_count in _FIXED_YEAR:
            return days, _FIXED_YEAR[self.day_count]
        if days == self.days:
            return self.share, self.whole
        return self.share * days, self.whole * self.days

    def told(self, start: dt.date, end: dt.date) -> str:
        """Return the part of a year as a person writes it: 29/365, 30/360 x 14/29, 20/365 + 11/366."""
        days = (end - start).days
        if self.day_count in _SPLIT:
            plain, leap = _days_by_year(start, end, _SPLIT[self.day_count])
            found = {_PLAIN_YEAR: plain, _LEAP_YEAR: leap}
            told = " + ".join(f"{part}/{year}" for year, part in found.items() if part)
            return f"({told})" if plain and leap else told
        if self.day_count in _FIXED_YEAR:
            return f"{days}/{_FIXED_YEAR[self.day_count]}"
        return self.said if days == self.days else f"{self.said} x {days}/{self.days}"


def due_date(
    seed: dt.date, number: int, every: int = 1, unit: str = "months", month_end: str = "last_day"
) -> dt.date:
    """Return the day of the n-th instalment, counted from the seed: 31 January, 28 February, 31 March.

    A month without the day of the seed has its last day, or with ``first_of_next`` the first of the next month.
    Raises ``OverflowError`` or ``ValueError`` after the year 9999.
    """
    if unit in DAYS:
        return seed + dt.timedelta(days=number * every * DAYS[unit])
    years, month = divmod(seed.month - 1 + number * every * MONTHS[unit], 12)
    year = seed.year + years
    last = calendar.monthrange(year, month + 1)[1]
    if seed.day <= last:
        return dt.date(year, month + 1, seed.day)
    if month_end == "last_day":
        return dt.date(year, month + 1, last)
    return dt.date(year, month + 1, last) + dt.timedelta(days=1)


def periods(terms: "Terms", begun: dt.date) -> tuple[Period, ...]:
    """Return the periods of a schedule that begins on the day of the first drawdown."""
    numbers = range(1, terms.instalments + 1)
    days = (begun, *(_due(terms, begun, number) for number in numbers))
    share, whole = regular(terms)
    length = (share, whole, f"{share}/{whole}")
    made = [
        Period(number, start, due, (due - start).days, terms.day_count, *length)
        for number, (start, due) in enumerate(pairwise(days), 1)
    ]
    if terms.first_due is not None:
        made[0] = _first(terms, begun, terms.first_due)
    return tuple(made)


def last_due(terms: "Terms", begun: dt.date) -> dt.date:
    """Return the last due date; raises ``Impossible`` when it lies after the end of the calendar."""
    try:
        return _due(terms, begun, terms.instalments)
    except (OverflowError, ValueError) as error:
        raise Impossible("The last due date lies after the year 9999.") from error


def regular(terms: "Terms") -> tuple[int, int]:
    """Return the length of a whole period in years by the number of periods, in days of 30/360 where these count."""
    if terms.day_count == "30/360":
        if terms.unit in DAYS:
            return terms.every * DAYS[terms.unit], 360
        return 30 * terms.every * MONTHS[terms.unit], 360
    return per_year(terms)


def per_year(terms: "Terms") -> tuple[int, int]:
    """Return the length of a whole period in years when all periods of a year are equal: 1/12, 1/52."""
    if terms.unit in DAYS:
        return terms.every, PER_YEAR[terms.unit]
    return terms.every * MONTHS[terms.unit], 12


def fraction(year: tuple[int, int]) -> Decimal:
    """Return a part of a year as one number."""
    return Decimal(year[0]) / year[1]


def _due(terms: "Terms", begun: dt.date, number: int) -> dt.date:
    if terms.first_due is None:
        return _after(terms, begun, number)
    return _after(terms, terms.first_due, number - 1)


def _first(terms: "Terms", start: dt.date, due: dt.date) -> Period:
    """Return a first period that may be shorter or longer: whole periods, then a share of the next by actual days."""
    share, whole = regular(terms)
    days = (due - start).days
    passed, rest, length = _passed(terms, start, due)
    said = " + ".join(
        text for text in (str(passed) if passed else "", f"{rest}/{length}" if rest else "") if text
    )
    said = f"{share}/{whole}" if (passed, rest) == (1, 0) else f"({said}) x {share}/{whole}"
    both = share * (passed * length + rest), whole * length
    return Period(1, start, due, days, terms.day_count, *both, said)


def _passed(terms: "Terms", start: dt.date, due: dt.date) -> tuple[int, int, int]:
    """Return how many whole periods pass between two days, how many days after them, and of how many in the next."""
    if terms.unit in DAYS:
        length = terms.every * DAYS[terms.unit]
        return (due - start).days // length, (due - start).days % length, length
    months = terms.every * MONTHS[terms.unit]
    passed = ((due.year - start.year) * 12 + due.month - start.month) // months
    while _after(terms, start, passed) > due:
        passed -= 1
    reached = _after(terms, start, passed)
    return passed, (due - reached).days, (_after(terms, start, passed + 1) - reached).days


def _after(terms: "Terms", start: dt.date, number: int) -> dt.date:
    return due_date(start, number, terms.every, terms.unit, terms.month_end)


def _split(start: dt.date, end: dt.date, early: int) -> tuple[int, int]:
    plain, leap = _days_by_year(start, end, early)
    if not leap:
        return plain, _PLAIN_YEAR
    if not plain:
        return leap, _LEAP_YEAR
    return plain * _LEAP_YEAR + leap * _PLAIN_YEAR, _PLAIN_YEAR * _LEAP_YEAR


def _days_by_year(start: dt.date, end: dt.date, early: int) -> tuple[int, int]:
    """Count the days in plain and in leap years; a year ends so many days early."""
    plain, leap = 0, 0
    begin = start.toordinal() + early
    stop = end.toordinal() + early
    while begin < stop:
        year = dt.date.fromordinal(begin).year
        turn = min(dt.date(year, 12, 31).toordinal() + 1, stop)
        if calendar.isleap(year):
            leap += turn - begin
        else:
            plain += turn - begin
        begin = turn
    return plain, leap
