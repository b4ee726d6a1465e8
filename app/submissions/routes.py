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
from app.applications.schemas import Noted, Nothing
from app.db import transaction
from app.documents import commands as documents
from app.documents import queries as stored
from app.documents.commands import Upload
from app.errors import Invalid, Missing
from app.schemes.compose.terms import Section
from app.schemes.schemas import problems
from app.submissions import commands, queries
from app.submissions.schemas import NewApplication
from workflows.machine import Refused

pages = Blueprint("submissions", __name__)
api = Blueprint("submissions_api", __name__, url_prefix="/api/v1")

VERBS = (Verb("submit", Nothing, commands.submit), Verb("resubmit", Noted, commands.resubmit))


@pages.post("/applications")
@requires("applicant")
def begin() -> Redirect:
    """Start a draft under a call."""
    given = read(NewApplication(), nested(request.form))
    with transaction():
        application = commands.begin(given["call"], actor=actor())
    return redirect(url_for("dashboards.case", reference=application.reference), 303)


@pages.get("/cases/<reference>/sections/<key>")
@requires("applicant")
def section(reference: str, key: str) -> str:
    """Show one section of the form; what was saved before is checked and shown with its errors."""
    application = applications.find(reference, actor=actor())
    found = _section(application, key)
    wrong = (
        problems(applications.terms(application), application.answers)
        if application.answers
        else {}
    )
    asked = {question.key for question in found.questions}
    begun = any(question.key in application.answers for question in found.questions)
    errors = {name: said for name, said in wrong.items() if name in asked and begun}
    return _section_page(application, found, errors)


@pages.post("/cases/<reference>/sections/<key>")
@requires("applicant")
def save_section(reference: str, key: str) -> Redirect | tuple[str, int]:
    """Save one section, right or wrong; go on when nothing in it is wrong."""
    application = applications.find(reference, actor=actor())
    found = _section(application, key)
    # An unticked box sends nothing: what was asked and not sent is an empty answer.
    given = {question.key: request.form.get(question.key, "") for question in found.questions}
    with transaction():
        application = commands.answer(reference, given, version=None, actor=actor())
    wrong = problems(applications.terms(application), application.answers)
    errors = {
        question.key: wrong[question.key] for question in found.questions if question.key in wrong
    }
    if errors:
        return _section_page(application, found, errors), 422
    return redirect(url_for("dashboards.case", reference=reference), 303)


@pages.get("/cases/<reference>/documents")
@requires("applicant")
def documents_page(reference: str) -> str:
    """Show what is attached and what is still missing."""
    return _documents_page(applications.find(reference, actor=actor()), {})


@pages.post("/cases/<reference>/documents")
@requires("applicant")
def upload(reference: str) -> Redirect | tuple[str, int]:
    """Attach a document."""
    try:
        with transaction():
            _attach(reference)
    except Invalid as error:
        return _documents_page(applications.find(reference, actor=actor()), error.errors), 422
    return redirect(url_for("submissions.documents_page", reference=reference), 303)


@pages.post("/cases/<reference>/documents/<int:attachment_id>/remove")
@requires("applicant")
def remove(reference: str, attachment_id: int) -> Redirect:
    """Take a document off."""
    with transaction():
        commands.remove(reference, attachment_id, actor=actor())
    return redirect(url_for("submissions.documents_page", reference=reference), 303)


@pages.get("/cases/<reference>/documents/<int(max=2147483647):document_id>.pdf")
@requires("signed_in")
def document(reference: str, document_id: int) -> Response:
    """Download a document of a case."""
    application = applications.find(reference, actor=actor())
    found = queries.document(application, document_id)
    workflow = applications.workflow(application)
    if found is None or not workflow.sees(application.state, "documents", actor().duties):
        raise Missing("There is no such document in this case.")
    not_erased(application)
    content = stored.content(access.settings().storage_dir, found)
    return Response(
        content,
        mimetype=found.media_type,
        headers={"Content-Disposition": f'attachment; filename="{found.sha256[:12]}.pdf"'},
    )


@pages.get("/cases/<reference>/check")
@requires("applicant")
def check(reference: str) -> str:
    """Show every answer and document once more before they are handed in."""
    application = applications.find(reference, actor=actor())
    terms = applications.terms(application)
    return render_template(
        "submissions/check.html",
        application=application,
        terms=terms,
        errors=problems(terms, application.answers),
        missing=queries.missing_documents(application),
        failed=queries.failed_rules(terms, application.answers),
        attachments=queries.attachments(application),
        act=_handing_in(application),
    )


@pages.post("/cases/<reference>/acts/<act>/documents")
@requires("officer")
def upload_paper(reference: str, act: str) -> Redirect:
    """Attach a document that an act asks its officer for."""
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


@api.put("/applications/<reference>/answers")
@requires("applicant")
def api_answer(reference: str) -> Response:
    """Save answers; the reply names what is still wrong or missing before they can be handed in."""
    version = if_match()
    data = access.json_body()
    with transaction():
        application = commands.answer(reference, data, version=version, actor=actor())
    wrong = problems(applications.terms(application), application.answers)
    return jsonify({**outcome(application), "problems": wrong})


@api.post("/applications/<reference>/documents")
@requires("applicant")
def api_upload(reference: str) -> tuple[Response, int]:
    """Attach a document, sent as multipart form data with ``kind`` and ``file``."""
    with transaction():
        attachment = _attach(reference)
        application = applications.find(reference, actor=actor())
    found = attachment.document
    body = {"id": found.id, "kind": attachment.kind, "sha256": found.sha256, "pages": found.pages}
    return jsonify({**outcome(application), "document": body}), 201


@api.post("/applications/<reference>/acts/<act>/documents")
@requires("officer")
def api_upload_paper(reference: str, act: str) -> tuple[Response, int]:
    """Attach a document an act asks its officer for, as multipart form data with ``kind`` and ``file``."""
    with transaction():
        attachment = _attach_paper(reference, act)
        application = applications.find(reference, actor=actor())
    found = attachment.document
    body = {"id": found.id, "kind": attachment.kind, "sha256": found.sha256, "pages": found.pages}
    return jsonify({**outcome(application), "document": body}), 201


def _attach(reference: str) -> Any:
    _known(reference)
    return commands.attach(reference, request.form.get("kind", ""), _kept(), actor=actor())


def _attach_paper(reference: str, act: str) -> Any:
    _known(reference)
    kind = request.form.get("kind", "")
    return commands.attach_paper(reference, act, kind, _kept(), actor=actor())


def _known(reference: str) -> None:
    """Raise ``Missing`` for a case that is hidden from the person, before any file is looked at or stored."""
    if not applications.shown(reference, actor=actor()):
        raise Missing(f"There is no application {reference}, or not for you.")


def _kept() -> Any:
    file = request.files.get("file")
    upload_ = Upload(file.filename or "", file.read()) if file else Upload("", b"")
    settings = access.settings()
    return documents.keep(
        upload_, store=settings.storage_dir, most_bytes=settings.max_upload_bytes, actor=actor()
    )


def _handing_in(application: Application) -> str:
    """Return the act by which the application is handed in from where it stands; raises ``Missing`` where none starts."""
    for act in applications.workflow(application).acts_from(application.state):
        if act.does in ("submit", "resubmit"):
            return act.name
    raise Missing("The application is not with you.")


def _section(application: Application, key: str) -> Section:
    for found in applications.terms(application).sections:
        if found.key == key:
            return found
    raise Missing("The form has no such section.")


def _section_page(application: Application, found: Section, errors: dict[str, list[str]]) -> str:
    return render_template(
        "submissions/section.html",
        application=application,
        section=found,
        values=application.answers,
        errors=errors,
        labels={question.key: question.label for question in found.questions},
        currency=application.currency,
    )


def _documents_page(application: Application, errors: dict[str, list[str]]) -> str:
    return render_template(
        "submissions/documents.html",
        application=application,
        kinds=applications.terms(application).documents,
        attachments=queries.attachments(application),
        missing=queries.missing_documents(application),
        errors=errors,
        labels={"file": "File", "kind": "What the document is"},
    )
