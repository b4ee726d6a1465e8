"""A decision trail of any length, on a database with the schemes and people of the tests: cast from real cases.

``python -m benchmarks.log --database sqlite --events 1000000`` tells how fast it is written, how fast it is taken into the
tree and signed, and how long ``flask trail verify`` reads it. Cases run side by side, so that their events lie mixed, as in
a real log; the moments of events are spread over the days of the open calls, days named inside an event are not.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from app import clock
from app.bootstrap.postgres import PrivatePostgres
from app.bootstrap.redis_server import RedisServer
from app.checkpoints.commands import advance, note_on_log
from app.db import db, transaction
from app.trail.commands import Entry
from benchmarks.cases import application
from benchmarks.casting import Foundry
from benchmarks.moulds import moulds
from benchmarks.pouring import Sink
from config import ROOT

APART = timedelta(seconds=30)
# The calls of the tests open with the year.
OPEN = datetime(2026, 1, 10, tzinfo=UTC)


def fill(app: Flask, events: int) -> int:
    """Write at least so many events and all that their cases are; returns how many. They still wait to be sequenced."""
    ends = clock.now()
    apart = min(APART, (ends - OPEN) / events)
    found = moulds(app, (apart * events).days + 1)
    sink = Sink(app)
    with app.app_context():
        written = Foundry(found, sink).pour(events, ends - apart * events, apart)
        sink.close()
        db.session.remove()
    return written


def sequence(app: Flask) -> int:
    """Take every waiting event into the tree and sign it, in as many steps as it takes; returns the size of the tree."""
    size = -1
    with app.app_context():
        while True:
            with transaction():
                signed = advance()
            db.session.remove()
            if signed is None or signed.size == size:
                return size
            size = signed.size


def main() -> None:
    """Measure on one kind of database and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), required=True)
    parser.add_argument("--events", type=int, default=1_000_000)
    chosen = parser.parse_args()
    with empty(chosen.database) as app:
        began = time.perf_counter()
        written = fill(app, chosen.events)
        _rate("written", written, began)
        began = time.perf_counter()
        sequence(app)
        _rate("sequenced and signed", written, began)
        _checkpoints(app)
        _verified(app, written)


@contextmanager
def empty(kind: str) -> Iterator[Flask]:
    """Give the application on a new database of a kind, with schemes and people; PostgreSQL keeps fsync on."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="saluran-")))
        redis = stack.enter_context(RedisServer(folder / "redis"))
        url = f"sqlite:///{folder}/saluran.db"
        if kind == "postgresql":
            server = stack.enter_context(PrivatePostgres(durable=True))
            url = server.create_database("log")
        app = application(url, redis.url, folder / "store")
        yield app
        with app.app_context():
            db.engine.dispose()


def _rate(what: str, events: int, began: float) -> None:
    seconds = time.perf_counter() - began
    print(f"{what:28} {events:9,} events {seconds:7.1f} s {events / seconds:9,.0f} a second")


def _checkpoints(app: Flask) -> None:
    """Tell what one more event costs the sequencer, and what a seal over all streams does."""
    for what, sealed in (("checkpoint on one more event", False), ("seal over all streams", True)):
        with app.app_context():
            with transaction():
                note_on_log(Entry("note", "system:benchmark", {"detail": {}}))
            began = time.perf_counter()
            with transaction():
                advance(seal=sealed)
            print(f"{what:28} {(time.perf_counter() - began) * 1e3:9.1f} ms")
            db.session.remove()


def _verified(app: Flask, events: int) -> None:
    """Let the operator's command read it all, in a process of its own."""
    settings = app.extensions["saluran.settings"]
    environment = {
        **os.environ,
        "SALURAN_DATABASE_URL": settings.database_url,
        "SALURAN_REDIS_URL": settings.redis_url,
        "SALURAN_SECRET_KEY": settings.secret_key,
        "SALURAN_STORAGE_DIR": str(settings.storage_dir),
        "SALURAN_LOG_KEY_FILE": str(settings.log_key_file),
    }
    began = time.perf_counter()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "trail", "verify"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    _rate("flask trail verify", events, began)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"{'its memory':28} {most / 1024:9.0f} MiB at the most")


if __name__ == "__main__":
    main()
