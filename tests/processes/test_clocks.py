"""Clocks that run out in a running system: the sweeper rings, a worker looks, and each case is seen to once."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import redis
from flask import Flask
from rq import Queue
from sqlalchemy import select, update

from app import clock
from app.applications.models import Application
from app.awards.models import Award
from app.bootstrap.environment import ROOT
from app.bootstrap.stack import Stack
from app.db import db, transaction
from app.trail.models import Event
from app.worker import TICK, OnlyOurs, connect, queue, ring
from tests.world import World

WAIT_SECONDS = 60.0
CASES = 12
ZONE = "Asia/Kuala_Lumpur"
SMALL = "6000.00"


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


def run_out(*references: str) -> None:
    """Let the clocks of cases have run out yesterday."""
    yesterday = clock.today(ZONE) - timedelta(days=1)
    with transaction():
        cases = update(Application).where(Application.reference.in_(references))
        db.session.execute(cases.values(due_on=yesterday, warn_on=None))
        ids = select(Application.id).where(Application.reference.in_(references))
        offers = update(Award).where(Award.application_id.in_(ids))
        db.session.execute(offers.values(expires_on=yesterday))
    db.session.remove()


def told(*references: str) -> dict[str, list[str]]:
    """Return what the system did on each case, with no transaction left open."""
    rows = db.session.execute(
        select(Event.stream, Event.kind)
        .where(Event.stream.in_(references), Event.actor == "system:clock")
        .order_by(Event.id)
    ).all()
    db.session.rollback()
    return {one: [kind for stream, kind in rows if stream == one] for one in references}


def test_a_worker_looks_after_the_clocks_when_the_sweeper_rings(here: Flask) -> None:
    world = World(here)
    late, offered = world.at("submitted"), world.at("offered", amount=SMALL)
    run_out(late, offered)
    wait_for(lambda: told(late, offered) == {late: ["clock_escalated"], offered: ["lapse"]})
    states = {one: world.case(one) for one in (late, offered)}
    assert (states[late].escalated_to, states[offered].state) == ("approver", "lapsed")
    db.session.remove()


def test_processes_that_sweep_at_the_same_time_do_everything_once(
    here: Flask, stack: Stack
) -> None:
    world = World(here)
    late = [world.at("submitted") for _ in range(CASES)]
    lapsing = [world.at("offered", amount=SMALL) for _ in range(3)]
    sweepers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.processes.sweeping"],
            cwd=ROOT,
            env=stack.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    expected = {one: ["clock_escalated"] for one in late} | {one: ["lapse"] for one in lapsing}
    try:
        for sweeper in sweepers:
            assert sweeper.stdout is not None
            assert sweeper.stdout.readline() == "ready\n"
        run_out(*expected)
        wait_for(lambda: told(*expected) == expected)
        time.sleep(1.0)
    finally:
        outputs = [_ended(sweeper) for sweeper in sweepers]
    assert told(*expected) == expected
    # The sweeper of the system may have been quicker with some.
    assert sum(output["escalated"] for output in outputs) <= CASES
    assert sum(output["expired"] for output in outputs) <= len(lapsing)


def _ended(sweeper: subprocess.Popen[str]) -> dict[str, int]:
    sweeper.terminate()
    output, _ = sweeper.communicate(timeout=WAIT_SECONDS)
    done: dict[str, int] = json.loads(output.splitlines()[-1])
    return done


@pytest.fixture
def empty(here: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    """Give a queue that no worker listens to."""
    ours = queue(here)
    alone = Queue("alone", connection=ours.connection, serializer="json", job_class=OnlyOurs)
    monkeypatch.setitem(here.extensions, "saluran.queue", alone)
    yield alone
    alone.delete(delete_jobs=True)


def test_an_interval_is_rung_once_however_many_ring(empty: Queue) -> None:
    for _ in range(3):
        ring(7, seconds=10, recompute=False)
    ring(8, seconds=10, recompute=False)
    ring(8, seconds=10, recompute=True)
    jobs = empty.jobs
    assert [job.id for job in jobs] == ["clocks-7", "clocks-8", "clocks-8-recompute"]
    assert [(job.func_name, job.args) for job in jobs] == [
        (TICK, [False]),
        (TICK, [False]),
        (TICK, [True]),
    ]
    assert all(0 < empty.connection.ttl(job.key) <= 60 for job in jobs)


def test_ringing_when_redis_is_away_is_only_noted(
    here: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = connect("redis://127.0.0.1:1/0", patient=False)
    gone = Queue("gone", connection=nowhere, serializer="json", job_class=OnlyOurs)
    monkeypatch.setitem(here.extensions, "saluran.queue", gone)
    with pytest.raises(redis.RedisError):
        nowhere.ping()
    ring(1, seconds=10, recompute=False)
    assert "were not told of clocks-1" in caplog.text
