"""What the program adds to the database: a decision in one process, against the same statements in raw psycopg.

``python -m benchmarks.decision``: each decision is a POST through WSGI (no HTTP server) on one database; every statement
it sent is then sent again, by psycopg alone, to an identical copy of the database. Batches alternate; the best batch of
each is compared, because a machine only ever adds time. PostgreSQL keeps fsync on.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import event

from app.bootstrap.postgres import PrivatePostgres
from app.bootstrap.redis_server import RedisServer
from app.db import db
from benchmarks.cases import application, token, waiting

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
            with watched(app) as sent:
                began = time.perf_counter()
                for reference, version in batch:
                    approve(app, reference, version, bearer)
                handler.append((time.perf_counter() - began) / len(batch))
            statements = len(sent) // len(batch)
            began = time.perf_counter()
            for statement, parameters in sent:
                _again(connection, statement, parameters)
            raw.append((time.perf_counter() - began) / len(batch))
    return handler, raw, statements


def approve(app: Flask, reference: str, version: int, bearer: str) -> None:
    """Approve a case through WSGI; raises ``RuntimeError`` with the answer when it is refused."""
    answer = app.test_client().post(
        f"/api/v1/applications/{reference}/acts/approve",
        json={"amount": "80000.00"},
        headers={
            "Authorization": f"Bearer {bearer}",
            "If-Match": f'"v{version}"',
            "Idempotency-Key": f"decision-{reference}",
        },
    )
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(answer.get_data(as_text=True))


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
    cursor = connection.execute(statement, parameters)
    if cursor.description:
        cursor.fetchall()


if __name__ == "__main__":
    main()
