"""What can happen to a consent: it is given, used, and withdrawn."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app import clock
from app.accounts import queries as accounts
from app.accounts.commands import locked_agency
from app.accounts.compose import CENTRE
from app.accounts.models import Agency, Person
from app.consents import queries
from app.consents.compose import FILE, covers
from app.consents.models import Consent
from app.db import db
from app.errors import Conflict, Invalid, Missing
from app.trail.commands import Entry, record


@dataclass(frozen=True)
class Consenting:
    """A consent as it is asked for: the code of the agency, what it may do, until which local day (inclusive), a note."""

    agency: str
    scope: tuple[str, ...]
    valid_to: date
    note: str = ""


def give_consent(asked: Consenting, *, actor: Person) -> Consent:
    """Let an agency act for the person's enterprise; it stands on the trail of that agency, with the words agreed to.

    Raises ``Invalid`` with everything wrong, ``Conflict`` while another consent to the same agency is in force.
    """
    if actor.enterprise is None:
        raise Missing
    known = accounts.agency_by_code(asked.agency)
    if known is None:
        raise Invalid({"agency": ["Choose who may act for you."]})
    agency = locked_agency(known.id)
    wrong = _wrong(asked, agency)
    if wrong:
        raise Invalid(wrong)
    before = queries.standing(agency, actor.enterprise.id)
    if before is not None:
        raise Conflict(
            f"{agency.name} has your consent until {before.valid_to.isoformat()}. Withdraw it before you give another."
        )
    consent = Consent(
        enterprise=actor.enterprise,
        agency=agency,
        scope=list(asked.scope),
        giver=actor,
        given_at=clock.now(),
        valid_to=asked.valid_to,
    )
    db.session.add(consent)
    db.session.flush()
    detail = {
        "consent": consent.id,
        "enterprise": f"enterprise:{consent.enterprise_id}",
        "scope": consent.scope,
        "valid_to": consent.valid_to.isoformat(),
        "covers": covers(consent.scope, agency),
    }
    private = {"note": asked.note}
    record(agency, Entry("give_consent", actor.mark, {"detail": detail}, private=private))
    return consent


def withdraw_consent(number: int, note: str = "", *, actor: Person) -> Consent:
    """Withdraw a consent from this moment; anybody of the enterprise may. It stands on the trail of the agency.

    Raises ``Missing`` for that of another enterprise, ``Conflict`` when it is over already.
    """
    found = db.session.get(Consent, number)
    if found is None or not actor.applies or found.enterprise_id != actor.enterprise_id:
        raise Missing("There is no such consent, or not yours.")
    agency = locked_agency(found.agency_id)
    # Whoever uses the consent at this moment is waited for.
    locking = select(Consent).where(Consent.id == number).with_for_update()
    consent = db.session.scalars(locking, execution_options={"populate_existing": True}).one()
    if not consent.in_force(accounts.day_at(agency)):
        raise Conflict("This consent is over already.")
    consent.withdrawn_by, consent.withdrawn_at = actor.id, clock.now()
    detail = {"consent": consent.id, "enterprise": f"enterprise:{consent.enterprise_id}"}
    private = {"note": note}
    record(agency, Entry("withdraw_consent", actor.mark, {"detail": detail}, private=private))
    return consent


def hold(number: int, scope: str, *, agency: Agency | None) -> Consent:
    """Return a consent that lets an agency do something now, kept from being withdrawn until what is done is recorded.

    Raises ``Missing`` when there is none such, or it is over: nothing of the enterprise is told then.
    """
    found = select(Consent).where(Consent.id == number).with_for_update(read=True)
    consent = db.session.scalars(found, execution_options={"populate_existing": True}).first()
    if (
        agency is None
        or consent is None
        or consent.agency_id != agency.id
        or scope not in consent.scope
        or not consent.in_force(accounts.day_at(agency))
    ):
        raise Missing("There is no such consent in force.")
    return consent


def _wrong(asked: Consenting, agency: Agency) -> dict[str, list[str]]:
    today = accounts.day_at(agency)
    last = queries.last_day(today)
    wrong: dict[str, list[str]] = {}
    if FILE in asked.scope and agency.kind != CENTRE:
        wrong["scope"] = [
            f"{agency.name} decides on applications. Only a service centre may write them for you."
        ]
    if not today <= asked.valid_to <= last:
        wrong["valid_to"] = [
            f"Choose a day from {today.isoformat()} to {last.isoformat()}: a consent holds for two years at most."
        ]
    return wrong
