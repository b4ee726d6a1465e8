"""Which environment belongs to which lock and Python."""

from pathlib import Path

import pytest

from app.bootstrap import environment
from app.bootstrap.environment import Kit, is_ready, lock_digest, stamp_file, wanted_stamp


@pytest.mark.parametrize(
    ("says", "lock", "python", "place"),
    [
        ("another package makes another environment", b"flask==3.1.4", "3.11.7", "/srv/.venv"),
        ("another Python makes another environment", b"flask==3.1.3", "3.12.1", "/srv/.venv"),
        ("a folder that moved makes another environment", b"flask==3.1.3", "3.11.7", "/opt/.venv"),
    ],
)
def test_a_digest_tells_environments_apart(says: str, lock: bytes, python: str, place: str) -> None:
    assert lock_digest(lock, python, place) != lock_digest(b"flask==3.1.3", "3.11.7", "/srv/.venv")


def test_the_same_lock_and_python_are_the_same_environment() -> None:
    assert lock_digest(b"flask", "3.11", "/srv") == lock_digest(b"flask", "3.11", "/srv")


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty place for an environment, with a Python in it."""
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "python")
    (tmp_path / "python").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("says", "stamped", "asked", "expected"),
    [
        ("an environment without a stamp was interrupted", None, "runtime", False),
        ("the runtime kit is ready for itself", "runtime", "runtime", True),
        ("the runtime kit is not enough for tests", "runtime", "test", False),
        ("the test kit holds the runtime", "test", "runtime", True),
        ("the test kit is ready for itself", "test", "test", True),
    ],
)
def test_readiness(
    venv: Path,
    says: str,
    stamped: Kit | None,
    asked: Kit,
    expected: bool,
) -> None:
    if stamped:
        stamp_file(stamped).write_text(wanted_stamp(stamped))
    assert is_ready(asked) is expected


def test_a_stamp_of_an_older_lock_does_not_count(venv: Path) -> None:
    stamp_file("runtime").write_text("of another lock")
    assert not is_ready("runtime")


def test_an_environment_without_its_python_is_not_ready(venv: Path) -> None:
    stamp_file("runtime").write_text(wanted_stamp("runtime"))
    (venv / "python").unlink()
    assert not is_ready("runtime")
