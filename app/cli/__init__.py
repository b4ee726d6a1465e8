"""Operators' commands, reached through ``flask``."""

from flask import Flask

from app.cli.people import people
from app.cli.running import sweeper, worker
from app.cli.scheme import scheme
from app.cli.trail import trail_group
from app.cli.workflow import workflow


def init(app: Flask) -> None:
    """Attach the commands to the application."""
    for group in (scheme, people, workflow, trail_group):
        app.cli.add_command(group)
    for command in (worker, sweeper):
        app.cli.add_command(command)
