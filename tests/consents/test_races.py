"""A consent is withdrawn while an adviser writes: nothing is written after the withdrawal is recorded."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.audit.queries import verify
from app.bootstrap.redis_server import RedisServer
from app.consents.commands import withdraw_consent
from app.db import db, transaction
from app.errors import Missing
from app.submissions.commands import answer
from config import Settings
from tests.consents.centres import consent, consented, prepared, settle_centres
from tests.shelf import stock
from tests.world import World, settle

ROUNDS = 5


@pytest.fixture(scope="module")
def app(new_database, redis_server: RedisServer, tmp_path_factory) -> Iterator[Flask]:
    """Return the application on a database of its own, where what is committed stays."""
    folder = tmp_path_factory.mktemp("consenting")
    app = create_app(Settings.for_tests(new_database("consenting"), redis_server.url, folder))
    with app.app_context():
        upgrade()
        with transaction():
            settle()
            stock()
        settle_centres(World(app))
        db.session.remove()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_nothing_is_written_after_a_withdrawal(app: Flask) -> None:
    for number in range(ROUNDS):
        given = consent(World(app))
        reference = prepared(World(app), given, whole=False)
        before = World(app).case(reference).version
        db.session.remove()
        typed = f"Line {number}"

        def save(world: World, reference: str = reference, typed: str = typed) -> None:
            adviser = world.person("adviser")
            answer(reference, {"project_title": typed}, version=None, actor=adviser)

        def withdraw(world: World, given: int = given) -> None:
            withdraw_consent(given, actor=world.person("applicant.my"))

        saved, withdrawn = race(app, save, withdraw)
        assert withdrawn is None
        assert saved is None or isinstance(saved, Missing)
        case, over = World(app).case(reference), consented(given).withdrawn_at
        assert over is not None
        written = case.answers.get("project_title") == typed
        assert written is (saved is None) is (case.version > before)
        assert not written or case.updated_at < over
        db.session.remove()
        [late] = race(app, save)
        assert isinstance(late, Missing)
    assert verify() == []


def race(app: Flask, *acts: Callable[[World], None]) -> list[Exception | None]:
    """Let people act at once, each in a session of their own; returns how each ended."""
    barrier = Barrier(len(acts), timeout=30)

    def attempt(act: Callable[[World], None]) -> Exception | None:
        with app.app_context():
            world = World(app)
            barrier.wait()
            try:
                with transaction():
                    act(world)
            except Missing as error:
                return error
            finally:
                db.session.remove()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(attempt, acts))
