"""What a person sees of a case: one view put together from every capability below."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.accounts import queries as accounts
from app.accounts.models import Authority, Person
from app.applications import queries as applications
from app.applications.compose import clock_of
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.models import Award, Condition, Tranche
from app.countries.queries import country
from app.dashboards.compose import Seen, as_money, named, told
from app.db import db
from app.decisions import queries as decisions
from app.decisions.models import Ballot, Decision
from app.decisions.queries import Deciding
from app.disbursements import queries as disbursements
from app.disbursements.models import Disbursement, PaymentInstruction
from app.disbursements.queries import disbursement_facts, tranche_facts
from app.documents.models import Document
from app.letters import queries as letters
from app.letters.models import IssuedLetter
from app.repayments import queries as repayments
from app.repayments.models import RepaymentSchedule
from app.reviews import queries as reviews
from app.reviews.models import Assessment, Recommendation
from app.schemes import queries as schemes
from app.schemes.compose.terms import Question, SchemeTerms
from app.submissions import queries as submissions
from app.submissions.models import Attachment
from app.trail.queries import Fact, events_of
from workflows.clocks import elapsed
from workflows.definition import State, Workflow
from workflows.facts import Delegated, Facts
from workflows.machine import Option, options
from workflows.pictures.strip import Stop, strip


@dataclass(frozen=True)
class TrancheView:
    """A tranche with its payment and the acts that start from where it stands."""

    tranche: Tranche
    state: State
    instruction: PaymentInstruction | None
    disbursement: Disbursement | None
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Deadline:
    """The last local day of the running clock; ``left`` are the days of ``unit`` (working, calendar) until then."""

    on: date
    unit: str
    left: int
    late: bool


@dataclass(frozen=True)
class CaseView:
    """Everything a case page shows to one person.

    ``strip`` are the stages with where the case is, in the words of the person, and ``since`` is when it came there.
    ``papers`` are the documents of the newest submission with the label of their kind, for officers. ``authority``
    is what the person may decide under today, ``decided_under`` what the decision was taken under; ``budget_left``
    is what the call still has, in minor units.
    """

    application: Application
    terms: SchemeTerms
    workflow: Workflow
    state: State
    strip: tuple[Stop, ...]
    since: datetime
    zone: str
    today: date
    options: tuple[Option, ...]
    answers: dict[str, str]
    attachments: list[Attachment]
    assessments: list[Assessment]
    recommendation: Recommendation | None
    decision: Decision | None
    deciding: Deciding | None
    ballots: list[Ballot]
    award: Award | None
    conditions: list[Condition]
    tranches: list[TrancheView]
    letters: list[IssuedLetter]
    schedule: RepaymentSchedule | None
    events: list[Seen]
    people: dict[int, str]
    deadline: Deadline | None
    papers: list[tuple[str, Document]]
    authority: Authority | None
    acting_for: list[Delegated]
    minutes: list[Attachment]
    decided_under: Authority | None
    budget_left: int
    revealed: str

    def shown(self, question: Question) -> str:
        """Return an answer as people read it: money with its currency, a choice by its label, an account masked."""
        text = self.answers.get(question.key, "")
        if question.key == "bank_account" != self.revealed:
            return submissions.masked(text)
        if question.kind == "money":
            return as_money(text, self.application.currency)
        return "Confirmed" if question.kind == "declaration" else question.choices.get(text, text)

    @property
    def instalments(self) -> list[dict[str, Any]]:
        """Return the rows of the repayment schedule, amounts in minor units, due days as dates."""
        rows = self.schedule.rows if self.schedule else []
        return [{**row, "due": date.fromisoformat(row["due"])} for row in rows]


def deadline(application: Application) -> Deadline | None:
    """Return how long the running clock of a case has still to go, ``None`` when none runs."""
    state = applications.workflow(application).states[application.state]
    clock = clock_of(application, state)
    if application.due_on is None or clock is None:
        return None
    today = applications.today(application)
    calendar = applications.calendar(application, today)
    left = elapsed(clock, today, application.due_on, calendar)
    return Deadline(application.due_on, clock.unit, left, application.is_over(today))


def case(reference: str, *, actor: Person, revealed: str = "") -> CaseView:
    """Return the view of a case, with one masked value ``revealed``; raises ``Missing`` when it is hidden from the person."""
    application = applications.find(reference, actor=actor)
    workflow = applications.workflow(application)

    def sees(thing: str) -> bool:
        return workflow.sees(application.state, thing, actor.duties)

    award = awards.award(application) if sees("award") else None
    done = reviews.assessments(application)
    facts = _facts(application, award, done, actor)
    frozen = (
        {}
        if actor.applies or application.erased_at
        else submissions.submissions(application)[-1].frozen
    )
    events = events_of(application.reference)
    people = accounts.names({number for event in events for number in named(event)})
    terms = applications.terms(application)
    decision = decisions.decision(application) if sees("decision") else None
    read = not actor.applies or sees("recommendation")
    advice = reviews.recommendation(application) if read else None
    deciding = None if actor.applies else decisions.deciding(application, facts, advice)
    blind = _blind(workflow, application.state, facts)
    call = application.call
    answers = (
        application.answers
        if actor.applies
        else _answers(frozen, actor, facts.actor.institution, revealed)
    )
    return CaseView(
        application=application,
        terms=terms,
        workflow=workflow,
        state=workflow.states[application.state],
        strip=_strip(workflow, application, events, actor),
        since=_since(application, events),
        zone=country(terms.country).zone,
        today=facts.today,
        options=options(workflow, application.state, facts),
        answers=answers if sees("answers") else {},
        attachments=submissions.attachments(application) if sees("documents") else [],
        assessments=done if sees("assessments") and not blind else [],
        recommendation=advice if sees("recommendation") else None,
        decision=decision,
        deciding=deciding,
        ballots=[] if actor.applies else decisions.cast(application),
        award=award,
        conditions=awards.conditions(award) if award else [],
        tranches=_tranches(application, award, actor) if award else [],
        letters=letters.letters(application),
        schedule=repayments.newest(award) if award else None,
        events=told(application, events, people, blind=blind, actor=actor),
        people=people,
        deadline=deadline(application),
        papers=[] if actor.applies or not sees("documents") else _papers(application, frozen),
        authority=_authority(facts, deciding, actor),
        acting_for=[d for d in facts.actor.delegated if d.in_force(facts.today)],
        minutes=submissions.papers(application) if not actor.applies else [],
        decided_under=_decided_under(decision) if not actor.applies else None,
        budget_left=call.budget_minor - call.reserved_minor - call.paid_minor,
        revealed=revealed,
    )


def _blind(workflow: Workflow, state: str, facts: Facts) -> bool:
    """Tell whether the person may still take an act in which nobody sees what others gave."""
    return any(
        act.blind and not facts.actor.duties.isdisjoint(act.by) and not facts.assessed_by_actor
        for act in workflow.acts_from(state)
    )


def _authority(facts: Facts, deciding: Deciding | None, actor: Person) -> Authority | None:
    """Return the authority the person may decide under today: for the body that decides, when a decision is open."""
    band = deciding.band if deciding else None
    sought = accounts.Sought(facts.scheme, facts.currency, facts.today)
    if band is not None:
        sought = replace(sought, duty=band.by, body=band.body)
    return accounts.authority(actor.id, sought)


def _papers(application: Application, frozen: dict[str, Any]) -> list[tuple[str, Document]]:
    """Return the documents of the newest submission: what was decided on stays, whatever is replaced later."""
    labels = {kind.key: kind.label for kind in applications.terms(application).documents}
    rows = frozen.get("documents", [])
    found = [(row["kind"], submissions.document(application, row["id"])) for row in rows]
    return [(labels.get(kind, kind), document) for kind, document in found if document is not None]


def _decided_under(decision: Decision | None) -> Authority | None:
    if decision is None or decision.authority_id is None:
        return None
    return db.session.get(Authority, decision.authority_id)


def _facts(
    application: Application, award: Award | None, done: list[Assessment], actor: Person
) -> Facts:
    """Gather the facts the standing rules look at, so that a page can say which acts are open and why not the others."""
    facts = applications.facts(
        application,
        actor,
        assessed_by_actor=actor.id in {assessment.assessor_id for assessment in done},
        assessments=len(done),
        offer_expires_on=award.expires_on if award else None,
        votes=decisions.open_votes(application),
    )
    if applications.workflow(application).edits(application.state, "answers", actor.duties):
        return submissions.submission_facts(application, facts)
    return facts


def _strip(
    workflow: Workflow, application: Application, events: list[Fact], actor: Person
) -> tuple[Stop, ...]:
    """Return the stages of a case as the person reads them; what lies behind is what the trail says."""
    past = [event.record["from"] for event in events if "from" in event.record]
    return strip(workflow, application.state, past, application.strands, applicant=actor.applies)


def _since(application: Application, events: list[Fact]) -> datetime:
    """Return when a case came into the state it is in."""
    arrived = (
        event.at
        for event in reversed(events)
        if event.record.get("to") == application.state != event.record.get("from")
    )
    return next(arrived, application.created_at)


def _answers(
    frozen: dict[str, Any], actor: Person, institution: str, revealed: str
) -> dict[str, str]:
    """Return the answers an officer may see: what was submitted, never a draft.

    The account is masked but for those of the agency who prepare, check and release payments.
    """
    found: dict[str, str] = dict(frozen.get("answers", {}))
    masks = institution or not {"payment_officer", "releaser"} & set(actor.duties)
    if masks and found and revealed != "bank_account":
        found["bank_account"] = submissions.masked(found["bank_account"])
    return found


def _tranches(application: Application, award: Award, actor: Person) -> list[TrancheView]:
    workflow = schemes.workflow(application.scheme.tranche_digest)
    instructions = disbursements.instructions(award)
    paid = disbursements.disbursements(award)
    shared = disbursement_facts(application, award, actor)
    return [
        TrancheView(
            tranche=tranche,
            state=workflow.states[tranche.state],
            instruction=instructions.get(tranche.id),
            disbursement=paid.get(tranche.id),
            options=options(
                workflow,
                tranche.state,
                tranche_facts(shared, award, tranche, instructions.get(tranche.id)),
            ),
        )
        for tranche in awards.tranches(award)
    ]
