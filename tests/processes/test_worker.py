"""The worker: warm parents with forked jobs, twice is once, a lost lease writes nothing, and giving up is seen."""

import json
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from rq import Queue
from sqlalchemy import func, select, update

from app import clock, worker
from app.bootstrap.environment import ROOT
from app.bootstrap.redis_server import RedisServer
from app.bootstrap.stack import Stack
from app.db import db, transaction
from app.letters.models import IssuedLetter
from app.trail import commands as trail
from app.trail.jobs import Duty
from app.trail.models import Event, OutboxEntry
from app.worker import RUN, queue, run
from tests.processes import warm
from tests.world import World

WAIT_SECONDS = 60.0
JOBS = 5


@pytest.fixture
def here(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app
        db.session.remove()


def wait_for(what: Callable[[], object]) -> None:
    """Return when it has happened; fail when it takes too long."""
    until = time.monotonic() + WAIT_SECONDS
    while not what():
        assert time.monotonic() < until
        time.sleep(0.05)


def entry(number: int) -> OutboxEntry:
    """Return an outbox entry as it stands, with no transaction left open."""
    found = db.session.get_one(OutboxEntry, number, populate_existing=True)
    db.session.expunge_all()
    db.session.rollback()
    return found


def promise(app: Flask, duty: str, *, soon: bool = False, **args: Any) -> int:
    """Write an entry for a new case's newest event, which the sweep leaves alone unless it is to be done soon."""
    reference = World(app).at("submitted")
    with transaction():
        event = db.session.scalars(select(Event).where(Event.stream == reference)).one()
        row = OutboxEntry(
            key=secrets.token_hex(8),
            event_id=event.id,
            duty=duty,
            args={"event_id": event.id, **args},
            state="ready",
            sends=0,
            attempts=0,
            send_after=clock.now() + timedelta(hours=0 if soon else 1),
        )
        db.session.add(row)
    number = row.id
    db.session.remove()
    return number


def outbox(app: Flask) -> dict[str, int]:
    """Return what the operator's command shows; it reads in the session of this process, which is ended."""
    shown = app.test_cli_runner().invoke(args=["trail", "outbox"])
    db.session.remove()
    assert shown.exit_code == 0
    counts: dict[str, int] = json.loads(shown.output)
    return counts


def lose(number: int) -> None:
    """Let the lease of an entry run out."""
    with transaction():
        ran_out = {"lease_until": clock.now() - timedelta(seconds=1)}
        db.session.execute(update(OutboxEntry).where(OutboxEntry.id == number).values(ran_out))


def test_each_job_has_a_backend_of_its_own_and_the_parent_keeps_its_connection(
    here: Flask, stack: Stack, tmp_path: Path
) -> None:
    settings = here.extensions["saluran.settings"]
    with RedisServer(tmp_path / "redis") as server:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.processes.warm"],
            cwd=ROOT,
            env={**stack.environment, "SALURAN_REDIS_URL": server.url},
            stdout=subprocess.PIPE,
            text=True,
        )
        connection = worker.connect(server.url, patient=True)
        ours = Queue(settings.queue, connection=connection, serializer="json")
        told = tmp_path / "told"
        for _ in range(JOBS):
            ours.enqueue(RUN, promise(here, warm.DUTY, file=str(told)))
        try:
            wait_for(lambda: told.exists() and len(told.read_text().splitlines()) == JOBS)
        finally:
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=WAIT_SECONDS)
            connection.close()
    before, idle, after = (json.loads(line) for line in output.splitlines())
    jobs = [json.loads(line) for line in told.read_text().splitlines()]
    assert before == after
    assert {job["parent"] for job in jobs} == {before["process"]}
    assert len({job["process"] for job in jobs}) == JOBS
    assert not {before["backend"], idle["backend"]} & {job["backend"] for job in jobs}


def test_an_entry_put_on_the_queue_ten_times_makes_one_letter(here: Flask) -> None:
    World(here).at("submitted")
    newest = select(OutboxEntry.id).order_by(OutboxEntry.id.desc()).limit(1)
    number = db.session.scalars(newest).one()
    event = entry(number).event_id
    ours = queue(here)
    jobs = [ours.enqueue(RUN, number) for _ in range(10)]
    wait_for(lambda: all(job.get_status() == "finished" for job in jobs))
    wait_for(lambda: entry(number).state == "done")
    letters = select(func.count()).where(IssuedLetter.event_id == event)
    assert db.session.scalar(letters) == 1
    # A wake-up of the program's own may have been first.
    assert [job.return_value() for job in jobs].count("done") <= 1


def test_a_job_that_lost_its_lease_writes_nothing(
    here: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []

    def slow(args: dict[str, Any]) -> str:
        """Work for longer than the lease: meanwhile another job takes the entry over and does it."""
        db.session.rollback()
        if args["slow"] and not kept:
            lose(number)
            assert run(number) == "done"
        return "made"

    def keep(_args: dict[str, Any], result: str) -> None:
        kept.append(result)

    number = promise(here, "probe", slow=1)
    calls = iter([slow, lambda _args: "made by the second"])

    def make(args: dict[str, Any]) -> str:
        return next(calls)(args)

    monkeypatch.setitem(worker.DUTIES, "probe", Duty(make, keep))
    assert run(number) == "fenced"
    assert kept == ["made by the second"]
    assert entry(number).state == "done"
    assert run(number) == "skip"


def test_only_the_holder_of_the_lease_finishes_or_gives_back(here: Flask) -> None:
    number = promise(here, "probe")
    with transaction():
        first = trail.claim(number, lease_seconds=60)
    assert first is not None
    with transaction():
        assert trail.claim(number, lease_seconds=60) is None
    lose(number)
    with transaction():
        second = trail.claim(number, lease_seconds=60)
    assert second is not None
    with transaction():
        assert not trail.finish(first)
        assert not trail.give_back(first, "too late")
    assert (entry(number).state, entry(number).error) == ("ready", None)
    with transaction():
        assert trail.finish(second)
    assert entry(number).state == "done"


def test_a_job_that_raises_is_tried_again_until_it_is_dead_and_the_operator_sees_it(
    here: Flask,
) -> None:
    dead = outbox(here).get("dead", 0)
    # No such case: making the letter raises, in a real worker.
    number = promise(here, "letter", soon=True, letter="offer", application_id=0)
    with transaction():
        tried = {"attempts": trail.MOST_ATTEMPTS - 3}
        db.session.execute(update(OutboxEntry).where(OutboxEntry.id == number).values(tried))
    wait_for(lambda: entry(number).state == "dead")
    found = entry(number)
    assert found.attempts == trail.MOST_ATTEMPTS
    assert "Missing" in str(found.error)
    assert outbox(here)["dead"] == dead + 1
    assert run(number) == "skip"


def test_a_job_that_never_lives_to_raise_is_given_up_as_well(
    here: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "MOST_ATTEMPTS", 2)
    number = promise(here, "probe")
    for _ in range(2):
        with transaction():
            assert trail.claim(number, lease_seconds=60) is not None
            trail.due(resend_seconds=1)
        assert entry(number).state == "ready"
        lose(number)
    with transaction():
        trail.due(resend_seconds=1)
    assert entry(number).state == "dead"
    assert "without a word" in str(entry(number).error)


# What a worker does when it is told to stop a job, in a process group of its own: were it wrong, the group would end.
STOPS = """
import os, time
from app.worker import ForkingWorker
worker = ForkingWorker.__new__(ForkingWorker)
worker._horse_pid = {horse}
if worker._horse_pid is None:
    worker._horse_pid = os.fork() or time.sleep(60)
worker.kill_horse()
print("alive", os.waitpid(worker._horse_pid, 0)[1] if worker._horse_pid else "alone")
"""


@pytest.mark.parametrize(
    ("horse", "said"),
    [
        pytest.param("0", "alive alone", id="between two jobs there is nothing to stop"),
        pytest.param(
            "None", "alive 9", id="a child that is still in the worker's group is ended alone"
        ),
    ],
)
def test_a_command_to_stop_a_job_never_ends_the_worker(horse: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPS.format(horse=horse)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, said)
