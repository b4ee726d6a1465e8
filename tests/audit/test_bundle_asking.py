"""Asking for evidence: what is refused with which words, what is recorded, who may have the file, and what a worker leaves."""

import io
import json
import secrets
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import select, update

from app import clock, worker
from app.accounts.commands import relate
from app.audit import jobs
from app.audit.compose import bundle as writing
from app.audit.compose import digested
from app.audit.models import Bundle
from app.checkpoints import compose
from app.checkpoints.compose import new_key, read_key
from app.db import db, transaction
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.trail import jobs as leases
from app.trail.models import OutboxEntry
from app.trail.queries import events_of
from tests.answers import LOAN
from tests.audit.bundles import asked, held, made
from tests.factories import Days, do_the_work
from tests.interface import API, Interface, problem
from tests.pages.browser import Browser
from tests.world import World
from workflows.evidence.note import Checkpoint

BUNDLES = f"{API}/bundles"
OWN, FOREIGN = "MY-BAP-2026-00001", "VN-SMEDF-2026-00001"


def signed(size: int, root: bytes, name: str = "") -> str:
    """Return a checkpoint that the key of this log signed, or that of another with the name."""
    signer = read_key(new_key(name)) if name else compose.signer()
    assert signer is not None
    return str(signer.sign(Checkpoint(signer.verifier.name, size, root)))


def forged() -> str:
    """Return a checkpoint of this log with another root over the signature."""
    origin, size, root, *rest = held().split("\n")
    other = ("B" if root[0] == "A" else "A") + root[1:]
    return "\n".join([origin, size, other, *rest])


# The form, the field that is wrong, and words of the sentence. A checkpoint in angle brackets is made by the test.
REFUSED: dict[str, tuple[dict[str, str], str, str]] = {
    "nothing chosen": ({}, "kind", "Choose what the bundle is to hold."),
    "another kind": ({"kind": "secrets"}, "kind", "Choose what"),
    "no case named": ({"kind": "cases", "cases": " , \n"}, "cases", "Name at least one case."),
    "a case nobody has": ({"kind": "cases", "cases": "MY-BAP-2026-09999"}, "cases", "no such case"),
    "a case of another agency": ({"kind": "cases", "cases": FOREIGN}, "cases", FOREIGN),
    "a draft": ({"kind": "cases", "cases": "MY-BAP-2026-00002"}, "cases", "no such case"),
    "ten thousand cases": (
        {"kind": "cases", "cases": " ".join(f"MY-BAP-2026-{n:05}" for n in range(10_000))},
        "cases",
        "10000 cases; a bundle takes 500",
    ),
    "a path": ({"kind": "cases", "cases": "../../etc/passwd"}, "cases", "A reference reads like"),
    "a stream that is no case": ({"kind": "cases", "cases": "agency:MY-SMECORP"}, "cases", "reads"),
    "the log itself": ({"kind": "cases", "cases": "LOG"}, "cases", "no such case"),
    "no agency": ({"kind": "agency"}, "agency", "Choose an agency."),
    "another agency": ({"kind": "agency", "agency": "VN-SMEDF"}, "agency", "not for you"),
    "an agency nobody has": ({"kind": "agency", "agency": "../X"}, "agency", "There is no agency"),
    "half a period": ({"kind": "period", "from": "2026-01-01"}, "to", "Say the day"),
    "a period backwards": (
        {"kind": "period", "from": "2026-02-01", "to": "2026-01-01"},
        "to",
        "before the first",
    ),
    "a day there is not": (
        {"kind": "period", "from": "2026-02-30", "to": "2026-03-01"},
        "from",
        "Say the day",
    ),
    "neither yes nor no": ({"kind": "all", "documents": "maybe"}, "documents", "yes or no"),
    "garbage for a checkpoint": ({"checkpoint": "garbage"}, "checkpoint", "not a signed note"),
    "a checkpoint without end": ({"checkpoint": "x" * 30_000}, "checkpoint", "longer than any"),
    "a checkpoint of another log": ({"checkpoint": "<other>"}, "checkpoint", "not signed by"),
    "a checkpoint with our name and another key": (
        {"checkpoint": "<impostor>"},
        "checkpoint",
        "not signed by",
    ),
    "a forged signature": ({"checkpoint": "<forged>"}, "checkpoint", "does not belong to it"),
    "a checkpoint newer than the trail": (
        {"checkpoint": "<newer>"},
        "checkpoint",
        "entries were cut off",
    ),
    "a checkpoint on nothing": ({"checkpoint": "<nothing>"}, "checkpoint", "proves nothing"),
}


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    return Days(monkeypatch)


@pytest.fixture
def settled(world: World) -> World:
    """Give the world a case of each of two agencies, a draft, and a signed trail."""
    world.at("submitted")
    world.draft()
    world.at("submitted", LOAN)
    held()
    return world


def test_what_is_asked_for_wrongly_is_named(settled: World) -> None:
    name = "log.test.example/trail"
    notes = {
        "<other>": lambda: signed(1, bytes(32), "log.other.example/trail"),
        "<impostor>": lambda: signed(1, bytes(32), name),
        "<forged>": forged,
        "<newer>": lambda: signed(10_000, bytes(32)),
        "<nothing>": lambda: signed(0, bytes(32)),
    }
    browser, program = Browser(settled.app, "auditor.my"), Interface(settled.app, "auditor.my")
    for said, (form, field, words) in REFUSED.items():
        given = {"kind": "all", **form} if "checkpoint" in form else dict(form)
        given |= {key: notes[value]() for key, value in form.items() if value in notes}
        page = browser.post("/audit/bundles", given)
        assert (page.status_code, "Error:" in page.text) == (422, True), said
        key = {"Idempotency-Key": secrets.token_hex(8)}
        wrong = problem(program.send("POST", BUNDLES, json=given, headers=key), 422)["errors"]
        assert list(wrong) == [field], said
        assert words in wrong[field][0], f"{said}: {wrong[field]}"
    assert db.session.scalars(select(Bundle)).all() == []


def test_a_checkpoint_that_does_not_fit_the_trail_is_no_bundle(settled: World) -> None:
    browser = Browser(settled.app, "auditor.my")
    page = asked(browser, kind="all", checkpoint=signed(1, bytes(32)))
    assert set(do_the_work()) == {"done"}
    assert "does not fit this trail" in browser.get(page).text
    assert browser.get(f"{page}.zip").status_code == 409


def test_a_worker_without_the_key_says_so(settled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(settled.app, "auditor.my")
    page = asked(browser, kind="all")
    monkeypatch.setattr(compose, "signer", lambda: None)
    number = entry().id
    db.session.rollback()
    assert worker.run(number) == "done"
    assert "does not hold the key of the log" in browser.get(page).text


def test_a_period_in_which_nothing_happened_is_no_bundle(settled: World) -> None:
    browser = Browser(settled.app, "auditor.my")
    page = asked(browser, kind="period", from_="2001-01-01", to="2001-12-31")
    do_the_work()
    assert "Nothing was recorded in this period." in browser.get(page).text


def test_a_period_has_the_local_days_of_the_agency(
    world: World, days: Days, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days.moment("2026-11-23T23:59:00")
    reference = world.at("screening")
    held()
    days.moment("2026-11-24T00:01:00")
    world.do(reviews.move, reference, Reasoned(), act="pass", actor=world.desk)
    held()
    days.moment("2026-11-25T08:00:00")
    world.assess(reference, world.assessor)
    days.moment("2026-11-26T08:00:00")
    found = made(world, tmp_path, kind="period", from_="2026-11-24", to="2026-11-25")
    cased = [e["type"] for e in found.lines("events.jsonl") if e["stream"] == reference]
    assert cased == ["pass", "assess"]
    code, report = found.verdict(capsys)
    assert (code, "BROKEN" in report) == (0, False), report


def test_asking_and_having_are_recorded(settled: World, tmp_path: Path) -> None:
    found = made(settled, tmp_path, kind="cases", cases=OWN, documents="no")
    asked_for, ready = (fact.record for fact in events_of("agency:MY-SMECORP"))
    assert (asked_for["type"], ready["type"]) == ("export", "export_ready")
    assert asked_for["detail"]["scope"] == {"kind": "cases", "cases": [OWN], "documents": "no"}
    assert ready["detail"]["bytes"] == found.path.stat().st_size
    assert ready["detail"]["events"] == len(found.lines("events.jsonl"))


def test_the_interface_makes_one_bundle_for_one_key(settled: World) -> None:
    program = Interface(settled.app, "auditor.my")
    key = {"Idempotency-Key": secrets.token_hex(8)}
    body = {"kind": "all", "documents": "no"}
    first, again = (program.send("POST", BUNDLES, json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.get_json()) == (202, first.get_json())
    address = f"{BUNDLES}/{first.get_json()['id']}"
    assert program.get(address).get_json()["state"] == "waiting"
    assert program.get(f"{address}.zip").status_code == 409
    do_the_work()
    told = program.get(address).get_json()
    assert (told["state"], told["done"]) == ("ready", told["total"])
    file = program.get(f"{address}.zip")
    assert file.headers["X-Content-SHA256"] == told["sha256"]
    assert json.loads(zipfile.ZipFile(io.BytesIO(file.data)).read("manifest.json"))["format"] == 1
    assert [one["id"] for one in program.get(BUNDLES).get_json()["bundles"]] == [told["id"]]


def test_a_bundle_is_for_whom_it_was_made(settled: World) -> None:
    browser = Browser(settled.app, "auditor.my")
    page = asked(browser, kind="all", documents="no")
    do_the_work()
    for name, status in (("auditor.vn", 404), ("desk.my", 403), ("applicant.my", 403)):
        for address in (page, f"{page}.zip"):
            assert Browser(settled.app, name).get(address).status_code == status, name
    assert browser.get(f"{page}.zip").status_code == 200
    with transaction():
        relate(settled.person("auditor.my"), settled.case(OWN).enterprise_id, "A share.")
    assert browser.get(f"{page}.zip").status_code == 404


def test_the_proof_of_an_event_can_be_downloaded(settled: World) -> None:
    browser = Browser(settled.app, "auditor.my")
    address = f"/audit/cases/{OWN}/events/1.tlog-proof"
    lines = browser.get(address).text.splitlines()
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 0"]
    assert f'href="{address}"' in browser.get(f"/audit/cases/{OWN}").text
    assert browser.get(address.replace("1.tlog", "99.tlog")).status_code == 404
    assert Browser(settled.app, "auditor.vn").get(address).status_code == 404


# What a worker leaves


def entry() -> OutboxEntry:
    """Return the outbox entry of the bundle that waits."""
    waiting = select(OutboxEntry).where(OutboxEntry.duty == "bundle")
    return db.session.scalars(waiting, execution_options={"populate_existing": True}).one()


def parts(world: World) -> list[Path]:
    """Return the unfinished files of the store."""
    return list((world.app.extensions["saluran.settings"].storage_dir / "bundles").glob("*.part"))


def test_a_job_that_dies_in_the_middle_leaves_no_half_file(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = asked(Browser(settled.app, "auditor.my"), kind="all", documents="no")
    number = entry().id
    db.session.rollback()
    with monkeypatch.context() as patch:
        patch.setattr(writing, "verifier", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            worker.run(number)
    # One that was killed could not even take its file away.
    folder = settled.app.extensions["saluran.settings"].storage_dir / "bundles"
    (folder / f"{page.rpartition('/')[2]}.dead.part").write_bytes(b"PK")
    assert [worker.run(number) for _ in range(2)] == ["done", "skip"]
    assert parts(settled) == []
    (found,) = db.session.scalars(select(Bundle)).all()
    assert found.state == "ready"
    kinds = [fact.kind for fact in events_of("agency:MY-SMECORP")]
    assert kinds == ["export", "export_ready"]


def test_a_job_that_lost_its_lease_stops_and_leaves_nothing(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(Browser(settled.app, "auditor.my"), kind="all", documents="no")
    number = entry().id
    db.session.rollback()

    def stolen(file: IO[bytes]) -> tuple[str, int]:
        """Let another job take the entry while this one has written its last member."""
        taken = {"lease": "another", "lease_until": clock.now() + timedelta(minutes=1)}
        with settled.app.app_context(), transaction():
            db.session.execute(update(OutboxEntry).where(OutboxEntry.id == number).values(taken))
        return digested(file)

    monkeypatch.setattr(jobs, "digested", stolen)
    assert worker.run(number) == "fenced"
    assert parts(settled) == []
    (found,) = db.session.scalars(select(Bundle)).all()
    assert (found.state, found.sha256) == ("waiting", None)
    assert [fact.kind for fact in events_of("agency:MY-SMECORP")] == ["export"]


def test_a_long_job_keeps_its_lease_and_says_how_far_it_is(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(Browser(settled.app, "auditor.my"), kind="all", documents="no")
    number = entry().id
    db.session.rollback()
    seen: list[tuple[int, int, bool]] = []
    monkeypatch.setattr(leases, "RENEWALS", 10**9)

    def looked() -> str:
        with settled.app.app_context():
            bundle = db.session.scalars(select(Bundle)).one()
            lease = entry().lease_until
            renewed = lease is not None and lease > clock.now() + timedelta(seconds=29)
            seen.append((bundle.done, bundle.total, renewed))
        return ""

    monkeypatch.setattr(writing, "verifier", looked)
    assert worker.run(number) == "done"
    ((done, total, renewed),) = seen
    assert (done, renewed) == (total, True)
    assert total > 0
