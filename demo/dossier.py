"""Dossiers: what happens to one case of the demonstration, read strictly from a TOML file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "dossiers"
DOCUMENTS = Path(__file__).parent / "documents"
DOMAIN = "demo.example"

KEYS = {"title", "applicant", "call", "ends_in", "letters", "answers", "documents", "steps"}


@dataclass(frozen=True)
class Step:
    """One act of one person, with what is entered.

    ``tranche`` is 0 and ``proceeding`` empty for an act on the case itself; a proceeding is named by its number, one that is
    begun by "new/" and its kind. With ``expect_refusal`` the rule of that name must refuse the act and the page must show
    ``sentence``; else the page that follows must show ``shows``, where that is said.
    """

    who: str
    act: str
    tranche: int
    proceeding: str
    fields: dict[str, str | list[str]]
    expect_refusal: str
    sentence: str
    shows: str


@dataclass(frozen=True)
class Dossier:
    """A case from its form to its end. ``letters`` are the kinds of letters it must have at the end."""

    name: str
    title: str
    applicant: str
    call: str
    ends_in: str
    letters: tuple[str, ...]
    answers: dict[str, str | list[str]]
    documents: tuple[tuple[str, Path], ...]
    steps: tuple[Step, ...]


def dossiers() -> list[Dossier]:
    """Return every dossier in the order in which they are driven: by file name."""
    return [read(path) for path in sorted(FOLDER.glob("*.toml"))]


def read(path: Path) -> Dossier:
    """Read a dossier; raises ``ValueError`` for keys that are missing or unknown."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    if set(raw) != KEYS:
        raise ValueError(f"{path.name}: check the keys {', '.join(sorted(set(raw) ^ KEYS))}.")
    return Dossier(
        name=path.stem,
        title=raw["title"],
        applicant=raw["applicant"],
        call=raw["call"],
        ends_in=raw["ends_in"],
        letters=tuple(raw["letters"]),
        answers=_flat(raw["answers"]),
        documents=tuple((row["kind"], DOCUMENTS / row["file"]) for row in raw["documents"]),
        steps=tuple(_step(row) for row in raw["steps"]),
    )


def _step(row: dict[str, Any]) -> Step:
    entered = dict(row)
    return Step(
        who=entered.pop("who"),
        act=entered.pop("act"),
        tranche=entered.pop("tranche", 0),
        proceeding=str(entered.pop("proceeding", "")),
        expect_refusal=entered.pop("expect_refusal", ""),
        sentence=entered.pop("sentence", ""),
        shows=entered.pop("shows", ""),
        fields=_flat(entered),
    )


def _flat(entered: Mapping[str, Any], place: str = "") -> dict[str, str | list[str]]:
    """Return what is entered under the names of a form's fields: "scores.cost", "tranches.0.purpose", "costs.0.item"."""
    found: dict[str, str | list[str]] = {}
    for name, value in entered.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{place}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            found |= _flat({str(n): row for n, row in enumerate(value)}, f"{place}{name}.")
        else:
            found[place + name] = value if isinstance(value, list) else str(value)
    return found
