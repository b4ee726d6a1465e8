"""Lines of text: each record exactly as it was hashed, and a table that no spreadsheet runs."""

import csv
import io

import pytest

from app.delimited import cell
from app.exports.export.delimited import Known, csv_lines, json_lines
from app.exports.export.table import NAMES
from app.trail.queries import events_of
from tests.exports.made import export, plant, scope, table, text_of
from tests.world import World
from workflows.evidence.chain import leaf_hash

VALUES = [
    pytest.param("=1+1", "'=1+1", id="a formula"),
    pytest.param("+1", "'+1", id="a plus sign"),
    pytest.param("-1", "'-1", id="a minus sign"),
    pytest.param("@SUM(A1)", "'@SUM(A1)", id="an at sign"),
    pytest.param("\t=1", "'\t=1", id="a tab in front"),
    pytest.param("\r=1", "'\r=1", id="a line end in front"),
    pytest.param("\n=1", "'\n=1", id="a new line in front"),
    pytest.param("\0=1", "'\0=1", id="a null in front"),
    pytest.param("\uff1d1", "'\uff1d1", id="a full-width equals sign"),
    pytest.param("\uff0b1", "'\uff0b1", id="a full-width plus sign"),
    pytest.param("\uff0d1", "'\uff0d1", id="a full-width minus sign"),
    pytest.param("\uff20A1", "'\uff20A1", id="a full-width at sign"),
    pytest.param("'=1", "''=1", id="an apostrophe of its own is marked too"),
    pytest.param("'", "''", id="only an apostrophe"),
    pytest.param('=HYPERLINK("a","b")', '\'=HYPERLINK("a","b")', id="a formula with quotes"),
    pytest.param('a "b", c', 'a "b", c', id="quotes and commas"),
    pytest.param("two\nlines", "two\nlines", id="two lines"),
    pytest.param("Công ty", "Công ty", id="letters of any script"),
    pytest.param("a=1", "a=1", id="a sign inside is harmless"),
    pytest.param("", "", id="nothing"),
]


@pytest.mark.parametrize(("value", "shown"), VALUES)
def test_a_cell_is_text_and_can_be_turned_back(value: str, shown: str) -> None:
    [[read, after]] = csv.reader(io.StringIO(f"{cell(value)},x\r\n", newline=""), strict=True)
    assert (read, text_of(read), after) == (shown, value, "x")


@pytest.mark.parametrize("value", ["=1", 'say "so"', "a,b", "'x", "-5"])
def test_values_side_by_side_are_written_as_they_are_alone(value: str) -> None:
    known = Known()
    assert known[value, None, -5, "b"] == f"{cell(value)},,-5,b"
    assert known[value] == cell(value)


def test_a_line_is_the_record_as_it_was_hashed(world: World) -> None:
    facts = events_of(world.at("decision"))
    found = scope()
    assert export("jsonl", found).decode() == "".join(fact.entry + "\n" for fact in facts)
    lines = b"".join(json_lines(found)).decode().splitlines()
    assert [leaf_hash(line) for line in lines] == [fact.hash for fact in facts]


def test_a_row_has_what_people_ask_for(world: World) -> None:
    facts = events_of(world.at("offered"))
    rows = table(scope())
    assert tuple(rows[-1]) == NAMES
    assert [row["type"] for row in rows] == [fact.kind for fact in facts]
    expected = {
        "leaf_index": "6", "stream": facts[-1].stream, "seq": "7", "agency": "MY-SMECORP",
        "type": "approve", "from": "decision", "to": "offered", "duty": "approver",
        "amount": "8000000", "currency": "MYR", "authority": "Example instrument 1/2026",
        "recommendation": "approve", "departs": "no", "quorum_needed": "1", "votes_for": "1",
        "dissent": "0", "conflict": "none declared", "workflow": "grant@5", "scheme": "MY-BAP@4",
        "delegation": "", "request": "command", "prev": facts[-2].hash, "hash": facts[-1].hash,
    }  # fmt: skip
    assert {name: rows[-1][name] for name in expected} == expected
    assert rows[0]["documents"].count(" ") == 2
    assert rows[0]["prev"] == ""


def test_lines_end_as_rfc_4180_has_it(world: World) -> None:
    plant()
    plant(reasons=["INC-DOC", "OTH"], to="a, b")
    lines = b"".join(csv_lines(scope())).decode().split("\r\n")
    assert (len(lines), lines[-1]) == (4, "")
    assert ',"a, b",,INC-DOC OTH,' in lines[2]


@pytest.mark.parametrize(
    "value", [value for row in VALUES if (value := row.values[0]) != ""], ids=repr
)
def test_a_table_holds_any_text_of_an_event(world: World, value: str) -> None:
    plant(to=value, request=value, institution=value)
    [row] = table(scope())
    assert (row["to"], row["request"], row["institution"]) == (value, value, value)
