"""For auditors: the trail of a case, and exports."""

from flask import Blueprint, Response, render_template, request, stream_with_context

from app.accounts import access
from app.accounts.access import actor, requires
from app.applications import queries as applications
from app.audit import export, queries
from app.dashboards import queries as dashboards
from app.errors import Missing
from app.trail.queries import events_of

pages = Blueprint("audit", __name__)
api = Blueprint("audit_api", __name__, url_prefix="/api/v1")


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
    return render_template("audit/home.html", rows=rows, more=more, states=names, carried=carried)


@pages.get("/audit/cases/<reference>")
@requires("officer")
def case(reference: str) -> str:
    """Show every event of a case with its exact record."""
    view = dashboards.case(reference, actor=actor())
    return render_template("audit/case.html", view=view, facts=events_of(reference))


@pages.get("/audit/export.<kind>")
@requires("auditor")
def export_page(kind: str) -> Response:
    """Download the trail of one case (``?case=``) or of all the auditor may see."""
    return _export(kind)


@api.get("/trail.<kind>")
@requires("auditor")
def api_export(kind: str) -> Response:
    """Download the trail of one case (``?case=``) or of all the auditor may see."""
    return _export(kind)


_MEDIA_TYPES = {"jsonl": "application/jsonl", "csv": "text/csv"}


def _export(kind: str) -> Response:
    if kind not in export.LINES:
        raise Missing("The trail is exported as jsonl or csv.")
    reference = request.args.get("case", "")
    facts = queries.events(actor(), reference)
    name = f"trail-{reference or 'all'}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(
        stream_with_context(export.LINES[kind](facts)), mimetype=_MEDIA_TYPES[kind], headers=headers
    )
