"""What can be asked of the access log: who looked at what, by case, person and period; and what a person may see of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.accesslog.models import AccessEntry
from app.accounts import queries as accounts
from app.accounts.models import Agency, Mandate, Person
from app.applications.models import Application, Part
from app.db import db

PAGE = 50
ROWS = 1000
# An identical look is told of once in this time; so many looks of a person are searched for it.
ONCE_IN = timedelta(minutes=5)
SEARCHED = 50


@dataclass(frozen=True)
class Look:
    """A look at something: ``what`` is the address by its name, ``case`` a reference, ``asked`` what a list was narrowed to."""

    what: str
    case: str = ""
    asked: str = ""


@dataclass(frozen=True)
class Narrowed:
    """What the log is narrowed to: a case, the e-mail address of a person, local days (inclusive), entries before one."""

    case: str = ""
    person: str = ""
    first: date | None = None
    last: date | None = None
    before: int = 0


_NEWEST = (
    select(AccessEntry.what, AccessEntry.case, AccessEntry.asked, AccessEntry.at)
    .where(AccessEntry.person_id == bindparam("person"), AccessEntry.field == "")
    .order_by(AccessEntry.id.desc())
    .limit(SEARCHED)
)
_PLACE = (
    select(Agency.id, Agency.code, Part.part, Application.consent_id)
    .select_from(Application)
    .join(Agency, Agency.id == Application.agency_id)
    .outerjoin(
        Part, and_(Part.application_id == Application.id, Part.person_id == bindparam("person"))
    )
    .where(Application.reference == bindparam("case"))
)


def fresh(session: Session, person_id: int, looks: Sequence[Look], now: datetime) -> list[Look]:
    """Return the looks of a person that the log does not have already from a short time ago."""
    rows = session.execute(_NEWEST, {"person": person_id}).all()
    known = {Look(row.what, row.case, row.asked) for row in rows if row.at > now - ONCE_IN}
    return [look for look in looks if look not in known]


def ground(session: Session, person: Person, case: str) -> tuple[str, str]:
    """Return the code of the agency whose data are looked at, and on which ground: duties and part, or audit and mandate."""
    home = person.agency.code if person.agency else ""
    found = session.execute(_PLACE, {"person": person.id, "case": case}).first() if case else None
    agency = found.code if found else home
    if "auditor" in person.duties:
        instrument = _mandate(session, person, found.id) if found and agency != home else ""
        return agency, f"audit, {instrument}" if instrument else "audit"
    if person.advises:
        return agency, f"adviser, consent {found.consent_id}" if found else "adviser"
    duties = ", ".join(duty.replace("_", " ") for duty in person.duties)
    part = f"; part in the case: {found.part.replace('_', ' ')}" if found and found.part else ""
    return agency, duties + part


def _mandate(session: Session, person: Person, agency_id: int) -> str:
    day = accounts.day_of(person)
    found = (
        select(Mandate.instrument)
        .where(Mandate.person_id == person.id)
        .where(Mandate.valid_from <= day, Mandate.valid_to >= day)
        .where(or_(Mandate.agency_id.is_(None), Mandate.agency_id == agency_id))
        .order_by(Mandate.agency_id.is_(None), Mandate.id)
        .limit(1)
    )
    return session.scalar(found) or ""


def page(actor: Person, narrowed: Narrowed) -> tuple[list[Row[Any]], bool]:
    """Return a page of the log as an auditor or a records officer may read it, newest first, and whether there is another."""
    rows = list(db.session.execute(_narrowed(actor, narrowed).limit(PAGE + 1)))
    return rows[:PAGE], len(rows) > PAGE


def every(actor: Person, narrowed: Narrowed) -> Iterator[Row[Any]]:
    """Return all of it, newest first, page by page."""
    # What the person may read is settled now, not when the first row is asked for.
    return _pages(_narrowed(actor, narrowed).limit(ROWS))


def _pages(query: Select[Any]) -> Iterator[Row[Any]]:
    page = query
    while True:
        rows = list(db.session.execute(page))
        yield from rows
        if len(rows) < ROWS:
            return
        page = query.where(AccessEntry.id < rows[-1].id)


def looks(application: Application) -> list[Row[Any]]:
    """Return who looked at a case, for its applicant: moment, what, agency and duties, newest first, a page of them."""
    found = (
        select(
            AccessEntry.at,
            AccessEntry.what,
            AccessEntry.field,
            Person.duties,
            Agency.name.label("agency"),
        )
        .join(Person, Person.id == AccessEntry.person_id)
        .join(Agency, Agency.id == Person.agency_id)
        .where(AccessEntry.case == application.reference)
        .order_by(AccessEntry.id.desc())
        .limit(PAGE)
    )
    return list(db.session.execute(found))


def _narrowed(actor: Person, narrowed: Narrowed) -> Select[Any]:
    found: Any = (
        select(
            AccessEntry.id,
            AccessEntry.at,
            AccessEntry.case,
            AccessEntry.agency,
            AccessEntry.what,
            AccessEntry.ground,
            AccessEntry.field,
            AccessEntry.asked,
            AccessEntry.person_id,
            Person.name,
        )
        .join(Person, Person.id == AccessEntry.person_id)
        .where(*_readable(actor))
        .order_by(AccessEntry.id.desc())
    )
    if narrowed.case:
        found = found.where(AccessEntry.case == narrowed.case)
    if narrowed.person:
        found = found.where(Person.email == narrowed.person.lower())
    if narrowed.first:
        found = found.where(AccessEntry.at >= _midnight(actor, narrowed.first))
    if narrowed.last:
        following = narrowed.last + timedelta(days=1)
        found = found.where(AccessEntry.at < _midnight(actor, following))
    if narrowed.before:
        found = found.where(AccessEntry.id < narrowed.before)
    return found  # type: ignore[no-any-return]


def _readable(actor: Person) -> Iterator[Any]:
    """Yield the conditions on what a person may read: of the own agency or mandates, never of a case with an interest."""
    codes: frozenset[str] | None = frozenset([actor.agency.code] if actor.agency else [])
    if "auditor" in actor.duties:
        codes = accounts.audited(actor, accounts.day_of(actor))
    if codes is not None:
        yield AccessEntry.agency.in_(codes)
    yield ~exists().where(
        Application.reference == AccessEntry.case,
        accounts.interested(actor.id, Application.enterprise_id, Application.reference),
    )


def _midnight(actor: Person, day: date) -> datetime:
    return clock.start_of(day, accounts.zone_of(actor))
