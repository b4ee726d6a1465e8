"""Migrations: from nothing to the newest, back to nothing and up again, and equal to the models."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, text

from app import create_app
from app.db import Model, db
from app.trail.queries import disclosures_of
from config import ROOT, Settings
from tests.shelf import stock
from tests.world import settle

# A table is in the metadata once its models are read, whether or not a page or a command needs them yet.
for models in sorted((ROOT / "app").glob("*/models.py")):
    import_module(f"app.{models.parent.name}.models")
HEAD = sorted((ROOT / "migrations" / "versions").glob("[0-9]*.py"))[-1].name[:4]


@pytest.fixture
def migrated(new_database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Give an application whose database went from nothing to the newest version."""
    url = new_database(f"migrated_{abs(hash(request.node.name))}")
    app = create_app(Settings.for_tests(url, f"unix://{tmp_path / 'none.sock'}", tmp_path))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def version() -> str | None:
    """Return the version the database says it has."""
    with db.engine.connect() as connection:
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def tables() -> set[str]:
    """Return the tables of the database."""
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def triggers() -> int:
    """Return how many triggers protect the tables."""
    catalogue = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal",
    }
    with db.engine.connect() as connection:
        return int(connection.scalar(text(catalogue[db.engine.dialect.name])) or 0)


def test_from_nothing_to_the_newest(migrated: Flask) -> None:
    assert version() == HEAD
    assert tables() == {table.name for table in Model.metadata.sorted_tables}


def test_the_newest_version_is_what_the_models_say(migrated: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences: list[Any] = compare_metadata(context, Model.metadata)
    assert differences == []


def test_the_checks_and_keys_of_the_models_are_in_the_database(migrated: Flask) -> None:
    found = inspect(db.engine)
    for table in Model.metadata.sorted_tables:
        checks = {check["name"] for check in found.get_check_constraints(table.name)}
        named = {c.name for c in table.constraints if c.__class__.__name__ == "CheckConstraint"}
        assert checks == named, table.name
        keys = {
            (tuple(key["constrained_columns"]), key["referred_table"])
            for key in found.get_foreign_keys(table.name)
        }
        wanted = {
            (tuple(column.name for column in key.columns), key.referred_table.name)
            for key in table.foreign_key_constraints
        }
        assert keys == wanted, table.name


def test_no_foreign_key_cascades(migrated: Flask) -> None:
    found = inspect(db.engine)
    options = {
        (table, str(key["constrained_columns"]), rule)
        for table in tables()
        for key in found.get_foreign_keys(table)
        for rule in key.get("options", {}).items()
    }
    assert options == set()


def test_back_to_nothing_and_up_again(migrated: Flask) -> None:
    protected = triggers()
    assert protected > 30
    downgrade(revision="base")
    assert (tables(), triggers(), version()) == (set(), 0, None)
    upgrade()
    assert (version(), triggers()) == (HEAD, protected)


def test_each_step_back_and_forward_with_rows_in_the_tables(migrated: Flask) -> None:
    settle()
    stock()
    db.session.commit()
    db.session.remove()
    downgrade(revision="0003")
    upgrade()
    with db.engine.connect() as connection:
        people = connection.scalar(text("SELECT count(*) FROM person"))
        assert people == 41
        if db.engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    # Whoever connects after the migration has foreign keys on again.
    assert _keys_hold(str(db.engine.url.render_as_string(hide_password=False)), migrated)


def _keys_hold(url: str, app: Flask) -> bool:
    settings = app.extensions["saluran.settings"]
    other = create_app(Settings.for_tests(url, settings.redis_url, settings.storage_dir))
    with other.app_context():
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                held = connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            db.engine.dispose()
            return held
        db.engine.dispose()
    return True


def test_upgrading_twice_is_once(migrated: Flask) -> None:
    before = tables()
    upgrade()
    assert (tables(), version()) == (before, HEAD)
    assert create_engine(db.engine.url) is not None


def test_what_was_disclosed_before_is_sealed_and_opened_again(migrated: Flask) -> None:
    downgrade(revision="0007")
    salt = "ab" * 32
    event = (
        "INSERT INTO event (id, stream, seq, kind, at, actor, entry, hash) VALUES "
        "(1, 'OLD-1', 1, 'pass', CURRENT_TIMESTAMP, 'officer:1', '{}', 'h1')"
    )
    value = (
        "INSERT INTO disclosure (event_id, field, salt, value) VALUES (1, 'note', :salt, 'Seen.')"
    )
    with db.engine.begin() as connection:
        connection.execute(text(event))
        connection.execute(text(value), {"salt": salt})
    upgrade()
    (found,) = disclosures_of(["OLD-1"])
    assert (found.field, found.salt, found.value) == ("note", salt, "Seen.")
    db.session.remove()
    downgrade(revision="0007")
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT salt, value FROM disclosure")).all()
    assert [tuple(row) for row in rows] == [(salt, "Seen.")]
