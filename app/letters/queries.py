"""Issued letters of a case."""

from sqlalchemy import select
from sqlalchemy.orm import defer

from app.applications.models import Application
from app.db import db
from app.letters.models import IssuedLetter


def letters(application: Application) -> list[IssuedLetter]:
    """Return the letters of a case, oldest first, without their bytes."""
    found = (
        select(IssuedLetter)
        .where(IssuedLetter.application_id == application.id)
        .options(defer(IssuedLetter.pdf))
        .order_by(IssuedLetter.id)
    )
    return list(db.session.scalars(found))


def letter(application: Application, letter_id: int) -> IssuedLetter | None:
    """Return one letter of a case with its bytes."""
    found = select(IssuedLetter).where(
        IssuedLetter.application_id == application.id, IssuedLetter.id == letter_id
    )
    return db.session.scalars(found).first()
