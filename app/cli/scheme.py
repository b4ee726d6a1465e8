"""Schemes and their versions."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.files import check
from app.db import transaction
from app.schemes import commands as schemes
from app.schemes.compose.reading import scheme_terms
from workflows.format.reading import Malformed

scheme = AppGroup("scheme", help="Schemes and their versions.")


@scheme.command("load")
def load_schemes() -> None:
    """Publish the schemes shipped with the program, after registering their agencies."""
    try:
        with transaction():
            published = schemes.publish_catalogue()
    except Malformed as error:
        raise click.ClickException("\n".join(error.mistakes)) from error
    for found in published:
        click.echo(f"{found.code} version {found.version}: {found.name}")


@scheme.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
def check_schemes(files: tuple[Path, ...]) -> None:
    """Read scheme files and report every mistake."""
    check(files, scheme_terms)
