"""Evidence bundles by the operator's command: what it writes is proved, and what it is told wrongly is named."""

import re
from pathlib import Path

import pytest

from app.checkpoints.commands import LOG
from app.db import db
from app.trail.queries import events_of
from tests.answers import LOAN
from tests.audit.bundles import Got, held
from tests.cli.test_commands import run
from tests.world import World

CASE, OTHER = "MY-BAP-2026-00001", "VN-SMEDF-2026-00001"

# The arguments, the streams of cases in the bundle, and how many leaves are withheld.
WRITTEN: dict[str, tuple[list[str], set[str], int]] = {
    "two cases of different schemes": (["--case", CASE, "--case", OTHER], {CASE, OTHER}, 0),
    "an agency": (["--agency", "VN-SMEDF", "--without-documents"], {OTHER}, 0),
    "all": (["--all"], {CASE, OTHER}, 0),
    "a period": (["--from", "2020-01-01", "--to", "2099-01-01"], {CASE, OTHER}, 0),
    "a period of an agency": (
        ["--from", "2020-01-01", "--to", "2099-01-01", "--agency", "VN-SMEDF"],
        {OTHER},
        2,
    ),
}
WRONG: dict[str, tuple[list[str], str]] = {
    "nothing": ([], "Say one thing"),
    "two things": (["--all", "--case", CASE], "Say one thing"),
    "a case of an agency": (["--agency", "MY-SMECORP", "--case", CASE], "Say one thing"),
    "half a period": (["--from", "2026-01-01"], "a first and a last day"),
    "a period backwards": (["--from", "2026-02-01", "--to", "2026-01-01"], "before the first"),
    "no such case": (["--case", "../../etc/passwd"], "There is no such case"),
    "no such agency": (["--agency", "NOBODY"], "There is no agency NOBODY"),
    "a file that is no checkpoint": (["--all", "--checkpoint", "{text}"], "not a signed note"),
    "a file that is no text": (["--all", "--checkpoint", "{bytes}"], "it is no text"),
    "an empty period": (["--from", "2001-01-01", "--to", "2001-01-02"], "Nothing was recorded"),
}


@pytest.fixture
def settled(world: World) -> World:
    world.at("submitted")
    world.at("screening", LOAN)
    return world


def test_what_the_command_writes_is_proved(
    settled: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older, note = held(), tmp_path / "older"
    note.write_text(older)
    db.session.remove()
    for said, (arguments, cases, withheld) in WRITTEN.items():
        target = tmp_path / "written.zip"
        answer = run(settled, "trail", "export", *arguments, "--checkpoint", str(note), str(target))
        assert answer.exit_code == 0, f"{said}: {answer.output}"
        found = Got(target.read_bytes(), tmp_path)
        shown = {event["stream"] for event in found.lines("events.jsonl")}
        assert {name for name in shown if ":" not in name} - {LOG} == cases, said
        hashes = re.findall(r" [0-9a-f]{64}$", found.text("leaves.txt"), re.MULTILINE)
        assert len(hashes) >= withheld, said
        assert bool(hashes) is bool(withheld), said
        code, report = found.verdict(capsys, older)
        assert (code, "BROKEN" in report) == (0, False), f"{said}: {report}"
    assert [path.name for path in tmp_path.glob("*.part")] == []
    kinds = [fact.kind for fact in events_of(LOG) if fact.kind != "seal"]
    assert kinds == ["export", "export_ready"] * len(WRITTEN)


def test_what_the_command_is_told_wrongly_is_named(settled: World, tmp_path: Path) -> None:
    files = {"text": tmp_path / "text", "bytes": tmp_path / "bytes"}
    files["text"].write_text("garbage")
    files["bytes"].write_bytes(b"\xff\xfe")
    target = tmp_path / "written.zip"
    for said, (arguments, words) in WRONG.items():
        given = [argument.format(**files) for argument in arguments]
        answer = run(settled, "trail", "export", *given, str(target))
        assert (answer.exit_code > 0, words in answer.output) == (True, True), answer.output
        assert not target.exists(), said
