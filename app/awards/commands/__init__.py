"""From approval to disbursement: the award, its acceptance, its conditions, and how it ends."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from app import clock
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.commands import Evidence, take, tell_partners
from app.applications.models import Application
from app.awards import queries
from app.awards.commands.moving import agreed, move, note
from app.awards.commands.moving import give_back as _release
from app.awards.models import Award, Condition, Tranche
from app.budgets.commands import shift
from app.budgets.models import Budget
from app.db import db
from app.errors import Invalid
from app.reviews.commands import Reasoned, fired
from app.reviews.models import Recommendation
from app.schemes import queries as schemes
from app.schemes.compose.terms import SchemeTerms
from app.schemes.schemas import well_formed
from app.submissions import queries as submissions
from app.trail.commands import Recorded
from workflows.facts import Facts
from workflows.machine import fire
from workflows.money import split
from workflows.rules import motion
from workflows.schedule import due_date

# Written once per decision: built once, and sent without the bookkeeping of the session.
_AWARD = insert(Award).returning(Award.id)
_CONDITION = insert(Condition)
_TRANCHE = insert(Tranche)


@dataclass(frozen=True)
class Offer:
    """What is offered: ``told`` is what the event says of it, ``days`` how long it can be accepted, until ``expires_on``.

    ``tranches`` are those of the recommendation: purpose and share in per cent.
    """

    told: dict[str, Any]
    days: int
    expires_on: date
    tranches: list[dict[str, str]]


def terms_of_offer(application: Application, facts: Facts, advice: Recommendation | None) -> Offer:
    """Return what an approval offers, from the scheme's terms: nothing is written yet."""
    terms = applications.terms(application)
    expires_on = facts.today + timedelta(days=terms.accept_within_days)
    told = {
        "expires_on": expires_on.isoformat(),
        "call": application.call.code,
        "terms": _loan_terms(application, terms),
    }
    tranches = advice.tranches if advice else []
    return Offer(told, terms.accept_within_days, expires_on, tranches)


def grant(
    application: Application, budget: Budget, facts: Facts, offer: Offer, recorded: Recorded
) -> None:
    """Make the award that was decided on: budget reserved, tranches planned, conditions precedent opened."""
    amount = facts.amount or motion(facts) or 0
    shift(budget.id, None, "reserved", amount)
    row = {
        "application_id": application.id,
        "amount_minor": amount,
        "reserved_minor": amount,
        "budget_id": budget.id,
        "currency": application.currency,
        "terms": offer.told["terms"],
        "offered_on": facts.today,
        "expires_on": offer.expires_on,
        "event_id": recorded.id,
    }
    award_id = db.session.connection().execute(_AWARD, row).scalar_one()
    note(award_id, "outside", "reserved", amount, recorded)
    shares = [Decimal(tranche["share_pct"]) for tranche in offer.tranches]
    _plan(
        award_id,
        split(amount, shares, application.currency),
        offer.tranches,
        schemes.workflow(application.scheme.tranche_digest).initial,
    )
    _conditions(award_id, application)
    agreed(db.session.get_one(Award, award_id, populate_existing=True), recorded)


def offer(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Make the offer of an award that waited for another institution: the acceptance period begins now."""
    application, facts, step = fired(reference, act, said, version, actor)
    made = offered(application, facts)
    evidence = Evidence(made.told, {"note": said.note})
    return take(application, step, facts, evidence, actor=actor, days=made.days)


def offered(application: Application, facts: Facts) -> Offer:
    """Let the acceptance period of an award that waited for other institutions begin, and return what is offered."""
    award = queries.awarded(application)
    days = applications.terms(application).accept_within_days
    award.offered_on = facts.today
    award.expires_on = facts.today + timedelta(days=days)
    told = {
        "amount": award.amount_minor,
        "currency": award.currency,
        "expires_on": award.expires_on.isoformat(),
        "terms": award.terms,
    }
    return Offer(told, days, award.expires_on, [])


def accept(reference: str, *, act: str = "accept", version: int | None, actor: Person) -> Recorded:
    """Accept the letter of offer within its period."""
    application = applications.find(reference, actor=actor, lock=True)
    award = queries.award(application)
    facts = applications.facts(
        application,
        actor,
        expected_version=version,
        offer_expires_on=award.expires_on if award else None,
    )
    step = fire(applications.workflow(application), application.state, act, facts)
    if award is not None:
        award.accepted_at = clock.now()
    amount = award.amount_minor if award else None
    detail = {"amount": amount, "currency": application.currency}
    recorded = take(application, step, facts, Evidence(detail), actor=actor)
    if award is not None:
        _take_up(application, award, recorded)
    return recorded


def _take_up(application: Application, award: Award, recorded: Recorded) -> None:
    """Commit what was reserved; where the scheme says for how long costs count, that time begins today."""
    move(award, "reserved", "undrawn", award.reserved_minor, recorded)
    months = applications.terms(application).claims.window_months
    if months:
        award.costs_from = applications.today(application)
        award.costs_to = due_date(award.costs_from, months)


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


def meet_condition(
    reference: str,
    key: str,
    evidence: str,
    *,
    act: str = "meet_condition",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Record a condition precedent as met; with the last one the award goes into disbursement."""
    application = applications.find(reference, actor=actor, lock=True)
    award = queries.award(application)
    open_ones = [c for c in queries.conditions(award) if c.met_at is None] if award else []
    chosen = next((condition for condition in open_ones if condition.key == key), None)
    facts = applications.facts(
        application,
        actor,
        expected_version=version,
        open_conditions=tuple(condition.key for condition in open_ones),
        condition_open=chosen is not None,
    )
    step = fire(applications.workflow(application), application.state, act, facts)
    if chosen is not None:
        chosen.met_at, chosen.met_by, chosen.evidence = clock.now(), actor.id, evidence
    found = Evidence({"condition": key}, {"evidence": evidence} if evidence else {})
    return take(application, step, facts, found, actor=actor)


def end(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """End a case before its money is out, by the applicant or by the agency; reserved budget is given back."""
    application, facts, step = fired(reference, act, said, version, actor)
    evidence = Evidence({}, {"note": said.note})
    recorded = take(application, step, facts, evidence, actor=actor)
    give_back(application, recorded, facts.reasons)
    return recorded


def complete(application: Application, facts: Facts) -> Recorded:
    """Complete a case whose last tranche was just paid; the system acts, in the transaction of that payment."""
    step = fire(applications.workflow(application), application.state, "complete", facts)
    recorded = take(application, step, facts, Evidence({}), actor=None)
    award = queries.awarded(application)
    if award.undrawn_minor and step.target.end:
        # What was never claimed, or not found in order, is there for others again.
        move(award, "undrawn", "released", award.undrawn_minor, recorded)
        agreed(award, recorded)
    return recorded


def may_reopen(application: Application) -> bool:
    """Tell whether money of a case can still move, or the case be opened again for it."""
    state = applications.workflow(application).states[application.state]
    return state.money or _reopening(application) is not None


def _reopening(application: Application) -> str | None:
    acts = applications.workflow(application).acts_from(application.state)
    return next((act.name for act in acts if act.does == "reopen"), None)


def reopen(application: Application, system: str) -> None:
    """Open a case again whose last payment came back after its end; the system acts, for the bank."""
    act = _reopening(application)
    if act is None:
        return
    facts = applications.facts(application, None)
    step = fire(applications.workflow(application), application.state, act, facts)
    take(application, step, facts, Evidence({}, system=system), actor=None)


def _plan(award_id: int, amounts: list[int], plan: list[dict[str, str]], initial: str) -> None:
    """Plan the tranches: shares of the amount in the order of the recommendation."""
    if not all(amounts):
        raise Invalid({"amount": ["This is too little to leave something for each tranche."]})
    rows = [
        {
            "award_id": award_id,
            "number": number,
            "purpose": tranche["purpose"],
            "amount_minor": part,
            "state": initial,
            "asked_note": "",
        }
        for number, (tranche, part) in enumerate(zip(plan, amounts, strict=True), start=1)
    ]
    db.session.connection().execute(_TRANCHE, rows)


def _conditions(award_id: int, application: Application) -> None:
    """Open the conditions precedent: those of the scheme, and the rules of eligibility that were left as conditions."""
    asked = [(one.key, one.sentence) for one in applications.terms(application).conditions]
    rows = [
        {"award_id": award_id, "key": key, "sentence": sentence, "evidence": ""}
        for key, sentence in (*asked, *submissions.conditions(application))
    ]
    db.session.connection().execute(_CONDITION, rows)


def _loan_terms(application: Application, terms: SchemeTerms) -> dict[str, Any]:
    if terms.loan is None:
        return {}
    answers = well_formed(terms, application.answers)
    return {
        "rate_pct": str(terms.loan.rate_pct),
        "instalments": answers["instalments"],
        "method": answers["method"],
        "day_count": terms.loan.day_count,
        "grace_principal": terms.loan.grace_principal,
    }


def give_back(application: Application, recorded: Recorded, reasons: tuple[str, ...] = ()) -> None:
    """End the award that stands, if there is one, and give back what it holds of the budget.

    Whatever other institutions had decided rested on it: each has the event that ended it, and its coded reasons, on its
    own trail.
    """
    award = queries.award(application)
    if award is None or award.ended_at is not None:
        return
    award.ended_at = clock.now()
    _release(award, recorded)
    tell_partners(application, recorded, reasons)
