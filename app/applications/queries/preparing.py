"""Who wrote an application for its enterprise, and under which consent."""

from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.compose import ADVISER
from app.accounts.models import Person
from app.applications.models import Application, Part
from app.consents.models import Consent
from app.db import db


@dataclass(frozen=True)
class Prepared:
    """Who wrote an application: advisers by number, their names, the centre and its code, the number of the consent."""

    advisers: tuple[int, ...]
    names: tuple[str, ...]
    centre: str
    code: str
    consent: int

    @property
    def words(self) -> str:
        """Return "NAME of CENTRE"."""
        return f"{', '.join(self.names)} of {self.centre}"


def prepared(application: Application) -> Prepared | None:
    """Return who wrote an application for its enterprise, ``None`` when it did so itself."""
    if application.consent_id is None:
        return None
    consent = db.session.get_one(Consent, application.consent_id)
    found = (
        select(Person.id, Person.name)
        .join(Part, Part.person_id == Person.id)
        .where(Part.application_id == application.id, Part.part == ADVISER)
        .order_by(Person.id)
    )
    advisers = db.session.execute(found).all()
    return Prepared(
        advisers=tuple(row.id for row in advisers),
        names=tuple(row.name for row in advisers),
        centre=consent.agency.name,
        code=consent.agency.code,
        consent=consent.id,
    )
