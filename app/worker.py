"""Outbox to RQ: the row in the database is the truth, a message in Redis only a wake-up. The only module that knows RQ.

A job claims its row by lease, works outside any transaction, and finishes in one fenced transaction: twice is once.
"""

import logging
import math
import os
import signal
from contextlib import suppress
from typing import Any

import redis
from flask import Flask, current_app
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue, Worker
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job

from app import db as database
from app.audit import jobs as audit
from app.db import db, transaction
from app.disbursements import jobs as disbursements
from app.intake import jobs as intake
from app.letters import jobs as letters
from app.notices import jobs as notices
from app.publication import jobs as publication
from app.repayments import jobs as repayments
from app.retention import jobs as retention
from app.trail import commands as trail
from app.trail import jobs
from app.trail.jobs import JOB_SECONDS, Duty

log = logging.getLogger(__name__)

RUN = "app.worker.run"
TICK = "app.worker.tick"
SEQUENCE = "app.worker.sequence"
OURS = frozenset({RUN, TICK, SEQUENCE})
# A wake-up must never hold up the person whose act was just committed.
PATIENCE_SECONDS = 0.5


DUTIES: dict[str, Duty] = {
    "bundle": Duty(audit.make, audit.keep, audit.SECONDS),
    "letter": Duty(letters.make, letters.keep),
    "schedule": Duty(repayments.make, repayments.keep),
    "erase_bundles": Duty(audit.find_stale, audit.take_away),
    "erase_files": Duty(retention.find_files, retention.remove_files),
    "checkpoint_mail": Duty(publication.make, publication.keep),
    "import": Duty(intake.make, intake.keep, intake.SECONDS),
    "bank_report": Duty(disbursements.make, disbursements.keep, disbursements.SECONDS),
}


class OnlyOurs(Job):
    """A job may only be one of our two entry points: JSON alone would still run any function that Redis names."""

    @property
    def func(self) -> Any:
        """Return the function, or refuse."""
        if not self._ours():
            raise PermissionError(f"Not a job of this program: {self.func_name}.")
        return super().func

    def restore(self, raw_data: Any) -> None:
        """Read a job from Redis; what is not ours, or cannot be read, is treated as if it were not there.

        RQ passes over a job that is gone. Any other error would end the worker, and the job would wait for the next.
        """
        try:
            super().restore(raw_data)
            ours = self._ours()
        except Exception as error:
            raise NoSuchJobError(f"Job {self.id} cannot be read.") from error
        if not ours:
            log.warning("Job %s is not of this program and is passed over.", self.id)
            raise NoSuchJobError(f"Job {self.id} is not of this program.")

    def _ours(self) -> bool:
        """Tell whether a job names an entry point of ours and nothing else: callbacks and webhooks would be other ways out."""
        others = (
            self._success_callback_name,
            self._failure_callback_name,
            self._stopped_callback_name,
            self.webhooks,
        )
        return self.func_name in OURS and self.instance is None and not any(others)


def queue(app: Flask) -> Queue:
    """Return the queue, over a connection that gives up quickly."""
    found: Queue = app.extensions["saluran.queue"]
    return found


def connect(url: str, *, patient: bool) -> redis.Redis:
    """Return a connection: impatient for requests, patient for the worker that waits for work."""
    if patient:
        return redis.Redis.from_url(url)
    return redis.Redis.from_url(
        url,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def init(app: Flask, redis_url: str, name: str) -> None:
    """Attach the queue to the application, and wake workers after each commit."""
    connection = connect(redis_url, patient=False)
    app.extensions["saluran.queue"] = Queue(
        name, connection=connection, serializer="json", job_class=OnlyOurs
    )
    if wake_written not in database.committed:
        database.committed.append(wake_written)


def wake_written(entries: list[tuple[int, str]]) -> None:
    """Wake the workers for entries just committed; when Redis cannot be reached the sweeper will do it."""
    wake([(entry, 0, duty) for entry, duty in entries])


def wake(due: list[tuple[int, int, str]]) -> None:
    """Put a wake-up for each ``(entry, sends, duty)`` on the queue, in one go."""
    found = queue(current_app._get_current_object())  # type: ignore[attr-defined]
    prepared = [
        Queue.prepare_data(
            RUN,
            args=(entry,),
            timeout=DUTIES[duty].seconds if duty in DUTIES else JOB_SECONDS,
            result_ttl=60,
            failure_ttl=600,
            job_id=f"outbox-{entry}-{sends}",
        )
        for entry, sends, duty in due
    ]
    try:
        found.enqueue_many(prepared)
    except (redis.RedisError, OSError) as error:
        log.warning("The workers were not woken for %d entries: %s", len(due), error)


def run(entry_id: int) -> str:
    """Do what an outbox entry entails, once: returns done, skip (nothing to do) or fenced (another job did it)."""
    seconds = current_app.extensions["saluran.settings"].lease_seconds
    with trail.caused_by(f"outbox-{entry_id}"):
        with transaction():
            work = trail.claim(entry_id, lease_seconds=seconds)
        if work is None:
            return "skip"
        pulse = jobs.Pulse(work, seconds, current_app.app_context)
        return jobs.do(work, DUTIES[work.duty], pulse)


def sweep() -> int:
    """Wake the workers for every entry whose wake-up is due; returns how many."""
    seconds = current_app.extensions["saluran.settings"].resend_seconds
    with transaction():
        due = trail.due(resend_seconds=seconds)
    if due:
        wake(due)
    return len(due)


def ring(interval: int, *, seconds: float, recompute: bool) -> None:
    """Have the clocks looked after, once for an interval of so many seconds however many sweepers there are."""
    again = "-recompute" if recompute else ""
    _regularly(TICK, f"clocks-{interval}{again}", seconds, recompute)


def ring_sequencer(interval: int, *, seconds: float) -> None:
    """Have the trail sequenced and signed, once for an interval of so many seconds however many sweepers there are."""
    _regularly(SEQUENCE, f"sequencer-{interval}", seconds)


def _regularly(function: str, job_id: str, seconds: float, *args: Any) -> None:
    """Put regular work on the queue.

    RQ's own scheduler for repeated jobs knows only pickled ones, and makes a job for each process that runs it. A job
    that nobody takes is gone after a while: one is needed then, not all that were missed.
    """
    found = queue(current_app._get_current_object())  # type: ignore[attr-defined]
    kept = max(JOB_SECONDS, math.ceil(2 * seconds))
    try:
        found.enqueue(
            function,
            args=args,
            job_id=job_id,
            unique=True,
            job_timeout=JOB_SECONDS,
            ttl=kept,
            result_ttl=kept,
            failure_ttl=600,
        )
    except DuplicateJobError:
        return
    except (redis.RedisError, OSError) as error:
        log.warning("The workers were not told of %s: %s", job_id, error)


def tick(recompute: bool) -> dict[str, int]:  # noqa: FBT001 - as it stands in Redis
    """Do what the clocks want now; returns how often each was done."""
    with trail.caused_by("clocks"):
        audit.tidy()
        intake.tidy()
        return {**notices.sweep(recompute=recompute), "loans": repayments.sweep()}


def sequence() -> int:
    """Take every waiting event into the tree, sign and publish what it has become; returns on how many events."""
    with trail.caused_by("sequencer"):
        return publication.publish()


class ForkingWorker(Worker):
    """A worker whose parent holds the program warm; each job runs in a fork with connections of its own."""

    app: Flask

    def kill_horse(self, sig: signal.Signals = signal.SIGKILL) -> None:
        """Kill the child that runs a job, and never this process.

        RQ signals the child's process group. Between two jobs there is no child, and just after the fork the child
        still is in our own group: a command to stop a job would then end the worker itself.
        """
        if not self._horse_pid:
            return
        with suppress(ProcessLookupError):
            if os.getpgid(self._horse_pid) == os.getpgrp():
                os.kill(self._horse_pid, sig)
                return
        super().kill_horse(sig)

    def main_work_horse(self, job: Any, queue: Any) -> None:
        """Run a job in the forked child."""
        with self.app.app_context():
            for engine in db.engines.values():
                engine.dispose(close=False)
            super().main_work_horse(job, queue)


def work(app: Flask, redis_url: str) -> None:
    """Work until told to stop: one queue, the program and the letters' renderer loaded before the first fork."""
    letters.warm()
    connection = connect(redis_url, patient=True)
    listened = Queue(queue(app).name, connection=connection, serializer="json", job_class=OnlyOurs)
    worker = ForkingWorker(
        [listened],
        connection=connection,
        serializer="json",
        job_class=OnlyOurs,
        maintenance_interval=30,
        worker_ttl=60,
        job_monitoring_interval=10,
    )
    worker.app = app
    worker.log_job_description = False
    worker.work(logging_level="WARNING")
