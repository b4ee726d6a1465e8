"""A worker whose jobs and parent tell which database backend they talk to; it works until it is told to stop.

Prints lines of JSON for the parent before and after its work; each job appends one to the file named in its arguments.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, text

from app import create_app, worker
from app.db import db, read_only
from app.trail.jobs import Duty
from config import Settings

DUTY = "tell"


def told(connection: Connection) -> dict[str, int]:
    """Return the process that asks and the backend that answers; SQLite's backend is the connection itself."""
    if connection.dialect.name == "postgresql":
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
    else:
        assert connection.scalar(text("SELECT 1")) == 1
        backend = id(connection.connection.dbapi_connection)
    return {"process": os.getpid(), "parent": os.getppid(), "backend": int(backend or 0)}


def reading() -> Connection:
    """Return a connection that only reads."""
    return db.engine.connect().execution_options(read_only=True)


def say(what: dict[str, int]) -> None:
    """Print a line of JSON at once."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _make(_args: dict[str, Any]) -> dict[str, int]:
    read_only()
    return told(db.session.connection())


def _keep(args: dict[str, Any], found: dict[str, int]) -> None:
    with Path(args["file"]).open("a") as file:
        file.write(json.dumps(found) + "\n")


def main(app: Flask, redis_url: str) -> None:
    """Work with one connection of the parent's in use all the while, and one that lies ready in its pool."""
    worker.DUTIES[DUTY] = Duty(_make, _keep)
    with app.app_context(), reading() as connection:
        say(told(connection))
        connection.rollback()
        with reading() as idle:
            say(told(idle))
        worker.work(app, redis_url)
        say(told(connection))


if __name__ == "__main__":
    settings = Settings.from_environment()
    main(create_app(settings), settings.redis_url)
