"""What a person sees of a case: one view put together from every capability below."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.accounts import queries as accounts
from app.accounts.models import Authority, Person
from app.applications import queries as applications
from app.applications.compose import clock_of
from app.applications.models import Application
from app.applications.queries.dollars import beside
from app.applications.queries.preparing import Prepared, prepared
from app.awards import queries as awards
from app.awards.models import Award, Condition
from app.countries.queries import country
from app.dashboards.compose import Seen, disclosed, named, told
from app.dashboards.queries.money import bridge_of, budget_left, proceedings_of
from app.dashboards.queries.tranches import TrancheView, tranches_of
from app.db import db
from app.decisions import queries as decisions
from app.decisions.models import Ballot, Decision
from app.decisions.queries import Deciding
from app.documents.models import Document
from app.intake.models import PaperFiling
from app.intake.queries import filing
from app.letters import queries as letters
from app.letters.models import IssuedLetter
from app.proceedings.compose import Kind
from app.proceedings.queries.seeing import Seen as Proceeding
from app.proceedings.queries.seeing import begun
from app.repayments import queries as repayments
from app.repayments.models import RepaymentSchedule
from app.reviews import queries as reviews
from app.reviews.models import Assessment, Recommendation
from app.schemes.compose.terms import Question, SchemeTerms
from app.schemes.schemas import sums
from app.submissions import queries as submissions
from app.submissions.models import Attachment
from app.trail.queries import Fact, events_of
from workflows.bridge import Line
from workflows.clocks import elapsed
from workflows.definition import State, Workflow
from workflows.facts import Delegated, Facts
from workflows.machine import Option, options
from workflows.pictures.strip import Stop, strip


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
    answers: dict[str, Any]
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
    prepared: Prepared | None
    filing: PaperFiling | None = None
    proceedings: tuple[Proceeding, ...] = ()
    begun: tuple[Kind, ...] = ()
    bridge: tuple[Line, ...] = ()

    def shown(self, question: Question) -> Any:
        """Return an answer as it may be shown: an account masked, unless it was revealed."""
        value = self.answers.get(question.key, "")
        hides = value and question.key == "bank_account" != self.revealed
        return submissions.masked(value) if hides else value

    def beside(self, minor: int | None) -> str:
        """Return an amount in the currency of the enterprise's country, where amounts are in dollars; else ""."""
        return beside(self.application, minor)

    @property
    def files(self) -> dict[str, Document]:
        """Return the documents of the newest submission by their number, as answers name them."""
        return {str(document.id): document for _, document in self.papers}

    @property
    def sums(self) -> dict[str, dict[str, str]]:
        """Return the totals of the tables among the answers, by question and column."""
        return sums(self.terms, self.answers)

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
        return workflow.sees(application.state, thing, actor.reads_as)

    award = awards.award(application) if sees("award") else None
    done = reviews.assessments(application)
    facts = _facts(application, award, done, actor)
    frozen = (
        {}
        if actor.beside or application.erased_at
        else submissions.submissions(application)[-1].frozen
    )
    events = events_of(application.reference)
    people = accounts.names({number for event in events for number in named(event)})
    terms = applications.terms(application)
    decision = decisions.decision(application) if sees("decision") else None
    read = not actor.beside or sees("recommendation")
    advice = reviews.recommendation(application) if read else None
    deciding = None if actor.beside else decisions.deciding(application, facts, advice)
    blind = _blind(workflow, application.state, facts)
    answers = (
        application.answers
        if actor.beside
        else disclosed(frozen, actor, facts.actor.institution, revealed)
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
        options=() if actor.advises else options(workflow, application.state, facts),
        answers=answers if sees("answers") else {},
        attachments=submissions.attachments(application) if sees("documents") else [],
        assessments=done if sees("assessments") and not blind else [],
        recommendation=advice if sees("recommendation") else None,
        decision=decision,
        deciding=deciding,
        ballots=[] if actor.beside else decisions.cast(application),
        award=award,
        conditions=awards.conditions(award) if award else [],
        tranches=tranches_of(application, award, actor) if award else [],
        letters=letters.letters(application),
        schedule=repayments.newest(award) if award else None,
        events=told(application, events, people, blind=blind, actor=actor),
        people=people,
        deadline=deadline(application),
        papers=[] if actor.beside or not sees("documents") else papers_of(application, frozen),
        authority=_authority(facts, deciding, actor),
        acting_for=[d for d in facts.actor.delegated if d.in_force(facts.today)],
        minutes=_minutes(application, workflow, actor),
        decided_under=_decided_under(decision) if not actor.beside else None,
        budget_left=budget_left(application, actor),
        revealed=revealed,
        prepared=prepared(application),
        filing=None if actor.beside or not sees("documents") else filing(application),
        proceedings=proceedings_of(application, award, actor),
        begun=tuple(begun(application, actor)) if award else (),
        bridge=bridge_of(application, award, events) if award and not actor.advises else (),
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


def papers_of(application: Application, frozen: dict[str, Any]) -> list[tuple[str, Document]]:
    """Return the documents of the newest submission: what was decided on stays, whatever is replaced later."""
    terms = applications.terms(application)
    # The answer to a question for a file is of the kind that has its key.
    labels = {one.key: one.label for one in terms.questions}
    labels |= {kind.key: kind.label for kind in terms.documents}
    rows = frozen.get("documents", [])
    found = [(row["kind"], submissions.document(application, row["id"])) for row in rows]
    return [(labels.get(kind, kind), document) for kind, document in found if document is not None]


def _minutes(application: Application, workflow: Workflow, actor: Person) -> list[Attachment]:
    """Return what was attached for acts: to who stands on the applicant's side, what is of the applicant's own acts."""
    own = {act.name for act in workflow.acts.values() if "applicant" in act.by}
    found = submissions.papers(application)
    return [one for one in found if one.act in own] if actor.beside else found


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
        **decisions.listed(application, actor),
    )
    if applications.workflow(application).edits(application.state, "answers", actor.reads_as):
        against = submissions.judged(application).against
        facts = replace(facts, failed_rules=submissions.told(against))
        return submissions.submission_facts(application, facts)
    return facts


def _strip(
    workflow: Workflow, application: Application, events: list[Fact], actor: Person
) -> tuple[Stop, ...]:
    """Return the stages of a case as the person reads them; what lies behind is what the trail says."""
    past = [event.record["from"] for event in events if "from" in event.record]
    return strip(workflow, application.state, past, application.strands, applicant=actor.beside)


def _since(application: Application, events: list[Fact]) -> datetime:
    """Return when a case came into the state it is in."""
    arrived = (
        event.at
        for event in reversed(events)
        if event.record.get("to") == application.state != event.record.get("from")
    )
    return next(arrived, application.created_at)
