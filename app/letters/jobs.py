"""What a worker does for an event that has a letter: compose, print, keep."""

from dataclasses import dataclass
from typing import Any

from app.applications.queries import by_id
from app.checkpoints import queries as checkpoints
from app.checkpoints.commands import advance
from app.db import db, read_only, transaction
from app.letters import render
from app.letters.commands import issue
from app.letters.compose import compose
from app.trail.queries import event


@dataclass(frozen=True)
class Printed:
    """A letter and its bytes, made outside any transaction."""

    letter: render.Letter
    pdf: bytes
    made_with: str
    for_seq: int


def make(args: dict[str, Any]) -> Printed:
    """Compose and print the letter once its event is under a checkpoint; no transaction is open while it is printed.

    Raises ``LookupError`` for no event, ``Conflict`` when the trail cannot be signed.
    """
    read_only()
    fact = event(args["event_id"])
    if fact is None:
        raise LookupError(f"There is no event {args['event_id']}.")
    db.session.rollback()
    _sign(fact.id)
    read_only()
    letter = compose(args["letter"], by_id(args["application_id"]), fact)
    db.session.rollback()
    return Printed(letter, render.render(letter), render.fingerprint(), fact.seq)


def _sign(event_id: int) -> None:
    """Have the trail signed until an event is under a checkpoint: the letter names it."""
    read_only()
    signed = checkpoints.leaf_index(event_id) is not None
    db.session.rollback()
    while not signed:
        with transaction():
            advance()
            signed = checkpoints.leaf_index(event_id) is not None


def keep(args: dict[str, Any], printed: Printed) -> None:
    """Keep the letter, inside the finishing transaction."""
    issue(
        printed.letter,
        printed.pdf,
        printed.made_with,
        application_id=args["application_id"],
        event_id=args["event_id"],
        for_seq=printed.for_seq,
    )


def warm() -> None:
    """Make the press ready before a worker forks its first job."""
    render.warm()
