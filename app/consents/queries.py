"""Which consents there are, and which hold today."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, cast, exists, select
from sqlalchemy.orm import aliased, joinedload

from app.accounts import queries as accounts
from app.accounts.models import Agency, Enterprise, Person
from app.consents.models import Consent
from app.db import db


def given_to(agency: Any, consent: Any) -> ColumnElement[bool]:
    """Return the condition that a consent, by its number, was given to an agency."""
    under = aliased(Consent)
    return exists().where(under.id == consent, under.agency_id == agency)


def covers(scope: str, enterprise: Any) -> ColumnElement[bool]:
    """Return the condition that an enterprise lets the agency ``:agency`` do something on the day ``:day``."""
    return exists().where(
        Consent.agency_id == bindparam("agency"),
        Consent.enterprise_id == enterprise,
        *_holds(bindparam("day")),
        cast(Consent.scope, String).like(f'%"{scope}"%'),
    )


def _holds(day: Any) -> tuple[ColumnElement[bool], ...]:
    return Consent.withdrawn_at.is_(None), Consent.valid_to >= day


def standing(agency: Agency, enterprise_id: int) -> Consent | None:
    """Return the consent of an enterprise to an agency that is in force today where the agency is."""
    found = select(Consent).where(
        Consent.agency_id == agency.id,
        Consent.enterprise_id == enterprise_id,
        *_holds(accounts.day_at(agency)),
    )
    return db.session.scalars(found.order_by(Consent.id)).first()


def given(actor: Person) -> list[Consent]:
    """Return every consent of a person's enterprise, newest first."""
    found = (
        select(Consent)
        .where(Consent.enterprise_id == actor.enterprise_id)
        .options(joinedload(Consent.agency), joinedload(Consent.giver))
    )
    return list(db.session.scalars(found.order_by(Consent.id.desc())))


def held(agency: Agency) -> list[Consent]:
    """Return the consents to an agency that are in force today where it is, by the name of the enterprise."""
    found = (
        select(Consent)
        .join(Consent.enterprise)
        .where(Consent.agency_id == agency.id, *_holds(accounts.day_at(agency)))
        .options(joinedload(Consent.enterprise), joinedload(Consent.giver))
    )
    return list(db.session.scalars(found.order_by(Enterprise.name, Consent.id)))


def last_day(day: date) -> date:
    """Return the last day until which a consent may be given on a day: two years on, a day of its own in a leap year."""
    try:
        return day.replace(year=day.year + 2)
    except ValueError:
        return day.replace(year=day.year + 2, day=28)
