"""What can happen to a referral: made, accepted or declined, and closed; each stands on the trails of both agencies."""

from dataclasses import dataclass

from app import clock
from app.accounts import queries as accounts
from app.accounts.commands import locked_agency
from app.accounts.compose import CENTRE
from app.accounts.models import Agency, Person
from app.applications import queries as applications
from app.consents import commands as consents
from app.consents.compose import REFER
from app.db import db
from app.errors import Conflict, Forbidden, Invalid, Missing
from app.referrals import queries
from app.referrals.models import Referral
from app.schemes import queries as schemes
from app.trail.commands import Entry, record

_KINDS = {"accepted": "accept_referral", "declined": "decline_referral"}


@dataclass(frozen=True)
class Handover:
    """A referral as it is asked for: the consent by number, the code of who receives it, why, and for which scheme."""

    consent: int
    to: str
    reason: str
    scheme: str = ""


def refer(asked: Handover, *, actor: Person) -> Referral:
    """Hand an enterprise over to another agency or service centre, under its consent to the person's own agency.

    Raises ``Invalid`` with everything wrong, ``Missing`` without a consent in force, ``Conflict`` for what was sent already.
    """
    home = _home(actor)
    receiver = _receiver(asked, home)
    sender, receiver = _locked(home.id, receiver.id)
    consent = consents.hold(asked.consent, REFER, agency=sender)
    if accounts.has_interest(actor, consent.enterprise_id):
        raise Missing("There is no such consent in force.")
    before = queries.same(consent.enterprise, sender, receiver, asked.scheme)
    if before is not None:
        raise Conflict(f"Referral {before.id} to {receiver.name} is the same and has not ended.")
    referral = Referral(
        enterprise=consent.enterprise,
        sender=sender,
        receiver=receiver,
        consent=consent,
        scheme_code=asked.scheme,
        reason=asked.reason,
        state="sent",
        made_by=actor.id,
        made_at=clock.now(),
        answer="",
        application="",
    )
    db.session.add(referral)
    db.session.flush()
    _record(referral, "refer", actor, {"reason": asked.reason})
    return referral


def answer(number: int, words: str, *, accepted: bool, actor: Person) -> Referral:
    """Accept or decline what was sent to the person's agency, with words that both sides and the enterprise read.

    Raises ``Conflict`` when it was answered before, and for an acceptance after the enterprise withdrew its consent.
    """
    referral = _received(number, actor)
    if referral.state != "sent":
        raise Conflict(f"This referral was {referral.state} already.")
    if accepted:
        _still_consented(referral)
    referral.state = "accepted" if accepted else "declined"
    referral.answer, referral.answered_by, referral.answered_at = words, actor.id, clock.now()
    _record(referral, _KINDS[referral.state], actor, {"answer": words})
    return referral


def close(number: int, reference: str, *, actor: Person) -> Referral:
    """Close an accepted referral with the application it became; raises ``Invalid`` for one of another enterprise.

    Raises ``Conflict`` for a referral that is not accepted.
    """
    referral = _received(number, actor)
    if referral.state != "accepted":
        raise Conflict("Only a referral that was accepted is closed.")
    try:
        application = applications.find(reference, actor=actor)
    except Missing:
        application = None
    if application is None or application.enterprise_id != referral.enterprise_id:
        raise Invalid(
            {"application": ["There is no application of this enterprise with that reference."]}
        )
    referral.state, referral.application = "closed", application.reference
    referral.closed_by, referral.closed_at = actor.id, clock.now()
    _record(referral, "close_referral", actor, {})
    return referral


def _home(actor: Person) -> Agency:
    if actor.agency is None or queries.PARTIES.isdisjoint(actor.duties):
        raise Forbidden("Enterprises are referred by advisers and desk officers.")
    return actor.agency


def _receiver(asked: Handover, home: Agency) -> Agency:
    found = accounts.agency_by_code(asked.to)
    wrong: dict[str, list[str]] = {}
    if found is None or found.id == home.id:
        wrong["to"] = ["Choose another agency or service centre."]
    scheme = schemes.newest_scheme(asked.scheme) if asked.scheme else None
    if asked.scheme and scheme is None:
        wrong["scheme"] = [f"There is no scheme {asked.scheme}."]
    elif scheme and found and found.kind != CENTRE and scheme.agency_id != found.id:
        wrong["scheme"] = [f"{scheme.name} is not a scheme of {found.name}."]
    if wrong or found is None:
        raise Invalid(wrong)
    return found


def _locked(sender: int, receiver: int) -> tuple[Agency, Agency]:
    """Lock the trails of two agencies, by number: two referrals that cross do not wait for each other."""
    held = {number: locked_agency(number) for number in sorted((sender, receiver))}
    return held[sender], held[receiver]


def _received(number: int, actor: Person) -> Referral:
    """Return a referral to the person's agency, with both trails locked, as it stands then."""
    home = _home(actor)
    found = queries.find(number, actor=actor)
    if found.to_agency_id != home.id:
        raise Forbidden("A referral is answered by the agency it was sent to.")
    _locked(found.from_agency_id, found.to_agency_id)
    return queries.find(number, actor=actor)


def _still_consented(referral: Referral) -> None:
    try:
        consents.hold(referral.consent_id, REFER, agency=referral.sender)
    except Missing as error:
        raise Conflict(
            "The consent of the enterprise is over; the referral can be declined."
        ) from error


def _record(referral: Referral, kind: str, actor: Person, private: dict[str, str]) -> None:
    detail = {
        "referral": referral.id,
        "enterprise": f"enterprise:{referral.enterprise_id}",
        "from": referral.sender.code,
        "to": referral.receiver.code,
        "consent": referral.consent_id,
        "scheme": referral.scheme_code or None,
        "application": referral.application or None,
    }
    for agency in (referral.sender, referral.receiver):
        record(agency, Entry(kind, actor.mark, {"detail": detail}, private=private))
