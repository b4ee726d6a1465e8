"""Working days between two moments, in the calendar of the scheme of a case."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from app import clock
from app.countries.queries import calendar_of, country
from app.schemes import queries as schemes
from app.schemes.models import Scheme
from workflows.clocks import elapsed
from workflows.definition import Clock

_WORKING = Clock(0, "working")


class Days:
    """Working days between two moments, in the calendar of a scheme: the same two days are counted once."""

    def __init__(self, known: Mapping[int, Scheme]) -> None:
        self.known = {number: schemes.terms(scheme) for number, scheme in known.items()}
        self.counted = cache(self._counted)

    def between(self, scheme: int, first: datetime, last: datetime) -> int:
        """Return how many working days lie between two moments, as local days of the scheme."""
        zone = ZoneInfo(country(self.known[scheme].country).zone)
        return self.counted(scheme, first.astimezone(zone).date(), last.astimezone(zone).date())

    def _counted(self, scheme: int, first: date, last: date) -> int:
        terms = self.known[scheme]
        days = calendar_of(terms.calendar or terms.country, clock.now().date())
        return elapsed(_WORKING, first, last, days)
