"""Schemes and their versions: checked, published, shown, suspended, closed and reopened."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.files import check
from app.db import read_only, transaction
from app.errors import Missing, Problem
from app.schemes import commands as schemes
from app.schemes import queries
from app.schemes.commands.status import Change, change_status
from app.schemes.compose.documenting import page
from app.schemes.compose.reading import scheme_terms
from app.schemes.compose.whole import code_in, whole
from workflows.format.reading import Malformed

scheme = AppGroup("scheme", help="Schemes and their versions.")

_NOTE = click.option("--note", required=True, help="Why, for those who wanted to apply.")


@scheme.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
def check_schemes(files: tuple[Path, ...]) -> None:
    """Read scheme files as publication would, with the workflows they complete, and report every mistake."""
    check(files, schemes.check)


@scheme.command("load")
def load_schemes() -> None:
    """Publish the schemes shipped with the program whose agencies are registered, and say which are left out."""
    with _said():
        with transaction():
            published = schemes.publish_catalogue()
        for found in published:
            click.echo(f"{found.code} version {found.version}: {found.name}")
        for source in schemes.catalogue():
            missing = schemes.unregistered(source)
            if missing:
                click.echo(f"{code_in(source)} is left out: not registered: {', '.join(missing)}.")


@scheme.command("list")
def list_schemes() -> None:
    """List every scheme in its newest version, with its calls."""
    read_only()
    for found in queries.newest_schemes():
        standing = queries.standing(found) or "The scheme is open."
        click.echo(f"{found.code} version {found.version}, {found.agency.code}: {found.name}")
        click.echo(f"  {standing}")
    for call in queries.calls():
        closure = queries.closure(call) or "It takes applications."
        click.echo(f"{call.code} of {call.scheme.code}: {closure}")


@scheme.command("show")
@click.argument("code")
@click.option("--version", type=int, help="A version before the newest.")
def show_scheme(code: str, version: int | None) -> None:
    """Print the whole text of a scheme, as it was published."""
    read_only()
    with _said():
        found = queries.scheme(code, version) if version else queries.newest_scheme(code)
        if found is None:
            raise Missing(f"There is no scheme {code}{f' version {version}' if version else ''}.")
        click.echo(found.source, nl=False)


@scheme.command("document")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def document_schemes(file: Path) -> None:
    """Write the page of the facilities and schemes shipped with the program into a file of the documents."""
    shipped = [scheme_terms(whole(source)) for source in schemes.catalogue()]
    file.write_text(page(shipped), encoding="utf-8")


@scheme.command("suspend")
@click.argument("code")
@_NOTE
def suspend_scheme(code: str, note: str) -> None:
    """Let a scheme take no applications until it is reopened; cases in the pipeline go on."""
    _change(code, "suspended", note)


@scheme.command("close")
@click.argument("code")
@_NOTE
def close_scheme(code: str, note: str) -> None:
    """Let a scheme take no applications any more; cases in the pipeline go on."""
    _change(code, "closed", note)


@scheme.command("reopen")
@click.argument("code")
@_NOTE
def reopen_scheme(code: str, note: str) -> None:
    """Let a scheme take applications again."""
    _change(code, "open", note)


def _change(code: str, status: str, note: str) -> None:
    with _said(), transaction():
        change_status(code, Change(status, note))
    click.echo(f"{code} is {status}.")


@contextmanager
def _said() -> Iterator[None]:
    """Turn what was refused into lines."""
    try:
        yield
    except Malformed as error:
        raise click.ClickException("\n".join(error.mistakes)) from error
    except Problem as error:
        raise click.ClickException(error.detail or error.title) from error
