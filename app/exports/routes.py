"""Downloads of the trail in every format, for auditors."""

from typing import Any

from flask import Blueprint, Response, request, stream_with_context

from app.accounts.access import actor, requires
from app.accounts.schemas import read
from app.db import db, transaction
from app.errors import Missing
from app.exports import commands, compose
from app.exports.compose import Asked
from app.exports.export import FORMATS
from app.exports.schemas import ExportInput

pages = Blueprint("exports", __name__)
api = Blueprint("exports_api", __name__, url_prefix="/api/v1")


@pages.get("/audit/export.<kind>")
@requires("auditor")
def download(kind: str) -> Response:
    """Download the trail of one case (``?case=``), or of all the auditor may see."""
    return _download(kind)


@api.get("/trail.<kind>")
@requires("auditor")
def api_download(kind: str) -> Response:
    """Download the trail of one case (``?case=``), or of all the auditor may see."""
    return _download(kind)


def _download(kind: str) -> Response:
    """Sign, record the export, and only then begin to send."""
    asked = _asked(kind)
    # Refused before anything is written.
    compose.scope(asked, None, actor=actor())
    db.session.rollback()
    newest = commands.sign()
    scope = compose.scope(asked, newest, actor=actor())
    db.session.rollback()
    with transaction():
        commands.note_export({"format": kind, **scope.told}, actor=db.session.merge(actor()))
    found = FORMATS[kind]
    headers = {
        "Content-Disposition": f'attachment; filename="{found.file_name(scope)}"',
        "Checkpoint-Size": str(scope.size),
        "Checkpoint-Root": scope.root,
    }
    return Response(
        stream_with_context(found.write(scope)), mimetype=found.media_type, headers=headers
    )


def _asked(kind: str) -> Asked:
    if kind not in FORMATS:
        raise Missing(f"The trail is exported as {', '.join(FORMATS)}.")
    given: dict[str, Any] = {name: value for name, value in request.args.items() if value}
    if "kind" in given:
        given["kind"] = [value for value in request.args.getlist("kind") if value]
    asked: Asked = read(ExportInput(), given)
    if FORMATS[kind].of_case and not asked.case:
        raise Missing(f"{FORMATS[kind].name} is of one case: say which, as ?case=.")
    return asked
