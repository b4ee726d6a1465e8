"""Decisions a second through the JSON interface, and letters a second with two workers; ``pgbench`` beside them.

``python -m benchmarks.throughput``: real gunicorn, real workers, real Redis; eight people decide at once. The same statements
that one decision sends are then given to ``pgbench`` (if it is installed), eight clients, on an identical copy.
"""

import argparse
import http.client
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import create_engine, text

from app.bootstrap.postgres import PrivatePostgres
from app.bootstrap.redis_server import RedisServer
from app.bootstrap.stack import Stack
from app.db import db
from benchmarks.cases import application, token, waiting
from benchmarks.decision import approve, watched

CLIENTS = 8
PATIENCE = 300.0


def main() -> None:
    """Measure on one kind of database and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), required=True)
    parser.add_argument("--decisions", type=int, default=100)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="saluran-", dir="/tmp") as folder:
        if chosen.database == "sqlite":
            _measure(f"sqlite:///{folder}/saluran.db", Path(folder), chosen.decisions)
            return
        with PrivatePostgres(durable=True) as server:
            url = server.create_database("interface")
            cases = _measure(url, Path(folder), chosen.decisions)
            _pgbench(server, Path(folder), cases)


def _measure(url: str, folder: Path, number: int) -> int:
    with RedisServer(folder / "setting-up") as redis:
        app = application(url, redis.url, folder / "store")
        cases = waiting(app, number)
        with token(app) as bearer, app.app_context():
            db.engine.dispose()
    with Stack(folder / "deciding", url, workers=0) as stack:
        began = time.perf_counter()
        _together(stack.base_url, cases, bearer)
        decided = time.perf_counter() - began
    print(f"decisions a second through the interface, {CLIENTS} clients: {number / decided:.0f}")
    letters = _left(url)
    with Stack(folder / "printing", url, workers=2):
        # Counted from the first letter on: what comes before is the start of the programs.
        first = _wait(url, until=letters - 1)
        last = _wait(url, until=0)
    print(
        f"letters a second, two workers: {(letters - 1) / (last - first):.1f}  ({letters} letters)"
    )
    return number


def _together(base_url: str, cases: list[tuple[str, int]], bearer: str) -> None:
    waiting_cases = iter(cases)
    lock, wrong = threading.Lock(), list[str]()

    def person() -> None:
        connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=60)
        while True:
            with lock:
                case = next(waiting_cases, None)
            if case is None:
                return
            reason = _post(connection, case, bearer)
            if reason:
                wrong.append(reason)

    people = [threading.Thread(target=person) for _ in range(CLIENTS)]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    if wrong:
        raise RuntimeError(wrong[0])


def _post(connection: http.client.HTTPConnection, case: tuple[str, int], bearer: str) -> str:
    reference, version = case
    headers = {
        "Authorization": f"Bearer {bearer}",
        "Content-Type": "application/json",
        "If-Match": f'"v{version}"',
        "Idempotency-Key": f"decision-{reference}",
    }
    body = json.dumps({"amount": "80000.00"})
    connection.request("POST", f"/api/v1/applications/{reference}/acts/approve", body, headers)
    answer = connection.getresponse()
    said = answer.read().decode()
    return "" if answer.status == HTTPStatus.OK else said


def _left(url: str) -> int:
    """Return how many outbox entries are not done."""
    engine = create_engine(url)
    with engine.connect() as connection:
        left: int = (
            connection.scalar(text("SELECT count(*) FROM outbox WHERE state = 'ready'")) or 0
        )
    engine.dispose()
    return left


def _wait(url: str, *, until: int) -> float:
    """Wait until so few outbox entries are left; returns when that was, in seconds of the performance counter."""
    stop = time.monotonic() + PATIENCE
    while _left(url) > until:
        if time.monotonic() > stop:
            raise RuntimeError("The letters were not made in time.")
        time.sleep(0.05)
    return time.perf_counter()


def _pgbench(server: PrivatePostgres, folder: Path, number: int) -> None:
    found = shutil.which("pgbench") or next(
        iter(Path("/usr/lib/postgresql").glob("*/bin/pgbench")), None
    )
    if found is None:
        print("pgbench is not installed: no figure beside it.")
        return
    url = server.create_database("recorded")
    with RedisServer(folder / "recording") as redis:
        app = application(url, redis.url, folder / "store")
        cases = waiting(app, number)
        with app.app_context():
            db.engine.dispose()
        copy = server.copy_database("recorded", "pgbench")
        with token(app) as bearer, watched(app) as sent:
            for reference, version in cases:
                approve(app, reference, version, bearer)
    scripts = _scripts(folder, _literal(copy, sent))
    began = time.perf_counter()
    running = [
        subprocess.Popen(
            [
                str(found),
                "-n",
                "-c",
                "1",
                "-t",
                "1",
                "-f",
                script,
                "-h",
                str(server.directory),
                "-U",
                "postgres",
                "pgbench",
            ],
            # Rows are numbered in the order they come: with eight clients not as recorded, so foreign keys are not asked.
            env={**os.environ, "PGOPTIONS": "-c session_replication_role=replica"},
            stdout=subprocess.DEVNULL,
        )
        for script in scripts
    ]
    statuses = [process.wait() for process in running]
    if any(statuses):
        raise RuntimeError("pgbench could not run the statements.")
    print(
        f"pgbench, the same statements, {CLIENTS} clients: {number / (time.perf_counter() - began):.0f} a second"
    )


def _literal(url: str, sent: list[tuple[str, Any]]) -> list[str]:
    """Write the recorded statements with their values, as one transaction per decision."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        cursor = psycopg.ClientCursor(connection)
        return [line for statement, values in sent for line in _lines(cursor, statement, values)]


def _lines(cursor: "psycopg.ClientCursor[Any]", statement: str, values: Any) -> list[str]:
    if statement == "COMMIT":
        return ["COMMIT;"]
    rows = values if isinstance(values, list) else [values]
    return [" ".join(cursor.mogrify(statement, row).split("\n")) + ";" for row in rows]


def _scripts(folder: Path, statements: list[str]) -> list[str]:
    transactions = "\n".join(statements).split("COMMIT;")
    paths = []
    for n in range(CLIENTS):
        path = folder / f"decisions-{n}.sql"
        path.write_text(
            "".join(f"BEGIN;\n{one}COMMIT;\n" for one in transactions[n:-1:CLIENTS]),
            encoding="utf-8",
        )
        paths.append(str(path))
    return paths


if __name__ == "__main__":
    main()
