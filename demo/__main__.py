"""The command line: ``python -m demo drive BASE_URL OUT_DIR CLOCK_FILE``, ``seed BASE_URL`` and ``papers``."""

import sys
from pathlib import Path

import click

from demo.browser import Unexpected
from demo.drive import drive, seed


@click.group()
def main() -> None:
    """Cases of invented enterprises, driven through the pages of a running system."""


@main.command("drive")
@click.argument("base_url")
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.argument("clock_file", type=click.Path(dir_okay=False, path_type=Path))
def drive_command(base_url: str, out: Path, clock_file: Path) -> None:
    """Drive every case against the system at BASE_URL; CLOCK_FILE is its rehearsal clock."""
    try:
        drive(base_url, out, clock_file)
    except Unexpected as error:
        click.echo(f"Unexpected: {error}", err=True)
        sys.exit(1)


@main.command("seed")
@click.argument("base_url")
def seed_command(base_url: str) -> None:
    """Play every case a part of the way, so that people find work at BASE_URL."""
    try:
        seed(base_url)
    except Unexpected as error:
        click.echo(f"Unexpected: {error}", err=True)
        sys.exit(1)


@main.command("papers")
def papers_command() -> None:
    """Print the documents that the cases attach anew."""
    from demo.papers import make  # noqa: PLC0415  (driving needs no printing library)

    for made in make():
        click.echo(made)


if __name__ == "__main__":
    main()
