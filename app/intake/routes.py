"""For desk officers: hand in a file of paper applications, see how far it is and what came of it; templates."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts import access
from app.accounts import queries as accounts
from app.accounts.access import actor, requires
from app.accounts.schemas import read
from app.db import transaction
from app.documents.commands import Upload
from app.errors import Conflict, Invalid
from app.intake import commands, queries
from app.intake.compose import CSV, MOST_BYTES, MOST_ROWS, TYPES, as_csv, template, told_to
from app.intake.models import Batch
from app.intake.schemas import ImportInput
from app.schemes import queries as schemes

pages = Blueprint("intake", __name__)
api = Blueprint("intake_api", __name__, url_prefix="/api/v1")

# So many lines of a report stand on the page; all of them in the table to download.
SHOWN = 200
# In seconds: the page of a file that is being read asks again by itself.
_AGAIN = 5
_LABELS = {"call": "Call", "file": "File"}


@pages.get("/imports")
@requires("officer")
def home() -> str:
    """Show the form for a file, the templates, and the files of the agency."""
    return _home({}, {})


@pages.post("/imports")
@requires("officer")
def send() -> Redirect | tuple[str, int]:
    """Take in a file; a worker reads it."""
    values = {"call": request.form.get("call", "")}
    queries.for_desk(actor())
    try:
        with transaction():
            found = _ask(values)
    except Invalid as error:
        return _home(values, error.errors), 422
    except Conflict as error:
        return _home(values, {"": [error.detail]}), 409
    return redirect(url_for("intake.batch", number=found.id), 303)


@pages.get("/imports/<int(max=2147483647):number>")
@requires("officer")
def batch(number: int) -> Response:
    """Show how far a file is, then what came of it."""
    found = queries.batch(number, actor=actor())
    told = _report(found)
    page = render_template(
        "intake/batch.html",
        batch=found,
        call=queries.call_of(found),
        zone=accounts.zone_of(actor()),
        report=told,
        shown=told[:SHOWN],
        rows=len({line["row"] for line in told}),
    )
    response = Response(page)
    if found.state in ("waiting", "running"):
        response.headers["Refresh"] = str(_AGAIN)
    return response


@pages.get("/imports/<int(max=2147483647):number>.csv")
@requires("officer")
def report(number: int) -> Response:
    """Download what came of a file, row by row."""
    found = queries.batch(number, actor=actor())
    return _download(as_csv(_report(found)).encode(), CSV, f"import-{found.id}.csv")


@pages.get("/imports/templates/<code>.<any(csv, xlsx):kind>")
@requires("officer")
def template_file(code: str, kind: str) -> Response:
    """Download the template of a call."""
    found = queries.call(code, actor=actor())
    terms = schemes.terms(found.scheme)
    return _download(template(terms, kind), kind, f"{found.code}.{kind}")


@api.get("/imports")
@requires("officer")
def api_batches() -> Response:
    """List the files of the agency, the newest first."""
    found = queries.batches(actor())
    return jsonify({"imports": [_told(one, call.code) for one, call in found]})


@api.post("/imports")
@requires("officer")
def api_send() -> Any:
    """Take in a file, sent as multipart form data with ``call`` and ``file``."""

    def produce() -> tuple[dict[str, Any], int]:
        found = _ask({"call": request.form.get("call", "")})
        return _told(found, queries.call_of(found).code), 202

    queries.for_desk(actor())
    return access.once(produce)


@api.get("/imports/<int(max=2147483647):number>")
@requires("officer")
def api_batch(number: int) -> Response:
    """Tell how far a file is, and what came of it, row by row."""
    found = queries.batch(number, actor=actor())
    return jsonify({**_told(found, queries.call_of(found).code), "report": _report(found)})


def _ask(values: dict[str, str]) -> Batch:
    given = read(ImportInput(), values)
    file = request.files.get("file")
    upload = Upload(file.filename or "", file.read()) if file else Upload("", b"")
    return commands.ask(given["call"], upload, actor=actor())


def _report(found: Batch) -> list[dict[str, Any]]:
    return told_to(found.report, queries.seen(found, actor=actor()))


def _home(values: dict[str, str], errors: dict[str, list[str]]) -> str:
    return render_template(
        "intake/home.html",
        calls=queries.calls(actor()),
        batches=queries.batches(actor()),
        zone=accounts.zone_of(actor()),
        most_rows=MOST_ROWS,
        most_megabytes=MOST_BYTES // 1024 // 1024,
        values=values,
        errors=errors,
        labels=_LABELS,
    )


def _download(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=TYPES[kind], headers=headers)


def _told(found: Batch, call: str) -> dict[str, Any]:
    return {
        "id": found.id,
        "call": call,
        "filename": found.filename,
        "sha256": found.sha256,
        "state": found.state,
        "done": found.done,
        "total": found.total,
        "asked_at": found.asked_at.isoformat(),
        "finished_at": found.finished_at.isoformat() if found.finished_at else None,
    }
