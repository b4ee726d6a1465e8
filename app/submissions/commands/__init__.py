"""What can happen to an application up to its submission: drafted, filled in, handed in, supplied with information."""

import hashlib
from dataclasses import replace

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.commands import Evidence, take
from app.applications.models import Application, Part
from app.applications.queries import dollars
from app.consents import commands as consents
from app.consents.compose import FILE
from app.countries.queries import country
from app.db import db
from app.errors import Conflict, Invalid, Missing
from app.schemes import queries as schemes
from app.schemes.commands import locked as locked_call
from app.schemes.models import Call
from app.submissions import queries
from app.submissions.commands.filling import (
    answer,
    attach,
    attach_paper,
    follow,
    move_over,
    note_adviser,
    remove,
    write,
)
from app.submissions.compose import Paper, frozen, kept, preparation
from app.submissions.models import Submission
from app.submissions.queries import SUBMITTED
from app.trail.commands import Recorded
from workflows.evidence.chain import canonical
from workflows.facts import Facts
from workflows.machine import fire

__all__ = [
    "answer",
    "attach",
    "attach_paper",
    "begin",
    "begin_for",
    "drafted",
    "follow",
    "hand_in",
    "remove",
    "resubmit",
    "submit",
    "write",
]

_PART = insert(Part)


def begin(call_code: str, *, actor: Person) -> Application:
    """Start a draft under a call; raises ``Missing`` when there is none such.

    Raises ``Conflict`` when the call is closed, with the reason, for an enterprise of another country, and where the scheme
    takes one application only, with the reference of the first.
    """
    found = schemes.call(call_code)
    if found is None:
        raise Missing(f"There is no call {call_code}.")
    call = locked_call(found.id)
    # Whoever suspends the scheme holds its calls: what is read now stays so until the end of the transaction.
    db.session.refresh(call.scheme)
    closed = schemes.closure(call)
    if closed:
        raise Conflict(closed)
    countries = schemes.terms(call.scheme).countries
    if actor.enterprise is None or actor.enterprise.country not in countries:
        named = " or ".join(country(code).name for code in countries)
        raise Conflict(f"This scheme is for enterprises registered in {named}.")
    return drafted(call, actor)


def drafted(call: Call, applicant: Person) -> Application:
    """Write a draft of an applicant under a locked call, whether it is open or not: whoever calls has seen to that.

    Raises ``Conflict`` where the scheme takes one application only and the enterprise has one.
    """
    exclusive = schemes.terms(call.scheme).exclusive(call.code, applicant.enterprise_id or 0)
    _only_one(exclusive)
    call.applications += 1
    at = clock.now()
    application = Application(
        reference=f"{call.code}-{call.applications:05d}",
        call=call,
        scheme=call.scheme,
        agency_id=call.scheme.agency_id,
        enterprise=applicant.enterprise,
        applicant=applicant,
        workflow_digest=call.scheme.workflow_digest,
        state=schemes.workflow(call.scheme.workflow_digest).initial,
        version=0,
        answers={},
        currency=call.scheme.currency,
        trail_seq=0,
        trail_hash="",
        clock_used=0,
        exclusive=exclusive,
        created_at=at,
        updated_at=at,
    )
    _write_first(application)
    db.session.execute(
        _PART, {"application_id": application.id, "person_id": applicant.id, "part": "applicant"}
    )
    return application


def _only_one(exclusive: str | None) -> None:
    first = queries.holding(exclusive) if exclusive else None
    if first is not None:
        within = "in each call" if str(exclusive).startswith("call:") else "at a time"
        raise Conflict(
            f"The scheme takes one application of an enterprise {within}; yours is {first}."
        )


def _write_first(application: Application) -> None:
    """Write an application; where another of the enterprise came first at the same moment, the database says so."""
    exclusive = application.exclusive
    if exclusive is None:
        db.session.add(application)
        db.session.flush()
        return
    try:
        with db.session.begin_nested():
            db.session.add(application)
    except IntegrityError:
        _only_one(exclusive)
        raise


def _hold_place(application: Application) -> None:
    """Let a draft begun before the scheme took one application only be that one, or refuse it for the first."""
    if application.submitted_at is not None or application.exclusive is not None:
        return
    terms = applications.terms(application)
    exclusive = terms.exclusive(application.call.code, application.enterprise_id)
    _only_one(exclusive)
    application.exclusive = exclusive
    _write_first(application)


def begin_for(number: int, call_code: str, *, actor: Person) -> Application:
    """Start a draft for an enterprise under its consent, by number; its applicant is whoever gave the consent.

    Raises as ``begin`` does, and ``Missing`` without a consent in force.
    """
    consent = consents.hold(number, FILE, agency=actor.agency)
    giver = consent.giver
    if not giver.active or giver.enterprise_id != consent.enterprise_id:
        raise Conflict("Whoever gave the consent has left the enterprise. Ask it for a new one.")
    application = begin(call_code, actor=giver)
    note_adviser(application, consent, actor)
    return application


def submit(
    reference: str,
    confirmed: str = "",
    *,
    act: str = "submit",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Freeze the application and hand it in; ``confirmed`` is "yes" where an adviser prepared it and it was checked."""
    return _hand_in(reference, act, "", confirmed, version=version, actor=actor)


def resubmit(
    reference: str, note: str, *, act: str = "resubmit", version: int | None, actor: Person
) -> Recorded:
    """Freeze the application again with the information that was asked for."""
    return _hand_in(reference, act, note, "", version=version, actor=actor)


def _hand_in(
    reference: str, act: str, note: str, confirmed: str, *, version: int | None, actor: Person
) -> Recorded:
    application = applications.find(reference, actor=actor, lock=True)
    move_over(application)
    if confirmed != "yes" and preparation(application):
        raise Invalid({"confirmed": ["Confirm that you have checked what was prepared for you."]})
    facts = applications.facts(application, actor, expected_version=version, note=note)
    facts = queries.submission_facts(application, facts)
    return hand_in(application, act, facts, actor=actor)


def hand_in(
    application: Application,
    act: str,
    facts: Facts,
    paper: Paper | None = None,
    *,
    actor: Person,
) -> Recorded:
    """Freeze an application and hand it in by an act, under facts gathered in this transaction."""
    judged = queries.judged(application, paper.kept["documents"] if paper else None)
    facts = replace(facts, failed_rules=queries.told(judged.against))
    step = fire(applications.workflow(application), application.state, act, facts)
    _hold_place(application)
    application.rate = dollars.newest(application)
    prepared = preparation(application)
    copy = frozen(application, judged, paper)
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
        "eligibility": judged.outcome,
        **prepared,
        **dollars.told(application),
    }
    private = {"note": facts.note}
    if paper is not None:
        detail["paper"] = paper.told
        private["archive"] = paper.kept["archive"]
    recorded = take(application, step, facts, Evidence(detail, private), actor=actor)
    db.session.add(kept(application, SUBMITTED, judged, recorded))
    return recorded
