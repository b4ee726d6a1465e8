"""The copy of an application that a submission freezes: what was decided on is what was submitted."""

import json
import secrets
from typing import Any

from app.applications import queries as applications
from app.applications.models import Application
from app.schemes.schemas import well_formed
from app.submissions import queries
from workflows import eligibility


def frozen(application: Application) -> dict[str, Any]:
    """Return the copy that a submission freezes: answers as typed values, documents, scheme and workflow by digest."""
    scheme = applications.terms(application)
    return {
        # The trail names the digest of the copy: without a salt, what is erased could be guessed from it.
        "salt": secrets.token_hex(32),
        "answers": {k: str(v) for k, v in well_formed(scheme, application.answers).items()},
        "documents": [
            {
                "id": a.document.id,
                "kind": a.kind,
                "name": a.document.filename,
                "sha256": a.document.sha256,
            }
            for a in queries.attachments(application)
        ],
        "enterprise": {
            "country": application.enterprise.country,
            "registry_number": application.enterprise.registry_number,
            "name": application.enterprise.name,
            "address": application.enterprise.address,
        },
        "scheme": {"code": scheme.code, "version": scheme.version, "sha256": scheme.digest},
        "workflow": application.workflow_digest,
        "eligibility": [
            {"rule": r.rule.name, "holds": json.dumps(r.holds), "clause": r.rule.clause}
            for r in eligibility.check(scheme.rules, well_formed(scheme, application.answers))
        ],
    }
