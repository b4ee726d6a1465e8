"""What the doctor writes about each finding."""

from pathlib import Path

import pytest

from app.bootstrap import doctor
from app.bootstrap.doctor import Finding, log_of, table
from app.bootstrap.shell import Stopped

KEY = "PRIVATE+KEY+log.example/trail+00000000+AAAA\n"


@pytest.mark.parametrize(
    ("says", "finding", "expected"),
    [
        (
            "what is there needs no advice",
            Finding("disk", present=True, detail="9000 MiB", mend="free some"),
            "ok       disk                 9000 MiB",
        ),
        (
            "what is needed and missing comes with its remedy",
            Finding("Redis server", present=False, detail="-", mend="install redis-server"),
            "MISSING  Redis server         -  -> install redis-server",
        ),
        (
            "what can be done without is only absent",
            Finding("Chromium", present=False, detail="-", mend="install it", needed=False),
            "absent   Chromium             -  -> install it",
        ),
    ],
)
def test_a_line_of_the_table(says: str, finding: Finding, expected: str) -> None:
    assert table([finding]) == expected


@pytest.mark.parametrize(
    ("text", "mode", "expected"),
    [
        pytest.param(KEY, 0o600, (True, "log.example/trail"), id="a key that only its owner reads"),
        pytest.param(KEY, 0o640, (False, "others can read it"), id="a key the group reads"),
        pytest.param(KEY, 0o604, (False, "others can read it"), id="a key everybody reads"),
        pytest.param("hello", 0o600, (False, "no key"), id="a file that holds no key"),
        pytest.param("é", 0o600, (False, "ascii"), id="a file that holds something else"),
        pytest.param(None, 0, (False, "No such file"), id="a file that is not there"),
    ],
)
def test_the_key_of_the_log(
    tmp_path: Path, monkeypatch, text: str | None, mode: int, expected: tuple[bool, str]
) -> None:
    monkeypatch.setattr(doctor, "run_quietly", lambda *_, **__: "key x\nsigned     7 events\n")
    file = tmp_path / "log.key"
    if text is not None:
        file.write_text(text)
        file.chmod(mode)
    settings = {"SALURAN_DATABASE_URL": "x", "SALURAN_LOG_KEY_FILE": str(file)}
    found = {one.subject: one for one in log_of(settings)}
    key = found["key of the log"]
    assert key.present is expected[0]
    assert expected[1] in key.detail
    assert (found["mail"].present, found["witnesses"].present) == (False, False)
    assert not found["mail"].needed


def test_a_trail_that_is_not_signed_in_time_is_shown_with_the_reason(monkeypatch) -> None:
    def late(*_: object, **__: object) -> str:
        raise Stopped("signed     7 events\nError: Events wait for more than 10 minutes.\n")

    monkeypatch.setattr(doctor, "run_quietly", late)
    monkeypatch.setattr(doctor, "PYTHON", Path(__file__))
    (*_, trail) = log_of({"SALURAN_DATABASE_URL": "x"})
    assert (trail.present, trail.needed) == (False, True)
    assert trail.detail == "Error: Events wait for more than 10 minutes."


def test_where_the_system_is_not_set_up_its_log_is_not_looked_for() -> None:
    assert list(log_of({})) == []
