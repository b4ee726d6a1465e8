"""The work behind a letter: one letter per event, whatever happens to the job that makes it."""

import hashlib

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import worker
from app.applications.queries import find
from app.checkpoints import compose as log
from app.db import db, transaction
from app.errors import Conflict
from app.letters import jobs
from app.letters.models import IssuedLetter
from app.letters.queries import letter, letters
from app.trail.models import OutboxEntry
from app.trail.queries import events_of
from tests.factories import do_the_work
from tests.world import World


def entry() -> OutboxEntry:
    query = select(OutboxEntry).where(OutboxEntry.state == "ready").order_by(OutboxEntry.id)
    return db.session.scalars(query).one()


def test_an_event_has_one_letter_however_often_its_job_runs(world: World) -> None:
    reference = world.at("submitted")
    number = entry().id
    db.session.rollback()
    assert [worker.run(number) for _ in range(3)] == ["done", "skip", "skip"]
    case = find(reference, actor=world.desk)
    (issued,) = letters(case)
    whole = letter(case, issued.id)
    assert whole is not None
    assert whole.pdf.startswith(b"%PDF-")
    assert whole.sha256 == hashlib.sha256(whole.pdf).hexdigest()
    assert (whole.kind, whole.event_id) == ("acknowledgement", events_of(reference)[0].id)
    assert whole.made_with


def test_the_database_holds_one_letter_for_an_event(world: World) -> None:
    world.at("submitted")
    args = dict(entry().args)
    db.session.rollback()
    printed = jobs.make(args)
    with transaction():
        jobs.keep(args, printed)
    with pytest.raises(IntegrityError):
        jobs.keep(args, printed)


def test_the_same_event_prints_the_same_bytes(world: World) -> None:
    world.at("submitted")
    args = dict(entry().args)
    db.session.rollback()
    assert jobs.make(args).pdf == jobs.make(args).pdf


def test_a_process_without_the_key_of_the_log_makes_no_letter(world: World, monkeypatch) -> None:
    world.at("submitted")
    args = dict(entry().args)
    db.session.rollback()
    monkeypatch.setattr(log, "log", log.Log)
    with pytest.raises(Conflict, match="does not hold the key of the log"):
        jobs.make(args)


def test_a_letter_for_no_event_is_not_made(world: World) -> None:
    db.session.rollback()
    with pytest.raises(LookupError, match="There is no event"):
        jobs.make({"event_id": 0, "letter": "offer", "application_id": 1})


def test_a_job_that_fails_says_why_and_is_tried_again(world: World) -> None:
    world.at("submitted")
    work = entry()
    work.args = {**work.args, "letter": "greeting"}
    with transaction():
        db.session.flush()
    number = work.id
    db.session.rollback()
    with pytest.raises(KeyError):
        worker.run(number)
    db.session.expire_all()
    found = db.session.get_one(OutboxEntry, number)
    assert (found.state, found.attempts, found.lease) == ("ready", 1, None)
    assert found.error == "KeyError('greeting')"
    assert db.session.scalars(select(IssuedLetter)).all() == []


def test_acts_without_a_letter_make_none(world: World) -> None:
    reference = world.at("assessment")
    assert do_the_work() == ["done"]
    assert [one.kind for one in letters(find(reference, actor=world.desk))] == ["acknowledgement"]
