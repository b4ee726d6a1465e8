"""Operators' commands, reached through ``flask``."""

from flask import Flask

from app.cli import evidence as _evidence  # noqa: F401 - its command is one of the trail's
from app.cli import exports as _exports  # noqa: F401 - its command is one of the trail's
from app.cli import loans as _loans  # noqa: F401 - its command is one of the repayments'
from app.cli.applications import applications
from app.cli.budgets import budgets
from app.cli.log import log_group
from app.cli.people import people
from app.cli.rates import rates
from app.cli.repayments import repayments
from app.cli.retention import retention
from app.cli.running import sweeper, worker
from app.cli.scheme import scheme
from app.cli.trail import trail_group
from app.cli.workflow import workflow


def init(app: Flask) -> None:
    """Attach the commands to the application."""
    for group in (
        applications,
        budgets,
        scheme,
        people,
        rates,
        workflow,
        trail_group,
        log_group,
        repayments,
        retention,
    ):
        app.cli.add_command(group)
    for command in (worker, sweeper):
        app.cli.add_command(command)
