"""What a worker does for an evidence bundle: seal, write, put in place; however often it begins, there is one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app import clock
from app.accounts.models import Person
from app.applications.models import Application
from app.applications.queries import by_id
from app.audit import commands, queries
from app.audit.commands import Placed
from app.audit.compose import Reader, Scope, compose, digested, reserved, settle
from app.audit.models import Bundle
from app.db import db, read_only, transaction
from app.errors import Conflict, Problem
from app.trail.jobs import Pulse

# The largest of trails, with every document, on a slow disk.
SECONDS = 6 * 3600
# How long a bundle lies ready. Another is made in minutes.
KEPT = timedelta(days=30)


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


def find_stale(args: dict[str, Any]) -> list[int]:
    """Return the numbers of the bundles that may hold what was erased of a case.

    Raises ``Conflict`` while one is being made that was asked for before: then it is tried again.
    """
    read_only()
    application = by_id(args["application_id"])
    found = [
        bundle for bundle in queries.kept_before(args["event_id"]) if _covers(bundle, application)
    ]
    if any(bundle.state == "waiting" for bundle in found):
        raise Conflict("A bundle that was asked for before the erasure is still being made.")
    return [bundle.id for bundle in found]


def take_away(_args: dict[str, Any], numbers: list[int]) -> None:
    """Take bundles out of the store, inside the finishing transaction; what is gone is gone."""
    for number in numbers:
        commands.take_away(number)


def tidy() -> int:
    """Take bundles out of the store whose time is over: they hold personal data; returns how many.

    One that was tried too often is told as failed: its auditor would wait for ever.
    """
    with transaction():
        for number in queries.given_up():
            commands.fail(
                number, "It was begun many times and never came to its end. Tell the operator."
            )
    read_only()
    old = queries.ready_before(clock.now() - KEPT)
    db.session.rollback()
    for number in old:
        with transaction():
            commands.take_away(number)
    return len(old)


def _covers(bundle: Bundle, application: Application) -> bool:
    cases = bundle.scope["asked"]["cases"]
    return not cases or application.reference in cases


def _reader(bundle: Bundle) -> Reader:
    codes = bundle.scope["codes"]
    person = db.session.get_one(Person, bundle.person_id)
    return Reader(person, None if codes is None else frozenset(codes))
