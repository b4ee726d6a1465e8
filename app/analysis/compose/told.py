"""What the interface answers: the same as the pages show, as tables of strings and whole numbers."""

from dataclasses import asdict
from typing import Any

from app.analysis.compose import figures
from app.analysis.compose.process import Flow
from app.analysis.compose.sides import FEW, Side


def case(found: Any) -> dict[str, Any]:
    """Return a case that was found, with its decisions, findings and flags."""
    row = found.case
    return {
        "reference": row.reference,
        "agency": row.scheme.agency.code,
        "scheme": row.scheme.code,
        "enterprise": row.enterprise.name,
        "state": row.state,
        "currency": row.currency,
        "requested": row.requested_minor,
        "submitted_at": row.submitted_at.isoformat(),
        "decisions": [decision(one) for one in found.decisions],
    }


def decision(one: Any) -> dict[str, Any]:
    """Return a decision with its findings and flags; the officer as on the trail."""
    return {
        "name": one.name,
        "round": one.round,
        "outcome": one.outcome,
        "amount": one.amount,
        "officer": f"officer:{one.officer_id}",
        "instrument": one.instrument,
        "reasons": list(one.reasons),
        "at": one.at.isoformat(),
        "findings": list(one.findings),
        "flags": list(one.flags),
    }


def process(flow: Flow) -> dict[str, Any]:
    """Return the process as it ran; times in seconds and working days."""
    workflow = flow.workflow
    return {
        "workflow": {
            "name": workflow.name,
            "version": workflow.version,
            "sha256": workflow.digest,
        },
        "cases": flow.cases,
        "steps": flow.events,
        "conforming": flow.conforming,
        "other_steps": flow.elsewhere,
        "edges": [
            {"from": arrow.source, "act": arrow.act.name, "to": arrow.target, "count": count}
            for arrow, count in figures.steps(flow)
        ],
        "states": [asdict(stay) for stay in flow.stays()],
        "variants": [asdict(variant) for variant in flow.variants()],
        "paths": flow.paths,
        "deviations": [asdict(one) for one in flow.deviations],
        "deviations_found": flow.found,
    }


def sides(found: list[Side], *, more: bool) -> dict[str, Any]:
    """Return two sides beside each other; shares are in tenths of a per cent."""
    few = any(side.few for side in found)
    caution = f"Fewer than {FEW} decisions on a side say little." if few else ""
    return {
        "sides": [{**asdict(side), "reasons": dict(side.reasons)} for side in found],
        "caution": caution,
        "more": more,
    }
