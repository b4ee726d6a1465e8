"""The whole system on a database of its own, with the people of the test world in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask

from app import create_app
from app.bootstrap.stack import Stack
from app.db import db, transaction
from config import Settings
from tests.processes.rage import SETTINGS
from tests.shelf import stock
from tests.world import settle


@contextmanager
def running(folder: Path, database_url: str) -> Iterator[tuple[Stack, Flask]]:
    """Start the system, and give it together with an application of this process on the same database."""
    with Stack(folder, database_url, SETTINGS) as stack:
        settings = Settings.for_tests(database_url, stack.redis.url, folder / "files")
        # One log, one key: letters that are made here are signed like those of the workers.
        app = create_app(replace(settings, log_key_file=folder / "log.key"))
        with app.app_context():
            with transaction():
                settle()
                stock()
            db.session.remove()
        try:
            yield stack, app
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
