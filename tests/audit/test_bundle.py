"""Evidence bundles: what is in one, member by member, and that the verifier proves it."""

from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from app.applications.commands import declare
from app.db import db, transaction
from tests.answers import LOAN
from tests.audit.bundles import Got, held, made
from tests.pages.browser import Browser
from tests.retention.kept import declined, erase
from tests.world import World
from workflows.evidence.assemble import verifier
from workflows.evidence.chain import leaf_hash

ALWAYS = [
    "README.txt", "checkpoint", "keys.txt", "events.jsonl", "leaves.txt", "proofs.jsonl", "heads.jsonl",
    "disclosures.jsonl", "people.json", "verify.py", "manifest.json",
]  # fmt: skip

FOLDERS = {
    "submissions": 1,
    "documents": 3,
    "letters": 2,
    "dossiers": 1,
    "workflows": 1,
    "schemes": 1,
}


def streams(found: Got) -> set[str]:
    return {event["stream"] for event in found.lines("events.jsonl")}


def withheld(found: Got) -> int:
    return sum(" " in line for line in found.text("leaves.txt").splitlines())


@pytest.fixture
def two(world: World) -> tuple[str, str]:
    """Return a case of each of two agencies, one decided."""
    return world.at("offered"), world.at("screening", LOAN)


def test_what_is_in_the_bundle_of_a_case(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = world.at("offered")
    older = held()
    found = made(world, tmp_path, kind="cases", cases=reference, checkpoint=older)
    assert found.zip.testzip() is None
    assert set(ALWAYS) <= set(found.names)
    manifest = found.json("manifest.json")
    assert (manifest["coverage"], manifest["streams"]) == ("cases", [reference])
    assert [*manifest["files"], "manifest.json"] == sorted(found.names[:-1]) + found.names[-1:]
    the_events(found, reference)
    assert {member: len(found.folder(member)) for member in FOLDERS} == FOLDERS
    assert found.text("previous-checkpoint") == older
    assert found.text("verify.py") == verifier()
    assert found.json("people.json")[f"officer:{world.approver.id}"] == "Approver My"
    code, report = found.verdict(capsys, older)
    assert (code, "VERDICT: PROVED" in report) == (0, True), report


def the_events(found: Got, reference: str) -> None:
    """Check the events with what proves them."""
    events = found.text("events.jsonl").splitlines()
    # The last is the seal: it is on the log's own stream, and knows how the case ends.
    cased = [record["stream"] for record in found.lines("events.jsonl")]
    assert cased == [reference] * 9 + ["log"]
    (head,) = found.lines("heads.jsonl")
    assert (head["seq"], head["hash"]) == (9, leaf_hash(events[8]))
    indices = [int(line) for line in found.text("leaves.txt").splitlines()]
    assert [line["index"] for line in found.lines("proofs.jsonl")] == indices
    assert {line["field"] for line in found.lines("disclosures.jsonl")} == {"comment"}


MALAYSIAN = {"MY-BAP-2026-00001", "agency:MY-SMECORP", "log"}
EVER = {"kind": "period", "from": "2020-01-01", "to": "2099-12-31"}
# What is asked for; the streams in it; how many events are withheld; which agencies it covers whole.
KINDS: dict[str, tuple[dict[str, str], set[str], int, list[str]]] = {
    "an agency has its cases and its own trail": (
        {"kind": "agency", "agency": "MY-SMECORP"},
        MALAYSIAN,
        0,
        ["MY-SMECORP"],
    ),
    "everything has the hash of what is of another agency": (
        {"kind": "all"},
        MALAYSIAN,
        3,
        ["MY-SMECORP"],
    ),
    "a period has the hash of what is of another agency": (EVER, MALAYSIAN, 3, []),
    "a period of an agency": (EVER | {"agency": "MY-SMECORP"}, MALAYSIAN, 3, []),
    "a case without documents": (
        {"kind": "cases", "cases": "MY-BAP-2026-00001", "documents": "no"},
        {"MY-BAP-2026-00001", "log"},
        0,
        [],
    ),
}


def test_each_kind_of_bundle_is_proved(
    world: World, two: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for said, (form, seen, hidden, covered) in KINDS.items():
        found = made(world, tmp_path, **form)
        assert (streams(found), withheld(found)) == (seen, hidden), said
        assert found.json("manifest.json")["agencies"] == covered, said
        assert bool(found.folder("documents")) is ("documents" not in form), said
        code, report = found.verdict(capsys)
        assert (code, "BROKEN" in report) == (0, False), f"{said}: {report}"


def test_a_case_with_an_interest_is_withheld_from_its_auditor(
    world: World, two: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = world.at("submitted")
    with transaction():
        declare(two[0], "A cousin.", whole=False, actor=world.auditor)
    db.session.expire_all()
    found = made(world, tmp_path, kind="agency", agency="MY-SMECORP")
    assert two[0] not in found.path.read_bytes().decode("latin-1") + found.text("heads.jsonl")
    assert other in streams(found)
    assert found.json("manifest.json")["agencies"] == []
    assert found.verdict(capsys)[0] == 0
    browser = Browser(world.app, "auditor.my")
    answer = browser.post("/audit/bundles", {"kind": "cases", "cases": two[0]})
    assert answer.status_code == 422


def test_what_was_erased_is_not_in_a_bundle_and_the_rest_is_proved(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = declined(world, letters=True)
    erase(world, reference)
    found = made(world, tmp_path, kind="cases", cases=reference)
    empty = {"submissions", "documents", "letters"}
    assert {name for name in FOLDERS if not found.folder(name)} == empty
    assert found.text("disclosures.jsonl") == ""
    code, report = found.verdict(capsys)
    assert (code, "BROKEN" in report, "ERASED" in report.upper()) == (0, False, True), report
    pdf = tmp_path / "dossier.pdf"
    pdf.write_bytes(found.zip.read(f"dossiers/{reference}.pdf"))
    assert "erased on" in " ".join(words(pdf).split())


def words(pdf: Path) -> str:
    """Return the text of a PDF file."""
    with PdfDocument(pdf) as read:
        return " ".join(page.get_textpage().get_text_range() for page in read)
