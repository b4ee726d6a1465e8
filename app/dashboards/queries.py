"""What a person sees of a case: one view put together from every capability below."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.accounts.models import Person
from app.accounts.queries import names
from app.applications import queries as applications
from app.applications.models import Application, Attachment
from app.awards import queries as awards
from app.awards.models import Award, Condition, Tranche
from app.countries.queries import country
from app.disbursements import queries as disbursements
from app.disbursements.commands import tranche_facts
from app.disbursements.models import Disbursement, PaymentInstruction
from app.letters import queries as letters
from app.letters.models import IssuedLetter
from app.repayments import queries as repayments
from app.repayments.models import RepaymentSchedule
from app.reviews import queries as reviews
from app.reviews.models import Assessment, Decision, Recommendation
from app.schemes import queries as schemes
from app.schemes.compose import SchemeTerms
from app.trail.queries import Fact, events_of
from workflows.definition import State, Workflow
from workflows.facts import Facts
from workflows.machine import Option, options


@dataclass(frozen=True)
class Seen:
    """An event of the trail as a page shows it."""

    act: str
    title: str
    when: Any
    who: str
    text: str
    reasons: tuple[str, ...]
    digest: str
    tranche: int | None


@dataclass(frozen=True)
class TrancheView:
    """A tranche with its payment and the acts that start from where it stands."""

    tranche: Tranche
    state: State
    instruction: PaymentInstruction | None
    disbursement: Disbursement | None
    options: tuple[Option, ...]


@dataclass(frozen=True)
class CaseView:
    """Everything a case page shows to one person.

    ``stage`` counts the stages behind the case; a case that ended on the way stands at the stage where it ended.
    """

    application: Application
    terms: SchemeTerms
    workflow: Workflow
    state: State
    stage: int
    zone: str
    today: date
    options: tuple[Option, ...]
    answers: dict[str, str]
    attachments: list[Attachment]
    assessments: list[Assessment]
    recommendation: Recommendation | None
    decision: Decision | None
    award: Award | None
    conditions: list[Condition]
    tranches: list[TrancheView]
    letters: list[IssuedLetter]
    schedule: RepaymentSchedule | None
    events: list[Seen]
    people: dict[int, str]
    late: bool

    @property
    def instalments(self) -> list[dict[str, Any]]:
        """Return the rows of the repayment schedule, amounts in minor units, due days as dates."""
        rows = self.schedule.rows if self.schedule else []
        return [{**row, "due": date.fromisoformat(row["due"])} for row in rows]


def case(reference: str, *, actor: Person) -> CaseView:
    """Return the view of a case; raises ``Missing`` when the person may not know of it."""
    application = applications.find(reference, actor=actor)
    workflow = applications.workflow(application)
    award = awards.award(application)
    facts = _facts(application, award, actor)
    events = events_of(application.reference)
    people = names(
        {int(event.actor.split(":")[1]) for event in events if ":clock" not in event.actor}
    )
    terms = applications.terms(application)
    return CaseView(
        application=application,
        terms=terms,
        workflow=workflow,
        state=workflow.states[application.state],
        stage=_stage(workflow, application, events),
        zone=country(terms.country).zone,
        today=facts.today,
        options=options(workflow, application.state, facts),
        answers=_answers(application, actor),
        attachments=applications.attachments(application),
        assessments=reviews.assessments(application) if not actor.applies else [],
        recommendation=reviews.recommendation(application) if not actor.applies else None,
        decision=reviews.decision(application),
        award=award,
        conditions=awards.conditions(award) if award else [],
        tranches=_tranches(application, award, actor) if award else [],
        letters=letters.letters(application),
        schedule=repayments.newest(award) if award else None,
        events=[_seen(event, application, people, actor) for event in events],
        people=people,
        late=application.due_on is not None and application.due_on < facts.today,
    )


def _facts(application: Application, award: Award | None, actor: Person) -> Facts:
    """Gather the facts the standing rules look at, so that a page can say which acts are open and why not the others."""
    done = reviews.assessments(application)
    facts = applications.facts(
        application,
        actor,
        assessed_by_actor=actor.id in {assessment.assessor_id for assessment in done},
        assessments=len(done),
        offer_expires_on=award.expires_on if award else None,
    )
    if actor.applies and application.state in ("draft", "returned"):
        return applications.submission_facts(application, facts)
    return facts


def _stage(workflow: Workflow, application: Application, events: list[Fact]) -> int:
    """Return how many stages lie behind a case; only states on the road belong to a stage."""
    state = workflow.states[application.state]
    if state.end and state.stage:
        return len(workflow.stages)
    steps = [event.record for event in events if event.kind in workflow.acts]
    stood = state.stage or workflow.states[steps[-1]["from"]].stage
    return workflow.stages.index(stood)


def _answers(application: Application, actor: Person) -> dict[str, str]:
    """Return the answers a person may see: an officer sees what was submitted, never a draft."""
    if actor.applies:
        return application.answers
    found: dict[str, str] = applications.submissions(application)[-1].frozen["answers"]
    return found


def _tranches(application: Application, award: Award, actor: Person) -> list[TrancheView]:
    workflow = schemes.workflow(application.scheme.tranche_digest)
    instructions = disbursements.instructions(award)
    paid = disbursements.disbursements(award)
    return [
        TrancheView(
            tranche=tranche,
            state=workflow.states[tranche.state],
            instruction=instructions.get(tranche.id),
            disbursement=paid.get(tranche.id),
            options=options(
                workflow,
                tranche.state,
                tranche_facts(application, award, tranche, instructions.get(tranche.id), actor),
            ),
        )
        for tranche in awards.tranches(award)
    ]


# What an applicant reads of the trail: notes between officers stay between officers.
_INTERNAL = frozenset(
    {"take_up", "pass", "assess", "recommend", "prepare", "check", "release", "declare_interest"}
)


def _seen(event: Fact, application: Application, people: dict[int, str], actor: Person) -> Seen:
    workflows = (
        applications.workflow(application),
        schemes.workflow(application.scheme.tranche_digest),
    )
    titles = {act.name: act.event for workflow in workflows for act in workflow.acts.values()}
    terms = applications.terms(application)
    kind, _, number = event.actor.partition(":")
    internal = actor.applies and kind == "officer"
    who = "the system" if kind == "system" else people.get(int(number), event.actor)
    text = next(
        (
            event.disclosed[name]
            for name in ("note", "comment", "evidence")
            if name in event.disclosed
        ),
        "",
    )
    known = {reason.code: reason.sentence for reason in terms.reasons}
    return Seen(
        act=event.kind,
        title=titles.get(event.kind, "Interest declared"),
        when=event.at,
        who=application.scheme.agency.name if internal else who,
        text="" if internal and event.kind in _INTERNAL else text,
        reasons=tuple(known.get(code, code) for code in event.record.get("reasons", [])),
        digest=event.hash,
        tranche=event.record.get("detail", {}).get("tranche"),
    )
