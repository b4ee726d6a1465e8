"""Exports: each record exactly as it was hashed, and a table that no spreadsheet runs."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.audit.export import COLUMNS, csv_lines, json_lines
from app.trail.queries import Fact, events_of
from tests.world import World
from workflows.evidence.chain import canonical, leaf_hash


def fact(**record: Any) -> Fact:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Fact(1, "CASE-1", 1, "act", at, "officer:1", record, {}, "ab" * 32, canonical(record))


def table(facts: list[Fact]) -> list[dict[str, str]]:
    text = "".join(csv_lines(facts))
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_line_is_the_record_as_it_was_hashed(world: World) -> None:
    facts = events_of(world.at("decision"))
    lines = "".join(json_lines(facts)).splitlines()
    assert [leaf_hash(line) for line in lines] == [found.hash for found in facts]
    assert [json.loads(line)["seq"] for line in lines] == [1, 2, 3, 4, 5, 6]


def test_a_row_has_what_people_ask_for(world: World) -> None:
    facts = events_of(world.at("offered"))
    row = table(facts)[-1]
    assert tuple(row) == COLUMNS
    assert row["type"] == "approve"
    assert (row["from"], row["to"], row["duty"]) == ("decision", "offered", "approver")
    assert (row["amount"], row["currency"]) == ("8000000", "MYR")
    assert (row["workflow"], row["scheme"]) == ("grant@2", "MY-BAP@1")
    assert (row["prev"], row["hash"]) == (facts[-2].hash, facts[-1].hash)


def test_lines_end_as_rfc_4180_has_it() -> None:
    lines = list(csv_lines([fact(type="act"), fact(type="act")]))
    assert len(lines) == 3
    assert all(line.endswith("\r\n") for line in lines)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param("=1+1", "'=1+1", id="a formula"),
        pytest.param("+1", "'+1", id="a plus sign"),
        pytest.param("-1", "'-1", id="a minus sign"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="an at sign"),
        pytest.param("\t=1", "'\t=1", id="a tab in front"),
        pytest.param("\r=1", "'\r=1", id="a line end in front"),
        pytest.param("\uff1d1", "'\uff1d1", id="a full-width equals sign"),
        pytest.param('a "b", c', 'a "b", c', id="quotes and commas"),
        pytest.param("two\nlines", "two\nlines", id="two lines"),
        pytest.param("Công ty", "Công ty", id="letters of any script"),
        pytest.param("a=1", "a=1", id="a sign inside is harmless"),
    ],
)
def test_a_cell_is_text(value: str, cell: str) -> None:
    assert table([fact(actor=value)])[0]["actor"] == cell


def test_what_an_event_does_not_have_is_empty() -> None:
    row = table([replace(fact(), record={})])[0]
    assert {row[name] for name in COLUMNS if name != "hash"} == {""}


def test_reasons_stand_in_one_cell() -> None:
    assert table([fact(reasons=["INC-DOC", "OTH"])])[0]["reasons"] == "INC-DOC OTH"
