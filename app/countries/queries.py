"""Reading the member states, and their working calendars."""

import tomllib
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

import holidays

from app.countries.models import Country
from workflows.clocks import Calendar

# ISO 9362: four letters of the institution, country, place, optional branch.
BIC = r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"


@cache
def country(code: str) -> Country:
    """Return a member state by its ISO 3166 code; ``KeyError`` for one that is not served."""
    return _countries()[code]


@cache
def working_calendar(code: str, year: int) -> Calendar:
    """Return the days on which a country works in a year and the next, named after where they come from."""
    days = holidays.country_holidays(code, years=range(year - 1, year + 3))
    name = f"{code} holidays {version('holidays')}"
    return Calendar(name, country(code).weekend, frozenset(days))


def calendar_of(code: str, day: date) -> Calendar:
    """Return the working calendar of a country around a day."""
    return working_calendar(code, day.year)


@cache
def _countries() -> dict[str, Country]:
    raw = tomllib.loads((Path(__file__).parent / "countries.toml").read_text(encoding="utf-8"))
    return {
        code: Country(
            code=code,
            name=entry["name"],
            currency=entry["currency"],
            zone=entry["zone"],
            languages=tuple(entry["languages"]),
            weekend=frozenset(entry["weekend"]),
            registry_name=entry["registry_name"],
            registry_pattern=entry["registry_pattern"],
            registry_example=entry["registry_example"],
            bic_pattern=BIC,
            source=entry["source"],
        )
        for code, entry in raw.items()
    }
