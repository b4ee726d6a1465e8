"""The processes that run beside the web: the worker and the sweeper."""

import time

import click
from flask import current_app

from app import clock
from app.checkpoints.compose import signer
from app.db import db
from app.worker import ring, ring_sequencer, sweep, work

# The clocks count days: they are looked after less often than lost wake-ups are.
SWEEPS_PER_RING = 5
# Reading every clock that runs, for calendars that have changed, is for once in a while, and for a new release.
RINGS_PER_RECOMPUTE = 360
# How long an event waits at most before it is under a signature.
SEQUENCER_SECONDS = 60


@click.command("worker")
def worker() -> None:
    """Do the work that events entail, until told to stop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if signer() is None:
        raise click.ClickException(
            "A worker signs the decision trail: set SALURAN_LOG_KEY_FILE to the file that `flask log key` made."
        )
    work(app, app.extensions["saluran.settings"].redis_url)


@click.command("sweeper")
def sweeper() -> None:
    """Wake workers for what was not done yet, and for clocks that run out, until told to stop."""
    pause = current_app.extensions["saluran.settings"].sweep_seconds
    rung: int | None = None
    signed: int | None = None
    while True:
        sweep()
        rung = ring_once(rung, pause * SWEEPS_PER_RING)
        signed = sequence_once(signed)
        db.session.remove()
        time.sleep(pause)


def ring_once(before: int | None, seconds: float) -> int:
    """Have the clocks looked after if a new interval of so many seconds has begun; returns the number of the interval.

    ``before`` is the interval in which that was last done, ``None`` when the process has just started.
    """
    interval = int(clock.now().timestamp() // seconds)
    if interval != before:
        recompute = before is None or interval % RINGS_PER_RECOMPUTE == 0
        ring(interval, seconds=seconds, recompute=recompute)
    return interval


def sequence_once(before: int | None) -> int:
    """Have the trail sequenced if a new minute has begun since ``before``; returns the number of the minute."""
    # Not the clock of the program: a rehearsal's jumps ahead.
    minute = int(time.time() // SEQUENCER_SECONDS)
    if minute != before:
        ring_sequencer(minute, seconds=SEQUENCER_SECONDS)
    return minute
