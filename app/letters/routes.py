"""Downloading letters: for the applicant and for the officers of the agency."""

from typing import Any

from flask import Blueprint, Response, jsonify

from app.accounts.access import actor, requires
from app.applications.access import not_erased
from app.applications.queries import find
from app.errors import Missing
from app.letters import queries

pages = Blueprint("letters", __name__)
api = Blueprint("letters_api", __name__, url_prefix="/api/v1")


@pages.get("/cases/<reference>/letters/<int(max=2147483647):letter_id>.pdf")
@requires("signed_in")
def letter(reference: str, letter_id: int) -> Response:
    """Download a letter."""
    return _download(reference, letter_id)


@api.get("/applications/<reference>/letters")
@requires("signed_in")
def api_letters(reference: str) -> Response:
    """List the letters of a case with their digests."""
    found = queries.letters(find(reference, actor=actor()))
    listed: list[dict[str, Any]] = [
        {
            "id": row.id,
            "kind": row.kind,
            "event_id": row.event_id,
            "sha256": row.sha256,
            "issued_at": row.issued_at.isoformat(),
        }
        for row in found
    ]
    return jsonify({"letters": listed})


@api.get("/applications/<reference>/letters/<int(max=2147483647):letter_id>.pdf")
@requires("signed_in")
def api_letter(reference: str, letter_id: int) -> Response:
    """Download a letter."""
    return _download(reference, letter_id)


def _download(reference: str, letter_id: int) -> Response:
    application = find(reference, actor=actor())
    found = queries.letter(application, letter_id)
    if found is None:
        raise Missing("There is no such letter in this case.")
    not_erased(application)
    name = f"{reference}-{found.kind}-{found.id}.pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-SHA256": found.sha256,
    }
    return Response(found.pdf, mimetype="application/pdf", headers=headers)
