"""Claims with cost lines: written, claimed, verified line by line; and the acts on every claim and drawdown."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for

from app.accounts import access as session
from app.accounts.access import actor, requires
from app.accounts.schemas import read
from app.applications.access import (
    Verb,
    flatten,
    form_version,
    if_match,
    nested,
    not_erased,
    outcome,
)
from app.applications.models import Application
from app.awards.models import Award
from app.claims import access, commands, queries
from app.claims.access import Place
from app.claims.compose import Errors
from app.claims.schemas import ClaimInput, LinesInput, VerifyInput
from app.db import transaction
from app.documents import queries as stored
from app.errors import Conflict, Invalid, Missing
from app.reviews.schemas import ReasonedInput
from workflows.machine import Refused

pages = Blueprint("claims", __name__)
api = Blueprint("claims_api", __name__, url_prefix="/api/v1")

ASK, VERIFY = "ask", "verify"
VERBS = (
    Verb(f"tranche:{ASK}", ClaimInput, commands.ask),
    Verb(f"tranche:{VERIFY}", VerifyInput, commands.verify),
    Verb("tranche:send_back", ReasonedInput, commands.send_back),
)
_PAGE = "/cases/<reference>/tranches/<int(max=2147483647):number>/claim"
_API = "/applications/<reference>/tranches/<int(max=2147483647):number>/claim"
_DOCUMENT = "<int(max=2147483647):document_id>.pdf"
_VERBS = {verb.does.removeprefix("tranche:"): verb for verb in VERBS}


@pages.app_template_global("unspent_advance")
def unspent_advance(application: Application, award: Award | None) -> int:
    """Return what of the advance of a case is not accounted for yet, in minor units."""
    return queries.open_advance(application, award) if award else 0


@pages.get(_PAGE)
@requires("signed_in")
def claim(reference: str, number: int) -> str:
    """Show the lines of a claim: as a form while they are written, to be verified, or with what was found."""
    carried = session.carried()
    found = access.place(reference, number)
    quiet = "blank" in request.args
    return _page(found, {} if quiet else None, carried=carried)


@pages.post(_PAGE)
@requires("applicant")
def save(reference: str, number: int) -> Any:
    """Save the lines of a claim, right or wrong, with the invoices sent beside them; claim it where the button says so."""
    data = nested(request.form)
    claiming, more = "claim" in data, "add" in data
    note = str(data.get("note", ""))
    found = access.place(reference, number)
    try:
        version = form_version(data)
        wrong = access.save_page(reference, number, data)
    except Invalid as error:
        return _page(found, error.errors, rows=data.get("lines")), 422
    if wrong:
        return _page(access.place(reference, number), wrong), 422
    if claiming:
        return _taken(reference, number, ASK, {"note": note}, version)
    blank = access.blank_rows() + access.MORE_ROWS if more else None
    session.carry({"done": "saved"})
    return redirect(url_for("claims.claim", reference=reference, number=number, blank=blank), 303)


@pages.post(f"{_PAGE}/verify")
@requires("officer")
def verify(reference: str, number: int) -> Any:
    """Verify a claim line by line."""
    data = nested(request.form)
    return _taken(reference, number, VERIFY, data, form_version(data))


def _taken(reference: str, number: int, does: str, data: dict[str, Any], version: int) -> Any:
    """Take the act with an effect that stands at a claim; what is wrong is told on its page."""
    found = access.place(reference, number)
    option = found.open_act(does)
    if option is None:
        raise Conflict("Nothing of this kind can be done with this claim now. Open it again.")
    carried: dict[str, Any] = {}
    errors: Errors = {}
    try:
        given = read(_VERBS[does].schema(), data)
        with transaction():
            _VERBS[does].command(
                reference, number, **given, act=option.act.name, version=version, actor=actor()
            )
    except Invalid as error:
        errors = error.errors
    except Refused as refused:
        carried = {"refused": [vars(failure) for failure in refused.failures]}
    except Conflict as error:
        errors = {"": [error.detail]}
    else:
        session.carry({"done": option.act.name})
        return redirect(url_for("dashboards.case", reference=reference), 303)
    carried["values"] = flatten(data)
    return _page(access.place(reference, number), errors, carried=carried), 422


def _page(
    found: Place,
    errors: Errors | None,
    *,
    carried: dict[str, Any] | None = None,
    rows: Any = None,
) -> str:
    """Return the page of a claim; ``errors`` are those of what was sent, ``None`` for what its saved lines lack."""
    views = access.made(found)
    shared = {
        "place": found,
        "application": found.application,
        "tranche": found.tranche,
        "carried": carried or {},
        "claims": views,
    }
    if not found.writing:
        labels = access.finding_labels(views)
        return render_template("claims/claim.html", errors=errors or {}, labels=labels, **shared)
    saved, drawn, rules = access.draft(found)
    typed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else saved
    return render_template(
        "claims/write.html",
        rows=typed,
        blank=access.blank_rows(),
        drawn=drawn,
        rules=rules,
        invoices=queries.invoices(found.application),
        errors=(drawn.errors if saved else {}) if errors is None else errors,
        labels=access.labels(len(typed)),
        **shared,
    )


@pages.get(f"{_PAGE}/invoices/{_DOCUMENT}")
@requires("signed_in")
def invoice(reference: str, number: int, document_id: int) -> Response:
    """Download an invoice that was uploaded for the claims of a case."""
    found = access.place(reference, number)
    document = next(
        (one for one in queries.invoices(found.application) if one.id == document_id), None
    )
    claimed = {line.document_id for view in access.made(found) for line in view.claim.lines}
    if document is None or not (found.writing or document_id in claimed):
        raise Missing("There is no such invoice in this claim.")
    not_erased(found.application)
    content = stored.content(session.settings().storage_dir, document)
    name = f'attachment; filename="{document.sha256[:12]}.pdf"'
    return Response(content, mimetype=document.media_type, headers={"Content-Disposition": name})


@api.get(_API)
@requires("signed_in")
def api_claim(reference: str, number: int) -> Response:
    """Show the saved lines of a claim with what is wrong, and the claims that were made of the tranche."""
    found = access.place(reference, number)
    response = jsonify(access.body(found))
    response.set_etag(f"v{found.application.version}")
    return response


@api.put(_API)
@requires("applicant")
def api_save(reference: str, number: int) -> Response:
    """Save the lines of a claim, right or wrong; the reply names what is still wrong."""
    if_match()
    given = read(LinesInput(), session.json_body())
    access.place(reference, number)
    with transaction():
        commands.save(reference, number, given["lines"], actor=actor())
    found = access.place(reference, number)
    return jsonify({**outcome(found.application), **access.body(found)})


@api.post(f"{_API}/documents")
@requires("applicant")
def api_upload(reference: str, number: int) -> tuple[Response, int]:
    """Keep an invoice for the lines of a claim, sent as multipart form data with ``file``."""
    with transaction():
        document = access.attached(reference, number, "file")
        body = {"id": document.id, "sha256": document.sha256, "pages": document.pages}
    return jsonify({"document": body}), 201
