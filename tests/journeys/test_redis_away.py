"""Redis is only a wake-up: a person is served while it is away or hangs, and the letter follows later."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import clock, worker
from app.bootstrap.redis_server import RedisServer
from tests.answers import GRANT
from tests.journeys.road import Road, holds

pytestmark = pytest.mark.one_database

# What a person may wait for at most, on a machine that also does other things.
LONGEST_SECONDS = 1.5


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """Give a Redis of the test's own."""
    with RedisServer(tmp_path / "redis") as running:
        yield running


@pytest.fixture
def rewired(application) -> Iterator[Callable[[str], None]]:
    """Return a function that lets the application look for Redis elsewhere; undone afterwards."""
    kept = application.extensions["saluran.queue"]
    yield lambda url: worker.init(application, url, kept.name)
    application.extensions["saluran.queue"] = kept


@pytest.fixture
def tomorrow(tmp_path: Path) -> Iterator[Callable[[], object]]:
    """Return a function that lets a day go by, so that every wake-up is due; undone afterwards."""
    file = tmp_path / "days"
    clock.rehearse(file)
    yield lambda: file.write_text("1", encoding="ascii")
    clock.rehearse(None)


def submitted(case: Road) -> float:
    """Submit a case through the interface and return how many seconds the person waited."""
    version = case.who("applicant").etag(case.reference)
    begun = time.monotonic()
    case.act("applicant", "submit", headers={"If-Match": version})
    return time.monotonic() - begun


def woken(case: Road) -> list[str]:
    """Do what the queue in Redis asks for, as a worker would, and return what came of it."""
    queue = worker.queue(case.app)
    jobs = [job for job in queue.jobs if job.func_name == worker.RUN]
    queue.empty()
    return [worker.run(*job.args) for job in jobs]


def test_without_redis_the_person_is_served_and_the_letter_follows(
    road, rewired, tomorrow, server: RedisServer, tmp_path: Path
) -> None:
    case = road(GRANT)
    case.filled_in()
    rewired(f"unix://{tmp_path / 'nobody.sock'}")
    assert submitted(case) < LONGEST_SECONDS
    assert case.state == "submitted"

    rewired(server.url)
    tomorrow()
    assert worker.sweep() == 1
    assert woken(case) == ["done"]
    assert worker.sweep() == 0
    case.sign_in_again()
    assert case.letters() == ["acknowledgement"]
    assert holds()


def test_while_redis_hangs_the_person_is_served_and_the_letter_follows(
    road, rewired, tomorrow, server: RedisServer
) -> None:
    case = road(GRANT)
    case.filled_in()
    rewired(server.url)
    assert server.pid is not None
    os.kill(server.pid, signal.SIGSTOP)
    try:
        waited = submitted(case)
    finally:
        os.kill(server.pid, signal.SIGCONT)
    assert waited < LONGEST_SECONDS
    assert case.state == "submitted"

    # What was sent while Redis hung may still have arrived; the sweep sends it again, and twice is once.
    tomorrow()
    assert worker.sweep() == 1
    assert "done" in woken(case)
    case.sign_in_again()
    assert case.letters() == ["acknowledgement"]
    assert holds()


def test_redis_that_lost_everything_is_told_again(
    road, rewired, tomorrow, server: RedisServer
) -> None:
    case = road(GRANT)
    case.filled_in()
    rewired(server.url)
    submitted(case)
    assert len(worker.queue(case.app).jobs) == 1
    worker.queue(case.app).connection.flushall()
    tomorrow()
    assert worker.sweep() == 1
    assert woken(case) == ["done"]
    assert holds()
