"""What can happen to an application: drafted, filled in, submitted, supplied with information; and taking any step."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from app import clock
from app.accounts.commands import declare_interest
from app.accounts.models import Person
from app.applications import queries
from app.applications.compose import frozen
from app.applications.models import Application, Attachment, Part, Submission
from app.countries.queries import calendar_of, country
from app.db import db
from app.documents.models import Document
from app.errors import Conflict, Forbidden, Invalid, Missing, Stale
from app.schemes import queries as schemes
from app.schemes.commands import locked as locked_call
from app.schemes.schemas import draft, well_formed
from app.trail.commands import Entry, Recorded, record
from workflows.chain import canonical
from workflows.clocks import due, elapsed
from workflows.facts import Facts
from workflows.machine import Step, fire
from workflows.money import to_minor

_PART = insert(Part)


@dataclass(frozen=True)
class Evidence:
    """What an act leaves in the trail beside the step itself: ``detail`` is public, ``private`` only committed to.

    ``duties`` is work beside the letter that the workflow names.
    """

    detail: dict[str, Any] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)
    duties: tuple[str, ...] = ()


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
    application = _editable(reference, version, actor)
    kept = draft(queries.terms(application), answers)
    application.answers = {**application.answers, **kept}
    typed = well_formed(queries.terms(application), application.answers)
    amount = Decimal(typed["amount"]) if "amount" in typed else None
    positive = amount is not None and amount > 0
    application.requested_minor = (
        to_minor(amount, application.currency) if amount and positive else None
    )
    _touched(application)
    return application


def attach(reference: str, kind: str, document: Document, *, actor: Person) -> Attachment:
    """Attach a document as a kind the scheme asks for."""
    application = _editable(reference, None, actor)
    kinds = {asked.key for asked in queries.terms(application).documents}
    if kind not in kinds:
        raise Invalid({"kind": [f"Choose what the document is: {', '.join(sorted(kinds))}."]})
    attachment = Attachment(application_id=application.id, document=document, kind=kind)
    db.session.add(attachment)
    _touched(application)
    db.session.flush()
    return attachment


def remove(reference: str, attachment_id: int, *, actor: Person) -> None:
    """Take a document off the application; what was submitted before keeps it."""
    application = _editable(reference, None, actor)
    for attachment in queries.attachments(application):
        if attachment.id == attachment_id:
            attachment.removed_at = clock.now()
            _touched(application)
            return
    raise Missing("There is no such document on this application.")


def submit(reference: str, *, version: int | None, actor: Person) -> Recorded:
    """Freeze the application and hand it in."""
    return _hand_in(reference, "submit", "", version=version, actor=actor)


def resubmit(reference: str, note: str, *, version: int | None, actor: Person) -> Recorded:
    """Freeze the application again with the information that was asked for."""
    return _hand_in(reference, "resubmit", note, version=version, actor=actor)


def _hand_in(
    reference: str, act: str, note: str, *, version: int | None, actor: Person
) -> Recorded:
    application = queries.find(reference, actor=actor, lock=True)
    facts = queries.facts(application, actor, expected_version=version, note=note)
    facts = queries.submission_facts(application, facts)
    step = fire(queries.workflow(application), application.state, act, facts)
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
    }
    return take(application, step, facts, Evidence(detail, _said(note)), actor=actor)


def take(
    application: Application,
    step: Step,
    facts: Facts,
    evidence: Evidence,
    *,
    actor: Person | None,
) -> Recorded:
    """Carry out a step of the case itself: state, clock, part, event and outbox, in the caller's transaction."""
    application.state = step.target.name
    _run_clock(application, step)
    return note_step(application, step, facts, evidence, actor=actor)


def note_step(
    application: Application,
    step: Step,
    facts: Facts,
    evidence: Evidence,
    *,
    actor: Person | None,
) -> Recorded:
    """Record a step on the trail of the case, of the case itself or of one of its tranches."""
    if actor is not None and step.act.part and facts.actor.part is None:
        row = {"application_id": application.id, "person_id": actor.id, "part": step.act.part}
        # On the connection, not the session: nothing need be flushed before it.
        db.session.connection().execute(_PART, row)
    scheme = queries.terms(application)
    entry = Entry(
        kind=step.act.name,
        actor=actor.mark if actor else "system:clock",
        body={
            "duty": " or ".join(step.act.by),
            "part": step.act.part,
            "from": step.source.name,
            "to": step.target.name,
            "workflow": {
                "name": step.workflow.name,
                "version": step.workflow.version,
                "sha256": step.workflow.digest,
            },
            "scheme": {"code": scheme.code, "version": scheme.version, "sha256": scheme.digest},
            "guards": list(step.act.guards),
            "reasons": list(facts.reasons),
            "detail": evidence.detail,
        },
        private=evidence.private,
        duties=_duties(application, step, evidence),
    )
    recorded = record(application, entry)
    _touched(application, recorded.at)
    return recorded


def _duties(
    application: Application, step: Step, evidence: Evidence
) -> tuple[tuple[str, dict[str, Any]], ...]:
    named: list[tuple[str, dict[str, Any]]] = [
        (duty, {"application_id": application.id}) for duty in evidence.duties
    ]
    if step.act.letter:
        named.append(("letter", {"letter": step.act.letter, "application_id": application.id}))
    return tuple(named)


def declare(reference: str, reason: str, *, actor: Person) -> None:
    """Record that an officer has an interest in the enterprise of a case, on the trail of the case."""
    application = queries.find(reference, actor=actor, lock=True)
    if actor.applies:
        raise Forbidden("Interests are declared by officers.")
    entry = Entry("declare_interest", actor.mark, {"detail": {}}, private={"reason": reason})
    record(application, entry)
    _touched(application)
    declare_interest(actor, application.enterprise_id, reason)


def _editable(reference: str, version: int | None, actor: Person) -> Application:
    application = queries.find(reference, actor=actor, lock=True)
    if version is not None and version != application.version:
        raise Stale("Somebody changed this application after you opened it. Look at it again.")
    state = queries.workflow(application).states[application.state]
    if not actor.applies or application.state not in ("draft", "returned"):
        raise Conflict(f"The application cannot be edited in the state “{state.officer}”.")
    return application


def _touched(application: Application, at: datetime | None = None) -> None:
    application.version += 1
    application.updated_at = at or clock.now()


def _said(note: str) -> dict[str, str]:
    return {"note": note} if note else {}


def _run_clock(application: Application, step: Step) -> None:
    """Stop the clock of the state that is left and start that of the state that is entered.

    Days are those of the scheme's country. While the applicant has the ball the agency's clock stands still; when
    the case comes back to the state it left, the clock goes on where it stopped.
    """
    if step.source.name == step.target.name:
        return
    code = queries.terms(application).country
    today = clock.today(country(code).zone)
    calendar = calendar_of(code, today)
    if step.source.clock and application.clock_started_on and step.target.holder == "applicant":
        before = application.clock_used if application.clock_state == step.source.name else 0
        spent = elapsed(step.source.clock, application.clock_started_on, today, calendar)
        application.clock_state, application.clock_used = step.source.name, before + spent
    application.clock_started_on = today if step.target.clock else None
    application.calendar = calendar.name if step.target.clock else None
    application.due_on = None
    if step.target.clock:
        used = application.clock_used if application.clock_state == step.target.name else 0
        application.due_on = due(step.target.clock, today, calendar, used=used)
