"""The JSON Schema of definitions: fresh, valid itself, and of one mind with the loader about the form of a file."""

import json
import tomllib
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.workflows.malformed import BAND, BANDS, FORM
from tests.workflows.mistakes import SMALL, WHOLE, changed, refusal
from tests.workflows.pieces import grown
from workflows import vocabulary
from workflows.choices import CHOICES
from workflows.format import schema, words
from workflows.format.grammar import CHAPTERS
from workflows.format.loading import SHIPPED, load
from workflows.guards import GUARDS

FILE = SHIPPED / schema.FILE_NAME
CHECK = Draft202012Validator(schema.document())
GOOD = [
    pytest.param(SMALL, id="a small definition"),
    pytest.param(WHOLE, id="a definition with every key"),
    *(pytest.param(f.read_text("utf-8"), id=f.name) for f in sorted(SHIPPED.glob("*.toml"))),
    *(pytest.param(text, id=f"the page: {heading}") for heading, text in grown()),
]


def wrong(source: str) -> list[str]:
    """Return what the schema has against a text."""
    return [error.message for error in CHECK.iter_errors(tomllib.loads(source))]


def keys(part: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return every key that the schema describes, anywhere in it."""
    if isinstance(part, list):
        return [key for item in part for key in keys(item)]
    if not isinstance(part, dict):
        return []
    own = part.get("properties", {})
    return [*own.items(), *(key for value in part.values() for key in keys(value))]


def test_the_schema_in_the_repository_is_the_one_that_is_made() -> None:
    assert FILE.read_text("utf-8") == schema.text(), "flask --app wsgi workflow schema > " + str(FILE)  # fmt: skip


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json.loads(schema.text()))


@pytest.mark.parametrize("source", GOOD)
def test_what_the_loader_takes_the_schema_takes(source: str) -> None:
    assert load(source).source == source
    assert wrong(source) == []


@pytest.mark.parametrize(("old", "new", "line", "mistake"), FORM)
def test_a_wrong_form_is_refused_by_both(old: str, new: str, line: int, mistake: str) -> None:
    assert wrong(SMALL) == []
    assert wrong(changed(SMALL, old, new)) != []


@pytest.mark.parametrize(("band", "mistake", "key"), BANDS)
def test_a_wrong_band_is_refused_by_both(band: str, mistake: str, key: str) -> None:
    assert wrong(SMALL + BAND) == []
    assert wrong(SMALL + BAND + band) != []


def test_every_key_is_explained() -> None:
    described = keys(schema.document())
    known = {key.name for _, _, table in CHAPTERS for key in table.keys}
    assert {name for name, _ in described} >= known
    assert [name for name, part in described if not part.get("description")] == []


@pytest.mark.parametrize(
    ("explained", "closed"),
    [
        pytest.param(words.HOLDER, vocabulary.HOLDERS, id="who has the ball"),
        pytest.param(words.KIND, vocabulary.KINDS, id="kinds"),
        pytest.param(words.OUTCOME, vocabulary.OUTCOMES, id="outcomes of an end"),
        pytest.param(words.UNIT, vocabulary.UNITS, id="units of days"),
        pytest.param(words.WISH, vocabulary.ASKED, id="what is asked for"),
        pytest.param(words.LETTER, vocabulary.LETTERS, id="letters"),
        pytest.param(words.THING, vocabulary.THINGS, id="what can be seen"),
        pytest.param(words.EDITED, vocabulary.EDITABLE, id="what can be changed"),
        pytest.param(words.VOTE, vocabulary.VOTES, id="votes"),
        pytest.param(words.SHARE, vocabulary.SHARES, id="shares"),
        pytest.param(words.CLOCK_EFFECT, vocabulary.CLOCK_EFFECTS, id="clock effects"),
        pytest.param(words.EFFECT, vocabulary.EFFECTS, id="effects"),
        pytest.param(words.GUARD, GUARDS, id="guards"),
        pytest.param(words.CHOICE, CHOICES, id="choices"),
    ],
)
def test_every_closed_word_is_explained(explained: dict[str, str], closed: frozenset[str]) -> None:
    assert set(explained) == set(closed)
    assert [word for word, meaning in explained.items() if not meaning] == []


def test_no_word_is_explained_that_nobody_knows() -> None:
    known = {*vocabulary.HOLDERS, *vocabulary.KINDS, *vocabulary.OUTCOMES, *vocabulary.UNITS}
    known |= {*vocabulary.ASKED, *vocabulary.LETTERS, *vocabulary.THINGS, *vocabulary.VOTES}
    known |= {*vocabulary.SHARES, *vocabulary.CLOCK_EFFECTS, *vocabulary.EFFECTS}
    assert {word for kind in words.MEANINGS.values() for word in kind} == known


LITERALS = ("1", "-1", "1.5", "true", '""', '"x"', "[]", "{}", "[{}]", "1979-05-27", '[["x"]]')


def test_whatever_stands_for_a_value_the_loader_takes_nothing_the_schema_refuses() -> None:
    lines = WHOLE.split("\n")
    refused = 0
    for number, line in enumerate(lines):
        key, sign, _ = line.partition(" = ")
        if not sign or key.startswith((" ", "#")):
            continue
        odd = "\n".join(
            [*lines[:number], f"{key} = {LITERALS[number % len(LITERALS)]}", *lines[number + 1 :]]
        )
        try:
            against = wrong(odd)
        except tomllib.TOMLDecodeError:
            against = ["not TOML"]
        if against:
            assert refusal(odd).mistakes
            refused += 1
    assert refused > len(lines) / 2
