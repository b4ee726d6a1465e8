"""What somebody who reaches Redis could try: each attempt would leave a file at ``marker`` if it were run."""

import json
import pickle
import subprocess
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rq import Callback, Queue
from rq.job import Job, JobStatus
from rq.webhook import Webhook

from app.worker import RUN, TICK

LEAVE = "tests.processes.marker.leave"
# No outbox entry has this number, so the job finds nothing to do and succeeds.
NO_ENTRY = 0


class Loaded:
    """Runs a program when it is unpickled."""

    def __init__(self, marker: str) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return (subprocess.call, (["touch", self.marker],))


@dataclass(frozen=True)
class Attempt:
    """An attempt as a sentence, how it is put into Redis, and whether a worker without our guard falls for it."""

    says: str
    put: Callable[[Queue, str, str], Job]
    works_unguarded: bool = True


def _call(queue: Queue, marker: str, _address: str) -> Job:
    return queue.enqueue("os.system", f"touch {marker}")


def _program(queue: Queue, marker: str, _address: str) -> Job:
    return queue.enqueue("subprocess.call", ["touch", marker])


def _after_success(queue: Queue, marker: str, _address: str) -> Job:
    after = Callback(LEAVE)
    return queue.enqueue(RUN, NO_ENTRY, on_success=after, meta={"marker": marker})


def _after_sweep(queue: Queue, marker: str, _address: str) -> Job:
    after = Callback(LEAVE)
    return queue.enqueue(TICK, args=(False,), on_success=after, meta={"marker": marker})


def _after_failure(queue: Queue, marker: str, _address: str) -> Job:
    return queue.enqueue(RUN, on_failure=Callback(LEAVE), meta={"marker": marker})


def _after_stop(queue: Queue, marker: str, _address: str) -> Job:
    after = Callback(LEAVE)
    return queue.enqueue(RUN, NO_ENTRY, on_stopped=after, meta={"marker": marker})


def _webhook(queue: Queue, marker: str, address: str) -> Job:
    return queue.enqueue(RUN, NO_ENTRY, webhooks=[Webhook(f"{address}{marker}", "finished")])


def _with_instance(queue: Queue, _marker: str, _address: str) -> Job:
    return _raw(queue, data=zlib.compress(json.dumps([RUN, {"a": 1}, [NO_ENTRY], {}]).encode()))


def _pickled(queue: Queue, marker: str, _address: str) -> Job:
    return _raw(queue, data=zlib.compress(pickle.dumps(Loaded(marker))))


def _pickled_meta(queue: Queue, marker: str, _address: str) -> Job:
    loaded = pickle.dumps(Loaded(marker))
    return _raw(queue, meta=loaded, result=loaded)


def _nonsense(queue: Queue, _marker: str, _address: str) -> Job:
    return _raw(queue, status="nonsense", timeout="soon")


def _raw(queue: Queue, **fields: str | bytes) -> Job:
    """Put a job on the queue whose stored fields are not those that RQ would write."""
    job = Job.create(RUN, args=(NO_ENTRY,), connection=queue.connection, serializer="json")
    job.origin = queue.name
    job.save()
    for name, value in fields.items():
        queue.connection.hset(job.key, name, value)
    queue.push_job_id(job.id)
    return job


ATTEMPTS = (
    Attempt("a function of the system, by name", _call),
    Attempt("a program, by name", _program),
    Attempt("a callback after the job succeeded", _after_success),
    Attempt("a callback after a sweep over the clocks", _after_sweep),
    Attempt("a callback after the job failed", _after_failure),
    Attempt("a webhook after the job", _webhook),
    Attempt("a callback after the job was stopped", _after_stop, works_unguarded=False),
    Attempt("our function as the method of an instance", _with_instance, works_unguarded=False),
    Attempt("a pickle instead of JSON", _pickled, works_unguarded=False),
    Attempt("a pickle in what comes with the job", _pickled_meta, works_unguarded=False),
    Attempt("fields that cannot be read", _nonsense, works_unguarded=False),
)


def abandon(queue: Queue, marker: str) -> str:
    """Put a job with a failure callback among those whose worker died: the parent of a worker would run it."""
    job = Job.create(
        RUN,
        args=(NO_ENTRY,),
        connection=queue.connection,
        serializer="json",
        on_failure=Callback(LEAVE),
        meta={"marker": marker},
        origin=queue.name,
        status=JobStatus.STARTED,
    )
    job.save()
    execution = f"{job.id}:abandoned"
    queue.connection.zadd(queue.started_job_registry.key, {execution: time.time() - 1})
    return execution
