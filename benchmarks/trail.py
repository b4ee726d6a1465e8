"""What recording costs: a decision with its event, against the same decision whose event is not written.

``python -m benchmarks.trail --database sqlite``: each decision is a POST through WSGI (no HTTP server). Where no event is
written, nothing is spelled, hashed or disclosed either; all else, the outbox among it, is the same, and foreign keys are asked
in neither. Batches alternate; the best batch of each is compared, by the clock and by the CPU time of this process. Both
databases keep every commit on disk.
"""

import argparse
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import event

from app import clock
from app.applications import commands as applications
from app.db import db
from app.trail import commands as trail
from app.trail.commands import Entry, Recorded, Stream
from benchmarks.cases import token, waiting
from benchmarks.decision import call, request
from benchmarks.log import empty

BATCHES, SIZE = 10, 16
BAR = 1.15
# Seconds a decision: by the clock, and of CPU.
Spent = tuple[float, float]
# Far beyond the numbers of events.
_NUMBERS = count(10**8)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), required=True)
    chosen = parser.parse_args()
    with empty(chosen.database) as app:
        cases = waiting(app, 2 * BATCHES * SIZE)
        _ask_no_foreign_keys(app)
        with token(app) as bearer:
            recorded, silent = _measure(app, cases, bearer)
    for number, what in enumerate(("time that passed", "CPU of the process")):
        long, short = (min(batch[number] for batch in kind) for kind in (recorded, silent))
        print(
            f"{what:20} with the event {long * 1e6:7.0f} us, without {short * 1e6:7.0f} us",
            end="  ",
        )
        held = "held" if long / short <= BAR else "MISSED"
        print(f"ratio {long / short:.3f}  (at most {BAR})  {held}")


def _measure(
    app: Flask, cases: list[tuple[str, int]], bearer: str
) -> tuple[list[Spent], list[Spent]]:
    recorded: list[Spent] = []
    silent: list[Spent] = []
    for start in range(0, len(cases), 2 * SIZE):
        recorded.append(_batch(app, cases[start : start + SIZE], bearer))
        with _silence():
            silent.append(_batch(app, cases[start + SIZE : start + 2 * SIZE], bearer))
    return recorded, silent


def _batch(app: Flask, cases: list[tuple[str, int]], bearer: str) -> Spent:
    requests = [request(reference, version, bearer) for reference, version in cases]
    began, used = time.perf_counter(), time.process_time()
    for environment in requests:
        call(app, environment)
    spent = time.perf_counter() - began, time.process_time() - used
    return spent[0] / len(cases), spent[1] / len(cases)


@contextmanager
def _silence() -> Iterator[None]:
    """Let acts on cases leave everything but their event."""
    names = vars(applications)
    real = names["record"]
    names["record"] = _unrecorded
    try:
        yield
    finally:
        names["record"] = real


def _unrecorded(stream: Stream, entry: Entry) -> Recorded:
    at, number = clock.now(), next(_NUMBERS)
    stream.trail_seq += 1
    stream.trail_hash = secrets.token_hex(32)
    trail._promise(number, stream.trail_hash, at, entry.duties)
    return Recorded(
        number, stream.trail_seq, stream.trail_hash, at, stream, entry.kind, entry.actor
    )


def _ask_no_foreign_keys(app: Flask) -> None:
    with app.app_context():
        engine = db.engine
        engine.dispose()
    postgresql = engine.dialect.name == "postgresql"
    statement = (
        "SET session_replication_role = replica" if postgresql else "PRAGMA foreign_keys=OFF"
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.execute(statement)
        connection.commit()


if __name__ == "__main__":
    main()
