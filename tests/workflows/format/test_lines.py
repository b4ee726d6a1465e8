"""Lines: each key and each member of a list of a TOML text stands where the text has it."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.workflows.mistakes import WHOLE
from tests.workflows.pieces import grown
from workflows.format.lines import Lines, Place
from workflows.format.loading import SHIPPED

ODD = '''\
# a comment with [brackets] and = signs
plain = 1
dotted.key . "with blank" = 2
'literal key' = 3
"escaped \\u00e9" = 4
text = """
[not.a.table]
key = "nor a key"
\\""" still inside # no comment
"""
raw = \'\'\'
[neither]
it's raw\'\'\' # with a comment
quotes = """two at the end"""""
times = [1979-05-27 07:32:00Z, 1979-05-27, 07:32:00]
list = [
    "one, [two]", # three
    # a comment in between
    ["inner",
     "deeper"],
    {in = 1, line.of = "a table"},
]
empty = []
nothing = {}

[table]
a = 1

[table.below] # comment
a = {b = [1, 2], c = {d = "#"}}

["quoted.name"]
a = 1

[[rows]]
a = 1

[rows.part]
a = 2

[[ rows ]]
a = 3
[[rows.cells]]
a = 4
[[rows.cells]]
a = 5
'''


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Go through every place of what was read."""
    yield place
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        if isinstance(member, dict | list):
            yield from places(member, (*place, key))
        else:
            yield (*place, key)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        pytest.param((), 1, id="the file itself is at its first line"),
        pytest.param(("plain",), 2, id="a key"),
        pytest.param(("dotted", "key", "with blank"), 3, id="a dotted key, partly quoted"),
        pytest.param(("dotted",), 3, id="what a dotted key holds by the way"),
        pytest.param(("literal key",), 4, id="a literally quoted key"),
        pytest.param(("escaped é",), 5, id="a quoted key with an escape"),
        pytest.param(("text",), 6, id="a text of several lines"),
        pytest.param(("raw",), 11, id="a key after it"),
        pytest.param(("quotes",), 14, id="a text that ends in quotation marks"),
        pytest.param(("times", 1), 15, id="a day after a time with a blank"),
        pytest.param(("times", 2), 15, id="and a time alone"),
        pytest.param(("list",), 16, id="a list"),
        pytest.param(("list", 0), 17, id="its first member"),
        pytest.param(("list", 1), 19, id="a list in a list"),
        pytest.param(("list", 1, 1), 20, id="a member of it on a line of its own"),
        pytest.param(("list", 2, "in"), 21, id="a key of a table within a line"),
        pytest.param(("list", 2, "line", "of"), 21, id="a dotted one"),
        pytest.param(("table",), 26, id="a table"),
        pytest.param(("table", "a"), 27, id="a key of a table"),
        pytest.param(("table", "below"), 29, id="a table below another"),
        pytest.param(("table", "below", "a", "c", "d"), 30, id="tables within a line"),
        pytest.param(("quoted.name", "a"), 33, id="a table whose quoted name has a dot"),
        pytest.param(("rows",), 35, id="a list of tables"),
        pytest.param(("rows", 0, "a"), 36, id="a key of its first table"),
        pytest.param(("rows", 0, "part", "a"), 39, id="a table below that one"),
        pytest.param(("rows", 1), 41, id="its second table"),
        pytest.param(("rows", 1, "cells", 1, "a"), 46, id="a list of tables within it"),
        pytest.param(("table", "missing"), 26, id="a missing key is where its table is"),
        pytest.param(("missing",), 1, id="a missing key of the file is at its first line"),
        pytest.param(("rows", 7, "a"), 35, id="a member that is not there is where the list is"),
    ],
)
def test_a_place_is_on_its_line(place: Place, line: int) -> None:
    assert Lines(ODD).of(place) == line


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(ODD, id="an odd text"),
        pytest.param(ODD.replace("\n", "\r\n"), id="the same with the line ends of Windows"),
        pytest.param(WHOLE, id="a definition with every key"),
        pytest.param(grown()[-1][1], id="the definition of the page for designers"),
        *(pytest.param(f.read_text("utf-8"), id=f.name) for f in sorted(SHIPPED.glob("*.toml"))),
    ],
)
def test_every_place_that_was_read_is_found_and_named_on_its_line(source: str) -> None:
    lines = Lines(source)
    text = source.split("\n")
    for place in places(tomllib.loads(source)):
        of = lines.of(place)
        named = place[-1] if place else ""
        if isinstance(named, str) and named.isidentifier() and named.isascii():
            assert named in text[of - 1]
