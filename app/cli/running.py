"""The processes that run beside the web: the worker and the sweeper."""

import time

import click
from flask import current_app

from app import clock
from app.applications import queries as applications
from app.awards.commands import lapse
from app.db import db, read_only, transaction
from app.worker import sweep, work
from workflows.machine import Refused


@click.command("worker")
def worker() -> None:
    """Do the work that events entail, until told to stop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    work(app, app.extensions["saluran.settings"].redis_url)


@click.command("sweeper")
def sweeper() -> None:
    """Wake workers for what was not done yet, and let clocks run out, until told to stop."""
    pause = current_app.extensions["saluran.settings"].sweep_seconds
    while True:
        sweep()
        expire()
        db.session.remove()
        time.sleep(pause)


# The acts of the system that a workflow may name where a clock runs out.
EXPIRIES = {"lapse": lapse}


def expire() -> int:
    """Take the acts of clocks that have run out, such as letting an offer lapse; returns how many were taken."""
    read_only()
    due = applications.expiring(clock.now().date())
    db.session.rollback()
    taken = 0
    for reference, act in due:
        try:
            with transaction():
                EXPIRIES[act](reference)
            taken += 1
        except Refused:
            # Somebody accepted or withdrew at the last moment, or the day is not over where the scheme is at home.
            continue
    return taken
