"""Issuing a letter: once per event, whatever happens to the job that makes it."""

import hashlib

from app import clock
from app.db import db
from app.letters.models import IssuedLetter
from app.letters.render import Letter


def issue(
    letter: Letter, pdf: bytes, made_with: str, *, application_id: int, event_id: int
) -> IssuedLetter:
    """Keep a letter as issued; the caller has proved by its lease that nobody else issued it."""
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
    return issued
