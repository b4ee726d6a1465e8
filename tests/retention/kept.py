"""Cases that have ended, years that pass, and erasures by two people."""

from datetime import date
from pathlib import Path

from sqlalchemy import select, update

from app.db import db, transaction
from app.documents.models import Document
from app.documents.queries import path_of
from app.retention import commands
from app.retention.commands import Proposed
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.submissions.models import Attachment
from app.trail.models import OutboxEntry
from app.worker import run
from tests.factories import Days, do_the_work
from tests.world import World

BY_TIME = Proposed("retention")
ON_REQUEST = Proposed("request", "Example Act 1, section 2")


def paid(world: World) -> str:
    """Return a grant that was paid in two tranches, with everything a case can hold, and no work left to do."""
    reference = world.at("disbursing")
    for number in (1, 2):
        world.tranche_to(reference, number, "paid")
    assert world.case(reference).state == "completed"
    do_the_work()
    return reference


def declined(world: World, *, letters: bool = False) -> str:
    """Return a case that was screened out, with a note; its letters are made, or only said to be."""
    reference = world.at("screening")
    said = Reasoned(("ELG-SIZE",), "Not of the sector.")
    world.do(reviews.move, reference, said, act="screen_out", actor=world.desk)
    if letters:
        do_the_work()
    with transaction():
        db.session.execute(update(OutboxEntry).values(state="done"))
    return reference


def years_later(days: Days, years: int) -> None:
    """Let years pass."""
    today = date.today()  # noqa: DTZ011 - any day will do
    days.noon(f"{today.year + years}-12-31")


def erase(world: World, reference: str, asked: Proposed = ON_REQUEST) -> None:
    """Erase what a case holds: one proposes, another carries it out."""
    with transaction():
        commands.propose(reference, asked, actor=world.records)
    with transaction():
        commands.erase(reference, actor=world.records_two)


def files(world: World, reference: str) -> list[Path]:
    """Return where the files of the documents of a case lie."""
    store = world.app.extensions["saluran.settings"].storage_dir
    found = select(Document.sha256).join(Attachment, Attachment.document_id == Document.id)
    case = world.case(reference).id
    return [
        path_of(store, d)
        for d in db.session.scalars(found.where(Attachment.application_id == case))
    ]


def remove_files() -> None:
    """Do what an erasure entails for the files of documents."""
    ready = select(OutboxEntry.id).where(
        OutboxEntry.duty == "erase_files", OutboxEntry.state == "ready"
    )
    assert [run(entry) for entry in list(db.session.scalars(ready))] == ["done"]
