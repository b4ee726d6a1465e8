"""Writing an application: start, answer section by section, attach documents, check, submit."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts import access
from app.accounts.access import actor, requires
from app.accounts.schemas import read
from app.applications import queries as applications
from app.applications.access import Verb, if_match, nested, not_erased, outcome
from app.applications.models import Application
from app.applications.queries.preparing import prepared
from app.applications.schemas import Noted
from app.db import transaction
from app.documents import queries as stored
from app.errors import Invalid, Missing
from app.schemes.compose.applying import documents as asked_documents
from app.schemes.compose.terms import Question
from app.schemes.schemas import sent
from app.submissions import commands, queries
from app.submissions.access import Sheet, current, keep_files, readable
from app.submissions.access import upload as upload_of
from app.submissions.schemas import Confirmed, NewApplication
from workflows.machine import Refused

pages = Blueprint("submissions", __name__)
api = Blueprint("submissions_api", __name__, url_prefix="/api/v1")

VERBS = (Verb("submit", Confirmed, commands.submit), Verb("resubmit", Noted, commands.resubmit))


@pages.post("/applications")
@requires("applicant")
def begin() -> Redirect:
    """Start a draft under a call."""
    given = read(NewApplication(), nested(request.form))
    with transaction():
        application = commands.begin(given["call"], actor=actor())
    return redirect(url_for("dashboards.case", reference=application.reference), 303)


@pages.post("/consents/<int(max=2147483647):number>/applications")
@requires("adviser")
def begin_for(number: int) -> Redirect:
    """Start a draft for an enterprise, under its consent."""
    given = read(NewApplication(), nested(request.form))
    with transaction():
        application = commands.begin_for(number, given["call"], actor=actor())
    return redirect(url_for("dashboards.case", reference=application.reference), 303)


@pages.get("/cases/<reference>/sections/<key>")
@requires("writer")
def section(reference: str, key: str) -> str:
    """Show one section of the form; what was saved before is checked and shown with its errors."""
    sheet = Sheet(current(reference), key)
    # Whoever has just asked for more rows is not told that they are empty.
    more = "more" in request.args
    gentle = more or "blank" in request.args
    errors = sheet.errors(missing=not gentle) if sheet.begun() else {}
    return sheet.page(errors, more=more)


@pages.post("/cases/<reference>/sections/<key>")
@requires("writer")
def save_section(reference: str, key: str) -> Redirect | tuple[str, int]:
    """Save one section, right or wrong; go on when nothing in it is wrong and no further question came up."""
    before = Sheet(current(reference), key)
    form = dict(request.form.lists())
    asked = before.on_page(form)
    given = sent(asked, form)
    given |= dict.fromkeys(
        {q.key for q in asked if q.kind == "file"} & {*form.get("remove-file", [])}, ""
    )
    try:
        with transaction():
            commands.answer(reference, given, version=None, actor=actor())
    except Invalid as error:
        sheet = Sheet(applications.find(reference, actor=actor()), key)
        return sheet.page(error.errors, given), 422
    wrong = keep_files(reference, asked)
    return _saved(Sheet(applications.find(reference, actor=actor()), key), asked, wrong)


def _saved(
    sheet: Sheet, asked: tuple[Question, ...], wrong: dict[str, list[str]]
) -> Redirect | tuple[str, int]:
    """Go on from a section that was saved; ``wrong`` is what is wrong with files that were sent."""
    new = [question.key for question in sheet.questions if question not in asked]
    found = sheet.errors().items()
    errors = {name: said for name, said in found if name.partition(".")[0] not in new} | wrong
    rows = request.form.get("add-rows")
    stays = rows is not None or "remove-file" in request.form
    if wrong or (errors and not stays):
        return sheet.page(errors, more=bool(new)), 422
    place: dict[str, Any] = {
        "reference": sheet.application.reference,
        "lang": request.args.get("lang"),
    }
    if stays:
        place |= {"key": sheet.key, "blank": request.form.get("blank", "0"), "_anchor": rows}
    elif new:
        place |= {"key": sheet.key, "more": "yes", "_anchor": new[0]}
    page = "submissions.section" if "key" in place else "dashboards.case"
    return redirect(url_for(page, **place), 303)


@pages.get("/cases/<reference>/documents")
@requires("writer")
def documents_page(reference: str) -> str:
    """Show what is attached and what is still missing."""
    return _documents_page(current(reference), {})


@pages.post("/cases/<reference>/documents")
@requires("writer")
def upload(reference: str) -> Redirect | tuple[str, int]:
    """Attach a document."""
    try:
        with transaction():
            _attach(reference)
    except Invalid as error:
        return _documents_page(applications.find(reference, actor=actor()), error.errors), 422
    return redirect(url_for("submissions.documents_page", reference=reference), 303)


@pages.post("/cases/<reference>/documents/<int:attachment_id>/remove")
@requires("writer")
def remove(reference: str, attachment_id: int) -> Redirect:
    """Take a document off."""
    with transaction():
        commands.remove(reference, attachment_id, actor=actor())
    return redirect(url_for("submissions.documents_page", reference=reference), 303)


@pages.get("/cases/<reference>/documents/<int(max=2147483647):document_id>.pdf")
@requires("signed_in")
def document(reference: str, document_id: int) -> Response:
    """Download a document of a case."""
    application = applications.find(reference, actor=actor(), part=True)
    found = queries.readable(application, document_id, actor())
    if found is None:
        raise Missing("There is no such document in this case.")
    not_erased(application)
    content = stored.content(access.settings().storage_dir, found)
    return Response(
        content,
        mimetype=found.media_type,
        headers={"Content-Disposition": f'attachment; filename="{found.sha256[:12]}.pdf"'},
    )


@pages.get("/cases/<reference>/check")
@requires("writer")
def check(reference: str) -> str:
    """Show every answer and document once more before they are handed in."""
    application = current(reference)
    terms = applications.terms(application)
    judged = queries.judged(application)
    return render_template(
        "submissions/check.html",
        application=application,
        terms=terms,
        # A file that a question asks for is told of with the question.
        missing=queries.missing_documents(application, apart=queries.file_questions(application)),
        failed=queries.told(judged.against),
        judged=judged,
        attachments=queries.attachments(application),
        act=_handing_in(application),
        prepared=prepared(application),
        **readable(application),
    )


@pages.post("/cases/<reference>/acts/<act>/documents")
@requires("signed_in")
def upload_paper(reference: str, act: str) -> Redirect:
    """Attach a document that an act asks whoever takes it for."""
    try:
        with transaction():
            _attach_paper(reference, act)
    except Invalid as error:
        access.carry({"act": act, "errors": error.errors, "values": {}})
    except Refused as refused:
        failures = [vars(failure) for failure in refused.failures]
        access.carry({"act": act, "refused": failures, "values": {}})
    else:
        access.carry({"done": "attached"})
    return redirect(url_for("dashboards.case", reference=reference), 303)


@api.post("/applications")
@requires("applicant")
def api_begin() -> Any:
    """Start a draft under a call."""
    given = read(NewApplication(), access.json_body())

    def produce() -> tuple[dict[str, Any], int]:
        application = commands.begin(given["call"], actor=actor())
        return outcome(application), 201

    return access.once(produce)


@api.post("/consents/<int(max=2147483647):number>/applications")
@requires("adviser")
def api_begin_for(number: int) -> Any:
    """Start a draft for an enterprise, under its consent."""
    given = read(NewApplication(), access.json_body())
    return access.once(
        lambda: (outcome(commands.begin_for(number, given["call"], actor=actor())), 201)
    )


@api.put("/applications/<reference>/answers")
@requires("writer")
def api_answer(reference: str) -> Response:
    """Save answers; the reply names what is still wrong or missing before they can be handed in."""
    version = if_match()
    data = access.json_body()
    with transaction():
        application = commands.answer(reference, data, version=version, actor=actor())
    wrong = queries.form_of(application).problems
    return jsonify({**outcome(application), "problems": wrong})


@api.post("/applications/<reference>/documents")
@requires("writer")
def api_upload(reference: str) -> tuple[Response, int]:
    """Attach a document, sent as multipart form data with ``kind`` and ``file``."""
    with transaction():
        attachment = _attach(reference)
        application = applications.find(reference, actor=actor())
    found = attachment.document
    body = {"id": found.id, "kind": attachment.kind, "sha256": found.sha256, "pages": found.pages}
    return jsonify({**outcome(application), "document": body}), 201


@api.post("/applications/<reference>/acts/<act>/documents")
@requires("signed_in")
def api_upload_paper(reference: str, act: str) -> tuple[Response, int]:
    """Attach a document an act asks whoever takes it for, as multipart form data with ``kind`` and ``file``."""
    with transaction():
        attachment = _attach_paper(reference, act)
        application = applications.find(reference, actor=actor(), part=True)
    found = attachment.document
    body = {"id": found.id, "kind": attachment.kind, "sha256": found.sha256, "pages": found.pages}
    return jsonify({**outcome(application), "document": body}), 201


def _attach(reference: str) -> Any:
    _known(reference)
    return commands.attach(
        reference, request.form.get("kind", ""), upload_of("file", by=actor()), actor=actor()
    )


def _attach_paper(reference: str, act: str) -> Any:
    _known(reference)
    kind = request.form.get("kind", "")
    return commands.attach_paper(reference, act, kind, upload_of("file", by=actor()), actor=actor())


def _known(reference: str) -> None:
    """Raise ``Missing`` for a case that is hidden from the person, before any file is looked at or stored."""
    if not applications.shown(reference, actor=actor()):
        raise Missing(f"There is no application {reference}, or not for you.")


def _handing_in(application: Application) -> str:
    """Return the act by which the application is handed in from where it stands; raises ``Missing`` where none starts."""
    for act in applications.workflow(application).acts_from(application.state):
        if act.does in ("submit", "resubmit"):
            return act.name
    raise Missing("The application is not with you.")


def _documents_page(application: Application, errors: dict[str, list[str]]) -> str:
    terms, found = applications.terms(application), queries.form_of(application)
    return render_template(
        "submissions/documents.html",
        application=application,
        kinds=asked_documents(terms, found.values),
        attachments=queries.attachments(application),
        # A file that a question asks for is told of with the question.
        missing=queries.missing_documents(application, apart=queries.file_questions(application)),
        errors=errors,
        labels={"file": "File", "kind": "What the document is"},
    )
