"""What a decision rests on is never changed or deleted: the database itself refuses it."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.applications.commands import declare
from app.db import Model, db, transaction
from config import ROOT
from tests.factories import do_the_work
from tests.world import LOAN, World

# These may be deleted: sessions and kept answers grow old, and a disclosed value may have to be erased.
FREE = {"answered", "disclosure", "sign_in"}


def migration() -> ModuleType:
    file = Path(ROOT, "migrations/versions/0004_append_only.py")
    spec = importlib.util.spec_from_file_location("append_only", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


UNCHANGEABLE: tuple[str, ...] = migration().UNCHANGEABLE
UNDELETABLE: tuple[str, ...] = migration().UNDELETABLE


def answer(statement: str) -> str:
    """Return what the database answers to a statement: the error's first line, or that it did it."""
    try:
        with db.session.begin_nested():
            db.session.execute(text(statement))
    except DBAPIError as error:
        return str(error.orig).split("\n", maxsplit=1)[0]
    return "done"


@pytest.fixture
def full(world: World) -> World:
    """Return a world with at least one row in every table that a decision rests on."""
    reference = world.at("disbursing", LOAN)
    for number in (1, 2):
        world.tranche_to(reference, number, "paid")
    with transaction():
        declare(reference, "A cousin works there.", actor=world.auditor)
    assert set(do_the_work()) == {"done"}
    return world


def test_every_table_is_guarded_or_free_by_name() -> None:
    tables = {table.name for table in Model.metadata.sorted_tables}
    assert {*UNCHANGEABLE, *UNDELETABLE} | FREE == tables


def test_no_row_of_any_of_them_is_changed_or_deleted(full: World) -> None:
    answers = {}
    for table in (*UNCHANGEABLE, *UNDELETABLE):
        assert db.session.scalar(text(f"SELECT count(*) FROM {table}")), table  # noqa: S608 - names of ours
        answers[table, "delete"] = answer(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    for table in UNCHANGEABLE:
        column = Model.metadata.tables[table].primary_key.columns.keys()[0]
        answers[table, "update"] = answer(f"UPDATE {table} SET {column} = {column}")  # noqa: S608 - names of ours
    assert answers == {(table, act): f"{table} is never {act}d" for table, act in answers}


def test_nothing_is_emptied_at_once(world: World) -> None:
    if db.session.connection().dialect.name == "sqlite":
        # SQLite has no TRUNCATE: its DELETE without a condition is refused like any other.
        assert "syntax error" in answer("TRUNCATE TABLE event")
        return
    tables = (*UNCHANGEABLE, *UNDELETABLE)
    answers = {table: answer(f"TRUNCATE TABLE {table} CASCADE") for table in tables}
    assert all(found.endswith("is never truncated") for found in answers.values()), answers


def test_a_statement_that_finds_no_row_is_refused_where_the_database_can(world: World) -> None:
    refused = answer("DELETE FROM event WHERE id = 0")
    expected = {"sqlite": "done", "postgresql": "event is never deleted"}
    assert refused == expected[db.session.connection().dialect.name]
