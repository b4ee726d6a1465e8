"""The system is started, kept alive through crashes, and ended without a trace.

The system here is a stand-in of a few lines that has the same commands as the real one.
"""

import http.client
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app.bootstrap import stack as stack_module
from app.bootstrap.shell import Stopped
from app.bootstrap.stack import Stack, free_port, is_ready

STAND_IN = """
import os, pathlib, time
import click
from flask import Flask

app = Flask(__name__)
folder = pathlib.Path(os.environ["SALURAN_STORAGE_DIR"]).parent

@app.get("/readyz")
def readyz():
    return os.environ["SALURAN_DATABASE_URL"]

def stay():
    time.sleep(600)

@app.cli.command("db")
@click.argument("what")
def migrate(what):
    (folder / "migrated").write_text(what)

@app.cli.command("echo")
@click.argument("word")
def echo(word):
    click.echo(word)

app.cli.command("worker")(stay)
app.cli.command("sweeper")(stay)
"""
# The worker dies at once, and everything else waits until it has.
DYING_WORKER = """
import os, pathlib, sys, time
died = pathlib.Path(os.environ["SALURAN_STORAGE_DIR"]).parent / "died"
if "worker" in sys.argv:
    died.touch()
    sys.exit("no queue")
while "db" not in sys.argv and not died.exists():
    time.sleep(0.05)
time.sleep(1)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that holds the stand-in."""
    (tmp_path / "wsgi.py").write_text(STAND_IN)
    monkeypatch.setattr(stack_module, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def running(place: Path) -> Iterator[Stack]:
    """Return the stand-in, running."""
    with Stack(place / "var", "sqlite://") as stack:
        yield stack


def wait_for(what: Callable[[], object]) -> None:
    """Return when it has happened; fail when it takes too long."""
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def offspring() -> set[int]:
    """Return every process that this one started and that still lives."""
    children = psutil.Process().children(recursive=True)
    return {child.pid for child in children if child.status() != psutil.STATUS_ZOMBIE}


def test_it_runs_whole_and_ends_whole(place: Path) -> None:
    before = offspring()
    with Stack(place / "var", "sqlite://", workers=1) as stack:
        assert (place / "var" / "migrated").read_text() == "upgrade"
        assert set(stack.processes) == {"web", "worker-1", "sweeper"}
        wait_for(lambda: is_ready(stack.port))
        assert stack.flask("echo", "channel") == "channel\n"
        assert stack.redis.pid in offspring()
    assert offspring() - before == set()
    assert not is_ready(stack.port)


@pytest.mark.parametrize("name", ["web", "worker-1", "worker-2", "sweeper"])
def test_a_process_killed_is_back_soon(running: Stack, name: str) -> None:
    before = running.processes[name]
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: running.processes.get(name, before) != before and is_ready(running.port))


def test_a_process_left_dead_comes_back_only_when_told(running: Stack) -> None:
    running.leave_dead("sweeper")
    os.kill(running.processes["sweeper"], signal.SIGKILL)
    wait_for(lambda: "sweeper" not in running.processes)
    time.sleep(0.5)
    assert "sweeper" not in running.processes
    running.keep_alive("sweeper")
    wait_for(lambda: "sweeper" in running.processes)


def test_redis_crashed_is_back_soon_but_stays_dead_when_it_is_killed_on_purpose(
    running: Stack,
) -> None:
    before = running.redis.pid
    assert before
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: running.redis.pid not in (None, before))
    running.redis.kill()
    time.sleep(0.5)
    assert running.redis.pid is None


def test_settings_reach_the_processes(place: Path) -> None:
    with Stack(place / "var", "sqlite://", {"SALURAN_DATABASE_URL": "sqlite:///x"}) as stack:
        connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=60)
        connection.request("GET", "/readyz")
        assert connection.getresponse().read() == b"sqlite:///x"
        connection.close()


@pytest.mark.parametrize(
    ("says", "program", "sentence"),
    [
        ("a migration that fails", "raise SystemExit('no database')", "db upgrade` failed"),
        (
            "a process that cannot live",
            DYING_WORKER + STAND_IN,
            "ended while the system was starting",
        ),
    ],
)
def test_what_prevents_a_start_is_said_and_nothing_stays(
    place: Path, says: str, program: str, sentence: str
) -> None:
    before = offspring()
    (place / "wsgi.py").write_text(program)
    with pytest.raises(Stopped, match=sentence), Stack(place / "var", "sqlite://"):
        pass
    assert offspring() - before == set()


def test_nobody_answers_on_a_free_port() -> None:
    assert not is_ready(free_port())
