"""What the tests of imports share: a file handed in, the work, and what it came to."""

from sqlalchemy import select

from app import worker
from app.applications.models import Application
from app.db import db, transaction
from app.documents.commands import Upload
from app.intake import commands, queries
from app.intake.models import Batch
from app.trail.models import OutboxEntry
from tests.answers import GRANT
from tests.world import World


def asked(world: World, content: bytes, call: str = GRANT) -> int:
    """Hand a file in as the desk officer; return its number."""
    with transaction():
        return commands.ask(call, Upload("papers.csv", content), actor=world.desk).id


def batch(world: World, number: int) -> Batch:
    """Return a file as it stands in the database."""
    db.session.expire_all()
    return queries.batch(number, actor=world.desk)


def imported(world: World, content: bytes) -> Batch:
    """Hand a file in and do the work; return what it came to."""
    number = asked(world, content)
    assert worker.run(entry_of(number)) == "done"
    return batch(world, number)


def entry_of(number: int) -> int:
    """Return the outbox entry of a file; the letters of its cases are work of their own."""
    event = db.session.get_one(Batch, number).event_id
    found = db.session.scalars(select(OutboxEntry.id).where(OutboxEntry.event_id == event)).one()
    db.session.rollback()
    return found


def cases(found: Batch) -> list[str]:
    """Return the references in a report, in the order of its rows."""
    return [line["reference"] for line in found.report]


def everything() -> dict[str, int]:
    """Return how many rows there are of what an import makes."""
    tables = ("application", "person", "enterprise", "paper_filing", "submission", "part", "event")
    return {
        name: db.session.connection().exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()  # noqa: S608 - names of ours
        for name in tables
    }


def count() -> int:
    """Return how many applications there are."""
    return db.session.query(Application).count()
