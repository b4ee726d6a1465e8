"""The decision trail."""

import json

import click
from flask.cli import AppGroup

from app.audit import queries as audit
from app.checkpoints import queries as checkpoints
from app.db import read_only
from app.trail import queries as trail

trail_group = AppGroup("trail", help="The decision trail.")


@trail_group.command("verify")
def verify_trail() -> None:
    """Check every chain of the trail, the tree over it and every checkpoint; exit code 1 when one does not hold."""
    read_only()
    broken = 0
    for found in audit.breaks():
        broken += 1
        where = f"{found.stream} event {found.seq}" if found.seq else found.stream
        click.echo(f"{where}: {found.what}", err=True)
    events, streams = trail.counts()
    if broken:
        raise click.ClickException(f"{broken} breaks in {events} events of {streams} streams.")
    newest = checkpoints.newest()
    click.echo(
        f"{events} events of {streams} streams: every chain holds, and the tree of "
        f"{newest.size if newest else 0} events has the roots that were signed."
    )


@trail_group.command("outbox")
def outbox() -> None:
    """Show how much of what events entail is done."""
    read_only()
    click.echo(json.dumps(trail.waiting(), sort_keys=True))
