"""Writing in an application: answers, documents, the files that questions ask for, and papers that acts ask for."""

from typing import Any

from sqlalchemy import insert

from app import clock
from app.accounts.compose import ADVISER
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.commands import touched
from app.applications.models import Application, Part
from app.applications.queries.standing import parts
from app.consents import commands as consents
from app.consents import queries as consented
from app.consents.compose import FILE
from app.consents.models import Consent
from app.db import db
from app.documents.models import Document
from app.errors import Conflict, Forbidden, Invalid, Missing, Stale
from app.schemes import queries as schemes
from app.schemes.schemas import draft
from app.submissions import queries
from app.submissions.models import Attachment
from workflows.machine import Refused, why_not
from workflows.rules import who

_PART = insert(Part)


def answer(
    reference: str, answers: dict[str, Any], *, version: int | None, actor: Person
) -> Application:
    """Save answers as they were typed, right or wrong; raises ``Invalid`` only for what no form can hold."""
    return write(_editable(reference, "answers", version, actor), answers)


def write(application: Application, answers: dict[str, Any]) -> Application:
    """Save answers in a draft; raises ``Invalid`` only for what no form can hold."""
    kept = draft(applications.terms(application), answers)
    _take_off(application, kept)
    application.answers = {**application.answers, **kept}
    application.requested_minor = queries.requested(application)
    touched(application)
    return application


def _take_off(application: Application, kept: dict[str, Any]) -> None:
    """Take files off whose questions are answered with nothing; raises ``Invalid`` for a file that was not sent for one."""
    given = {key: kept[key] for key in sorted(queries.file_questions(application) & kept.keys())}
    wrong = [key for key, text in given.items() if text not in {"", application.answers.get(key)}]
    if wrong:
        raise Invalid({key: ["Send the file as a document of this kind."] for key in wrong})
    for key, text in given.items():
        if text == "":
            _remove_kind(application, key)


def _remove_kind(application: Application, kind: str) -> None:
    for attachment in queries.attachments(application):
        if attachment.kind == kind:
            attachment.removed_at = clock.now()


def attach(reference: str, kind: str, document: Document, *, actor: Person) -> Attachment:
    """Attach a document as a kind the scheme asks for on these answers, or as the answer to a question for a file."""
    application = _editable(reference, "documents", None, actor)
    kinds = queries.wanted(application)
    if kind not in kinds:
        raise Invalid({"kind": [f"Choose what the document is: {', '.join(sorted(kinds))}."]})
    if kind in queries.file_questions(application):
        # A question has one answer: another file takes its place.
        _remove_kind(application, kind)
        application.answers = {**application.answers, kind: str(document.id)}
    attachment = Attachment(application_id=application.id, document=document, kind=kind)
    db.session.add(attachment)
    touched(application)
    db.session.flush()
    return attachment


def remove(reference: str, attachment_id: int, *, actor: Person) -> None:
    """Take a document off the application; what was submitted before keeps it."""
    application = _editable(reference, "documents", None, actor)
    for attachment in queries.attachments(application):
        if attachment.id == attachment_id:
            attachment.removed_at = clock.now()
            if attachment.kind in queries.file_questions(application):
                application.answers = {**application.answers, attachment.kind: ""}
            touched(application)
            return
    raise Missing("There is no such document on this application.")


def attach_paper(
    reference: str, act: str, kind: str, document: Document, *, actor: Person
) -> Attachment:
    """Attach a document that an act asks whoever takes it for; raises ``Invalid`` when it asks for no such kind.

    Raises ``Refused`` for whom the act is not, and where it does not start; ``Forbidden`` for an applicant it is never for.
    """
    application = applications.find(reference, actor=actor, lock=True)
    workflow = applications.workflow(application)
    verb = workflow.acts.get(act)
    kinds = verb.attachments if verb else {}
    if actor.applies and (verb is None or "applicant" not in verb.by):
        raise Forbidden("This is for officers of agencies.")
    if verb is None or kind not in kinds:
        raise Invalid({"kind": [f"Choose what the document is: {', '.join(sorted(kinds))}."]})
    facts = applications.facts(application, actor)
    failures = who(workflow, verb, facts)[1]
    if application.state not in verb.sources:
        failures = (*failures, *why_not(workflow, application.state, act, facts))
    if failures:
        raise Refused(act, application.state, failures)
    attachment = Attachment(application_id=application.id, document=document, kind=kind, act=act)
    db.session.add(attachment)
    db.session.flush()
    return attachment


def follow(reference: str, *, actor: Person) -> None:
    """Let a draft go over to the newest version of its scheme, so that its form is the one that will be decided on."""
    move_over(applications.find(reference, actor=actor, lock=True))


def move_over(application: Application) -> None:
    """Let a draft go over to the newest version of its scheme; what was handed in stays."""
    if not queries.outdated(application):
        return
    scheme = application.call.scheme
    application.scheme, application.workflow_digest = scheme, scheme.workflow_digest
    application.currency = scheme.currency
    application.state = schemes.workflow(scheme.workflow_digest).initial
    application.requested_minor = queries.requested(application)


def _editable(reference: str, thing: str, version: int | None, actor: Person) -> Application:
    application = applications.find(reference, actor=actor, lock=True)
    if version is not None and version != application.version:
        raise Stale("Somebody changed this application after you opened it. Look at it again.")
    move_over(application)
    workflow = applications.workflow(application)
    state = workflow.states[application.state]
    if application.erased_at is not None:
        raise Conflict("What this application held was erased; begin a new one.")
    sent = actor.advises and application.submitted_at is not None
    if not actor.beside or sent or not workflow.edits(state.name, thing, actor.reads_as):
        raise Conflict(f"The application cannot be edited in the state “{state.officer}”.")
    if actor.advises:
        _advised(application, actor)
    return application


def _advised(application: Application, actor: Person) -> None:
    """Hold the consent an adviser writes under; raises ``Missing`` when it is over, also since the case was looked up."""
    found = actor.agency and consented.standing(actor.agency, application.enterprise_id)
    if not found:
        raise Missing("There is no such consent in force.")
    note_adviser(application, consents.hold(found.id, FILE, agency=actor.agency), actor)


def note_adviser(application: Application, consent: Consent, actor: Person) -> None:
    """Note who writes an application for its enterprise, and under which consent; a colleague who goes on is noted too."""
    application.adviser, application.consent_id = actor, consent.id
    if actor.id not in parts(application):
        row = {"application_id": application.id, "person_id": actor.id, "part": ADVISER}
        db.session.execute(_PART, row)
