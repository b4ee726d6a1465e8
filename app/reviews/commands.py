"""What officers do with a submission: screen, return, assess, recommend, decline."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from app.accounts.models import Authority, Person
from app.applications import queries as applications
from app.applications.commands import Evidence, take
from app.applications.models import Application
from app.countries.queries import calendar_of
from app.db import db
from app.errors import Invalid
from app.reviews import queries
from app.reviews.models import Assessment, Decision, Recommendation
from app.schemes.compose import SchemeTerms
from app.trail.commands import Recorded
from workflows.clocks import due
from workflows.definition import Clock
from workflows.facts import Facts
from workflows.machine import Step, fire

_DECISION = insert(Decision)


@dataclass(frozen=True)
class Reasoned:
    """Coded reasons and a note in plain words."""

    reasons: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Scores:
    """An assessor's scores by criterion, 0 to 5, and a comment."""

    scores: dict[str, int]
    comment: str


@dataclass(frozen=True)
class Advice:
    """A recommendation: outcome approve or decline, amount as typed, tranches as purpose and per cent."""

    outcome: str
    amount: str
    tranches: tuple[tuple[str, Decimal], ...]
    note: str


def take_up(reference: str, *, version: int | None, actor: Person) -> Recorded:
    """Take a submission up for screening."""
    return _plain(reference, "take_up", Reasoned(), version=version, actor=actor)


def pass_screening(
    reference: str, said: Reasoned, *, version: int | None, actor: Person
) -> Recorded:
    """Pass a submission to the assessors."""
    return _plain(reference, "pass", said, version=version, actor=actor)


def return_for_information(
    reference: str, said: Reasoned, *, version: int | None, actor: Person
) -> Recorded:
    """Give the ball back to the applicant, with reasons and a last day to reply."""
    application, facts, step = _fired(reference, "return", said, version, actor)
    terms = applications.terms(application)
    clock = Clock(terms.reply_within_days, "calendar")
    reply_by = due(clock, facts.today, calendar_of(terms.country, facts.today))
    evidence = _said(facts, reply_by=reply_by.isoformat())
    recorded = take(application, step, facts, evidence, actor=actor)
    application.due_on = reply_by
    return recorded


def screen_out(reference: str, said: Reasoned, *, version: int | None, actor: Person) -> Recorded:
    """Decline at screening, with reasons."""
    return _plain(reference, "screen_out", said, version=version, actor=actor)


def assess(reference: str, given: Scores, *, version: int | None, actor: Person) -> Recorded:
    """Record an assessor's scores; the case goes on when the last assessment asked for is in."""
    application = applications.find(reference, actor=actor, lock=True)
    terms = applications.terms(application)
    done = queries.assessments(application)
    facts = applications.facts(
        application,
        actor,
        expected_version=version,
        assessed_by_actor=actor.id in {a.assessor_id for a in done},
        assessments=len(done),
        assessments_required=terms.assessments,
    )
    step = fire(applications.workflow(application), application.state, "assess", facts)
    total = weighted(terms, given.scores)
    detail = {"scores": given.scores, "total_thousandths": total, "assessment": len(done) + 1}
    private = {"comment": given.comment} if given.comment else {}
    recorded = take(application, step, facts, Evidence(detail, private), actor=actor)
    db.session.add(
        Assessment(
            application_id=application.id,
            assessor_id=actor.id,
            scores=given.scores,
            total=total,
            comment=given.comment,
            event_id=recorded.id,
            at=recorded.at,
        )
    )
    return recorded


def weighted(terms: SchemeTerms, scores: dict[str, int]) -> int:
    """Return the weighted score in thousandths of a point (0 to 5000); raises ``Invalid`` by criterion."""
    errors = {
        f"scores.{criterion.key}": ["Give a score from 0 to 5."]
        for criterion in terms.criteria
        if scores.get(criterion.key) not in range(6)
    }
    known = {criterion.key for criterion in terms.criteria}
    errors |= {
        f"scores.{key}": ["The rubric has no such criterion."] for key in set(scores) - known
    }
    if errors:
        raise Invalid(errors)
    return sum(criterion.weight_pct * scores[criterion.key] * 10 for criterion in terms.criteria)


def recommend(reference: str, advice: Advice, *, version: int | None, actor: Person) -> Recorded:
    """Recommend to approve an amount in tranches, or to decline."""
    application = applications.find(reference, actor=actor, lock=True)
    amount = applications.minor(application, "amount", advice.amount)
    facts = applications.facts(
        application,
        actor,
        expected_version=version,
        note=advice.note,
        recommended_outcome=advice.outcome,
        requested=application.requested_minor,
        amount=amount,
        money=applications.amounts(
            application, amount=amount, requested=application.requested_minor
        ),
    )
    step = fire(applications.workflow(application), application.state, "recommend", facts)
    approving = advice.outcome == "approve"
    plan = [{"purpose": purpose, "share_pct": str(pct)} for purpose, pct in advice.tranches]
    detail = {
        "outcome": advice.outcome,
        "amount": amount if approving else None,
        "currency": application.currency,
        "tranches": plan if approving else [],
    }
    recorded = take(application, step, facts, Evidence(detail, _said(facts).private), actor=actor)
    db.session.add(
        Recommendation(
            application_id=application.id,
            officer_id=actor.id,
            outcome=advice.outcome,
            amount_minor=amount if approving else None,
            tranches=plan if approving else [],
            note=advice.note,
            event_id=recorded.id,
            at=recorded.at,
        )
    )
    return recorded


def decline(reference: str, said: Reasoned, *, version: int | None, actor: Person) -> Recorded:
    """Decide to decline, with reasons."""
    application, facts, step = _fired(reference, "decline", said, version, actor)
    advice = queries.recommendation(application)
    departs = "yes" if advice and advice.outcome == "approve" else "no"
    evidence = Evidence({"departs_from_recommendation": departs}, _said(facts).private)
    recorded = take(application, step, facts, evidence, actor=actor)
    decide(application, facts, recorded, outcome="decline", authority=None, actor=actor)
    return recorded


def decide(
    application: Application,
    facts: Facts,
    recorded: Recorded,
    *,
    outcome: str,
    authority: Authority | None,
    actor: Person,
) -> None:
    """Keep a decision beside its event; a case has one."""
    row = {
        "application_id": application.id,
        "officer_id": actor.id,
        "outcome": outcome,
        "amount_minor": facts.amount if outcome == "approve" else None,
        "authority_id": authority.id if authority else None,
        "reasons": list(facts.reasons),
        "event_id": recorded.id,
        "at": recorded.at,
    }
    db.session.connection().execute(_DECISION, row)


def reasoned(application: Application, act: str, said: Reasoned, facts: Facts) -> Facts:
    """Add reasons to the facts, telling apart those the scheme does not know for this act."""
    known = {reason.code for reason in applications.terms(application).reasons_for(act)}
    return replace(
        facts,
        reasons=said.reasons,
        unknown_reasons=tuple(code for code in said.reasons if code not in known),
        note=said.note,
    )


def _plain(
    reference: str, act: str, said: Reasoned, *, version: int | None, actor: Person
) -> Recorded:
    application, facts, step = _fired(reference, act, said, version, actor)
    return take(application, step, facts, _said(facts), actor=actor)


def _fired(
    reference: str, act: str, said: Reasoned, version: int | None, actor: Person
) -> tuple[Application, Facts, Step]:
    application = applications.find(reference, actor=actor, lock=True)
    facts = applications.facts(application, actor, expected_version=version)
    facts = reasoned(application, act, said, facts)
    return (
        application,
        facts,
        fire(applications.workflow(application), application.state, act, facts),
    )


def _said(facts: Facts, **detail: Any) -> Evidence:
    return Evidence(detail, {"note": facts.note} if facts.note else {})
