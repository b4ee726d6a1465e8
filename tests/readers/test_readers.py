"""Readers that nobody here wrote find in our files what we wrote: pm4py, prov and flatten-tool."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import readers
from app.exports.compose import Asked
from app.trail.queries import Fact, events_of
from tests.answers import LOAN
from tests.exports.made import export, scope
from tests.world import World

HERE = Path(__file__).parent
Reader = Callable[[str, Asked], dict[str, Any]]
SCRIPTS = {
    "ocel": "read_ocel.py",
    "xes": "read_xes.py",
    "prov": "read_prov.py",
    "360giving": "read_grants.py",
}


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """Return a function that exports in a format and gives what the reader of that format says of the file."""

    def read(kind: str, asked: Asked) -> dict[str, Any]:
        file = tmp_path / f"export.{'xes' if kind == 'xes' else 'json'}"
        file.write_bytes(export(kind, scope(asked)))
        finished = subprocess.run(
            [readers.PYTHON, "-I", "-W", "ignore", HERE / SCRIPTS[kind], file],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert finished.returncode == 0, finished.stderr
        found: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
        return found

    return read


@pytest.fixture
def lives(world: World) -> dict[str, list[Fact]]:
    """Return the events of three cases: a grant paid in part, one on offer, and a loan before its decision."""
    paid = world.at("disbursing")
    world.tranche_to(paid, 1, "paid")
    cases = (paid, world.at("offered"), world.at("decision", LOAN))
    return {reference: events_of(reference) for reference in cases}


def kinds(lives: dict[str, list[Fact]]) -> set[str]:
    return {fact.kind for facts in lives.values() for fact in facts}


def test_pm4py_finds_every_event_in_ocel_and_discovers_every_act(reader: Reader, lives) -> None:
    found = reader("ocel", Asked())
    assert found["events"] == sum(map(len, lives.values()))
    assert set(found["activities"]) == set(found["discovered"]) == kinds(lives)
    assert found["objects"] > len(lives)
    assert found["relations"] > found["events"]


def test_pm4py_finds_every_trace_in_xes_and_its_model_fits(reader: Reader, lives) -> None:
    found = reader("xes", Asked())
    assert found["traces"] == {one: [fact.kind for fact in facts] for one, facts in lives.items()}
    assert found["events"] == sum(map(len, lives.values()))
    assert set(found["resources"]) == {fact.actor for facts in lives.values() for fact in facts}
    assert found["transitions"] >= len(kinds(lives))
    assert found["fitness"] == pytest.approx(1.0)


def test_prov_reads_a_case_and_writes_the_same(reader: Reader, lives) -> None:
    paid = next(iter(lives))
    found = reader("prov", Asked(case=paid))
    assert found["same"]
    assert found["activities"] == len(lives[paid])
    assert found["agents"] == len({fact.actor for fact in lives[paid]}) + 1
    assert found["entities"] > len(lives[paid])


def test_flatten_tool_makes_a_row_of_every_grant_that_was_accepted(reader: Reader, lives) -> None:
    found = reader("360giving", Asked())
    paid = next(iter(lives))
    assert [grant["id"].endswith(paid) for grant in found["grants"]] == [True]
    assert [float(grant["amount"]) for grant in found["grants"]] == [80_000.0]
