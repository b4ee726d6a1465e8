"""What can happen to what is known of an enterprise: looked up in its registry, certified, a certificate revoked."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts import queries as accounts
from app.accounts.commands import locked_agency
from app.accounts.compose import ADVISER, AUDITOR
from app.accounts.models import Agency, Enterprise, Person
from app.db import db
from app.errors import Conflict, Forbidden, Invalid, Missing
from app.registry import queries
from app.registry.models import Certificate, RegistryCheck
from app.trail.commands import Entry, record

# Whoever only reads, designs, keeps records or moves budgets finds nothing out about enterprises.
ELSEWHERE = frozenset({ADVISER, AUDITOR, "budget_officer", "records_officer", "scheme_designer"})

RECORDED = "A certificate of this issuer with this number is recorded already."


@dataclass(frozen=True)
class Looked:
    """What an officer found in a registry: "verified", "not_found" or "struck_off", where it was looked up, and a note."""

    outcome: str
    source: str
    note: str = ""


@dataclass(frozen=True)
class Passed:
    """A certificate as it is recorded: local days, ``expires_on`` inclusive, ``None`` for one that does not say."""

    course: str
    holder: str
    issuer: str
    number: str
    issued_on: date
    expires_on: date | None = None


def may_record(actor: Person) -> bool:
    """Tell whether a person may record anything of enterprises: officers who act on cases."""
    return not actor.beside and not ELSEWHERE.issuperset(accounts.acting(actor))


def record_check(enterprise: int, found: Looked, *, actor: Person) -> RegistryCheck:
    """Record what was found when an enterprise was looked up in its registry; it is on the trail of the agency.

    Raises ``Missing`` for whom the enterprise is hidden, ``Forbidden`` for whom the recording is not.
    """
    whose, agency = _recording(enterprise, actor)
    check = RegistryCheck(
        enterprise_id=whose.id,
        outcome=found.outcome,
        source=found.source,
        note=found.note,
        checked_by=actor.id,
        at=clock.now(),
    )
    db.session.add(check)
    db.session.flush()
    detail = {
        "check": check.id,
        "enterprise": f"enterprise:{whose.id}",
        "outcome": found.outcome,
        "source": found.source,
    }
    entry = Entry("check_registry", actor.mark, {"detail": detail}, private={"note": found.note})
    record(agency, entry)
    return check


def record_certificate(enterprise: int, passed: Passed, *, actor: Person) -> Certificate:
    """Record a certificate of a course that a scheme asks for; it is on the trail of the agency.

    Raises ``Invalid`` for a course nobody asks for, for an issuer that may not certify it, for days that cannot be, and for
    a number of the issuer that is recorded already.
    """
    whose, agency = _recording(enterprise, actor)
    wrong = _wrong(passed, queries.today_of(whose))
    if wrong:
        raise Invalid(wrong)
    certificate = Certificate(
        enterprise_id=whose.id, recorded_by=actor.id, recorded_at=clock.now(), **vars(passed)
    )
    try:
        with db.session.begin_nested():
            db.session.add(certificate)
    except IntegrityError as error:
        # Another agency recorded it at the same moment.
        raise Invalid({"number": [RECORDED]}) from error
    detail = {
        "certificate": certificate.id,
        "enterprise": f"enterprise:{whose.id}",
        "course": passed.course,
        "issuer": passed.issuer,
        "issued_on": passed.issued_on.isoformat(),
        "expires_on": passed.expires_on.isoformat() if passed.expires_on else None,
    }
    # Who passed it stands in the table alone, where an erasure reaches it: the trail of an agency is kept for good.
    private = {"number": passed.number}
    record(agency, Entry("record_certificate", actor.mark, {"detail": detail}, private=private))
    return certificate


def revoke_certificate(enterprise: int, number: int, why: str, *, actor: Person) -> Certificate:
    """Record that a certificate counts no more; it is on the trail of the agency.

    Raises ``Missing`` when the enterprise has none such, ``Conflict`` when it was revoked before.
    """
    whose, agency = _recording(enterprise, actor)
    found = select(Certificate).where(
        Certificate.id == number, Certificate.enterprise_id == whose.id
    )
    locked = found.with_for_update().execution_options(populate_existing=True)
    certificate = db.session.scalars(locked).first()
    if certificate is None:
        raise Missing("The enterprise has no such certificate.")
    if certificate.revoked_at is not None:
        raise Conflict("The certificate was revoked before.")
    certificate.revoked_at, certificate.revoked_by = clock.now(), actor.id
    certificate.revoked_why = why
    detail = {
        "certificate": certificate.id,
        "enterprise": f"enterprise:{whose.id}",
        "course": certificate.course,
    }
    record(agency, Entry("revoke_certificate", actor.mark, {"detail": detail}))
    return certificate


def _recording(number: int, actor: Person) -> tuple[Enterprise, Agency]:
    """Return the enterprise, and the locked agency on whose trail it is recorded."""
    found = queries.known(number, actor=actor)
    if actor.agency_id is None or not may_record(actor):
        raise Forbidden("What is known of enterprises is recorded by officers who act on cases.")
    return found, locked_agency(actor.agency_id)


def _wrong(passed: Passed, today: date) -> dict[str, list[str]]:
    """Return what speaks against a certificate, by field."""
    wrong: dict[str, list[str]] = {}
    course = queries.courses().get(passed.course)
    if course is None:
        wrong["course"] = ["No scheme asks for this course."]
    elif passed.issuer not in course.issuers:
        wrong["issuer"] = [f"This course is certified by {', '.join(course.issuers)}."]
    if passed.issued_on > today:
        wrong["issued_on"] = ["Enter a day that is not in the future."]
    if passed.expires_on is not None and passed.expires_on < passed.issued_on:
        wrong["expires_on"] = ["Enter a day that is not before the day of issue."]
    same = select(Certificate.id).where(
        Certificate.issuer == passed.issuer, Certificate.number == passed.number
    )
    if db.session.scalar(same) is not None:
        wrong["number"] = [RECORDED]
    return wrong
