"""Reading the member states, and their working calendars."""

import re
import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import holidays

from app.countries.models import (
    Account,
    Country,
    DataProtection,
    FiscalYear,
    Money,
    Phone,
    Postcode,
    Registry,
    Speech,
    Time,
    Week,
)
from workflows.clocks import Calendar

# The member states of ASEAN, by ISO 3166.
MEMBERS = ("BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN")
# A calendar reaches so many years back, for clocks that have long run, and ahead, for their last days.
SPAN = 5
_PARTS: dict[str, Callable[..., Any]] = {
    "money": Money,
    "speech": Speech,
    "time": Time,
    "week": Week,
    "fiscal_year": FiscalYear,
    "registry": Registry,
    "phone": Phone,
    "postcode": Postcode,
    "account": Account,
    "data_protection": DataProtection,
}
_TITLE = re.compile(r"(?P<name>\S+) holidays \S+ (?P<first>\d{4})-\d{4} sha256:[0-9a-f]{8}")


@cache
def country(code: str) -> Country:
    """Return a member state by its ISO 3166 code; ``KeyError`` for one that is not served."""
    return _countries()[code]


def served() -> tuple[str, ...]:
    """Return the ISO 3166 codes of the member states that are served, in alphabetical order."""
    return tuple(sorted(_countries()))


@cache
def working_calendar(name: str, year: int) -> Calendar:
    """Return the days on which agencies work around a year, by a name such as "BN" or "MY-03".

    What follows a hyphen is a state with holidays or a weekend of its own, by its ISO 3166-2 code. The calendar is named
    after its data: release of the package, years, and a digest of the days. ``KeyError`` for a name nobody keeps.
    """
    if name not in calendars():
        raise KeyError(name)
    code, _, part = name.partition("-")
    first, last = date(year - SPAN, 1, 1), date(year + SPAN, 12, 31)
    days = holidays.country_holidays(
        code,
        subdiv=part or None,
        years=range(first.year, last.year + 1),
        categories=_categories(code),
    )
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    # Not by weekday: only this honours Saturdays that are worked, and weekends that differ by state and have changed.
    closed = [day for day in span if not days.is_working_day(day)]
    digest = sha256("\n".join(day.isoformat() for day in closed).encode()).hexdigest()
    years = f"{first.year}-{last.year}"
    title = f"{name} holidays {version('holidays')} {years} sha256:{digest[:8]}"
    return Calendar(title, first, last, frozenset(closed))


def calendar_of(name: str, day: date) -> Calendar:
    """Return the working calendar of a place around a day."""
    return working_calendar(name, day.year)


@cache
def calendars() -> frozenset[str]:
    """Return the names of the working calendars: each country, and each of its parts that has days of its own."""
    return frozenset(
        name
        for code in MEMBERS
        for name in (code, *(f"{code}-{part}" for part in _kept(code).subdivisions))
    )


@cache
def is_current(title: str) -> bool:
    """Tell whether the calendar that a deadline was computed with is what it would be computed with today."""
    found = _TITLE.fullmatch(title)
    if found is None or found["name"] not in calendars():
        return False
    return working_calendar(found["name"], int(found["first"]) + SPAN).name == title


def _kept(code: str) -> holidays.HolidayBase:
    return holidays.country_holidays(code)


def _categories(code: str) -> tuple[str, ...]:
    """Return which days count: public holidays, and those on which agencies close beside them, where there are such.

    Indonesia's joint leave (cuti bersama) is of the second kind.
    """
    known = _kept(code).supported_categories
    return tuple(category for category in ("public", "government") if category in known)


@cache
def _countries() -> dict[str, Country]:
    raw = tomllib.loads((Path(__file__).parent / "countries.toml").read_text(encoding="utf-8"))
    return {code: _read(code, entry) for code, entry in raw.items()}


def _read(code: str, entry: dict[str, Any]) -> Country:
    """Return a country as the file has it; a key too many or too few raises ``TypeError``."""
    parts = {
        name: _PARTS[name](**_frozen(found)) for name, found in entry.items() if name != "name"
    }
    return Country(code=code, name=entry["name"], **parts)


def _frozen(found: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(one) if isinstance(one, list) else one for key, one in found.items()}
