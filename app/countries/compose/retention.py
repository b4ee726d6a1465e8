"""How long personal data are kept: by country and kind, longer where an agency has to; data, with their sources."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.countries.models import Rights, Rule

MOST_YEARS = 100
LONGEST = 200
KINDS = ("unsubmitted", "unsuccessful", "completed", "access_log")

_longer: dict[str, dict[str, Any]] = {}


def install(file: Path | None) -> None:
    """Let agencies keep longer, as a file says: ``[CODE.kind]`` with ``years``, ``law`` and ``source``.

    Raises ``ValueError`` with every mistake in it, ``OSError`` when it cannot be read.
    """
    raw = tomllib.loads(file.read_text(encoding="utf-8")) if file else {}
    wrong = [line for code, kinds in raw.items() for line in _mistakes(code, kinds)]
    if wrong:
        raise ValueError("\n".join(wrong))
    _longer.clear()
    _longer.update(raw)


def rule(kind: str, *, country: str, agency: str) -> Rule:
    """Return how long an agency keeps a kind: its own rule, else that of its country, else the program's."""
    tables = (_longer.get(agency, {}), _shipped().get(country, {}), _shipped()["default"])
    found = next(table[kind] for table in tables if kind in table)
    return Rule(kind, found["years"], found["law"], found["source"])


def rights(country: str) -> Rights | None:
    """Return the law of a country that gives people the right to erasure, ``None`` where none was found."""
    found = _shipped().get(country, {}).get("rights")
    return Rights(**found) if found else None


def years_on(day: date, years: int) -> date:
    """Return the same day some years later; of 29 February the day after where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _mistakes(code: str, kinds: Any) -> list[str]:
    if not isinstance(kinds, dict):
        return [f"{code}: expected tables such as [{code}.completed]."]
    return [
        line for kind, found in kinds.items() for line in _mistake(f"{code}.{kind}", kind, found)
    ]


def _mistake(place: str, kind: str, found: Any) -> list[str]:
    if kind not in KINDS:
        return [f"{place}: no such kind; there are {', '.join(KINDS)}."]
    if not isinstance(found, dict) or set(found) != {"years", "law", "source"}:
        return [f"{place}: expected years, law and source, and nothing else."]
    wrong = []
    least = _shipped()["least"][kind]
    if type(found["years"]) is not int or not least["years"] <= found["years"] <= MOST_YEARS:
        wrong.append(
            f"{place}: years is a whole number from {least['years']} ({least['law']}) to {MOST_YEARS}."
        )
    wrong += [
        f"{place}: {name} is a text of at most {LONGEST} characters."
        for name in ("law", "source")
        if not isinstance(found[name], str) or not 0 < len(found[name]) <= LONGEST
    ]
    return wrong


@cache
def _shipped() -> dict[str, dict[str, Any]]:
    file = Path(__file__).parent.parent / "retention.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
