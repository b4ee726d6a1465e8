"""The offer of an award until it is accepted: made, lowered, accepted by a signatory or by a signed copy, lapsed."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.commands import Evidence, take
from app.applications.models import Application
from app.awards import queries
from app.awards.commands.ending import give_back
from app.awards.commands.moving import agreed, move
from app.awards.models import Award
from app.errors import Conflict, Invalid
from app.reviews import queries as reviews
from app.reviews.commands import Reasoned, fired, reasoned
from app.submissions import queries as submissions
from app.trail.commands import Recorded
from workflows.facts import Facts
from workflows.machine import fire
from workflows.money import split
from workflows.schedule import due_date

TOO_LITTLE = "This is too little to leave something for each tranche."


def accept(reference: str, *, act: str = "accept", version: int | None, actor: Person) -> Recorded:
    """Accept the letter of offer within its period, as a person who may sign for the enterprise."""
    application = applications.find(reference, actor=actor, lock=True)
    award = queries.award(application)
    facts = applications.facts(
        application,
        actor,
        expected_version=version,
        offer_expires_on=award.expires_on if award else None,
    )
    return _accepted(application, award, act, facts, actor, Evidence({}))


def accept_signed(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Accept for the enterprise what came back signed on paper: an officer confirms whose signature it is."""
    application = applications.find(reference, actor=actor, lock=True)
    award = queries.award(application)
    facts = applications.facts(application, actor, expected_version=version)
    facts = reasoned(application, act, said, facts)
    evidence = Evidence({}, {"note": said.note})
    return _accepted(application, award, act, facts, actor, evidence)


def _accepted(
    application: Application,
    award: Award | None,
    act: str,
    facts: Facts,
    actor: Person,
    evidence: Evidence,
) -> Recorded:
    step = fire(applications.workflow(application), application.state, act, facts)
    if award is None:
        raise Conflict("Nothing is offered in this case.")
    award.accepted_at = clock.now()
    told = {"amount": award.amount_minor - award.released_minor, "currency": award.currency}
    evidence.detail.update(told)
    recorded = take(application, step, facts, evidence, actor=actor)
    move(award, "reserved", "undrawn", award.reserved_minor, recorded)
    months = applications.terms(application).claims.window_months
    if months:
        award.costs_from = facts.today
        award.costs_to = due_date(facts.today, months)
    return recorded


def send_signed(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Send the letter of offer signed on paper, within its period; an officer looks at the signature."""
    application = applications.find(reference, actor=actor, lock=True)
    award = queries.awarded(application)
    facts = applications.facts(
        application,
        actor,
        expected_version=version,
        offer_expires_on=award.expires_on,
        attached=submissions.attached(application, act),
    )
    facts = reasoned(application, act, said, facts)
    step = fire(applications.workflow(application), application.state, act, facts)
    return take(application, step, facts, Evidence({}, {"note": said.note}), actor=actor)


def return_signature(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Send a signed copy back to the enterprise; the acceptance period ends on the day it ended on before, at the earliest tomorrow."""
    application, facts, step = fired(reference, act, said, version, actor)
    award = queries.awarded(application)
    award.expires_on = max(award.expires_on, facts.today + timedelta(days=1))
    days = (award.expires_on - facts.today).days
    detail = {"expires_on": award.expires_on.isoformat()}
    evidence = Evidence(detail, {"note": said.note})
    return take(application, step, facts, evidence, actor=actor, days=days)


def revise(
    reference: str,
    amount: str,
    said: Reasoned,
    *,
    act: str,
    version: int | None,
    actor: Person,
) -> Recorded:
    """Lower an offer that was not accepted yet: what is not offered any more is given back, and a new letter goes out.

    The tranches keep their shares. For more than was approved the approval is undone and the case decided again.
    """
    application = applications.find(reference, actor=actor, lock=True)
    award = queries.awarded(application)
    minor = applications.minor(application, "amount", amount)
    facts = applications.facts(application, actor, expected_version=version)
    sought = accounts.Sought(facts.scheme, facts.currency, facts.today)
    authority = accounts.authority(actor.id, sought)
    limit = authority.limit_minor if authority else None
    facts = replace(
        reasoned(application, act, said, facts),
        amount=minor,
        offered=award.reserved_minor,
        authority_limit=limit,
        authority_instrument=authority.instrument if authority else None,
        money=applications.amounts(application, amount=minor, authority_limit=limit),
    )
    step = fire(applications.workflow(application), application.state, act, facts)
    days = applications.terms(application).accept_within_days
    award.offered_on, award.expires_on = facts.today, facts.today + timedelta(days=days)
    told = {
        "amount": minor,
        "before": award.reserved_minor,
        "currency": award.currency,
        "expires_on": award.expires_on.isoformat(),
        "terms": award.terms,
        "authority": {"instrument": facts.authority_instrument, "limit": limit},
    }
    evidence = Evidence(told, {"note": said.note})
    recorded = take(application, step, facts, evidence, actor=actor, days=days)
    move(award, "reserved", "released", award.reserved_minor - (minor or 0), recorded)
    _resize(application, award, minor or 0)
    agreed(award, recorded)
    return recorded


def _resize(application: Application, award: Award, amount: int) -> None:
    """Give the tranches their shares of another amount, as they were recommended."""
    advice = reviews.recommendation(application)
    shares = [Decimal(line["share_pct"]) for line in advice.tranches] if advice else []
    parts = split(amount, shares, award.currency)
    if not all(parts):
        raise Invalid({"amount": [TOO_LITTLE]})
    for row, part in zip(queries.tranches(award), parts, strict=True):
        row.amount_minor = part


def lapse(reference: str, *, act: str = "lapse") -> Recorded:
    """Let an offer lapse whose acceptance period is over; the system acts, and the budget is given back."""
    application = applications.locked(reference)
    award = queries.award(application)
    facts = applications.facts(
        application, None, offer_expires_on=award.expires_on if award else None
    )
    step = fire(applications.workflow(application), application.state, act, facts)
    detail = {"expired_on": award.expires_on.isoformat() if award else None}
    evidence = Evidence(detail, over_on=award.expires_on if award else None)
    recorded = take(application, step, facts, evidence, actor=None)
    give_back(application, recorded)
    return recorded
