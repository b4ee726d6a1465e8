"""Issuing a letter: once per event, whatever happens to the job that makes it."""

import hashlib

from app import clock
from app.applications.queries import by_id, locked
from app.db import db
from app.letters.models import IssuedLetter
from app.letters.render import Letter
from app.trail.commands import Entry, record


def issue(
    letter: Letter, pdf: bytes, made_with: str, *, application_id: int, event_id: int, for_seq: int
) -> IssuedLetter:
    """Keep a letter as issued, and its digest on the trail of the case.

    The caller has proved by its lease that nobody else issued it. The case keeps its version: nothing that people decide
    on has changed.
    """
    issued = IssuedLetter(
        event_id=event_id,
        application_id=application_id,
        kind=letter.kind,
        language=letter.language,
        sha256=hashlib.sha256(pdf).hexdigest(),
        pdf=pdf,
        made_with=made_with,
        issued_at=clock.now(),
    )
    db.session.add(issued)
    detail = {
        "letter": letter.kind,
        "language": letter.language,
        "sha256": issued.sha256,
        "for": for_seq,
    }
    entry = Entry("issue_letter", "system:letters", {"detail": detail})
    record(locked(by_id(application_id).reference), entry)
    return issued
