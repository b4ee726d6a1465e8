"""``flask trail write``: the whole trail in any format, recorded on the log's own stream."""

import csv
import io
import json
from pathlib import Path

import pytest

from app.exports.export import FORMATS
from app.trail.queries import events_of
from tests.interface import API, Interface
from tests.world import World

MY = "MY-BAP-2026-00001"


def run(world: World, *arguments: str):
    return world.app.test_cli_runner().invoke(args=["trail", "write", *arguments])


def test_the_exports_of_the_command_are_those_of_the_interface(world, tmp_path: Path) -> None:
    reference = world.at("decision")
    for kind in ("jsonl", "csv"):
        target = tmp_path / f"trail.{kind}"
        answer = run(world, "--format", kind, "--case", reference, str(target))
        assert answer.exit_code == 0, answer.output
        one = Interface(world.app, "auditor.my").get(f"{API}/trail.{kind}?case={reference}")
        assert target.read_bytes() == one.data
    lines = (tmp_path / "trail.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, 7))
    table = list(csv.DictReader(io.StringIO((tmp_path / "trail.csv").read_text(encoding="utf-8"))))
    assert [line["type"] for line in table][:2] == ["submit", "take_up"]


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_written_and_recorded(world: World, tmp_path: Path, kind: str) -> None:
    world.at("submitted")
    target = tmp_path / "out"
    answer = run(world, "--format", kind, "--case", MY, str(target))
    assert answer.exit_code == 0, answer.output
    assert "up to the checkpoint of 1 events" in answer.output
    assert target.stat().st_size
    [event] = events_of("log")
    assert (event.kind, event.actor) == ("export", "system:operator")
    assert event.record["detail"] == {"format": kind, "size": 1, "case": MY}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--format", "prov"), "name it with --case", id="provenance of no case"),
        pytest.param(("--case", "MY-BAP-2026-00009"), "There is no application", id="no such case"),
        pytest.param(("--agency", "XX"), "There is no agency XX", id="no such agency"),
        pytest.param(("--from", "soon"), "does not match", id="a day that is none"),
        pytest.param(("--to", "9999-12-31"), "between 2000 and 2999", id="a day too far off"),
        pytest.param(
            ("--from", "2026-02-02", "--to", "2026-02-01"), "before the first", id="backwards"
        ),
    ],
)
def test_the_command_refuses(
    world: World, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    answer = run(world, *arguments, str(tmp_path / "out"))
    assert answer.exit_code != 0
    assert said in answer.output
    assert events_of("log") == []
