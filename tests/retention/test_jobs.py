"""What follows an erasure: files leave the store, however often the job begins; bundles that may hold the case go too."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.audit.compose import place as place_of
from app.audit.models import Bundle
from app.db import db, transaction
from app.documents.commands import Upload, keep
from app.errors import Conflict
from app.submissions import commands as submissions
from app.trail.models import OutboxEntry
from app.trail.queries import events_of
from app.worker import run
from tests.answers import GRANT
from tests.retention.kept import declined, erase, files, remove_files
from tests.world import World


def test_files_go_even_when_the_first_job_died_half_way(world: World) -> None:
    reference = declined(world)
    lying = files(world, reference)
    erase(world, reference)
    lying[0].unlink()
    remove_files()
    assert not any(path.exists() for path in lying)
    _done = select(OutboxEntry.id).where(OutboxEntry.duty == "erase_files")
    assert [run(entry) for entry in db.session.scalars(_done).all()] == ["skip"]


def test_bytes_that_another_case_stored_meanwhile_stay(world: World) -> None:
    reference = declined(world)
    lying = files(world, reference)
    erase(world, reference)
    store = world.app.extensions["saluran.settings"].storage_dir
    with transaction():
        other = submissions.begin(GRANT, actor=world.rival).reference
        upload = Upload("same.pdf", lying[0].read_bytes())
        document = keep(upload, store=store, most_bytes=10**6, actor=world.rival)
        submissions.attach(other, "quotation", document, actor=world.rival)
    remove_files()
    assert [path.exists() for path in lying] == [True] + [False] * (len(lying) - 1)


def test_bundles_that_may_hold_the_case_are_taken_away(world: World) -> None:
    reference = declined(world)
    event, digests = events_of(reference)[0].id, []
    for number, cases in enumerate([[reference], ["MY-OTHER-1"], []]):
        digests.append(f"{number}" * 64)
        with store_place(digests[-1]).open("wb") as file:
            file.write(b"zip")
        with transaction():
            db.session.add(
                Bundle(
                    person_id=world.auditor.id, scope={"asked": {"cases": cases}, "codes": None}, event_id=event,
                    asked_at=clock.now(), state="ready", sha256=digests[-1],
                )
            )  # fmt: skip
    erase(world, reference)
    ready = select(OutboxEntry.id).where(OutboxEntry.duty == "erase_bundles")
    assert [run(entry) for entry in db.session.scalars(ready).all()] == ["done"]
    assert [place_of(digest).exists() for digest in digests] == [False, True, False]
    kept = [
        bundle.removed_at is None
        for bundle in db.session.scalars(select(Bundle).order_by(Bundle.id))
    ]
    assert kept == [False, True, False]


def store_place(digest: str) -> Path:
    """Return where a bundle lies, in a folder that is there."""
    path = place_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_a_bundle_still_being_made_is_waited_for(world: World) -> None:
    reference = declined(world)
    event = events_of(reference)[0].id
    scope: dict[str, Any] = {"asked": {"cases": []}, "codes": None}
    with transaction():
        db.session.add(
            Bundle(person_id=world.auditor.id, scope=scope, event_id=event, asked_at=clock.now())
        )
    erase(world, reference)
    entry = db.session.scalars(
        select(OutboxEntry.id).where(OutboxEntry.duty == "erase_bundles")
    ).one()
    with pytest.raises(Conflict):
        run(entry)
    assert db.session.get_one(OutboxEntry, entry, populate_existing=True).state == "ready"
