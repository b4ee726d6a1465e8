"""What a worker does for loans: the next version of a schedule after a drawdown or its return, and each day how every loan stands."""

import logging
from typing import Any

from sqlalchemy import select

from app import clock
from app.applications.queries import by_id, locked
from app.awards.models import Award
from app.awards.queries import awarded
from app.db import db, read_only, transaction
from app.disbursements.queries import came_back
from app.repayments.commands import DRAWN, RETURNED, reckon, redraw
from app.repayments.queries import newest, owing, paid_out

log = logging.getLogger(__name__)

# So many loans at once: what is left is done at the next look.
AT_ONCE = 500


def make(args: dict[str, Any]) -> None:
    """Nothing is slow here: the arithmetic runs inside the finishing transaction, on what stands then."""


def keep(args: dict[str, Any], _result: None) -> None:
    """Keep the schedule that follows from everything drawn so far, once for each event, and how the loan stands by it.

    Money that came back before a schedule was made with it never was in one: then there is nothing to keep.
    """
    application = locked(by_id(args["application_id"]).reference)
    award = awarded(application)
    standing = newest(award)
    if standing is None and not paid_out(award):
        return
    if standing is None or standing.event_id < args["event_id"]:
        kind = RETURNED if came_back(args["event_id"]) else DRAWN
        redraw(award, args["event_id"], kind)
    reckon(application, award, args["event_id"])


def sweep() -> int:
    """Work out how each loan stands on the local day that has begun; returns how many. Twice is once."""
    return sum(_reckoned(number) for number in _waiting())


def _waiting() -> list[int]:
    read_only()
    found = owing.unseen(AT_ONCE)
    for zone in owing.zones():
        found += owing.outdated(zone, clock.today(zone), AT_ONCE)
    db.session.rollback()
    return found[:AT_ONCE]


def _reckoned(number: int) -> bool:
    """Work out how one loan stands, in a transaction of its own."""
    try:
        with transaction():
            found = select(Award.application_id).where(Award.id == number)
            application = locked(by_id(db.session.scalars(found).one()).reference)
            reckon(application, db.session.get_one(Award, number))
    except Exception:
        # A loan that cannot be read must not keep the others from being looked after.
        log.exception("How the loan of award %s stands could not be worked out.", number)
        return False
    return True
