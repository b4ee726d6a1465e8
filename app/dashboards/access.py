"""What the interface answers of a case: the whole of it, or the part that an agency has in it."""

from typing import Any

from app.dashboards.queries import CaseView
from app.submissions import queries as submissions
from workflows.machine import Option


def case_body(view: CaseView) -> dict[str, Any]:
    """Return what the interface says of a case, amounts in minor units."""
    application = view.application
    return {
        "reference": application.reference,
        "state": application.state,
        "version": application.version,
        "currency": application.currency,
        "requested": application.requested_minor,
        "awarded": view.award.amount_minor if view.award else None,
        "disbursed": view.award.disbursed_minor if view.award else None,
        "due_on": application.due_on.isoformat() if application.due_on else None,
        "answers": view.answers,
        "acts": [_option(option) for option in view.options],
        "strands": application.strands,
        "deciding": _deciding(view),
        "acting_for": [{"name": d.name, "duty": d.duty, "limit": d.limit} for d in view.acting_for],
        "conditions": [{"key": c.key, "met": c.met_at is not None} for c in view.conditions],
        "eligibility": [
            {
                "occasion": c.occasion,
                "outcome": c.outcome,
                "at": c.at.isoformat(),
                "results": c.results,
            }
            for c in submissions.checks(application)
        ],
        "tranches": [
            {
                "number": found.tranche.number,
                "amount": found.tranche.amount_minor,
                "state": found.state.name,
                "file_sha256": found.instruction.batch.sha256 if found.instruction else None,
                "acts": [_option(option) for option in found.options],
            }
            for found in view.tranches
        ],
    }


def part_body(view: CaseView) -> dict[str, Any]:
    """Return what the interface says of the part in a case that an agency has and alone sees."""
    application = view.application
    return {
        "reference": application.reference,
        "enterprise": application.enterprise.name,
        "version": application.version,
        "currency": application.currency,
        "requested": application.requested_minor,
        "stands": view.state.officer,
        "due_on": view.deadline.on.isoformat() if view.deadline else None,
        "answers": view.answers,
        "acts": [_option(option) for option in view.options],
        "tranches": [
            {
                "number": found.tranche.number,
                "amount": found.tranche.amount_minor,
                "state": found.state.name,
                "acts": [_option(option) for option in found.options],
            }
            for found in view.tranches
        ],
    }


def _deciding(view: CaseView) -> dict[str, Any] | None:
    """Return how the decision stands that the case waits for, amounts in minor units."""
    found = view.deciding
    if found is None or found.band is None or found.tally is None:
        return None
    return {
        "decision": found.decision.name,
        "amount": found.motion,
        "body": found.band.body,
        "members": found.tally.members,
        "needed": found.tally.needed,
        "present": found.tally.present,
        "least_present": found.tally.least_present,
        "for": found.tally.votes_for,
        "against": found.tally.votes_against,
        "recused": found.tally.recused,
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "act": option.act.name,
        "label": option.act.label,
        "allowed": option.allowed,
        "why_not": [vars(failure) for failure in option.failures],
    }
