"""The access log for auditors and records officers; who looked, for applicants; and masked values, shown once."""

from collections.abc import Iterator
from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.wrappers import Response as Redirect

from app.accesslog import commands, queries
from app.accesslog.queries import Narrowed
from app.accesslog.schemas import NarrowInput, RevealInput
from app.accounts import access
from app.accounts import queries as accounts
from app.accounts.access import actor, requires
from app.accounts.schemas import read
from app.applications import queries as applications
from app.applications.access import nested
from app.db import transaction
from app.delimited import line
from app.errors import Forbidden, Invalid

pages = Blueprint("accesslog", __name__)
api = Blueprint("accesslog_api", __name__, url_prefix="/api/v1")

READERS = frozenset({"auditor", "records_officer"})
COLUMNS = (
    "id", "at", "person", "name", "agency", "case", "what", "field", "ground", "asked",
)  # fmt: skip
# What addresses are called, by their names in the program.
TITLES = {
    "repayments.schedule": "The repayment schedule",
    "repayments.home": "The list of arrears",
    "repayments.loans_table": "All loans, as a table",
    "dashboards.case": "The case",
    "dashboards_api.api_case": "The case",
    "audit.case": "The decision trail",
    "submissions.document": "A document",
    "letters.letter": "A letter",
    "letters_api.api_letter": "A letter",
    "letters_api.api_letters": "The list of letters",
    "disbursements.payment_file": "A payment file",
    "disbursements.batch": "A payment file: its payments",
    "disbursements.batch_file": "A payment file",
    "disbursements_api.api_file": "A payment file: its payments",
    "disbursements_api.api_download": "A payment file",
    "retention.case": "How long it is kept",
    "reveal": "A masked value",
    "audit.home": "The list of auditors",
    "dashboards.queue": "The list of cases",
    "dashboards_api.api_list": "The list of cases",
    "retention.home": "Records",
    "accesslog.home": "The access log",
    "accesslog.table": "The access log, as a table",
    "analysis.find": "A search of cases",
    "analysis.all_samples": "Samples",
    "analysis.sample": "A sample",
    "analysis.sample_table": "A sample, as a table",
    "analysis.process_map": "The process map",
    "analysis.comparison": "A comparison",
    "analysis_api.api_find": "A search of cases",
    "analysis_api.api_process": "The process map",
    "analysis_api.api_comparison": "A comparison",
    "audit.bundles": "The list of bundles",
    "audit.bundle": "A bundle of evidence: how far it is",
    "audit.bundle_file": "A bundle of evidence",
    "audit_api.api_bundles": "The list of bundles",
    "audit_api.api_bundle": "A bundle of evidence: how far it is",
    "audit_api.api_bundle_file": "A bundle of evidence",
    "audit.proof": "The proof of an event",
    "audit_api.api_proof": "The proof of an event",
    "exports.download": "An export",
}


@pages.get("/access-log")
@requires("officer")
def home() -> str | tuple[str, int]:
    """Show who looked at what, newest first, narrowed by what the address says."""
    _reader()
    values = request.args.to_dict()
    try:
        narrowed = read(NarrowInput(), values)
    except Invalid as error:
        return _page(Narrowed(), values, error.errors), 422
    return _page(narrowed, values, {})


@pages.get("/access-log.csv")
@requires("officer")
def table() -> Response:
    """Download the access log as a table (RFC 4180), narrowed in the same way."""
    _reader()
    narrowed = read(NarrowInput(), request.args.to_dict())
    rows = queries.every(actor(), narrowed)
    headers = {"Content-Disposition": 'attachment; filename="access-log.csv"'}
    return Response(stream_with_context(_lines(rows)), mimetype="text/csv", headers=headers)


@pages.get("/cases/<reference>/looks")
@requires("applicant")
def looks(reference: str) -> str:
    """Show an applicant who looked at the application, by agency and duty."""
    application = applications.find(reference, actor=actor())
    return render_template(
        "accesslog/looks.html",
        application=application,
        looks=queries.looks(application),
        titles=TITLES,
        zone=applications.zone_of(application),
    )


@pages.post("/cases/<reference>/reveal")
@requires("officer")
def reveal(reference: str) -> Redirect:
    """Have a masked value shown once, on the page of the case, for a reason that is noted."""
    try:
        given = read(RevealInput(), nested(request.form))
        with transaction():
            commands.reveal(reference, **given, actor=actor())
        access.carry({"revealed": {reference: given["field"]}})
    except Invalid as error:
        access.carry({"act": "reveal", "errors": error.errors, "values": request.form.to_dict()})
    return redirect(url_for("dashboards.case", reference=reference), 303)


@api.post("/applications/<reference>/reveal")
@requires("officer")
def api_reveal(reference: str) -> Response:
    """Answer a masked value, for a reason that is noted."""
    applications.find(reference, actor=actor())
    given = read(RevealInput(), access.json_body())
    with transaction():
        value = commands.reveal(reference, **given, actor=actor())
    return jsonify({given["field"]: value})


def _reader() -> None:
    if READERS.isdisjoint(actor().duties):
        raise Forbidden("The access log is for auditors and records officers.")


def _page(narrowed: Narrowed, values: dict[str, str], errors: dict[str, list[str]]) -> str:
    rows, more = ([], False) if errors else queries.page(actor(), narrowed)
    kept = {name: text for name, text in values.items() if name != "before" and text}
    return render_template(
        "accesslog/home.html",
        rows=rows,
        more=more,
        values=values,
        kept=kept,
        errors=errors,
        titles=TITLES,
        zone=accounts.zone_of(actor()),
    )


def _lines(rows: Iterator[Any]) -> Iterator[str]:
    yield line(COLUMNS)
    for row in rows:
        values = (
            row.id, row.at.isoformat(), f"officer:{row.person_id}", row.name, row.agency, row.case, row.what,
            row.field, row.ground, row.asked,
        )  # fmt: skip
        yield line(values)
