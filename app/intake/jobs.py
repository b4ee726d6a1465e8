"""What a worker does with a file of paper applications: reads it beside, and saves all of it at once or nothing."""

from typing import Any

from app.accounts.models import Person
from app.db import db, read_only, transaction
from app.intake import commands, queries
from app.intake.compose.checking import Checked, check
from app.trail.jobs import Pulse

# The largest file on a slow host.
SECONDS = 1800


def make(args: dict[str, Any], pulse: Pulse) -> Checked:
    """Check the file that an event asked to import, and say meanwhile how far it is."""
    read_only()
    batch = queries.batch_of(args["event_id"])
    number = batch.id
    officer = db.session.get_one(Person, batch.asked_by)

    def tell(done: int, total: int) -> None:
        pulse.beat(lambda: commands.progress(number, done, total))

    return check(queries.call_of(batch), batch.content, officer, tell)


def keep(args: dict[str, Any], checked: Checked) -> None:
    """Import the file or refuse it, inside the finishing transaction."""
    commands.finish(queries.batch_of(args["event_id"]), checked)


def tidy() -> None:
    """Tell files as failed that no worker will try again: their officers would wait for ever."""
    read_only()
    numbers = queries.given_up()
    db.session.rollback()
    for number in numbers:
        with transaction():
            commands.fail(
                number, "It was begun many times and never came to its end. Tell the operator."
            )
