"""The decision trail."""

import json
from typing import IO

import click
from flask.cli import AppGroup

from app.audit import export
from app.audit import queries as audit
from app.db import read_only
from app.trail import queries as trail

trail_group = AppGroup("trail", help="The decision trail.")


@trail_group.command("verify")
def verify_trail() -> None:
    """Check every chain of the trail; exit code 1 when one does not hold."""
    read_only()
    broken = audit.verify()
    for found in broken:
        click.echo(f"{found.stream} event {found.seq}: {found.what}", err=True)
    events, streams = trail.counts()
    if broken:
        raise click.ClickException(f"{len(broken)} breaks in {events} events of {streams} streams.")
    click.echo(f"{events} events of {streams} streams: every chain holds.")


@trail_group.command("export")
@click.option("--format", "kind", type=click.Choice([*export.LINES]), default="jsonl")
@click.argument("target", type=click.File("w", encoding="utf-8", lazy=False))
def export_trail(kind: str, target: IO[str]) -> None:
    """Write the whole trail to a file, event by event."""
    read_only()
    for line in export.LINES[kind](trail.events_in_order()):
        target.write(line)


@trail_group.command("outbox")
def outbox() -> None:
    """Show how much of what events entail is done."""
    read_only()
    click.echo(json.dumps(trail.waiting(), sort_keys=True))
