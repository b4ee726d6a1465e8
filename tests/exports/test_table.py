"""The row of an event, whatever shape its entry has."""

from typing import Any

import pytest

from app.exports.export.table import COLUMNS, MOMENT, NAMES, TEXT, WHOLE, cells
from workflows.evidence.chain import canonical

HASH = "ab" * 32


def row(entry: str) -> dict[str, Any]:
    found = cells(7, HASH, entry)
    return {n: v for n, v in zip(NAMES, found, strict=True) if v is not None}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param({}, {}, id="an event that says nothing"),
        pytest.param(
            {"type": "act", "stream": "A-1", "seq": 2},
            {"type": "act", "stream": "A-1", "seq": 2},
            id="an event of the first format",
        ),
        pytest.param({"reasons": ["A", "B"]}, {"reasons": "A B"}, id="reasons in one cell"),
        pytest.param(
            {"workflow": {"name": "grant", "version": 2, "sha256": "cd"}},
            {"workflow": "grant@2", "workflow_sha256": "cd"},
            id="a workflow by name and version",
        ),
        pytest.param(
            {"on_behalf_of": "officer:5", "delegation": 3, "delegation_limit": 100},
            {"on_behalf_of": "officer:5", "delegation": 3, "delegation_limit": 100},
            id="a delegation",
        ),
        pytest.param(
            {"detail": {"dissent": ["officer:1", "officer:2"]}},
            {"dissent": 2},
            id="dissent is counted",
        ),
        pytest.param({"detail": {"dissent": []}}, {"dissent": 0}, id="no dissent is nought"),
        pytest.param(
            {"detail": {"letter": "offer", "sha256": "ef"}},
            {"documents": "ef"},
            id="a letter by its digest",
        ),
        pytest.param(
            {"type": "erase", "detail": {"amount": "much"}},
            {"type": "erase"},
            id="an amount that is no number leaves what every event has",
        ),
        pytest.param(
            {"type": "export", "scheme": "MY-BAP", "at": "2026"},
            {"type": "export", "at": "2026"},
            id="a scheme of another shape leaves what every event has",
        ),
        pytest.param({"type": 5}, {}, id="a kind that is no text leaves the place and the hash"),
    ],
)
def test_a_row_of(record: dict[str, Any], expected: dict[str, Any]) -> None:
    assert row(canonical(record)) == {"leaf_index": 7, "hash": HASH, **expected}


@pytest.mark.parametrize("entry", ["", "no JSON", "[]", '{"type":"act"', '"text"'])
def test_an_entry_that_cannot_be_read_has_its_place_and_its_hash(entry: str) -> None:
    assert row(entry) == {"leaf_index": 7, "hash": HASH}


def test_every_column_has_a_type_and_none_of_the_first_names_is_gone() -> None:
    assert set(COLUMNS.values()) == {TEXT, WHOLE, MOMENT}
    first = (
        "stream", "seq", "at", "type", "actor", "duty", "part", "from", "to", "reasons",
        "amount", "currency", "workflow", "scheme", "prev", "hash",
    )  # fmt: skip
    assert set(first) <= set(NAMES)
