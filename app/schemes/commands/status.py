"""Suspending, closing and reopening schemes: new applications are refused, cases in the pipeline go on."""

from dataclasses import dataclass

from sqlalchemy import update

from app import clock
from app.accounts.commands import OPERATOR, locked_agency
from app.db import db
from app.errors import Conflict, Missing
from app.schemes import queries
from app.schemes.commands import locked_calls, told
from app.schemes.compose.checking import STATUSES
from app.schemes.models import Scheme
from app.trail.commands import Entry, Recorded, record

# What a change of status is called on the trail of the agency.
_CHANGES = {"open": "reopen_scheme", "suspended": "suspend_scheme", "closed": "close_scheme"}


@dataclass(frozen=True)
class Change:
    """A new status of a scheme, and why; ``actor`` is who changes it, as events name people."""

    status: str
    note: str
    actor: str = OPERATOR


def change_status(code: str, change: Change) -> Recorded:
    """Suspend, close or reopen a scheme in all its versions; cases in the pipeline go on untouched.

    It stands on the trail of the agency. Raises ``Missing`` for an unknown scheme, ``Conflict`` without a reason and for one
    that has the status already.
    """
    known = queries.newest_scheme(code)
    if known is None:
        raise Missing(f"There is no scheme {code}.")
    if change.status not in STATUSES:
        raise Conflict(f"A scheme is {', '.join(sorted(STATUSES))}, not {change.status}.")
    note = change.note.strip()
    if not note:
        raise Conflict("Say why, for those who wanted to apply.")
    # With its calls: whoever begins an application at the same moment comes wholly before, or is refused.
    locked_calls(code, [])
    agency = locked_agency(known.agency_id)
    scheme = queries.newest_scheme(code) or known
    db.session.refresh(scheme)
    if scheme.status == change.status:
        raise Conflict(f"{code} is {scheme.status} already.")
    said = {"status": change.status, "status_note": note, "status_since": clock.now()}
    db.session.execute(update(Scheme).where(Scheme.code == code).values(said))
    body = {"detail": {"scheme": told(scheme), "note": note}}
    return record(agency, Entry(_CHANGES[change.status], change.actor, body))
