"""Downloads: who has them, what they are called, and that each is recorded before it begins."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import update

from app.checkpoints import compose, queries
from app.checkpoints.models import Checkpoint
from app.db import db, transaction
from app.exports.export import FORMATS
from app.trail.queries import events_of
from tests.checkpoints.attacker import unguard
from tests.exports.made import plant
from tests.interface import API, Interface, problem
from tests.pages.browser import Browser
from tests.world import World

pytestmark = pytest.mark.one_database

MY = "MY-BAP-2026-00001"
OWN = "agency:MY-SMECORP"


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_downloaded_as_a_file(world: World, kind: str) -> None:
    world.at("screening")
    answer = Interface(world.app, "auditor.my").get(f"{API}/trail.{kind}?case={MY}")
    found = FORMATS[kind]
    assert (answer.status_code, answer.mimetype) == (200, found.media_type)
    assert answer.data
    name = f'attachment; filename="trail-{MY}-2.{found.ending}"'
    assert answer.headers["Content-Disposition"] == name
    newest = queries.newest()
    assert newest is not None
    assert answer.headers["Checkpoint-Size"] == str(newest.size) == "2"
    assert answer.headers["Checkpoint-Root"] == newest.root
    [event] = events_of(OWN)
    assert (event.kind, event.actor) == ("export", world.auditor.mark)
    assert event.record["detail"] == {"format": kind, "size": 2, "case": MY}


def test_a_page_gives_what_the_interface_gives(world: World) -> None:
    world.at("screening")
    page = Browser(world.app, "auditor.my").get(f"/audit/export.csv?case={MY}")
    api = Interface(world.app, "auditor.my").get(f"{API}/trail.csv?case={MY}")
    assert page.data == api.data
    assert page.headers["Checkpoint-Size"] == "2"
    # The first export is in the tree of the second.
    assert api.headers["Checkpoint-Size"] == "3"


def test_an_export_of_the_whole_holds_the_exports_before_it(world: World) -> None:
    world.at("submitted")
    auditor = Interface(world.app, "auditor.my")
    first = auditor.get(f"{API}/trail.jsonl")
    assert "trail-MY-SMECORP-1.jsonl" in first.headers["Content-Disposition"]
    second = auditor.get(f"{API}/trail.jsonl").text.splitlines()
    assert [json.loads(line)["type"] for line in second] == ["submit", "export"]
    assert json.loads(second[1])["detail"] == {"format": "jsonl", "size": 1}


def test_a_trail_that_is_not_what_was_signed_is_exported_as_far_as_it_was(world: World) -> None:
    world.at("submitted")
    auditor = Interface(world.app, "auditor.my")
    auditor.get(f"{API}/trail.jsonl")

    with transaction():
        unguard()
        db.session.execute(update(Checkpoint).values(root="0" * 64))
    answer = auditor.get(f"{API}/trail.jsonl")
    assert (answer.status_code, answer.headers["Checkpoint-Size"]) == (200, "1")
    assert answer.text.count("\n") == 1


def test_a_process_without_the_key_exports_up_to_the_last_checkpoint(world: World) -> None:
    world.at("submitted")
    auditor = Interface(world.app, "auditor.my")
    assert auditor.get(f"{API}/trail.jsonl").headers["Checkpoint-Size"] == "1"
    database, settings = db.session.get_bind().engine.url, world.app.extensions["saluran.settings"]
    compose.install(database, replace(settings, log_key_file=None))
    try:
        plant()
        answer = auditor.get(f"{API}/trail.jsonl")
        assert answer.headers["Checkpoint-Size"] == "1"
        assert answer.text.count("\n") == 1
    finally:
        compose.install(database, settings)


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        pytest.param("auditor.my", "trail.pdf", 404, id="a format there is not"),
        pytest.param("auditor.my", "trail.prov", 404, id="provenance of no case"),
        pytest.param("auditor.my", "trail.csv?case=MY-BAP-2026-00099", 404, id="no such case"),
        pytest.param("auditor.vn", f"trail.csv?case={MY}", 404, id="a case of another agency"),
        pytest.param("auditor.vn", "trail.csv?agency=MY-SMECORP", 404, id="another agency"),
        pytest.param("desk.my", "trail.csv", 403, id="somebody who is no auditor"),
        pytest.param("applicant.my", "trail.csv", 403, id="an applicant"),
        pytest.param("auditor.my", "trail.csv?from=yesterday", 422, id="a day that is none"),
        pytest.param(
            "auditor.my", "trail.csv?from=2026-02-02&to=2026-02-01", 422, id="a period backwards"
        ),
        pytest.param(
            "auditor.my", "trail.csv?to=9999-12-31", 422, id="a day beyond every calendar"
        ),
        pytest.param("auditor.my", "trail.csv?since=2026-01-01", 422, id="a word nobody knows"),
        pytest.param("auditor.my", f"trail.csv?case={'A' * 41}", 422, id="too long a case"),
        pytest.param("auditor.my", "trail.csv?" + "kind=a&" * 51, 422, id="too many kinds"),
        pytest.param("auditor.my", "trail.csv?kind=%01", 422, id="a character that cannot be"),
    ],
)
def test_a_download_is_refused_and_not_recorded(
    world: World, who: str, address: str, status: int
) -> None:
    world.at("submitted")
    problem(Interface(world.app, who).get(f"{API}/{address}"), status)
    assert events_of(OWN) == events_of("agency:VN-SMEDF") == []


def test_a_download_is_narrowed_by_agency_period_and_kind(world: World) -> None:
    world.at("screening")
    auditor = Interface(world.app, "auditor.my")
    answer = auditor.get(
        f"{API}/trail.csv?agency=MY-SMECORP&from=2026-01-01&to=2098-12-31&kind=submit&kind=pass&case="
    )
    assert [line.split(",")[6] for line in answer.text.splitlines()] == ["type", "submit"]
    [event] = events_of(OWN)
    told = {"agency": "MY-SMECORP", "from": "2026-01-01", "to": "2098-12-31"}
    kinds = {"kinds": ["submit", "pass"]}
    assert event.record["detail"] == {"format": "csv", "size": 2, **told, **kinds}
