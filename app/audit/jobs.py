"""What a worker does for an evidence bundle: seal, write, put in place; however often it begins, there is one."""

from dataclasses import dataclass
from typing import Any

from app.accounts.models import Person
from app.audit import commands, queries
from app.audit.commands import Placed
from app.audit.compose import Reader, Scope, compose, digested, reserved, settle
from app.audit.models import Bundle
from app.db import db, read_only
from app.errors import Problem
from app.trail.jobs import Pulse

# The largest of trails, with every document, on a slow disk.
SECONDS = 6 * 3600


@dataclass(frozen=True)
class Refused:
    """A bundle that cannot be made, and why: to try again would be of no use."""

    why: str


def make(args: dict[str, Any], pulse: Pulse) -> Placed | Refused:
    """Write the bundle that an event asked for and put it in its place in the store."""
    read_only()
    bundle = queries.bundle_of(args["event_id"])
    number, scope = bundle.id, Scope.restored(bundle.scope["asked"])
    reader = _reader(bundle)
    db.session.rollback()

    def tell(done: int, total: int) -> None:
        pulse(lambda: commands.progress(number, done, total))

    try:
        with reserved(str(number)) as (file, part):
            made = compose(file, part.parent, scope, reader, tell)
            db.session.rollback()
            digest, size = digested(file)
            # Whoever lost the lease while writing leaves the place to the other.
            pulse.beat(lambda: commands.progress(number, made.events + made.withheld, made.size))
            settle(file, part, digest)
    except Problem as error:
        db.session.rollback()
        return Refused(error.detail or error.title)
    return Placed(made, digest, size)


def keep(args: dict[str, Any], result: Placed | Refused) -> None:
    """Note what came of it, inside the finishing transaction."""
    number = queries.bundle_of(args["event_id"]).id
    if isinstance(result, Refused):
        commands.fail(number, result.why)
        return
    commands.finish(number, result)


def _reader(bundle: Bundle) -> Reader:
    codes = bundle.scope["codes"]
    person = db.session.get_one(Person, bundle.person_id)
    return Reader(person, None if codes is None else frozenset(codes))
