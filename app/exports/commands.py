"""What an export does before it begins: the tree is signed as far as it goes, and the export is recorded."""

import logging
from typing import Any

from app.accounts.commands import locked_agency
from app.accounts.models import Person
from app.checkpoints import commands as checkpoints
from app.checkpoints import compose, queries
from app.checkpoints.models import Checkpoint
from app.db import transaction
from app.errors import Missing
from app.trail.commands import Entry, record

log = logging.getLogger(__name__)

OPERATOR = "system:operator"
# What one request takes in at most: a page does no unbounded work, and what still waits is in the next export.
ROUNDS = 4


def sign() -> Checkpoint | None:
    """Take waiting events into the tree and sign it, where this process holds the key; return the newest checkpoint.

    Exports go up to that checkpoint. Each round is a transaction of its own. ``None`` while nothing was ever signed. A trail
    that is no longer what was signed is exported as far as it was: those who look into it need it most.
    """
    try:
        for _ in range(ROUNDS if compose.signer() else 0):
            with transaction():
                checkpoints.advance()
                done = not queries.waiting()
            if done:
                break
    except checkpoints.Inconsistent as error:
        log.warning(
            "Exported up to the last checkpoint, for the trail is not what was signed: %s", error
        )
    return queries.newest()


def note_export(detail: dict[str, Any], *, actor: Person | None) -> None:
    """Record that somebody exports: on the trail of the person's agency, or of the log itself for the operator (``None``).

    In the caller's transaction, before the first byte is sent.
    """
    if actor is None:
        checkpoints.note_on_log(Entry("export", OPERATOR, {"detail": detail}))
        return
    if actor.agency is None:
        raise Missing
    agency = locked_agency(actor.agency.id)
    record(agency, Entry("export", actor.mark, {"detail": detail}))
