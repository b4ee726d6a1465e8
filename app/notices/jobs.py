"""The sweep over the clocks: one transaction for each, and none that fails keeps the others waiting."""

import logging
import time
from collections.abc import Callable

from app.db import db, read_only, transaction
from app.errors import Problem
from app.notices import commands, queries
from app.notices.queries import Due
from workflows.machine import Refused

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 30.0

Find = Callable[[], list[Due]]
Command = Callable[[str, int, int], bool]

# In this order: what the system may end itself is not escalated, unless a rule spoke against that.
_SWEEP: dict[str, tuple[Find, Command]] = {
    "warned": (queries.warnings, commands.warn),
    "expired": (queries.expired, commands.expire),
    "escalated": (queries.late, commands.escalate),
}
_RECOMPUTE: dict[str, tuple[Find, Command]] = {"recomputed": (queries.outdated, commands.recompute)}


def sweep(*, recompute: bool = True) -> dict[str, int]:
    """Do what the clocks want now, and return how often each was done; it may run twice, and at the same time.

    ``recompute`` is whether to look for deadlines whose calendar has changed, which reads every clock that runs.
    """
    steps = {**(_RECOMPUTE if recompute else {}), **_SWEEP}
    until = time.monotonic() + PATIENCE_SECONDS
    done = dict.fromkeys(steps, 0)
    for name, (find, command) in steps.items():
        for due in _found(find):
            if time.monotonic() > until:
                log.warning("The sweep over the clocks took too long; the next one goes on.")
                return done
            done[name] += _done(command, due)
    return done


def _found(find: Find) -> list[Due]:
    read_only()
    found = find()
    db.session.rollback()
    return found


def _done(command: Command, due: Due) -> bool:
    try:
        with transaction():
            return command(due.reference, due.tranche, due.proceeding)
    except (Refused, Problem) as error:
        log.warning("The clock of %s ran out, but: %s", due.reference, error)
    except Exception:
        # A case that cannot be read must not stop the clocks of the others.
        log.exception("The clock of %s could not be looked after.", due.reference)
    return False
