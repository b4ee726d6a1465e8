"""What can happen to proceedings: proposed, and every act of their lives; what they do is done by their kind."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app import clock
from app.accounts.models import Authority, Person
from app.applications import queries as applications
from app.applications.commands import Evidence, note_step
from app.applications.compose import run_clock
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.models import Award
from app.db import db
from app.errors import Conflict, Missing
from app.proceedings import queries
from app.proceedings.compose import KINDS, Entered, Kind
from app.proceedings.models import Approval, Proceeding
from app.reviews.commands import Reasoned, reasoned
from app.schemes.commands import keep
from app.trail.commands import Recorded
from workflows.definition import Workflow
from workflows.facts import Facts
from workflows.machine import Step, fire

APPROVE = "approve"


def kind_of(name: str) -> Kind:
    """Return a kind of proceedings; raises ``Missing`` for one there is not."""
    found = KINDS.get(name)
    if found is None:
        raise Missing(f"There is no proceeding called {name}.")
    return found


def propose(
    reference: str,
    kind: str,
    given: Any,
    note: str,
    *,
    version: int | None,
    actor: Person,
) -> Recorded:
    """Propose something about the award of a case: a proceeding of a kind begins.

    The first act of its life that is for the person's duty is taken. Raises ``Conflict`` where the case has no room for
    it, ``Invalid`` for what was entered, ``Refused`` with every rule that speaks against it.
    """
    chosen = kind_of(kind)
    application = applications.find(reference, actor=actor, lock=True)
    award = awards.awarded(application)
    why = chosen.open_to(application, award)
    if why:
        raise Conflict(why)
    draft = chosen.draw(application, award, given, actor)
    life = chosen.workflow
    row = Proceeding(
        application_id=application.id,
        award_id=award.id,
        number=queries.count(application) + 1,
        kind=kind,
        workflow_digest=keep(life),
        state=life.initial,
        terms=draft.terms,
        private=draft.private,
        amount_minor=draft.amount,
        proposed_by=actor.id,
        proposed_at=clock.now(),
    )
    row.approvals = []
    facts = queries.facts_of(application, award, row, actor)
    facts = replace(facts, expected_version=version, note=note, more=draft.more)
    act = _first(life, facts)
    step = fire(life, row.state, act, facts)
    db.session.add(row)
    return _taken(_Turn(application, award, row, step, facts, actor, draft.private))


def _first(life: Workflow, facts: Facts) -> str:
    """Return the act by which a person begins a proceeding: the first for a duty of the person, else the first of all."""
    acts = life.acts_from(life.initial)
    mine = (act.name for act in acts if not facts.actor.duties.isdisjoint(act.by))
    return next(mine, acts[0].name)


def take(
    reference: str,
    number: int,
    said: Reasoned,
    *,
    act: str,
    version: int | None,
    actor: Person,
) -> Recorded:
    """Take an act on a proceeding; with it the proceeding may come to the state in which it takes effect."""
    application = applications.find(reference, actor=actor, lock=True)
    row = queries.proceeding(application, number)
    award = db.session.get_one(Award, row.award_id, populate_existing=True)
    life = queries.workflow(row)
    facts = queries.facts_of(application, award, row, actor)
    facts = reasoned(application, act, said, replace(facts, expected_version=version))
    authority = None
    if act in life.acts:
        authority = queries.authority(application, row, life.acts[act], facts, actor)
        facts = _under(application, facts, authority)
    step = fire(life, row.state, act, facts)
    recorded = _taken(_Turn(application, award, row, step, facts, actor))
    if step.act.does == APPROVE:
        approval = Approval(
            person_id=actor.id,
            proposed_by=row.proposed_by,
            authority_id=authority.id if authority else None,
            event_id=recorded.id,
            at=recorded.at,
        )
        row.approvals.append(approval)
        db.session.flush()
    return recorded


def _under(application: Application, facts: Facts, authority: Authority | None) -> Facts:
    limit = authority.limit_minor if authority else None
    return replace(
        facts,
        authority_limit=limit,
        authority_instrument=authority.instrument if authority else None,
        money=facts.money | applications.amounts(application, authority_limit=limit),
    )


def pass_on(row: Proceeding, does: str, system: str = "") -> Recorded | None:
    """Let the system take the act of a proceeding that does something, where there is one; the case is locked."""
    acts = [act for act in queries.workflow(row).acts_from(row.state) if act.automatic]
    named = next((act.name for act in acts if act.does == does), None)
    return _automatic(row, named, None, system) if named else None


def expire(application: Application, number: int, act: str) -> Recorded:
    """Take the act of the clock of a proceeding that has run out: the system acts, on a case that the caller has locked."""
    row = queries.proceeding(application, number)
    return _automatic(row, act, row.due_on, "")


def _automatic(row: Proceeding, act: str, over_on: date | None, system: str) -> Recorded:
    application = row.application
    award = db.session.get_one(Award, row.award_id, populate_existing=True)
    facts = queries.facts_of(application, award, row, None)
    step = fire(queries.workflow(row), row.state, act, facts)
    turn = _Turn(application, award, row, step, facts, None, over_on=over_on, system=system)
    return _taken(turn)


@dataclass(frozen=True)
class _Turn:
    """One act on a proceeding of a locked case: the step is taken but not yet carried out."""

    application: Application
    award: Award
    row: Proceeding
    step: Step
    facts: Facts
    actor: Person | None
    private: dict[str, str] = field(default_factory=dict)
    over_on: date | None = None
    system: str = ""


def _taken(turn: _Turn) -> Recorded:
    """Carry out a step: state, clock, event, and what the kind does in the state that is entered."""
    row, step, application = turn.row, turn.step, turn.application
    row.state = step.target.name
    today = turn.facts.today
    calendar = applications.calendar(application, today)
    waits = KINDS[row.kind].waits.get(step.target.name)
    days = waits(application) if waits else None
    ran = run_clock(
        row, step.source, step.target, step.act, today=today, calendar=calendar, days=days
    )
    if step.target.end:
        row.ended_at = clock.now()
    db.session.flush()
    private = {**turn.private, "note": turn.facts.note}
    evidence = Evidence(_detail(turn), private, over_on=turn.over_on, system=turn.system)
    recorded = note_step(application, step, turn.facts, evidence, actor=turn.actor, ran=ran)
    effect = KINDS[row.kind].effects.get(step.target.name)
    if effect is not None and step.target != step.source:
        effect(Entered(application, turn.award, row, step, recorded, turn.actor))
        db.session.flush()
    return recorded


def _detail(turn: _Turn) -> dict[str, Any]:
    """Return what the event of an act says: which proceeding, its terms, and how often it is approved."""
    row = turn.row
    detail: dict[str, Any] = {"proceeding": row.number, "kind": row.kind, "terms": row.terms}
    if row.amount_minor is not None:
        detail |= {"amount": row.amount_minor, "currency": turn.application.currency}
    if turn.step.act.does == APPROVE:
        needed = turn.facts.approvals_needed
        detail |= {"approval": (turn.facts.approvals or 0) + 1, "needed": needed}
    if "within_authority" in turn.step.act.guards:
        detail["authority"] = _authority(turn.facts)
    if turn.over_on is not None:
        detail["expired_on"] = turn.over_on.isoformat()
    return detail


def _authority(facts: Facts) -> dict[str, Any]:
    return {
        "instrument": facts.authority_instrument,
        "limit": facts.authority_limit,
        "currency": facts.currency,
    }
