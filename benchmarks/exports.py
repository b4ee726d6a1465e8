"""How fast the trail is exported, how soon it begins and what memory it takes, in every format, through WSGI.

``python -m benchmarks.exports [EVENTS] [--database sqlite|postgresql]`` writes a log, takes it into the tree, and has each
format downloaded by an auditor of every agency, in a process of its own. Beside each stands its peer of the same run: a
plain cursor of the database's own driver that writes the entries to a file.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from app.accounts.models import Mandate, Person
from app.applications.models import Application
from app.db import db, transaction
from app.exports.export import FORMATS
from benchmarks.cases import token
from benchmarks.log import empty, fill, sequence
from config import ROOT, Settings

AUDITOR = "auditor.my@world.example"
ENTRIES = "SELECT entry FROM event WHERE leaf_index IS NOT NULL ORDER BY leaf_index"


def main() -> None:
    """Measure every format on one kind of database and print, or (within) one format in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--formats", nargs="*", default=[*FORMATS])
    parser.add_argument("--within", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.within:
        print(json.dumps(_within(chosen.within)))
        return
    with empty(chosen.database) as app:
        fill(app, chosen.events)
        size = sequence(app)
        _mandate(app)
        with token(app, AUDITOR) as bearer:
            print(f"{size:,} events on {chosen.database}")
            for kind in chosen.formats:
                _print(kind, size, _apart(app, bearer, "peer"), _apart(app, bearer, kind))


def _print(kind: str, size: int, peer: dict[str, Any], found: dict[str, Any]) -> None:
    if FORMATS[kind].of_case:
        print(f"{FORMATS[kind].name:16} one case in {found['seconds'] * 1e3:.0f} ms", flush=True)
        return
    print(
        f"{FORMATS[kind].name:16} {size / found['seconds']:9,.0f} events/s  first byte {found['first'] * 1e3:6.0f} ms"
        f"  {found['peak']:5.0f} MiB at the most  {found['bytes'] / 1e6:8.1f} MB"
        f"  {found['seconds'] / peer['seconds']:5.2f} times a plain cursor",
        flush=True,
    )


def _mandate(app: Flask) -> None:
    """Let the auditor read every agency."""
    with app.app_context(), transaction():
        auditor = db.session.scalars(select(Person).where(Person.email == AUDITOR)).one()
        dates = {"valid_from": date(2026, 1, 1), "valid_to": date(2036, 1, 1)}
        db.session.add(Mandate(person_id=auditor.id, instrument="Benchmark", **dates))


def _apart(app: Flask, bearer: str, kind: str) -> dict[str, Any]:
    """Measure in a new process, whose memory is its own."""
    settings = app.extensions["saluran.settings"]
    environment = {
        **os.environ,
        "SALURAN_DATABASE_URL": settings.database_url,
        "SALURAN_REDIS_URL": settings.redis_url,
        "SALURAN_SECRET_KEY": settings.secret_key,
        "SALURAN_STORAGE_DIR": str(settings.storage_dir),
        "SALURAN_LOG_KEY_FILE": str(settings.log_key_file),
        "BENCHMARK_TOKEN": bearer,
    }
    command = [sys.executable, "-m", "benchmarks.exports", "--within", kind]
    answer = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def _within(kind: str) -> dict[str, Any]:
    """Measure one download in this process: seconds to the first byte and to the last, bytes, MiB of memory."""
    settings = Settings.from_environment()
    send = _peer(settings.database_url) if kind == "peer" else _download(settings, kind)
    first, written = 0.0, 0
    with tempfile.TemporaryFile() as target:
        began = time.perf_counter()
        for part in send():
            if part and not written:
                first = time.perf_counter() - began
            written += target.write(part)
        target.flush()
        seconds = time.perf_counter() - began
    return {"first": first, "seconds": seconds, "bytes": written, "peak": _peak()}


def _peak() -> float:
    """Return the most memory of this process in MiB; ``getrusage`` would count that of the one it was forked from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _download(settings: Settings, kind: str) -> Callable[[], Iterator[bytes]]:
    app = create_app(settings)
    path = f"/api/v1/trail.{kind}"
    if FORMATS[kind].of_case:
        with app.app_context():
            path += f"?case={db.session.scalar(select(func.min(Application.reference)))}"
            db.session.remove()
    headers = Headers({"Authorization": f"Bearer {os.environ['BENCHMARK_TOKEN']}"})
    environment = EnvironBuilder(path=path, headers=headers).get_environ()

    def send() -> Iterator[bytes]:
        parts, status, _ = run_wsgi_app(app, environment)
        if not status.startswith("200"):
            raise RuntimeError(f"{path}: {status}")
        yield from parts

    return send


def _peer(url: str) -> Callable[[], Iterator[bytes]]:
    def lines(cursor: Any) -> Iterator[bytes]:
        while rows := cursor.fetchmany(2000):
            yield ("\n".join([row[0] for row in rows]) + "\n").encode()

    def of_sqlite() -> Iterator[bytes]:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            yield from lines(connection.execute(ENTRIES))

    def of_postgresql() -> Iterator[bytes]:
        address = url.replace("+psycopg", "")
        with psycopg.connect(address) as connection, connection.cursor("entries") as cursor:
            cursor.execute(ENTRIES)
            yield from lines(cursor)

    return of_sqlite if url.startswith("sqlite") else of_postgresql


if __name__ == "__main__":
    main()
