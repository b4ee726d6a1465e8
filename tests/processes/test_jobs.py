"""Whoever reaches Redis can stop our work for a while, but cannot make the workers run anything else."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import redis
from flask import Flask
from rq import Queue, Worker
from rq.command import send_command
from rq.job import Job, JobStatus

from app.bootstrap.environment import ROOT
from app.bootstrap.stack import Stack
from app.worker import RUN, OnlyOurs, queue
from tests.processes.intruder import ATTEMPTS, NO_ENTRY, Attempt, abandon

# Redis and RQ alone.
pytestmark = pytest.mark.one_database

WAIT_SECONDS = 60.0
WORKERS = ("worker-1", "worker-2")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of a server that touches the file it is asked for."""

    class Touch(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            Path(self.path).touch()
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Touch)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def unguarded(system: tuple[Stack, Flask], address: str, tmp_path_factory) -> dict[str, bool]:
    """Return which attempts succeed against the same worker without its guard."""
    stack, _ = system
    folder = tmp_path_factory.mktemp("unguarded")
    markers = {attempt.says: folder / str(n) for n, attempt in enumerate(ATTEMPTS)}
    with redis.Redis.from_url(stack.redis.url) as connection:
        open_queue = Queue("unguarded", connection=connection, serializer="json")
        for attempt in ATTEMPTS:
            if attempt.works_unguarded:
                attempt.put(open_queue, str(markers[attempt.says]), address)
        markers["abandoned"] = folder / "abandoned"
        abandon(open_queue, str(markers["abandoned"]))
    subprocess.run(
        [sys.executable, "-m", "tests.processes.unguarded", "unguarded"],
        cwd=ROOT,
        env=stack.environment,
        check=True,
    )
    return {says: marker.exists() for says, marker in markers.items()}


@pytest.fixture
def connection(stack: Stack) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(stack.redis.url) as found:
        yield found


@pytest.fixture
def ours(app: Flask, connection: redis.Redis) -> Queue:
    name = queue(app).name
    return Queue(name, connection=connection, serializer="json", job_class=OnlyOurs)


def wait_for(what: Callable[[], object]) -> None:
    """Return when it has happened; fail when it takes too long."""
    until = time.monotonic() + WAIT_SECONDS
    while not what():
        assert time.monotonic() < until
        time.sleep(0.05)


def assert_they_work(found: Queue) -> None:
    """Let each worker have a job of ours, and wait until all are done."""
    jobs = [found.enqueue(RUN, NO_ENTRY) for _ in range(4)]
    wait_for(lambda: all(job.get_status() == JobStatus.FINISHED for job in jobs))


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.says)
def test_an_intruder_cannot_make_a_worker_run(
    attempt: Attempt,
    unguarded: dict[str, bool],
    stack: Stack,
    ours: Queue,
    address: str,
    tmp_path: Path,
) -> None:
    assert unguarded[attempt.says] is attempt.works_unguarded
    before = {name: stack.processes[name] for name in WORKERS}
    theirs = Queue(ours.name, connection=ours.connection, serializer="json")
    job = attempt.put(theirs, str(tmp_path / "marker"), address)
    for found in Worker.all(queue=ours):
        send_command(ours.connection, found.name, "stop-job", job_id=job.id)
    assert_they_work(ours)
    assert not (tmp_path / "marker").exists()
    assert {name: stack.processes.get(name) for name in WORKERS} == before


def test_the_parent_of_a_worker_runs_no_callback_of_a_job_that_was_abandoned(
    unguarded: dict[str, bool], stack: Stack, ours: Queue, tmp_path: Path
) -> None:
    assert unguarded["abandoned"]
    execution = abandon(ours, str(tmp_path / "marker"))
    # A worker looks after abandoned jobs when it starts.
    os.kill(stack.processes["worker-1"], signal.SIGKILL)
    wait_for(lambda: ours.connection.zscore(ours.started_job_registry.key, execution) is None)
    assert_they_work(ours)
    assert not (tmp_path / "marker").exists()


def test_a_job_that_was_read_before_it_was_changed_still_names_only_our_function(
    connection: redis.Redis,
) -> None:
    job = OnlyOurs.create("os.getpid", connection=connection, serializer="json")
    with pytest.raises(PermissionError, match=r"Not a job of this program: os\.getpid\."):
        job.perform()
    plain = Job.create("os.getpid", connection=connection, serializer="json")
    assert plain.perform() == os.getpid()
