"""For auditors: the cases they may see, the trail of each, and evidence bundles."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as Redirect

from app.accesslog import access as looks
from app.accounts import access
from app.accounts import queries as accounts
from app.accounts.access import actor, requires
from app.accounts.schemas import read
from app.applications import queries as applications
from app.audit import commands, queries
from app.audit.compose import Scope, place, tlog_proof
from app.audit.models import Bundle
from app.audit.schemas import BundleInput
from app.checkpoints import queries as checkpoints
from app.dashboards import queries as dashboards
from app.db import transaction
from app.errors import Conflict, Invalid, Missing
from app.exports.export import FORMATS
from app.trail.queries import events_of

pages = Blueprint("audit", __name__)
api = Blueprint("audit_api", __name__, url_prefix="/api/v1")

_ZIP = "application/zip"
_LABELS = {
    "kind": "What it holds",
    "cases": "Cases",
    "agency": "Agency",
    "from": "First day",
    "to": "Last day",
    "documents": "Documents and letters",
    "checkpoint": "Older checkpoint",
}


@pages.get("/audit")
@requires("auditor")
def home() -> str:
    """Show the cases an auditor may see, and the exports."""
    # Taking the parcel ends the transaction, and rows read before it with it.
    carried = access.carried()
    rows, more = applications.page(
        actor(), applications.Filter(after=access.whole_number(request.args.get("after", "0")))
    )
    names = {row.reference: applications.workflow(row).states[row.state] for row in rows}
    return render_template(
        "audit/home.html", rows=rows, more=more, states=names, carried=carried, formats=FORMATS
    )


@pages.get("/audit/cases/<reference>")
@requires("officer")
def case(reference: str) -> str:
    """Show every event of a case with its exact record, its place in the tree, and whether that is signed."""
    view = dashboards.case(reference, actor=actor())
    return render_template(
        "audit/case.html",
        view=view,
        facts=events_of(reference),
        places=queries.places(reference),
        newest=checkpoints.newest(),
        formats=FORMATS,
    )


@pages.get("/audit/cases/<reference>/events/<int(max=2147483647):seq>.tlog-proof")
@requires("officer")
def proof(reference: str, seq: int) -> Response:
    """Download the proof that an event is in the signed trail."""
    return _proof(reference, seq)


@api.get("/applications/<reference>/events/<int(max=2147483647):seq>.tlog-proof")
@requires("officer")
def api_proof(reference: str, seq: int) -> Response:
    """Download the proof that an event is in the signed trail."""
    return _proof(reference, seq)


@pages.get("/audit/bundles")
@requires("auditor")
def bundles() -> str:
    """Show the evidence bundles the auditor asked for, and the form for another."""
    given = {name: request.args.get(name, "") for name in ("kind", "cases", "agency")}
    return _form(given, {})


@pages.post("/audit/bundles")
@requires("auditor")
def ask() -> Redirect | tuple[str, int]:
    """Have an evidence bundle made."""
    values = {name: value for name, value in request.form.items() if name != "csrf_token"}
    try:
        with transaction():
            found = commands.ask(read(BundleInput(), _given(values)), actor=actor())
    except Invalid as error:
        return _form(values, error.errors), 422
    return redirect(url_for("audit.bundle", number=found.id), 303)


@pages.get("/audit/bundles/<int(max=2147483647):number>")
@requires("auditor")
def bundle(number: int) -> str:
    """Show how far an evidence bundle is, and where to have it."""
    found = queries.bundle(number, actor=actor())
    return render_template("audit/bundle.html", bundle=found, scope=_scope(found))


@pages.get("/audit/bundles/<int(max=2147483647):number>.zip")
@requires("auditor")
def bundle_file(number: int) -> Response:
    """Download an evidence bundle."""
    return _file(number)


@api.get("/bundles")
@requires("auditor")
def api_bundles() -> Response:
    """List the evidence bundles the auditor asked for, the newest first."""
    return jsonify({"bundles": [_told(found) for found in queries.bundles(actor())]})


@api.post("/bundles")
@requires("auditor")
def api_ask() -> Any:
    """Have an evidence bundle made."""
    asked = read(BundleInput(), access.json_body())

    def produce() -> tuple[dict[str, Any], int]:
        return _told(commands.ask(asked, actor=actor())), 202

    return access.once(produce)


@api.get("/bundles/<int(max=2147483647):number>")
@requires("auditor")
def api_bundle(number: int) -> Response:
    """Tell how far an evidence bundle is."""
    return jsonify(_told(queries.bundle(number, actor=actor())))


@api.get("/bundles/<int(max=2147483647):number>.zip")
@requires("auditor")
def api_bundle_file(number: int) -> Response:
    """Download an evidence bundle."""
    return _file(number)


def _proof(reference: str, seq: int) -> Response:
    found = applications.find(reference, actor=actor())
    text = tlog_proof(queries.event(found.reference, seq))
    name = f"{reference}-{seq}.tlog-proof"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="text/plain", headers=headers)


def _form(values: dict[str, str], errors: dict[str, list[str]]) -> str:
    person = actor()
    codes = accounts.audited(person, queries.today(person))
    return render_template(
        "audit/bundles.html",
        values=values,
        errors=errors,
        labels=_LABELS,
        bundles=[(found, _scope(found)) for found in queries.bundles(person)],
        agencies=queries.agencies(codes),
    )


def _given(values: dict[str, str]) -> dict[str, str]:
    """Return what the form says, with the checkpoint from a file where one was sent."""
    given = {name: value for name, value in values.items() if value}
    file = request.files.get("checkpoint_file")
    if file is not None and file.filename:
        given["checkpoint"] = file.read().decode("utf-8", "replace")
    return given


def _scope(found: Bundle) -> Scope:
    return Scope.restored(found.scope["asked"])


def _file(number: int) -> Response:
    found = queries.bundle(number, actor=actor())
    if found.state != "ready" or found.sha256 is None:
        raise Conflict("The bundle is not ready.")
    queries.still_for(found, actor=actor())
    file = place(found.sha256)
    if not file.is_file():
        raise Missing("The file is no longer in the store. Ask for the bundle again.")
    looks.saw(found.scope["asked"]["cases"])
    response = send_file(
        file,
        mimetype=_ZIP,
        as_attachment=True,
        download_name=f"evidence-{found.id}.zip",
        conditional=False,
        etag=False,
    )
    response.headers["X-Content-SHA256"] = found.sha256
    return response


def _told(found: Bundle) -> dict[str, Any]:
    return {
        "id": found.id,
        "scope": _scope(found).told(),
        "state": found.state,
        "done": found.done,
        "total": found.total,
        "size": found.size,
        "sha256": found.sha256,
        "bytes": found.bytes,
        "error": found.error,
        "asked_at": found.asked_at.isoformat(),
        "ready_at": found.ready_at.isoformat() if found.ready_at else None,
        "removed_at": found.removed_at.isoformat() if found.removed_at else None,
    }
