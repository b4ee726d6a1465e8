"""A process is kept alive, and everything it started ends with it."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.bootstrap.processes import Service, members, session_of

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
# A child in a process group of its own, as a job's process is.
PARENT = f"""
import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {SLEEPER!r}], preexec_fn=os.setpgrp)
time.sleep(600)
"""


@pytest.mark.parametrize(
    ("says", "line", "expected"),
    [
        ("the fourth field after the name is the session", "7 (python) S 1 7 7 0 -1", 7),
        ("a name may hold spaces and parentheses", "8 (a) b) S) R 1 8 5 0 -1", 5),
        ("a dead process belongs to nobody", "9 (python) Z 1 9 9 0 -1", None),
    ],
)
def test_reading_the_session_of_a_process(says: str, line: str, expected: int | None) -> None:
    assert session_of(line) == expected


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Callable[[str], Service]]:
    """Return a maker of services that run a Python program; all end with the test."""
    made: list[Service] = []

    def make(program: str) -> Service:
        argv = [sys.executable, "-c", program]
        made.append(Service("sample", argv, os.environ, tmp_path, tmp_path))
        made[-1].start()
        return made[-1]

    yield make
    for one in made:
        one.stop()


def wait_for(what: Callable[[], bool]) -> None:
    """Return when it has happened; fail when it takes too long."""
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kill(one: Service) -> int:
    """End a service as a crash would and return the id it had."""
    pid = one.pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: one.pid is None)
    return pid


def test_a_process_that_dies_is_started_again(service: Callable[[str], Service]) -> None:
    one = service(SLEEPER)
    before = kill(one)

    def again() -> bool:
        one.revive()
        return one.pid is not None

    wait_for(again)
    assert one.pid != before
    assert one.restarts == 1


def test_a_process_that_is_to_stay_dead_stays_dead(service: Callable[[str], Service]) -> None:
    one = service(SLEEPER)
    one.kept_alive = False
    kill(one)
    one.revive()
    assert one.pid is None


def test_a_process_that_cannot_live_is_not_started_in_a_busy_loop(
    service: Callable[[str], Service],
) -> None:
    one = service("raise SystemExit(1)")
    wait_for(lambda: one.pid is None)
    for _ in range(20):
        one.revive()
    assert one.restarts == 0


def test_what_it_wrote_is_in_its_log(service: Callable[[str], Service]) -> None:
    one = service(SLEEPER)
    wait_for(lambda: one.log.read_text() == "up\n")


def test_what_it_started_ends_with_it(service: Callable[[str], Service]) -> None:
    one = service(PARENT)
    session = one.pid
    assert session
    wait_for(lambda: len(members(session)) == 2)
    one.stop()
    assert members(session) == []


def test_an_orphan_of_a_crashed_process_ends_when_it_is_revived(
    service: Callable[[str], Service],
) -> None:
    one = service(PARENT)
    session = one.pid
    assert session
    wait_for(lambda: len(members(session)) == 2)
    kill(one)
    one.revive()
    assert members(session) == []
