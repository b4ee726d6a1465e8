"""From approval to disbursement: the award, its acceptance, its conditions, and how it ends."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.commands import Evidence, take
from app.applications.models import Application
from app.applications.queries.taking import agencies_of
from app.awards import queries
from app.awards.commands.conditions import meet_condition, waive_condition
from app.awards.commands.ending import complete, end, finish, give_back
from app.awards.commands.moving import agreed, note
from app.awards.commands.offers import (
    TOO_LITTLE,
    accept,
    accept_signed,
    lapse,
    return_signature,
    revise,
    send_signed,
)
from app.awards.models import PRECEDENT, Award, Condition, Tranche
from app.budgets.commands import shift
from app.budgets.models import Budget
from app.db import db
from app.errors import Invalid
from app.reviews.commands import Reasoned, fired
from app.reviews.models import Recommendation
from app.schemes import queries as schemes
from app.schemes.compose.funding import ASKED_COVER, GUARANTEE, GUARANTOR
from app.schemes.compose.lending import METHOD
from app.schemes.compose.terms import SchemeTerms
from app.schemes.schemas import well_formed
from app.submissions import queries as submissions
from app.trail.commands import Recorded
from workflows.facts import Facts
from workflows.money import split
from workflows.rules import motion

__all__ = [
    "Offer",
    "accept",
    "accept_signed",
    "complete",
    "end",
    "finish",
    "give_back",
    "grant",
    "lapse",
    "meet_condition",
    "offer",
    "offered",
    "return_signature",
    "revise",
    "send_signed",
    "terms_of_offer",
    "waive_condition",
]

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


def _plan(award_id: int, amounts: list[int], plan: list[dict[str, str]], initial: str) -> None:
    """Plan the tranches: shares of the amount in the order of the recommendation."""
    if not all(amounts):
        raise Invalid({"amount": [TOO_LITTLE]})
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
    plain = {"award_id": award_id, "evidence": "", "stage": PRECEDENT}
    today = applications.today(application)
    rows = [
        plain
        | {"key": one.key, "sentence": one.sentence, "stage": one.stage}
        | {"tranche": one.tranche or None, "due_on": one.due_on(today)}
        for one in applications.terms(application).conditions
    ]
    rows += [
        plain | {"key": key, "sentence": sentence, "tranche": None, "due_on": None}
        for key, sentence in submissions.conditions(application)
    ]
    db.session.connection().execute(_CONDITION, rows)


def _loan_terms(application: Application, terms: SchemeTerms) -> dict[str, Any]:
    if terms.loan is None:
        return {}
    answers = well_formed(terms, application.answers)
    agreed = terms.loan.agreed(answers["instalments"], answers.get(METHOD, "annuity"))
    if terms.guarantee is None or not agencies_of(application, GUARANTOR):
        return agreed
    return {**agreed, GUARANTEE: terms.guarantee.agreed(answers.get(ASKED_COVER))}
