"""The copy of an application that a submission freezes: what was decided on is what was submitted."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from app.applications import queries as applications
from app.applications.models import Application
from app.applications.queries import dollars
from app.applications.queries.preparing import prepared
from app.schemes.compose.applying import as_text
from app.schemes.compose.judging import Judged
from app.submissions import queries
from app.submissions.models import EligibilityCheck
from app.trail.commands import Recorded


@dataclass(frozen=True)
class Paper:
    """How an application was filed on paper: ``kept`` stands in the frozen copy, ``told`` in the event.

    Both hold ``documents``: how many of each kind were seen. Where the paper is kept (``archive``) is only in the copy.
    """

    kept: dict[str, Any]
    told: dict[str, Any]


def frozen(application: Application, judged: Judged, paper: Paper | None = None) -> dict[str, Any]:
    """Return the copy that a submission freezes: answers as typed values, documents, scheme and workflow by digest.

    Answers to questions that do not apply, and documents nobody asks for on these answers, are left out; ``judged`` is what
    the rules of eligibility came to. What was filed on ``paper`` stands in each later copy too.
    """
    scheme = applications.terms(application)
    asked = queries.wanted(application)
    filed = paper.kept if paper else queries.on_paper(application)
    return {
        # The trail names the digest of the copy: without a salt, what is erased could be guessed from it.
        "salt": secrets.token_hex(32),
        "answers": as_text(queries.form_of(application).values),
        "documents": [
            {
                "id": a.document.id,
                "kind": a.kind,
                "name": a.document.filename,
                "sha256": a.document.sha256,
            }
            for a in queries.attachments(application)
            if a.kind in asked
        ],
        "enterprise": {
            "country": application.enterprise.country,
            "registry_number": application.enterprise.registry_number,
            "name": application.enterprise.name,
            "address": application.enterprise.address,
        },
        "scheme": {"code": scheme.code, "version": scheme.version, "sha256": scheme.digest},
        "workflow": application.workflow_digest,
        "eligibility": criteria(judged),
        **({"paper": filed} if filed else {}),
        **dollars.told(application),
    }


def criteria(judged: Judged) -> list[dict[str, str]]:
    """Return every rule of eligibility with what it found, as an event and a frozen copy have it."""
    return [
        {"rule": one.rule.name, "holds": json.dumps(one.holds), "clause": one.rule.clause}
        for one in judged.results
    ]


def kept(
    application: Application, occasion: str, judged: Judged, recorded: Recorded
) -> EligibilityCheck:
    """Return the row that keeps what the rules came to with an event: rules and facts by name, nothing of the answers."""
    standing = judged.standing
    return EligibilityCheck(
        application_id=application.id,
        occasion=occasion,
        outcome=judged.outcome,
        results=judged.told,
        facts={**judged.facts, **({"size_law": standing.law} if standing else {})},
        event_id=recorded.id,
        at=recorded.at,
    )


def preparation(application: Application) -> dict[str, Any]:
    """Return what the first submission says of an adviser who prepared it: who, of which centre, under which consent.

    Empty when the enterprise wrote it itself, and for what is submitted later.
    """
    found = prepared(application)
    if found is None or application.submitted_at is not None:
        return {}
    return {
        "prepared_by": [f"officer:{number}" for number in found.advisers],
        "centre": found.code,
        "consent": found.consent,
    }
