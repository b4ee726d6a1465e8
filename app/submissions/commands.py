"""What can happen to an application up to its submission: drafted, filled in, handed in, supplied with information."""

import hashlib
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from app import clock
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.commands import Evidence, take, touched
from app.applications.models import Application, Part
from app.db import db
from app.documents.models import Document
from app.errors import Conflict, Invalid, Missing, Stale
from app.schemes import queries as schemes
from app.schemes.commands import locked as locked_call
from app.schemes.schemas import draft, well_formed
from app.submissions import queries
from app.submissions.compose import frozen
from app.submissions.models import Attachment, Submission
from app.trail.commands import Recorded
from workflows.evidence.chain import canonical
from workflows.machine import Refused, fire, why_not
from workflows.money import to_minor
from workflows.rules import who

_PART = insert(Part)


def begin(call_code: str, *, actor: Person) -> Application:
    """Start a draft under a call; raises ``Conflict`` when the call is closed, ``Missing`` when there is none such."""
    call = schemes.call(call_code)
    if call is None:
        raise Missing(f"There is no call {call_code}.")
    if not schemes.is_open(call):
        raise Conflict(f"{call.title} of {call.scheme.name} takes no applications at this time.")
    if actor.enterprise is None or actor.enterprise.country != schemes.terms(call.scheme).country:
        raise Conflict("This scheme is for enterprises registered in its own country.")
    call = locked_call(call.id)
    call.applications += 1
    at = clock.now()
    application = Application(
        reference=f"{call.code}-{call.applications:05d}",
        call=call,
        scheme=call.scheme,
        agency_id=call.scheme.agency_id,
        enterprise=actor.enterprise,
        applicant=actor,
        workflow_digest=call.scheme.workflow_digest,
        state=schemes.workflow(call.scheme.workflow_digest).initial,
        version=0,
        answers={},
        currency=call.scheme.currency,
        trail_seq=0,
        trail_hash="",
        clock_used=0,
        created_at=at,
        updated_at=at,
    )
    db.session.add(application)
    db.session.flush()
    db.session.execute(
        _PART, {"application_id": application.id, "person_id": actor.id, "part": "applicant"}
    )
    return application


def answer(
    reference: str, answers: dict[str, Any], *, version: int | None, actor: Person
) -> Application:
    """Save answers as they were typed, right or wrong; raises ``Invalid`` only for what no form can hold."""
    application = _editable(reference, "answers", version, actor)
    kept = draft(applications.terms(application), answers)
    application.answers = {**application.answers, **kept}
    typed = well_formed(applications.terms(application), application.answers)
    amount = Decimal(typed["amount"]) if "amount" in typed else None
    positive = amount is not None and amount > 0
    application.requested_minor = (
        to_minor(amount, application.currency) if amount and positive else None
    )
    touched(application)
    return application


def attach(reference: str, kind: str, document: Document, *, actor: Person) -> Attachment:
    """Attach a document as a kind the scheme asks for."""
    application = _editable(reference, "documents", None, actor)
    kinds = {asked.key for asked in applications.terms(application).documents}
    if kind not in kinds:
        raise Invalid({"kind": [f"Choose what the document is: {', '.join(sorted(kinds))}."]})
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
            touched(application)
            return
    raise Missing("There is no such document on this application.")


def submit(reference: str, *, act: str = "submit", version: int | None, actor: Person) -> Recorded:
    """Freeze the application and hand it in."""
    return _hand_in(reference, act, "", version=version, actor=actor)


def resubmit(
    reference: str, note: str, *, act: str = "resubmit", version: int | None, actor: Person
) -> Recorded:
    """Freeze the application again with the information that was asked for."""
    return _hand_in(reference, act, note, version=version, actor=actor)


def _hand_in(
    reference: str, act: str, note: str, *, version: int | None, actor: Person
) -> Recorded:
    application = applications.find(reference, actor=actor, lock=True)
    facts = applications.facts(application, actor, expected_version=version, note=note)
    facts = queries.submission_facts(application, facts)
    step = fire(applications.workflow(application), application.state, act, facts)
    copy = frozen(application)
    digest = hashlib.sha256(canonical(copy).encode()).hexdigest()
    number = len(queries.submissions(application)) + 1
    db.session.add(
        Submission(
            application_id=application.id,
            number=number,
            frozen=copy,
            digest=digest,
            at=clock.now(),
        )
    )
    application.submitted_at = application.submitted_at or clock.now()
    detail = {
        "submission": number,
        "submission_sha256": digest,
        "requested": application.requested_minor,
        "currency": application.currency,
        "documents": [{"kind": d["kind"], "sha256": d["sha256"]} for d in copy["documents"]],
        "criteria": copy["eligibility"],
    }
    return take(application, step, facts, Evidence(detail, {"note": note}), actor=actor)


def attach_paper(
    reference: str, act: str, kind: str, document: Document, *, actor: Person
) -> Attachment:
    """Attach a document that an act asks its officer for; raises ``Invalid`` when it asks for no such kind.

    Raises ``Refused`` for whom the act is not, and where it does not start.
    """
    application = applications.find(reference, actor=actor, lock=True)
    workflow = applications.workflow(application)
    verb = workflow.acts.get(act)
    kinds = verb.attachments if verb else {}
    if actor.applies or verb is None or kind not in kinds:
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


def _editable(reference: str, thing: str, version: int | None, actor: Person) -> Application:
    application = applications.find(reference, actor=actor, lock=True)
    if version is not None and version != application.version:
        raise Stale("Somebody changed this application after you opened it. Look at it again.")
    workflow = applications.workflow(application)
    state = workflow.states[application.state]
    if application.erased_at is not None:
        raise Conflict("What this application held was erased; begin a new one.")
    if not actor.applies or not workflow.edits(state.name, thing, actor.duties):
        raise Conflict(f"The application cannot be edited in the state “{state.officer}”.")
    return application
