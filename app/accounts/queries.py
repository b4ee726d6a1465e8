"""Who somebody is: by e-mail, by session, and under which authority."""

import hashlib
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from app.accounts.models import Agency, Answered, Authority, Enterprise, Person, SignIn
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
    .where(Authority.currency == bindparam("currency"))
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


def authority(person: Person, *, scheme: str, currency: str, on: date) -> Authority | None:
    """Return the widest authority a person holds for a scheme and currency on a local day."""
    asked = {"person": person.id, "scheme": scheme, "currency": currency, "day": on}
    return db.session.scalars(_AUTHORITY, asked).first()


def agency_by_code(code: str) -> Agency | None:
    """Return an agency by its code."""
    return db.session.scalars(select(Agency).where(Agency.code == code)).first()


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


def everybody() -> int:
    """Return how many people there are."""
    return db.session.scalar(select(func.count(Person.id))) or 0
