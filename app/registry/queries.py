"""What is known of an enterprise beside its own answers, for people who may know of it and for the rules of a scheme."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Enterprise, Person
from app.applications.models import Application
from app.applications.queries import visible
from app.countries.queries import country
from app.db import db
from app.errors import Missing
from app.referrals import queries as referrals
from app.referrals.models import Referral
from app.registry.models import Certificate, RegistryCheck
from app.schemes import queries as schemes
from app.schemes.compose.terms import Course, SchemeTerms
from workflows.schedule import due_date

# The registry number has the right form and nobody has looked it up yet.
FORMAT_CHECKED = "format_checked"
REGISTRY = "registry"
CERTIFICATE = "certificate:"
VALID, EXPIRED, NONE = "valid", "expired", "none"


@dataclass(frozen=True)
class Records:
    """What is recorded of enterprises, by their number: what the newest check in the registry found, and certificates."""

    outcomes: dict[int, str]
    certificates: dict[int, list[Certificate]]


def known(number: int, *, actor: Person) -> Enterprise:
    """Return an enterprise; raises ``Missing`` also for whom it is hidden.

    Its own people know of it, and whoever may see a case of it or follow a referral; nobody with an interest in it.
    """
    found = db.session.get(Enterprise, number)
    if found is None or not _may_know(found, actor):
        raise Missing("There is no such enterprise, or not for you.")
    return found


def _may_know(enterprise: Enterprise, actor: Person) -> bool:
    if actor.applies:
        return actor.enterprise_id == enterprise.id
    if db.session.scalar(select(accounts.interested(actor.id, enterprise.id, ""))):
        return False
    case = visible(actor).where(Application.enterprise_id == enterprise.id)
    if db.session.scalar(case.with_only_columns(Application.id).limit(1)) is not None:
        return True
    if referrals.PARTIES.isdisjoint(actor.duties):
        return False
    referral = referrals.visible(actor).where(Referral.enterprise_id == enterprise.id)
    return db.session.scalar(referral.with_only_columns(Referral.id).limit(1)) is not None


def checks(enterprise_id: int) -> list[RegistryCheck]:
    """Return what was found in the registry, the newest first: that one counts."""
    found = select(RegistryCheck).where(RegistryCheck.enterprise_id == enterprise_id)
    return list(db.session.scalars(found.order_by(RegistryCheck.id.desc())))


def certificates(enterprise_id: int) -> list[Certificate]:
    """Return the certificates of an enterprise, revoked or not, by course, the newest first."""
    found = select(Certificate).where(Certificate.enterprise_id == enterprise_id)
    ordered = found.order_by(Certificate.course, Certificate.issued_on.desc(), Certificate.id)
    return list(db.session.scalars(ordered))


def courses() -> dict[str, Course]:
    """Return the courses that schemes ask for, by key; one that several ask for has the issuers of each."""
    found: dict[str, Course] = {}
    for call in schemes.calls():
        for course in schemes.terms(call.scheme).courses:
            before = found.get(course.key, course)
            issuers = tuple(dict.fromkeys((*before.issuers, *course.issuers)))
            found[course.key] = replace(before, issuers=issuers)
    return found


def state_of(certificate: Certificate, day: date) -> str:
    """Return how a certificate stands on a local day: "in force", "not yet in force", "expired" or "revoked"."""
    if certificate.revoked_at is not None:
        return "revoked"
    if certificate.issued_on > day:
        return "not yet in force"
    over = certificate.expires_on is not None and certificate.expires_on < day
    return "expired" if over else "in force"


def today_of(enterprise: Enterprise) -> date:
    """Return the local date where an enterprise is at home."""
    return clock.today(country(enterprise.country).zone)


def facts_of(
    enterprise: Enterprise, terms: SchemeTerms, day: date, wanted: Iterable[str]
) -> dict[str, Any]:
    """Return those of the wanted facts that stand here, as they are on a local day: registry, certificates, country.

    ``registry`` is what the newest check found, or that only the form of the number was checked; ``certificate:KEY`` is
    valid, expired or none; ``enterprise_country`` is an ISO 3166 code. Nothing is asked that is not wanted.
    """
    asked = set(wanted)
    records = records_of({enterprise.id}, asked)
    return facts_in(records, enterprise, terms, day, asked)


def facts_in(
    records: Records, enterprise: Enterprise, terms: SchemeTerms, day: date, asked: AbstractSet[str]
) -> dict[str, Any]:
    """Return those of the facts that are asked for as ``records`` have them: see ``facts_of``."""
    found: dict[str, Any] = {}
    if "enterprise_country" in asked:
        found["enterprise_country"] = enterprise.country
    if REGISTRY in asked:
        found[REGISTRY] = records.outcomes.get(enterprise.id, FORMAT_CHECKED)
    held = [course for course in terms.courses if f"{CERTIFICATE}{course.key}" in asked]
    all_ = records.certificates.get(enterprise.id, [])
    return found | {f"{CERTIFICATE}{course.key}": certified(course, all_, day) for course in held}


def records_of(enterprises: AbstractSet[int], asked: AbstractSet[str]) -> Records:
    """Return what is recorded of enterprises; nothing is looked up for which no fact is asked."""
    records = Records({}, {})
    if REGISTRY in asked:
        looked = select(RegistryCheck.enterprise_id, RegistryCheck.outcome)
        looked = looked.where(RegistryCheck.enterprise_id.in_(enterprises))
        records.outcomes.update(db.session.execute(looked.order_by(RegistryCheck.id)).all())
    if any(name.startswith(CERTIFICATE) for name in asked):
        held = select(Certificate).where(Certificate.enterprise_id.in_(enterprises))
        for row in db.session.scalars(held.order_by(Certificate.id)):
            records.certificates.setdefault(row.enterprise_id, []).append(row)
    return records


def certified(course: Course, held: list[Certificate], day: date) -> str:
    """Tell whether a course is certified on a day: by one of its issuers, not revoked, and not too long ago."""
    states = {
        "expired" if _over(course, one, day) else state_of(one, day)
        for one in held
        if one.course == course.key and one.issuer in course.issuers and one.revoked_at is None
    }
    if "in force" in states:
        return VALID
    return EXPIRED if "expired" in states else NONE


def _over(course: Course, certificate: Certificate, day: date) -> bool:
    """Tell whether a certificate is older than the scheme takes it."""
    if not course.valid_months:
        return False
    return due_date(certificate.issued_on, course.valid_months) < day
