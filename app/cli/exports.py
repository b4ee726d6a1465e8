"""Writing the trail to a file in any format."""

from datetime import datetime
from typing import IO, Any

import click

from app.cli.trail import trail_group
from app.db import transaction
from app.errors import Invalid, Missing
from app.exports import commands, compose
from app.exports.compose import Asked
from app.exports.export import FORMATS

_DAY = click.DateTime(["%Y-%m-%d"])


@trail_group.command("write")
@click.option("--format", "kind", type=click.Choice([*FORMATS]), default="jsonl")
@click.option("--case", default="", help="Only one case, by its reference.")
@click.option("--agency", default="", help="Only one agency, by its code.")
@click.option("--from", "first", type=_DAY, help="From this day of UTC.")
@click.option("--to", "last", type=_DAY, help="To this day of UTC, inclusive.")
@click.option("--kind", "kinds", multiple=True, help="Only events of a kind; may be repeated.")
@click.argument("target", type=click.File("wb", lazy=False))
def write(kind: str, target: IO[bytes], **narrowed: Any) -> None:
    """Write the trail to a file, up to the newest checkpoint; the export is recorded on the log's own stream."""
    asked = _asked(**narrowed)
    if FORMATS[kind].of_case and not asked.case:
        raise click.UsageError(f"{FORMATS[kind].name} is of one case: name it with --case.")
    try:
        compose.scope(asked, None, actor=None)
    except Invalid as error:
        sentences = [sentence for found in error.errors.values() for sentence in found]
        raise click.ClickException(" ".join(sentences)) from error
    except Missing as error:
        raise click.ClickException(error.detail) from error
    scope = compose.scope(asked, commands.sign(), actor=None)
    with transaction():
        commands.note_export({"format": kind, **scope.told}, actor=None)
    for part in FORMATS[kind].write(scope):
        target.write(part)
    click.echo(f"{FORMATS[kind].name} up to the checkpoint of {scope.size} events.", err=True)


def _asked(first: datetime | None, last: datetime | None, **narrowed: Any) -> Asked:
    return Asked(
        first=first.date() if first else None, last=last.date() if last else None, **narrowed
    )
