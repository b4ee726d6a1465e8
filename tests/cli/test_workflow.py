"""`flask workflow`: definitions are checked with every mistake named, and drawn into the documents."""

import shutil
from pathlib import Path

from flask import Flask

from app.bootstrap.environment import ROOT
from workflows.loading import SHIPPED


def test_the_shipped_definitions_are_in_order(application: Flask) -> None:
    files = [str(file) for file in sorted(SHIPPED.glob("*.toml"))]
    answer = application.test_cli_runner().invoke(args=["workflow", "check", *files])
    assert (answer.exit_code, answer.output) == (0, f"{len(files)} files are in order.\n")


def test_every_mistake_of_every_file_is_named(application: Flask, tmp_path: Path) -> None:
    broken, torn = tmp_path / "broken.toml", tmp_path / "torn.toml"
    source = (SHIPPED / "claim.toml").read_text()
    broken.write_text(
        source.replace('by = "releaser"', 'by = "minister"').replace('"within_award"', '"lucky"')
    )
    torn.write_text("name = ")
    answer = application.test_cli_runner().invoke(
        args=["workflow", "check", str(broken), str(torn)]
    )
    assert answer.exit_code == 1
    for mistake in ("'minister' is not one of", "no guard is called 'lucky'", "Not TOML"):
        assert mistake in answer.output
    assert answer.output.count(str(broken)) == 4


def test_drawing_into_a_copy_of_the_documents_changes_nothing(
    application: Flask, tmp_path: Path
) -> None:
    for name in ("officers.md", "states.md"):
        shutil.copy(ROOT / "docs" / name, tmp_path)
    answer = application.test_cli_runner().invoke(args=["workflow", "draw", str(tmp_path)])
    assert (answer.exit_code, answer.output) == (0, "")
    for name in ("officers.md", "states.md"):
        assert (tmp_path / name).read_text() == (ROOT / "docs" / name).read_text()
