"""Asking for evidence: what is refused with which words, what is recorded, who may have the file, and what a worker leaves."""

import io
import json
import secrets
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts.commands import relate
from app.audit.models import Bundle
from app.db import db, transaction
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.trail.queries import events_of
from tests.audit.bundles import asked, held, made, signed
from tests.factories import Days, do_the_work
from tests.interface import API, Interface, problem
from tests.pages.browser import Browser
from tests.world import World

pytestmark = pytest.mark.one_database

BUNDLES = f"{API}/bundles"
OWN, FOREIGN = "MY-BAP-2026-00001", "VN-SMEDF-2026-00001"


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
