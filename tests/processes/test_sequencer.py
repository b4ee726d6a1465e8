"""Several sequencers at once, one of them killed in the middle: one tree, one root for each size."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from app import create_app
from app.audit.queries import verify
from app.bootstrap.environment import ROOT
from app.checkpoints import queries
from app.checkpoints.models import Checkpoint
from app.db import db
from app.publication.jobs import publish
from app.trail.models import Event
from config import Settings
from tests.checkpoints.made import written
from tests.processes.sequencing import EACH

ROUNDS = 6
PATIENCE_SECONDS = 60


@pytest.fixture
def app(new_database, tmp_path: Path) -> Iterator[tuple[Flask, dict[str, str]]]:
    """Return the application on a database of its own, and the environment in which others work on the same."""
    settings = Settings.for_tests(new_database("sequencers"), "unix:///nowhere", tmp_path)
    environment = {
        "SALURAN_DATABASE_URL": settings.database_url,
        "SALURAN_REDIS_URL": settings.redis_url,
        "SALURAN_SECRET_KEY": settings.secret_key,
        "SALURAN_STORAGE_DIR": str(tmp_path),
        "SALURAN_LOG_KEY_FILE": str(settings.log_key_file),
    }
    found = create_app(settings)
    with found.app_context():
        upgrade()
        db.session.remove()
        yield found, environment
        db.session.remove()
        db.engine.dispose()


def start(environment: dict[str, str], stream: str, rounds: int) -> subprocess.Popen[str]:
    """Start a sequencer; it says a line for each checkpoint it has signed and published."""
    words = [sys.executable, "-m", "tests.processes.sequencing", stream, str(rounds)]
    return subprocess.Popen(
        words,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_several_sequencers_make_one_tree_though_one_is_killed(app, tmp_path: Path) -> None:
    _, environment = app
    other = start(environment, "S-1", ROUNDS)
    # It never ends by itself.
    killed = start(environment, "S-2", 10**6)
    assert killed.stdout is not None
    last = ""
    for number in range(ROUNDS):
        assert killed.stdout.readline() == "signed\n"
        last = written(EACH, stream="S-3", start=number * EACH, prev=last)
        publish()
        db.session.remove()
    killed.kill()
    killed.communicate(timeout=PATIENCE_SECONDS)
    lines, errors = other.communicate(timeout=PATIENCE_SECONDS)
    assert (lines.count("signed\n"), errors) == (ROUNDS, "")

    size = publish()
    found = db.session.execute(
        select(
            func.count(Event.id),
            func.count(Event.leaf_index.distinct()),
            func.max(Event.leaf_index),
        )
    ).one()
    assert tuple(found) == (size, size, size - 1), "every event has a place, no two the same"
    streams = select(func.count(Event.id)).where(Event.stream.in_(["S-1", "S-3"]))
    assert db.session.scalar(streams) == 2 * ROUNDS * EACH
    assert verify() == [], "each checkpoint has the root of the one tree there is"
    signed = db.session.scalar(select(func.count(Checkpoint.size)))
    assert signed is not None
    assert signed > ROUNDS
    assert queries.waiting() == 0
    parts = [file.name for file in (tmp_path / "checkpoints").iterdir() if ".part" in file.name]
    assert len(parts) <= 1, "at most what the killed one was writing"
