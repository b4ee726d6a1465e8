"""A hold and an erasure at the same moment, and two erasures: one wins, and nothing is erased under a hold."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.audit.queries import verify
from app.bootstrap.redis_server import RedisServer
from app.db import db, transaction
from app.errors import Conflict
from app.retention import commands
from app.retention.models import Erasure
from app.retention.queries import hold
from app.trail.queries import events_of
from config import Settings
from tests.retention.kept import ON_REQUEST, declined
from tests.shelf import stock
from tests.world import World, settle
from workflows.machine import Refused

ROUNDS = 5


@pytest.fixture(scope="module")
def app(new_database, redis_server: RedisServer, tmp_path_factory) -> Iterator[Flask]:
    """Return the application on a database of its own, where what is committed stays."""
    folder = tmp_path_factory.mktemp("erasing")
    app = create_app(Settings.for_tests(new_database("erasing"), redis_server.url, folder))
    with app.app_context():
        upgrade()
        with transaction():
            settle()
            stock()
        # A case that goes on: the applicant is not erased with the others.
        World(app).draft()
        db.session.remove()
        yield app
        db.session.remove()
        db.engine.dispose()


def erase(reference: str, world: World) -> None:
    commands.erase(reference, actor=world.records_two)


def place(reference: str, world: World) -> None:
    commands.place_hold(reference, "Example Act 2", "A claim.", actor=world.records)


@pytest.mark.parametrize(
    "other", [pytest.param(place, id="a hold"), pytest.param(erase, id="an erasure")]
)
def test_one_wins_against_an_erasure(app: Flask, other: Callable[..., Any]) -> None:
    for _ in range(ROUNDS):
        reference = declined(World(app))
        with transaction():
            commands.propose(reference, ON_REQUEST, actor=World(app).records)
        db.session.remove()
        ends = race(app, reference, erase, other)
        assert sum(end is None for end in ends) == 1, ends
        assert all(isinstance(end, Refused | Conflict) for end in ends if end), ends
        case = World(app).case(reference)
        erased = db.session.get(Erasure, case.id) is not None
        assert erased is (hold(case) is None) is (case.answers == {})
        kinds = [fact.kind for fact in events_of(reference)]
        assert sum(kind in ("erase", "place_hold") for kind in kinds) == 1
    assert verify() == []


def race(app: Flask, reference: str, *acts: Callable[..., Any]) -> list[Exception | None]:
    """Let two people act at once, each in a session of their own; returns how each ended."""
    barrier = Barrier(len(acts), timeout=30)

    def attempt(act: Callable[..., Any]) -> Exception | None:
        with app.app_context():
            world = World(app)
            barrier.wait()
            try:
                with transaction():
                    act(reference, world)
            except (Refused, Conflict) as error:
                return error
            finally:
                db.session.remove()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(30) for future in [pool.submit(attempt, act) for act in acts]]
