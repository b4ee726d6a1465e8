"""The commands on the log, as an operator runs them."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from app import clock
from app.checkpoints import compose
from app.checkpoints.compose import Log, new_key, read_key
from app.db import db
from app.publication.queries import newest
from tests.checkpoints.made import signed, written
from tests.world import World

NAME = "log.test.example/trail"


@pytest.fixture
def run(world: World, tmp_path: Path, monkeypatch):
    """Return a function that runs a command of the group, on a log that publishes into a folder of the test's own."""
    found = Log(compose.signer(), tmp_path / "checkpoints")
    monkeypatch.setattr(compose, "log", lambda: found)
    runner = world.app.test_cli_runner()

    def invoke(*words: str) -> Result:
        db.session.rollback()
        return runner.invoke(args=["log", *words])

    return invoke


def test_a_key_is_made_once_and_its_verifier_key_shown(run, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "log.key"
    made = run("key", "saluran.agency.example/trail", str(file))
    assert made.exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    shown = made.stdout.strip()
    assert str(read_key(file.read_text()).verifier) == shown
    again = run("key", "saluran.agency.example/trail", str(file))
    assert (again.exit_code, "is never replaced" in again.output) == (1, True)
    assert str(read_key(file.read_text()).verifier) == shown


@pytest.mark.parametrize("name", ["", "a b", "x+y", "name\nline", "é.example", "a" * 61, "/etc"])
def test_a_name_that_a_checkpoint_cannot_carry_is_refused(run, tmp_path: Path, name: str) -> None:
    made = run("key", "--", name, str(tmp_path / "log.key"))
    assert made.exit_code == 1
    assert not (tmp_path / "log.key").exists()


def test_signing_shows_on_how_many_events(run) -> None:
    written(2)
    assert run("sign").output == "The trail is signed on 3 events.\n"
    assert run("checkpoint").output == newest().note
    assert run("checkpoint", "9").exit_code == 1
    assert run("verify-key").output.startswith(f"{NAME}+")


def test_another_key_is_not_the_logs(run, monkeypatch, tmp_path: Path) -> None:
    written(2)
    run("sign")
    other = Log(read_key(new_key(NAME)), tmp_path / "checkpoints")
    monkeypatch.setattr(compose, "log", lambda: other)
    answer = run("verify-key")
    assert (answer.exit_code, "did not sign the newest checkpoint" in answer.output) == (1, True)
    answer = run("sign")
    assert (answer.exit_code, "cannot be relied on" in answer.output) == (1, True)


def test_a_worker_without_the_key_does_not_start(world: World, monkeypatch) -> None:
    monkeypatch.setattr(compose, "log", Log)
    for words in (["worker"], ["log", "verify-key"]):
        answer = world.app.test_cli_runner().invoke(args=words)
        assert (answer.exit_code, "SALURAN_LOG_KEY_FILE" in answer.output) == (1, True)


def test_the_status_is_bad_once_events_wait_for_ten_minutes(run, monkeypatch) -> None:
    assert "signed     nothing yet; 0 wait" in run("status").output
    last = written(2)
    signed()
    written(1, start=2, prev=last)
    answer = run("status")
    assert answer.exit_code == 0
    assert "signed     2 events" in answer.output
    assert "; 1 wait" in answer.output
    assert "mail       none" in answer.output
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = run("status")
    assert (answer.exit_code, "Events wait for more than 10 minutes" in answer.output) == (1, True)
