"""What tests stand on: a real database brought up by the real migrations, and a savepoint around each test."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from app import create_app
from app.bootstrap.postgres import PrivatePostgres
from app.bootstrap.redis_server import RedisServer
from app.db import db, transaction
from config import Settings
from tests.remembered import Memory, Remembering
from tests.shelf import stock
from tests.world import World, settle

# How long an example takes says something of the machine and of what else it does, nothing of the program.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


# In these folders no database takes part: the runs that have one need not read them.
PURE = tuple(
    Path(__file__).parent / name
    for name in ("architecture", "bootstrap", "evidence", "foreign", "workflows")
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run choose its database."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.addoption(
        "--part",
        choices=("all", "with-database", "without-database", "readers"),
        default="all",
        help="only the tests in which a database takes part, or only the others; readers need an environment of their own",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Pass over what another run has as a whole."""
    passed_over = config.getoption("--part") == "with-database" and collection_path in PURE
    return True if passed_over else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that another run has; raises ``UsageError`` for one that no run would have."""
    part, database = config.getoption("--part"), config.getoption("--database")
    lost = [item.nodeid for item in items if _part(item) == "with-database" and _is_pure(item)]
    if lost:
        raise pytest.UsageError(f"A database takes part where none is looked for: {lost}")
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        mine = _part(item)
        wanted = mine == part or (part == "all" and mine != "readers")
        elsewhere = database != "sqlite" and item.get_closest_marker("one_database") is not None
        (kept if wanted and not elsewhere else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


def _is_pure(item: pytest.Item) -> bool:
    return any(folder in item.path.parents for folder in PURE)


def _part(item: pytest.Item) -> str:
    names = getattr(item, "fixturenames", ())
    if "reader" in names:
        return "readers"
    return "with-database" if "database_kind" in names else "without-database"


def pytest_collection_finish() -> None:
    """Let the collector of garbage never look again at what stays for the whole run, and at the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--database"))


@pytest.fixture(scope="session")
def postgres(database_kind: str) -> Iterator[PrivatePostgres | None]:
    with ExitStack() as stack:
        yield stack.enter_context(PrivatePostgres()) if database_kind == "postgresql" else None


@pytest.fixture(scope="session")
def new_database(postgres: PrivatePostgres | None, tmp_path_factory: pytest.TempPathFactory):
    """Return a function that makes an empty database of the chosen kind and returns its address."""

    def make(name: str) -> str:
        if postgres is not None:
            return postgres.create_database(name)
        return f"sqlite:///{tmp_path_factory.mktemp(name) / 'saluran.db'}"

    return make


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="session")
def application(new_database, redis_server: RedisServer, tmp_path_factory) -> Iterator[Flask]:
    """Return the application on a migrated database with the shipped schemes and a small world of people."""
    store: Path = tmp_path_factory.mktemp("store")
    app = create_app(Settings.for_tests(new_database("unit"), redis_server.url, store))
    app.config["TESTING"] = True
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        upgrade()
        with transaction():
            settle()
            stock()
        db.session.remove()
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def memory() -> Memory:
    return Memory()


@pytest.fixture
def world(application: Flask, memory: Memory) -> Iterator[World]:
    """Give a test the world in a savepoint: whatever it commits is gone afterwards."""
    with application.app_context():
        engines = db._app_engines[application]
        engine = engines[None]
        assert isinstance(engine, Engine)
        connection = engine.connect()
        outer = connection.begin()
        engines[None] = connection  # type: ignore[assignment]
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        try:
            yield Remembering(application, memory=memory, connection=connection)
        finally:
            db.session.remove()
            engines[None] = engine
            outer.rollback()
            connection.close()


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.app.test_client()
