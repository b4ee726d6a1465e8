"""What the program adds to the database: a decision in one process, against the same statements in raw psycopg.

``python -m benchmarks.decision``: each decision is a POST through WSGI (no HTTP server) on one database; every statement
it sent is then sent again, by psycopg alone, to an identical copy of the database. Batches alternate; the best batch of
each is compared, because a machine only ever adds time. PostgreSQL keeps fsync on.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from flask import Flask
from sqlalchemy import event
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app.bootstrap.postgres import PrivatePostgres
from app.bootstrap.redis_server import RedisServer
from app.db import db
from benchmarks.cases import application, token, waiting

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

BATCHES, SIZE = 12, 20
Statement = tuple[str, Any]


def main() -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as folder,
        PrivatePostgres(durable=True) as server,
        RedisServer(Path(folder) / "redis") as redis,
    ):
        url = server.create_database("handler")
        app = application(url, redis.url, Path(folder))
        cases = waiting(app, BATCHES * SIZE)
        with token(app) as bearer:
            with app.app_context():
                db.engine.dispose()
            copy = server.copy_database("handler", "raw")
            handler, raw, statements = _measure(app, cases, bearer, copy)
    print(f"decision through WSGI   best batch {min(handler) * 1e6:7.0f} us")
    print(
        f"same statements, psycopg best batch {min(raw) * 1e6:6.0f} us  ({statements} statements)"
    )
    print(f"ratio {min(handler) / min(raw):.2f}  (aim 2.5, never above 4)")


def _measure(
    app: Flask, cases: list[tuple[str, int]], bearer: str, copy: str
) -> tuple[list[float], list[float], int]:
    handler, raw, statements = [], [], 0
    with psycopg.connect(copy.replace("+psycopg", "")) as connection:
        for start in range(0, len(cases), SIZE):
            batch = cases[start : start + SIZE]
            requests = [request(reference, version, bearer) for reference, version in batch]
            with watched(app) as sent:
                began = time.perf_counter()
                for environment in requests:
                    call(app, environment)
                handler.append((time.perf_counter() - began) / len(batch))
            statements = len(sent) // len(batch)
            began = time.perf_counter()
            for statement, parameters in sent:
                _again(connection, statement, parameters)
            raw.append((time.perf_counter() - began) / len(batch))
    return handler, raw, statements


def approve(app: Flask, reference: str, version: int, bearer: str) -> None:
    """Approve a case through WSGI, as a server calls it; raises ``RuntimeError`` when it is refused."""
    call(app, request(reference, version, bearer))


def request(reference: str, version: int, bearer: str) -> "WSGIEnvironment":
    """Return the request that approves a case."""
    headers = {
        "Authorization": f"Bearer {bearer}",
        "If-Match": f'"v{version}"',
        "Idempotency-Key": f"decision-{reference}",
    }
    path = f"/api/v1/applications/{reference}/acts/approve"
    return EnvironBuilder(
        path, method="POST", json={"amount": "80000.00"}, headers=Headers(headers)
    ).get_environ()


def call(app: Flask, environment: "WSGIEnvironment") -> None:
    """Answer a request."""
    body, status, _ = run_wsgi_app(app, environment, buffered=True)
    if status != "200 OK":
        raise RuntimeError(f"{status}: {b''.join(body).decode()}")


@contextmanager
def watched(app: Flask) -> Iterator[list[Statement]]:
    """Collect what is sent to the database, commits among it."""
    sent: list[Statement] = []

    def statement(_c: Any, _cursor: Any, text: str, parameters: Any, *_rest: Any) -> None:
        sent.append((text, parameters))

    def committed(_connection: Any) -> None:
        sent.append(("COMMIT", None))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", committed)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", committed)


def _again(connection: "psycopg.Connection[Any]", statement: str, parameters: Any) -> None:
    if statement == "COMMIT":
        connection.commit()
        return
    cursor = connection.cursor()
    if isinstance(parameters, list):
        cursor.executemany(statement, parameters)
        return
    cursor.execute(statement, parameters)
    if cursor.description:
        cursor.fetchall()


if __name__ == "__main__":
    main()
