"""From approval to disbursement: the award, its acceptance, its conditions, and how it ends."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.commands import Evidence, take
from app.applications.models import Application
from app.awards import queries
from app.awards.models import Award, Condition, Tranche
from app.db import db
from app.errors import Invalid
from app.reviews import queries as reviews
from app.reviews.commands import Reasoned, decide, reasoned
from app.schemes import queries as schemes
from app.schemes.commands import locked as locked_call
from app.schemes.commands import release, reserve
from app.schemes.compose import SchemeTerms
from app.schemes.schemas import well_formed
from app.trail.commands import Recorded
from workflows.facts import Facts
from workflows.machine import fire
from workflows.money import split

# Written once per decision: built once, and sent without the bookkeeping of the session.
_AWARD = insert(Award).returning(Award.id)
_CONDITION = insert(Condition)
_TRANCHE = insert(Tranche)


@dataclass(frozen=True)
class Approval:
    """What an approver approves: an amount as typed, and a note in plain words."""

    amount: str
    note: str = ""


def approve(reference: str, approval: Approval, *, version: int | None, actor: Person) -> Recorded:
    """Decide to approve within authority and budget: the budget is reserved and the offer made in one step."""
    application = applications.find(reference, actor=actor, lock=True)
    terms = applications.terms(application)
    call = locked_call(application.call_id)
    advice = reviews.recommendation(application)
    amount = applications.minor(application, "amount", approval.amount) or 0
    facts = applications.facts(application, actor, expected_version=version, note=approval.note)
    authority = accounts.authority(
        actor, scheme=terms.code, currency=application.currency, on=facts.today
    )
    left = call.budget_minor - call.reserved_minor - call.paid_minor
    limit = authority.limit_minor if authority else None
    recommended = advice.amount_minor if advice else None
    facts = replace(
        facts,
        amount=amount,
        recommended=recommended,
        recommended_outcome=advice.outcome if advice else None,
        authority_limit=limit,
        authority_instrument=authority.instrument if authority else None,
        budget_left=left,
        money=applications.amounts(
            application,
            amount=amount,
            recommended=recommended,
            authority_limit=limit,
            budget_left=left,
        ),
    )
    step = fire(applications.workflow(application), application.state, "approve", facts)
    reserve(call, amount)
    expires_on = facts.today + timedelta(days=terms.accept_within_days)
    detail = {
        "amount": amount,
        "currency": application.currency,
        "recommended": recommended,
        "authority": {"instrument": facts.authority_instrument, "limit": limit},
        "expires_on": expires_on.isoformat(),
        "call": call.code,
        "terms": _loan_terms(application, terms),
    }
    evidence = Evidence(detail, {"note": approval.note} if approval.note else {})
    recorded = take(application, step, facts, evidence, actor=actor)
    application.due_on = expires_on
    decide(application, facts, recorded, outcome="approve", authority=authority, actor=actor)
    row = {
        "application_id": application.id,
        "amount_minor": amount,
        "disbursed_minor": 0,
        "currency": application.currency,
        "terms": detail["terms"],
        "offered_on": facts.today,
        "expires_on": expires_on,
        "event_id": recorded.id,
    }
    award_id = db.session.connection().execute(_AWARD, row).scalar_one()
    plan = advice.tranches if advice else []
    _plan(award_id, amount, plan, schemes.workflow(application.scheme.tranche_digest).initial)
    _conditions(award_id, terms)
    return recorded


def accept(reference: str, *, version: int | None, actor: Person) -> Recorded:
    """Accept the letter of offer within its period."""
    application = applications.find(reference, actor=actor, lock=True)
    award = queries.award(application)
    facts = applications.facts(
        application,
        actor,
        expected_version=version,
        offer_expires_on=award.expires_on if award else None,
    )
    step = fire(applications.workflow(application), application.state, "accept", facts)
    if award is not None:
        award.accepted_at = clock.now()
    amount = award.amount_minor if award else None
    detail = {"amount": amount, "currency": application.currency}
    return take(application, step, facts, Evidence(detail), actor=actor)


def lapse(reference: str) -> Recorded:
    """Let an offer lapse whose acceptance period is over; the system acts, and the budget is given back."""
    application = applications.locked(reference)
    award = queries.award(application)
    facts = applications.facts(
        application, None, offer_expires_on=award.expires_on if award else None
    )
    step = fire(applications.workflow(application), application.state, "lapse", facts)
    detail = {"expired_on": award.expires_on.isoformat() if award else None}
    recorded = take(application, step, facts, Evidence(detail), actor=None)
    _give_back(application, award)
    return recorded


def meet_condition(
    reference: str, key: str, evidence: str, *, version: int | None, actor: Person
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
    step = fire(applications.workflow(application), application.state, "meet_condition", facts)
    if chosen is not None:
        chosen.met_at, chosen.met_by, chosen.evidence = clock.now(), actor.id, evidence
    found = Evidence({"condition": key}, {"evidence": evidence} if evidence else {})
    return take(application, step, facts, found, actor=actor)


def withdraw(reference: str, note: str, *, version: int | None, actor: Person) -> Recorded:
    """Withdraw an application, also after an offer; reserved budget is given back."""
    application = applications.find(reference, actor=actor, lock=True)
    facts = applications.facts(application, actor, expected_version=version, note=note)
    step = fire(applications.workflow(application), application.state, "withdraw", facts)
    evidence = Evidence({}, {"note": note} if note else {})
    recorded = take(application, step, facts, evidence, actor=actor)
    _give_back(application, queries.award(application))
    return recorded


def cancel(reference: str, said: Reasoned, *, version: int | None, actor: Person) -> Recorded:
    """Cancel an award from which nothing was paid, with reasons; reserved budget is given back."""
    application = applications.find(reference, actor=actor, lock=True)
    facts = applications.facts(application, actor, expected_version=version)
    facts = reasoned(application, "cancel", said, facts)
    step = fire(applications.workflow(application), application.state, "cancel", facts)
    evidence = Evidence({}, {"note": said.note} if said.note else {})
    recorded = take(application, step, facts, evidence, actor=actor)
    _give_back(application, queries.award(application))
    return recorded


def complete(application: Application, facts: Facts) -> Recorded:
    """Complete a case whose last tranche was just paid; the system acts, in the transaction of that payment."""
    step = fire(applications.workflow(application), application.state, "complete", facts)
    return take(application, step, facts, Evidence({}), actor=None)


def _plan(award_id: int, amount: int, plan: list[dict[str, str]], initial: str) -> None:
    """Plan the tranches: shares of the amount in the order of the recommendation."""
    amounts = split(amount, [Decimal(tranche["share_pct"]) for tranche in plan])
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


def _conditions(award_id: int, terms: SchemeTerms) -> None:
    rows = [
        {"award_id": award_id, "key": one.key, "sentence": one.sentence, "evidence": ""}
        for one in terms.conditions
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


def _give_back(application: Application, award: Award | None) -> None:
    if award is None or award.ended_at is not None:
        return
    award.ended_at = clock.now()
    release(locked_call(application.call_id), award.amount_minor - award.disbursed_minor)
