"""Downloads that are sent piece by piece: noted before their first byte, beside the reading that goes on."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import upgrade

from app import clock, create_app
from app.audit.compose import place
from app.audit.models import Bundle
from app.bootstrap.redis_server import RedisServer
from app.db import db, transaction
from app.trail.queries import events_of
from config import Settings
from tests.accesslog.test_access import entries
from tests.pages.browser import Browser
from tests.shelf import stock
from tests.world import World, settle


@pytest.fixture(scope="module")
def app(new_database, redis_server: RedisServer, tmp_path_factory) -> Iterator[Flask]:
    """Return the application on a database of its own: here each session has a connection of its own."""
    folder = tmp_path_factory.mktemp("streams")
    app = create_app(Settings.for_tests(new_database("streams"), redis_server.url, folder))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        upgrade()
        with transaction():
            settle()
            stock()
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def looked(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        found = [(entry.what, entry.case) for entry in entries()]
        db.session.remove()
    return found


def test_streams_are_noted_in_their_own_transaction(app: Flask) -> None:
    with app.app_context():
        one, other = World(app).at("submitted"), World(app).at("submitted")
        number = bundle(app, [one, other])
        db.session.remove()
    browser = Browser(app, "auditor.my")
    expected = []
    for path, noted in (
        (f"/audit/export.jsonl?case={one}", [("exports.download", one)]),
        (
            f"/audit/bundles/{number}.zip",
            [("audit.bundle_file", one), ("audit.bundle_file", other)],
        ),
        ("/access-log.csv", [("accesslog.table", "")]),
        ("/audit/export.csv", [("exports.download", "")]),
    ):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert answer.data, path
        expected += noted
        assert looked(app) == expected, path
    for path in ("/access-log.csv", f"/audit/bundles/{number}.zip"):
        assert browser.get(path).data
    assert looked(app) == expected


def bundle(app: Flask, cases: list[str]) -> int:
    """Return the number of a bundle of cases that lies ready."""
    digest = "5" * 64
    path = place(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"zip")
    with transaction():
        found = Bundle(
            person_id=World(app).person("auditor.my").id,
            scope={"asked": {"cases": cases}, "codes": ["MY-SMECORP"]},
            event_id=events_of(cases[0])[0].id,
            asked_at=clock.now(),
            state="ready",
            sha256=digest,
        )
        db.session.add(found)
        db.session.flush()
        return found.id
