"""What a worker does with an outbox entry: the slow part under a lease, its effect in one fenced transaction."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from app.db import db, transaction
from app.trail import commands as trail
from app.trail.commands import Claim

JOB_SECONDS = 60
# A lease is renewed when a part of it is over: the rest is for what cannot be interrupted.
RENEWALS = 3


class Fenced(Exception):
    """Another job holds the lease now: what this one made must be dropped."""


@dataclass(frozen=True)
class Duty:
    """What an outbox entry entails: the slow part, and its effect inside the finishing transaction.

    A duty that may take longer than ``JOB_SECONDS`` says how long at most; its work is given the ``Pulse`` by which it
    keeps its lease.
    """

    work: Callable[..., Any]
    effect: Callable[[dict[str, Any], Any], None]
    seconds: int = JOB_SECONDS


class Pulse:
    """How long work shows that it goes on: it renews the lease, and notes how far it is, beside its own reading.

    ``aside`` opens a place with a database session of its own.
    """

    def __init__(
        self, work: Claim, seconds: int, aside: Callable[[], AbstractContextManager[Any]]
    ) -> None:
        """Belong to a leased entry whose lease lasts so many seconds."""
        self._work = work
        self._seconds = seconds
        self._aside = aside
        self._beaten = time.monotonic()

    def __call__(self, note: Callable[[], None]) -> None:
        """Renew the lease when it is time to, and take the note in the same small transaction; raises ``Fenced``."""
        if time.monotonic() - self._beaten < self._seconds / RENEWALS:
            return
        self.beat(note)

    def beat(self, note: Callable[[], None]) -> None:
        """Renew the lease now; raises ``Fenced``."""
        with self._aside(), transaction():
            if not trail.renew(self._work, lease_seconds=self._seconds):
                raise Fenced
            note()
        self._beaten = time.monotonic()


def do(work: Claim, duty: Duty, pulse: Pulse) -> str:
    """Do what a leased entry entails; returns done, or fenced when another job holds the lease by now.

    Raises what the work raised, after the entry was given back to be tried again.
    """
    try:
        more = (pulse,) if duty.seconds > JOB_SECONDS else ()
        result = duty.work(work.args, *more)
        db.session.rollback()
        with transaction():
            _fence(work)
            duty.effect(work.args, result)
    except Fenced:
        db.session.rollback()
        return "fenced"
    except Exception as error:
        db.session.rollback()
        with transaction():
            trail.give_back(work, repr(error))
        raise
    return "done"


def _fence(work: Claim) -> None:
    if not trail.finish(work):
        raise Fenced
