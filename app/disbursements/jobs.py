"""What a worker does with a file of a bank: each line in a transaction of its own, so that one crash costs one line at most."""

from typing import Any

from app.db import db, read_only, transaction
from app.disbursements.commands.answers import apply
from app.disbursements.queries import answers as queries
from app.trail.jobs import Pulse

# The largest file on a slow host.
SECONDS = 1800


def make(args: dict[str, Any], pulse: Pulse) -> None:
    """Apply every line of the file that an event took in and that was not applied yet: twice is once."""
    read_only()
    lines = queries.waiting(queries.report_of(args["event_id"]))
    db.session.rollback()
    for line in lines:
        with transaction():
            apply(line)
        pulse.beat(lambda: None)


def keep(args: dict[str, Any], _result: None) -> None:
    """Nothing is left to be kept: every line has its own transaction behind it."""
