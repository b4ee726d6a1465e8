"""What can happen to people and their sessions."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import insert, select

from app import clock
from app.accounts import queries
from app.accounts.compose import AUDITOR, misfits
from app.accounts.models import (
    Agency,
    Answered,
    Authority,
    Enterprise,
    Interest,
    Mandate,
    Person,
    SignIn,
)
from app.checkpoints.commands import note_on_log
from app.db import db
from app.errors import Conflict, Missing, NotSignedIn
from app.trail.commands import Entry, record

# Who acts when a command is given on the server itself: the trail knows no person then.
OPERATOR = "system:operator"

_ANSWERED = insert(Answered)


@dataclass(frozen=True)
class NewPerson:
    """Somebody to be registered: an applicant has an enterprise, an officer an agency and duties."""

    email: str
    name: str
    password: str
    duties: tuple[str, ...]
    agency: Agency | None = None
    enterprise: Enterprise | None = None


@cache
def hasher() -> PasswordHasher:
    """Return the password hasher: argon2id with the parameters of RFC 9106, section 4, second choice."""
    return PasswordHasher()


@cache
def _nobody() -> str:
    """Return a hash that no password matches: an unknown address costs as much time as a wrong password."""
    return hasher().hash(secrets.token_hex(16))


def register(new: NewPerson, *, declared: Collection[str] = ()) -> Person:
    """Add a person; raises ``Conflict`` when the e-mail address is taken.

    ``declared`` are duties beside the usual that published workflows declare.
    """
    if queries.person_by_email(new.email):
        raise Conflict(f"{new.email} is registered already.")
    wrong = misfits(new.duties, declared, at=new.agency)
    if wrong:
        raise ValueError(" ".join(wrong))
    person = Person(
        email=new.email.strip().lower(),
        name=new.name,
        password=hasher().hash(new.password),
        agency=new.agency,
        enterprise=new.enterprise,
        duties=sorted(new.duties),
    )
    db.session.add(person)
    db.session.flush()
    return person


def verify(email: str, password: str) -> Person:
    """Return the person of an e-mail address and password, without a session.

    Raises ``NotSignedIn`` without saying which of the two was wrong.
    """
    person = queries.person_by_email(email)
    try:
        hasher().verify(person.password if person else _nobody(), password)
    except (VerificationError, InvalidHashError) as error:
        raise NotSignedIn("The e-mail address or the password is not right.") from error
    if person is None:
        raise NotSignedIn("The e-mail address or the password is not right.")
    return person


def sign_in(email: str, password: str) -> tuple[str, Person]:
    """Begin a session and return its token; raises ``NotSignedIn`` as ``verify`` does."""
    person = verify(email, password)
    token = secrets.token_urlsafe(32)
    at = clock.now()
    db.session.add(
        SignIn(token_sha256=queries.digest(token), person_id=person.id, created_at=at, seen_at=at)
    )
    db.session.flush()
    return token, person


def sign_out(session: SignIn) -> None:
    """End a session for good."""
    session.ended_at = clock.now()


def carry(session: SignIn, parcel: dict[str, Any] | None) -> None:
    """Hand something to the next page of this session: a notice, or a form with its errors."""
    session.carried = parcel


def declare_interest(person: Person, enterprise_id: int, reason: str, *, case: str = "") -> None:
    """Record that a person has an interest in an enterprise, or in one case of it: hidden from the person from now on."""
    _interest(person, enterprise_id, reason, case=case, kind="declared")


def relate(person: Person, enterprise_id: int, reason: str) -> None:
    """Record that an officer owns or works for an enterprise (a related party): its cases are hidden from the officer."""
    _interest(person, enterprise_id, reason, case="", kind="related_party")


def _interest(person: Person, enterprise_id: int, reason: str, *, case: str, kind: str) -> None:
    # The same interest may be declared in two cases at once: one waits here for the other.
    db.session.execute(
        select(Person.id).where(Person.id == person.id).with_for_update(key_share=True)
    )
    known = select(Interest.id).where(
        Interest.person_id == person.id,
        Interest.enterprise_id == enterprise_id,
        Interest.case == case,
    )
    if db.session.scalar(known) is not None:
        return
    db.session.add(
        Interest(
            person_id=person.id,
            enterprise_id=enterprise_id,
            case=case,
            kind=kind,
            reason=reason,
            declared_at=clock.now(),
        )
    )


def locked_agency(agency_id: int) -> Agency:
    """Return an agency with the lock that its own trail needs, held until the end of the transaction."""
    # The lock leaves rows that refer to the agency alone: a draft that begins under a call need not wait for it.
    found = select(Agency).where(Agency.id == agency_id).with_for_update(key_share=True)
    return db.session.scalars(found, execution_options={"populate_existing": True}).one()


@dataclass(frozen=True)
class Grant:
    """An authority to be given: limit in minor units of the currency, dates inclusive; for which duty, in which body."""

    scheme_code: str
    currency: str
    limit_minor: int
    instrument: str
    valid_from: date
    valid_to: date
    duty: str = "approver"
    body: str = ""


def authorise(person: Person, grant: Grant) -> Authority:
    """Give a person an authority."""
    authority = Authority(person_id=person.id, **vars(grant))
    db.session.add(authority)
    return authority


@dataclass(frozen=True)
class Remit:
    """What an auditor may read beside the own agency: another agency, every one when it is ``None``; dates inclusive."""

    agency: Agency | None
    instrument: str
    valid_from: date
    valid_to: date

    @property
    def covers(self) -> str:
        """Return the code of the agency, "all" for every one."""
        return self.agency.code if self.agency else "all"


def mandate(person: Person, remit: Remit, *, actor: str = OPERATOR) -> Mandate:
    """Give an auditor a mandate; it is recorded on the trail of the agency it opens, on the log's own when it opens all.

    Raises ``ValueError`` for somebody who is no auditor, and for a period that ends before it begins.
    """
    wrong = []
    if AUDITOR not in person.duties:
        wrong.append(f"{person.email} is no auditor; only auditors have mandates.")
    if remit.valid_to < remit.valid_from:
        wrong.append(f"The mandate of {person.email} ends before it begins.")
    if wrong:
        raise ValueError(" ".join(wrong))
    given = Mandate(
        person_id=person.id,
        agency_id=remit.agency.id if remit.agency else None,
        instrument=remit.instrument,
        valid_from=remit.valid_from,
        valid_to=remit.valid_to,
    )
    db.session.add(given)
    db.session.flush()
    detail = {
        "mandate": given.id,
        "auditor": person.mark,
        "covers": remit.covers,
        "instrument": remit.instrument,
        "valid_from": remit.valid_from.isoformat(),
        "valid_to": remit.valid_to.isoformat(),
    }
    _note_mandate(given, Entry("grant_mandate", actor, {"detail": detail}))
    return given


def end_mandate(number: int, *, actor: str = OPERATOR) -> Mandate:
    """End a mandate: yesterday was its last day. Raises ``Missing``, or ``Conflict`` when it is over already."""
    found = select(Mandate).where(Mandate.id == number).with_for_update()
    given = db.session.scalars(found, execution_options={"populate_existing": True}).first()
    if given is None:
        raise Missing(f"There is no mandate with the number {number}.")
    last = queries.day_of(db.session.get_one(Person, given.person_id)) - timedelta(days=1)
    if given.valid_to <= last:
        raise Conflict(f"The mandate {number} is over already.")
    given.valid_to = last
    detail = {"mandate": number, "auditor": f"officer:{given.person_id}", "to": last.isoformat()}
    _note_mandate(given, Entry("end_mandate", actor, {"detail": detail}))
    return given


def _note_mandate(given: Mandate, entry: Entry) -> None:
    if given.agency_id is None:
        note_on_log(entry)
        return
    record(locked_agency(given.agency_id), entry)


def remember(
    person: Person, key: str, request_sha256: str, status: int, body: dict[str, Any]
) -> None:
    """Keep the answer to a request with an idempotency key, in the transaction of the request itself."""
    row = {
        "person_id": person.id,
        "key": key,
        "request_sha256": request_sha256,
        "status": status,
        "body": body,
        "at": clock.now(),
    }
    db.session.connection().execute(_ANSWERED, row)
