"""What can happen to the access log: a look is noted, a masked value revealed, what is too old deleted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app import clock
from app.accesslog import queries
from app.accesslog.models import AccessEntry
from app.accesslog.queries import Look
from app.accounts.models import Person
from app.applications.access import not_erased
from app.applications.queries import find
from app.db import db
from app.errors import Forbidden
from app.submissions import queries as submissions
from app.trail.commands import origin

# Who may have a masked value shown, each time with a reason.
REVEALERS = frozenset({"approver", "chair", "payment_officer", "releaser", "auditor"})
MASKED = ("bank_account",)
# How many rows go at once: more would hold up other writers.
MOST = 5000

_ENTRY = insert(AccessEntry)


def note(session: Session, looks: Sequence[Look], *, actor: Person) -> None:
    """Note that an officer or auditor looked at something, in the caller's transaction."""
    session.connection().execute(_ENTRY, [_row(session, look, actor) for look in looks])


def _row(session: Session, look: Look, actor: Person) -> dict[str, Any]:
    agency, ground = queries.ground(session, actor, look.case)
    return {
        "at": clock.now(),
        "person_id": actor.id,
        "case": look.case,
        "agency": agency,
        "what": look.what,
        "ground": ground,
        "field": "",
        "asked": look.asked,
        "request": origin.get(),
    }


def reveal(reference: str, field: str, reason: str, *, actor: Person) -> str:
    """Return a masked value of a case, after noting who asked for it and why.

    Raises ``Forbidden`` for whom it is not: those who approve, pay or audit, and of the agency itself.
    """
    application = not_erased(find(reference, actor=actor))
    audits = "auditor" in actor.duties
    if REVEALERS.isdisjoint(actor.duties) or not (
        audits or application.agency_id == actor.agency_id
    ):
        raise Forbidden("Account numbers are shown to those who approve, pay or audit.")
    db.session.add(
        AccessEntry(
            at=clock.now(),
            person_id=actor.id,
            case=reference,
            agency=application.agency_code,
            what="reveal",
            ground=reason,
            field=field,
            request=origin.get(),
        )
    )
    answers = submissions.submissions(application)[-1].frozen["answers"]
    return str(answers.get(field, ""))


def trim(agency: str, before: datetime) -> int:
    """Delete the oldest looks of an agency from before a moment, a part of them at once; returns how many."""
    old = (
        select(AccessEntry.id)
        .where(AccessEntry.agency == agency, AccessEntry.at < before)
        .order_by(AccessEntry.id)
        .limit(MOST)
    )
    gone = db.session.connection().execute(delete(AccessEntry).where(AccessEntry.id.in_(old)))
    return int(gone.rowcount)
