"""Who somebody is: by e-mail, by session, and under which authority."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    String,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
)

from app import clock
from app.accounts.models import (
    Agency,
    Answered,
    Authority,
    Enterprise,
    Interest,
    Mandate,
    PayingAccount,
    Person,
    SignIn,
)
from app.countries.queries import country
from app.db import db

# Asked on every request or every decision: built once, so that only the values travel.
_BY_TOKEN = (
    select(SignIn, Person)
    .join(Person, Person.id == SignIn.person_id)
    .where(SignIn.ended_at.is_(None), Person.active)
    .where(SignIn.token_sha256 == bindparam("token_sha256"))
)
_AUTHORITY = (
    select(Authority)
    .where(Authority.person_id == bindparam("person"), Authority.scheme_code == bindparam("scheme"))
    .where(Authority.currency == bindparam("currency"), Authority.duty == bindparam("duty"))
    .where(Authority.body == bindparam("body"))
    .where(Authority.valid_from <= bindparam("day"), Authority.valid_to >= bindparam("day"))
    .order_by(Authority.limit_minor.desc())
    .limit(1)
)
_ANSWERED = select(Answered.request_sha256, Answered.status, Answered.body).where(
    Answered.person_id == bindparam("person"), Answered.key == bindparam("key")
)


def digest(token: str) -> str:
    """Return how a session token is kept: only its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def person_by_email(email: str) -> Person | None:
    """Return the person who signs in with an e-mail address, whatever its case."""
    found = select(Person).where(Person.email == email.strip().lower(), Person.active)
    return db.session.scalars(found).first()


def person_by_id(number: int) -> Person | None:
    """Return a person by number, also one who has left."""
    return db.session.get(Person, number)


def signed_in(token: str) -> tuple[SignIn, Person] | None:
    """Return the session of a token and its person, unless it was ended."""
    row = db.session.execute(_BY_TOKEN, {"token_sha256": digest(token)}).first()
    return (row[0], row[1]) if row else None


def sessions_of(person: Person, since: datetime) -> list[SignIn]:
    """Return the sessions of a person that are not ended, newest first."""
    found = select(SignIn).where(
        SignIn.person_id == person.id, SignIn.ended_at.is_(None), SignIn.created_at >= since
    )
    return list(db.session.scalars(found.order_by(SignIn.id.desc())))


@dataclass(frozen=True)
class Sought:
    """What an authority must be for: scheme, currency and local day, the duty, and the body the person sits in by it."""

    scheme: str
    currency: str
    on: date
    duty: str = "approver"
    body: str = ""


def authority(person_id: int, sought: Sought) -> Authority | None:
    """Return the widest authority in force that a person holds for what is sought."""
    asked = {
        "person": person_id,
        "scheme": sought.scheme,
        "currency": sought.currency,
        "day": sought.on,
        "duty": sought.duty,
        "body": sought.body,
    }
    return db.session.scalars(_AUTHORITY, asked).first()


def own_limit(person: Person, sought: Sought, *, first: date, last: date) -> int | None:
    """Return the widest authority of a person that holds over a whole period, in minor units; ``None`` for none.

    Whatever the body: who sits in one may be stood in for.
    """
    found = select(func.max(Authority.limit_minor)).where(
        Authority.person_id == person.id,
        Authority.scheme_code == sought.scheme,
        Authority.currency == sought.currency,
        Authority.duty == sought.duty,
        Authority.valid_from <= first,
        Authority.valid_to >= last,
    )
    return db.session.scalar(found)


def authorities(person: Person, on: date) -> list[Authority]:
    """Return the authorities of a person that are in force on a local day, or will be."""
    found = select(Authority).where(Authority.person_id == person.id, Authority.valid_to >= on)
    return list(db.session.scalars(found.order_by(Authority.scheme_code, Authority.id)))


def colleagues(person: Person) -> list[Person]:
    """Return the other officers of a person's agency, by name."""
    found = select(Person).where(
        Person.agency_id == person.agency_id, Person.id != person.id, Person.active
    )
    return list(db.session.scalars(found.order_by(Person.name, Person.id)))


def agency_by_code(code: str) -> Agency | None:
    """Return an agency by its code."""
    return db.session.scalars(select(Agency).where(Agency.code == code)).first()


def agencies() -> list[Agency]:
    """Return every agency and service centre, by country and name."""
    return list(db.session.scalars(select(Agency).order_by(Agency.country, Agency.name, Agency.id)))


def paying_account(agency: Agency, scheme: str, currency: str) -> dict[str, str]:
    """Return the account an agency pays from in a scheme and a currency: the one that names them most narrowly."""
    found = select(PayingAccount).where(
        PayingAccount.agency_id == agency.id,
        PayingAccount.scheme_code.in_((scheme, "")),
        PayingAccount.currency.in_((currency, "")),
    )
    narrow = found.order_by(PayingAccount.scheme_code.desc(), PayingAccount.currency.desc())
    row = db.session.scalars(narrow.limit(1)).first()
    return row.account if row else agency.account


def enterprise_by_number(country: str, number: str) -> Enterprise | None:
    """Return an enterprise by its registry number."""
    found = select(Enterprise).where(
        Enterprise.country == country, Enterprise.registry_number == number
    )
    return db.session.scalars(found).first()


def answered(person: Person, key: str) -> Row[str, int, dict[str, Any]] | None:
    """Return digest of the request, status and body of the answer that was given to an idempotency key of a person."""
    asked = {"person": person.id, "key": key}
    return db.session.connection().execute(_ANSWERED, asked).first()


def names(people: set[int]) -> dict[int, str]:
    """Return the names of people by their number."""
    if not people:
        return {}
    return dict(
        db.session.execute(select(Person.id, Person.name).where(Person.id.in_(people))).all()
    )


def of_agency(people: set[int], agency_id: int | None) -> set[int]:
    """Return of people, by their number, those who are officers of an agency."""
    found = select(Person.id).where(Person.id.in_(people), Person.agency_id == agency_id)
    return set(db.session.scalars(found)) if people else set()


def everybody() -> int:
    """Return how many people there are."""
    return db.session.scalar(select(func.count(Person.id))) or 0


def officers(agency_id: int) -> list[Person]:
    """Return the officers of an agency, by number."""
    found = select(Person).where(Person.agency_id == agency_id, Person.active)
    return list(db.session.scalars(found.order_by(Person.id)))


def auditors() -> list[Person]:
    """Return everybody who audits, by number."""
    audits = cast(Person.duties, String).like('%"auditor"%')
    return list(db.session.scalars(select(Person).where(audits, Person.active).order_by(Person.id)))


def acting(person: Person) -> frozenset[str]:
    """Return the duties by which a person may act: whoever audits only reads, whatever else the person may hold."""
    held = frozenset(person.duties)
    return held & {"auditor"} or held


def day_of(person: Person) -> date:
    """Return the local date where a person is at home."""
    return clock.today(zone_of(person))


def day_at(agency: Agency) -> date:
    """Return the local date where an agency is at home."""
    return clock.today(country(agency.country).zone)


def zone_of(person: Person) -> str:
    """Return the time zone where a person is at home, by its IANA name."""
    home = person.agency or person.enterprise
    return country(home.country).zone if home else "UTC"


def mandated(agency: Any) -> ColumnElement[bool]:
    """Return the condition that a mandate of the person ``:actor`` covers an agency on the day ``:day``."""
    return exists().where(
        Mandate.person_id == bindparam("actor"),
        or_(Mandate.agency_id.is_(None), Mandate.agency_id == agency),
        Mandate.valid_from <= bindparam("day"),
        Mandate.valid_to >= bindparam("day"),
    )


def interested(person: Any, enterprise: Any, case: Any) -> ColumnElement[bool]:
    """Return the condition that a person has an interest in an enterprise, or in a case of it."""
    return exists().where(
        Interest.person_id == person,
        Interest.enterprise_id == enterprise,
        Interest.case.in_(("", case)),
    )


def has_interest(person: Person, enterprise_id: int) -> bool:
    """Tell whether a person has an interest in an enterprise as a whole."""
    return bool(db.session.scalar(select(interested(person.id, enterprise_id, ""))))


def mandates(person: Person) -> list[Mandate]:
    """Return the mandates of an auditor, in force or not, the oldest first."""
    found = select(Mandate).where(Mandate.person_id == person.id).order_by(Mandate.id)
    return list(db.session.scalars(found))


def agency_by_id(number: int) -> Agency | None:
    """Return an agency by its number."""
    return db.session.get(Agency, number)


def audited(person: Person, on: date) -> frozenset[str] | None:
    """Return the codes of the agencies whose cases an auditor may read on a day, ``None`` for every agency.

    They are the auditor's own and those of the mandates in force; nobody else audits anything.
    """
    if "auditor" not in person.duties:
        return frozenset()
    found = (
        select(Mandate.agency_id, Agency.code)
        .outerjoin(Agency, Agency.id == Mandate.agency_id)
        .where(Mandate.person_id == person.id)
        .where(Mandate.valid_from <= on, Mandate.valid_to >= on)
    )
    rows = db.session.execute(found).all()
    if any(row.agency_id is None for row in rows):
        return None
    own = [person.agency.code] if person.agency else []
    return frozenset((*own, *(row.code for row in rows)))


def heads() -> dict[str, tuple[int, str]]:
    """Return the end of each agency's own trail as the agency remembers it."""
    return {
        agency.reference: (agency.trail_seq, agency.trail_hash)
        for agency in db.session.scalars(select(Agency))
    }
