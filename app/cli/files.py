"""Reading files a person named, and saying what is wrong in them."""

from collections.abc import Callable
from pathlib import Path

import click

from workflows.format.reading import Malformed


def check(files: tuple[Path, ...], read: Callable[[str], object]) -> None:
    """Read each file; every mistake of all of them is named, and the command fails, when there is one."""
    wrong = [mistake for file in files for mistake in mistakes(file, read)]
    if wrong:
        raise click.ClickException("\n".join(wrong))
    click.echo(f"{len(files)} files are in order.")


def mistakes(file: Path, read: Callable[[str], object]) -> list[str]:
    """Return what is wrong in a file, each mistake with file and line; nothing when it is in order."""
    try:
        read(file.read_text(encoding="utf-8"))
    except Malformed as error:
        return error.of_file(file)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return [f"{file}:{line}: expected text in UTF-8."]
    except OSError as error:
        return [f"{file}: cannot be read: {error.strerror}."]
    return []
