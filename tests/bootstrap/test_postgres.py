"""The private PostgreSQL: which programs it takes, that it serves, and that nothing is left of it."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.bootstrap.postgres import PrivatePostgres, newest

PROGRAMS = ("postgres", "initdb", "pg_ctl", "createdb")


def installation(folder: Path, version: str, programs: tuple[str, ...] = PROGRAMS) -> Path:
    """Return the folder of an installed server with these programs."""
    binaries = folder / version / "bin"
    binaries.mkdir(parents=True)
    for name in programs:
        (binaries / name).touch()
    return binaries


@pytest.mark.parametrize(
    ("says", "versions", "expected"),
    [
        ("the higher number is the newer", ("9.6", "15", "16"), "16"),
        ("ten is more than nine", ("9.6", "10"), "10"),
        ("nothing installed is nothing found", (), None),
    ],
)
def test_the_newest_server(
    tmp_path: Path, says: str, versions: tuple[str, ...], expected: str | None
) -> None:
    folders = {version: installation(tmp_path, version) for version in versions}
    assert newest(folders.values()) == (folders[expected] if expected else None)


def test_a_machine_with_only_the_client_has_no_server(tmp_path: Path) -> None:
    assert newest([installation(tmp_path, "15", ("createdb",))]) is None


def answer(url: str, question: str) -> str:
    """Return the one value that a statement gives."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return str(connection.execute(text(question)).scalar_one())
    finally:
        engine.dispose()


def test_it_serves_databases_and_vanishes() -> None:
    with PrivatePostgres() as server:
        url = server.create_database("facility")
        assert answer(url, "SELECT current_database()") == "facility"
        assert answer(server.url, "SHOW fsync") == "off"
        assert answer(server.url, "SHOW listen_addresses") == ""
    assert not server.directory.exists()


def test_a_durable_one_waits_for_the_disk() -> None:
    with PrivatePostgres(durable=True) as server:
        assert answer(server.url, "SHOW fsync") == "on"
