"""What officers do with a submission: screen, return, assess, recommend."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.commands import Evidence, take
from app.applications.models import Application
from app.db import db
from app.errors import Invalid
from app.reviews import queries
from app.reviews.models import Assessment, Recommendation
from app.schemes.compose.terms import SchemeTerms
from app.submissions import queries as submissions
from app.trail.commands import Recorded
from workflows.facts import Facts
from workflows.machine import Step, fire
from workflows.sale import ONE_AMOUNT

# By whether the criterion may be left out.
_WANTED = {
    False: "Give a score from 0 to 5.",
    True: "Give a score from 0 to 5, or say that it does not apply.",
}


@dataclass(frozen=True)
class Reasoned:
    """Coded reasons and a note in plain words."""

    reasons: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Scores:
    """An assessor's scores by criterion, 0 to 5 or ``None`` where it does not apply, and a comment."""

    scores: Mapping[str, int | None]
    comment: str


@dataclass(frozen=True)
class Advice:
    """A recommendation: outcome approve or decline, amount as typed, tranches as purpose and per cent."""

    outcome: str
    amount: str
    tranches: tuple[tuple[str, Decimal], ...]
    note: str


def move(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Move a case by an act that does nothing beside: take up, pass on, screen out, agree as another institution."""
    application, facts, step = fired(reference, act, said, version, actor)
    return take(application, step, facts, _said(facts), actor=actor)


def return_for_information(
    reference: str, said: Reasoned, *, act: str = "return", version: int | None, actor: Person
) -> Recorded:
    """Give the ball back to the applicant, with reasons and a last day to reply."""
    application, facts, step = fired(reference, act, said, version, actor)
    days = applications.terms(application).reply_within_days
    evidence = _said(facts, reply_by=(facts.today + timedelta(days=days)).isoformat())
    return take(application, step, facts, evidence, actor=actor, days=days)


def assess(
    reference: str, given: Scores, *, act: str = "assess", version: int | None, actor: Person
) -> Recorded:
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
    step = fire(applications.workflow(application), application.state, act, facts)
    total = weighted(terms, given.scores)
    detail = {"scores": {**given.scores}, "total_thousandths": total, "assessment": len(done) + 1}
    evidence = Evidence(detail, {"comment": given.comment})
    recorded = take(application, step, facts, evidence, actor=actor)
    db.session.add(
        Assessment(
            application_id=application.id,
            assessor_id=actor.id,
            scores={**given.scores},
            total=total,
            comment=given.comment,
            event_id=recorded.id,
            at=recorded.at,
        )
    )
    return recorded


def weighted(terms: SchemeTerms, scores: Mapping[str, int | None]) -> int:
    """Return the weighted score in thousandths of a point (0 to 5000), half a thousandth rounded up.

    A criterion without a score, ``None``, does not apply: it leaves the mean, and the weights of the others are the whole.
    Raises ``Invalid`` by criterion.
    """
    errors = {}
    for criterion in terms.criteria:
        missing = criterion.key not in scores
        score = scores.get(criterion.key)
        left_out = score is None and not missing and criterion.may_not_apply
        if not left_out and score not in range(6):
            errors[f"scores.{criterion.key}"] = [_WANTED[criterion.may_not_apply]]
    known = {criterion.key for criterion in terms.criteria}
    errors |= {
        f"scores.{key}": ["The rubric has no such criterion."] for key in scores.keys() - known
    }
    if errors:
        raise Invalid(errors)
    given = [(c.weight_pct, scores[c.key]) for c in terms.criteria]
    counted = [(weight, score) for weight, score in given if score is not None]
    whole = sum(weight for weight, _ in counted)
    points = sum(weight * score for weight, score in counted)
    return (2000 * points + whole) // (2 * whole)


def recommend(
    reference: str, advice: Advice, *, act: str = "recommend", version: int | None, actor: Person
) -> Recorded:
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
    step = fire(applications.workflow(application), application.state, act, facts)
    approving = advice.outcome == "approve"
    loan = applications.terms(application).loan
    if approving and loan and loan.sale and len(advice.tranches) > 1:
        raise Invalid({"tranches": [ONE_AMOUNT]})
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


def reasoned(application: Application, act: str, said: Reasoned, facts: Facts) -> Facts:
    """Add reasons to the facts, telling apart those the scheme does not know for this act."""
    known = {reason.code for reason in applications.terms(application).reasons_for(act)}
    return replace(
        facts,
        reasons=said.reasons,
        unknown_reasons=tuple(code for code in said.reasons if code not in known),
        note=said.note,
    )


def fired(
    reference: str, act: str, said: Reasoned, version: int | None, actor: Person
) -> tuple[Application, Facts, Step]:
    """Lock a case and fire an act with the reasons, the note and the documents attached for it."""
    application = applications.find(reference, actor=actor, lock=True)
    workflow = applications.workflow(application)
    facts = applications.facts(application, actor, expected_version=version)
    facts = reasoned(application, act, said, facts)
    if act in workflow.acts and workflow.acts[act].attachments:
        facts = replace(facts, attached=submissions.attached(application, act))
    return application, facts, fire(workflow, application.state, act, facts)


def _said(facts: Facts, **detail: Any) -> Evidence:
    return Evidence(detail, {"note": facts.note})
