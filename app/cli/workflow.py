"""Workflow definitions."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.files import check
from workflows import drawing
from workflows.loading import SHIPPED, load, shipped

workflow = AppGroup("workflow", help="Workflow definitions.")


@workflow.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
def check_workflows(files: tuple[Path, ...]) -> None:
    """Read workflow definitions and report every mistake."""
    check(files, load)


@workflow.command("draw")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def draw_workflows(folder: Path) -> None:
    """Draw the definitions shipped with the program into the documents of a folder: states.md and officers.md."""
    workflows = [shipped(file.stem) for file in sorted(SHIPPED.glob("*.toml"))]
    officers = folder / "officers.md"
    drawn = drawing.renewed(officers.read_text(encoding="utf-8"), workflows)
    officers.write_text(drawn, encoding="utf-8")
    (folder / "states.md").write_text(drawing.page(workflows), encoding="utf-8")
