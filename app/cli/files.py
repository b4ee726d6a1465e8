"""Reading files a person named, and saying what is wrong in them."""

from collections.abc import Callable
from pathlib import Path

import click

from workflows.reading import Malformed


def check(files: tuple[Path, ...], read: Callable[[str], object]) -> None:
    """Read each file; every mistake of all of them is named, and the command fails, when there is one."""
    wrong = []
    for file in files:
        try:
            read(file.read_text(encoding="utf-8"))
        except Malformed as error:
            wrong += [f"{file}: {mistake}" for mistake in error.mistakes]
    if wrong:
        raise click.ClickException("\n".join(wrong))
    click.echo(f"{len(files)} files are in order.")
