"""``flask repayments export``: the loans of an agency, as the interface hands them over."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.interface import API, Interface
from tests.repayments.lending import drawn
from tests.world import World

pytestmark = pytest.mark.one_database


def run(world: World, *arguments: str):
    return world.app.test_cli_runner().invoke(args=["repayments", "export", *arguments])


def test_the_export_of_the_command_is_that_of_the_interface(world: World, tmp_path: Path) -> None:
    reference = drawn(world)
    target = tmp_path / "loans"
    answer = run(world, "--agency", "VN-SMEDF", "--format", "json", str(target))
    assert answer.exit_code == 0, answer.output
    told = json.loads(target.read_text(encoding="utf-8"))
    assert told == Interface(world.app, "auditor.vn").get(f"{API}/loans").get_json()
    assert run(world, "--agency", "VN-SMEDF", str(target)).exit_code == 0
    (row,) = csv.DictReader(io.StringIO(target.read_text(encoding="utf-8")))
    assert row["reference"] == reference


def test_an_agency_that_is_not_there_is_told(world: World, tmp_path: Path) -> None:
    answer = run(world, "--agency", "NOBODY", str(tmp_path / "loans"))
    assert (answer.exit_code, answer.output) == (1, "Error: There is no agency NOBODY.\n")
