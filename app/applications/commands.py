"""What can happen to an application: drafted, filled in, submitted, supplied with information; and taking any step."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from app import clock
from app.accounts import queries as accounts
from app.accounts.commands import declare_interest, locked_agency
from app.accounts.models import Person
from app.applications import queries
from app.applications.compose import run_clock
from app.applications.models import Application, Part, Participation
from app.applications.queries.taking import agencies_of, by_country
from app.countries.queries import country
from app.db import db
from app.delegations import commands as delegations
from app.errors import Conflict, Forbidden, Missing
from app.trail.commands import Entry, Recorded, record
from workflows.facts import Facts
from workflows.machine import Step
from workflows.vocabulary import OWNER, SWITCH

_PART = insert(Part)
CLOCK = "system:clock"


@dataclass(frozen=True)
class Evidence:
    """What an act leaves in the trail beside the step itself: ``detail`` is public, ``private`` only committed to.

    ``duties`` is work beside the letter that the workflow names; ``over_on`` is the local day with the end of which the time
    ran out, for acts of the clock: that is when it happened, whenever it is noticed. ``system`` names who acts where no
    person does; the clock where it says nothing.
    """

    detail: dict[str, Any] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)
    duties: tuple[str, ...] = ()
    over_on: date | None = None
    system: str = ""


def take(
    application: Application,
    step: Step,
    facts: Facts,
    evidence: Evidence,
    *,
    actor: Person | None,
    days: int | None = None,
) -> Recorded:
    """Carry out a step of the case itself: state, clock, part, event and outbox, in the caller's transaction.

    ``days`` is how long the clock of the new state runs where the scheme says it, not the workflow.
    """
    application.state = step.target.name
    application.strands = dict(step.strands)
    _let_go(application, step)
    invited = _invite(application, step)
    today = queries.today(application)
    ran = run_clock(
        application,
        step.source,
        step.target,
        step.act,
        today=today,
        calendar=queries.calendar(application, today),
        days=days,
    )
    if invited:
        evidence = replace(evidence, detail={**evidence.detail, "invited": invited})
    return note_step(application, step, facts, evidence, actor=actor, ran=ran)


def _let_go(application: Application, step: Step) -> None:
    """Let the enterprise apply again where it may have one application only: at any end, in a call only after a failed one."""
    held = application.exclusive or ""
    if step.target.end and (held.startswith("scheme:") or step.target.outcome != "completed"):
        application.exclusive = None


def _invite(application: Application, step: Step) -> dict[str, list[str]]:
    """Let other institutions see the case from when the workflow gives them something to do.

    Returns the codes of the agencies that are asked in the state that is entered, where the case says which they are.
    """
    asked = {act.institution for act in step.workflow.acts_from(step.target.name)} - {OWNER}
    told: dict[str, list[str]] = {}
    for institution in sorted(asked):
        codes = agencies_of(application, institution)
        for code in codes:
            _take_in(application, institution, code, confined=institution in step.workflow.confined)
        if step.target != step.source and by_country(application, institution):
            told[institution] = [*codes]
    return told


def _take_in(application: Application, institution: str, code: str, *, confined: bool) -> None:
    agency = accounts.agency_by_code(code)
    if agency is None:
        raise Conflict(f"The agency {code}, which acts as {institution}, is not registered.")
    if db.session.get(Participation, (application.id, agency.id)) is None:
        found = Participation(agency_id=agency.id, institution=institution, confined=confined)
        found.application_id = application.id
        db.session.add(found)


def note_step(
    application: Application,
    step: Step,
    facts: Facts,
    evidence: Evidence,
    *,
    actor: Person | None,
    ran: dict[str, Any] | None = None,
) -> Recorded:
    """Record a step on the trail of the case, of the case itself or of one of its tranches.

    ``ran`` is what the step did to the service clock.
    """
    if step.behalf is not None:
        delegations.hold(step.behalf.number)
    _take_part(application, step, facts, actor)
    scheme = queries.terms(application)
    entry = Entry(
        kind=step.act.name,
        actor=actor.mark if actor else evidence.system or CLOCK,
        body={
            "duty": _duty(step, facts),
            "enterprise": f"enterprise:{application.enterprise_id}",
            "conflict": _conflict(facts),
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
            "outcome": facts.outcome,
            "institution": step.act.institution or None,
            "strands": dict(step.strands) or None,
            "clock": ran or None,
            **_behalf(step),
            "detail": {**evidence.detail, **_attached(facts), **_switched(step, facts)},
        },
        private=evidence.private,
        duties=_duties(application, step, evidence),
        happened_at=over_at(application, evidence.over_on),
    )
    recorded = record(application, entry)
    touched(application, recorded.at)
    return recorded


def tell_partners(
    application: Application, recorded: Recorded, reasons: tuple[str, ...] = ()
) -> None:
    """Record on the trail of each other institution of a case what ended the award that its decision was part of.

    An institution confined to its part is not told: what becomes of the case is not its part. The agencies are locked in the order of their numbers, so that two cases that end at once do not wait for each other.
    """
    found = select(Participation.agency_id).where(
        Participation.application_id == application.id, ~Participation.confined
    )
    for agency_id in sorted(db.session.scalars(found)):
        detail = {
            "case": application.reference,
            "act": recorded.kind,
            "seq": recorded.seq,
            "event": recorded.hash,
            "reasons": list(reasons),
        }
        record(locked_agency(agency_id), Entry("award_ended", recorded.actor, {"detail": detail}))


def over_at(application: Application, day: date | None) -> datetime | None:
    """Return the moment at which a local day of the scheme's country was over, ``None`` for no day."""
    zone = country(queries.terms(application).country).zone
    return clock.end_of(day, zone) if day else None


def _take_part(application: Application, step: Step, facts: Facts, actor: Person | None) -> None:
    """Write where the person stands from now on, and the one in whose name the person acts."""
    if actor is None or not step.act.part:
        return
    people = [] if facts.actor.part else [actor.id]
    if step.behalf and step.behalf.giver_part is None:
        people.append(step.behalf.giver_number)
    rows = [
        {"application_id": application.id, "person_id": person, "part": step.act.part}
        for person in people
    ]
    if rows:
        # On the connection, not the session: nothing need be flushed before it.
        db.session.connection().execute(_PART, rows)


def _duty(step: Step, facts: Facts) -> str:
    """Return the duty the act was taken under: the one that was handed over, or the first of the person's own."""
    if step.behalf is not None:
        return step.behalf.duty
    return next(duty for duty in step.act.by if duty in facts.actor.duties)


def _attached(facts: Facts) -> dict[str, Any]:
    """Return the documents that were attached for the act, by digest."""
    if not facts.attached:
        return {}
    return {"documents": [{"kind": kind, "sha256": sha256} for kind, sha256 in facts.attached]}


def _switched(step: Step, facts: Facts) -> dict[str, Any]:
    """Return which rules the scheme has switched on, where that says which way an act goes."""
    if not any((way.when or "").startswith(SWITCH) for way in step.act.branches):
        return {}
    return {"switches": sorted(facts.switches or ())}


def _conflict(facts: Facts) -> str | None:
    """Return what an officer declared: whoever has an interest in the enterprise or the case does not come this far."""
    return "none declared" if facts.actor.mark.startswith("officer:") else None


def _behalf(step: Step) -> dict[str, Any]:
    if step.behalf is None:
        return {}
    return {
        "on_behalf_of": step.behalf.giver,
        "delegation": step.behalf.number,
        "delegation_limit": step.behalf.limit,
    }


def _duties(
    application: Application, step: Step, evidence: Evidence
) -> tuple[tuple[str, dict[str, Any]], ...]:
    named: list[tuple[str, dict[str, Any]]] = [
        (duty, {"application_id": application.id}) for duty in evidence.duties
    ]
    if step.letter:
        named.append(("letter", {"letter": step.letter, "application_id": application.id}))
    return tuple(named)


def declare(reference: str, reason: str, *, whole: bool = True, actor: Person) -> None:
    """Record that an officer has an interest in the enterprise of a case, or in this case only (``whole`` is false).

    It stands on the trail of the case; what it concerns is hidden from the officer from now on.
    """
    application = queries.find(reference, actor=actor, lock=True)
    if actor.beside:
        raise Forbidden("Interests are declared by officers.")
    if not queries.shown(reference, actor=actor):
        # The same declaration was made while this one waited for the lock.
        raise Missing(f"There is no application {reference}, or not for you.")
    entry = Entry("declare_interest", actor.mark, {"detail": {}}, private={"reason": reason})
    record(application, entry)
    touched(application)
    case = "" if whole else application.reference
    declare_interest(actor, application.enterprise_id, reason, case=case)


def touched(application: Application, at: datetime | None = None) -> None:
    """Give an application its next version."""
    application.version += 1
    application.updated_at = at or clock.now()
