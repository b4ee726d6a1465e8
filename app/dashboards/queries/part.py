"""What a person sees of a case of another agency in which the own agency has a part, and sees that part alone."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.applications.queries.taking import part_of
from app.awards import queries as awards
from app.countries.queries import country
from app.dashboards.compose import Seen, disclosed, named, told
from app.dashboards.queries import CaseView, deadline, papers_of
from app.dashboards.queries.tranches import TrancheView, tranches_of
from app.decisions import queries as decisions
from app.errors import Missing
from app.submissions import queries as submissions
from app.trail.queries import Fact, events_of
from workflows.definition import State, Workflow
from workflows.machine import Option, options

# The answers that are the summary of a case: what it is called, and what the enterprise does where.
TITLE, OPERATIONS = "project_title", "operations"
ACCOUNT = "bank_account"


def confined(application: Application, actor: Person) -> str:
    """Return the part in a case that the agency of a person has and alone sees, "" for who sees all of what the duties see."""
    found = part_of(application, actor)
    return found.institution if found and found.confined else ""


def part(reference: str, *, actor: Person) -> CaseView:
    """Return the view of the part in a case that the agency of a person has; raises ``Missing`` where it has none.

    It holds the summary, what the agency has to do and has done, and of the rest what the workflow names.
    """
    application = applications.find(reference, actor=actor, part=True)
    institution, workflow = confined(application, actor), applications.workflow(application)
    if not institution:
        raise Missing(f"There is no application {reference}, or not for you.")

    def sees(thing: str) -> bool:
        return workflow.shows(application.state, thing, actor.reads_as, institution)

    terms = applications.terms(application)
    facts = applications.facts(application, actor, votes=decisions.open_votes(application))
    frozen = {} if application.erased_at else submissions.submissions(application)[-1].frozen
    award = awards.award(application) if sees("award") else None
    tranches = (
        [_own(found, institution) for found in tranches_of(application, award, actor)]
        if award
        else []
    )
    offered = tuple(_of(institution, options(workflow, application.state, facts)))
    turn = bool(offered) or any(found.options for found in tranches)
    pays = "payment_officer" in actor.duties and award is not None
    answers = disclosed(frozen, actor, institution, ACCOUNT if pays else "")
    events = events_of(application.reference)
    people = accounts.names(_colleagues(events, actor, application, applicant=sees("answers")))
    return CaseView(
        application=application,
        terms=terms,
        workflow=workflow,
        state=_state(workflow, application, turn=turn, follows=sees("award")),
        strip=(),
        since=application.created_at,
        zone=country(terms.country).zone,
        today=facts.today,
        options=offered,
        answers=answers if sees("answers") else _summary(answers, actor),
        attachments=[],
        assessments=[],
        recommendation=None,
        decision=None,
        deciding=None,
        ballots=[],
        award=award,
        conditions=[],
        tranches=tranches,
        letters=[],
        schedule=None,
        events=_told(application, events, people, actor),
        people=people,
        deadline=deadline(application) if offered else None,
        papers=papers_of(application, frozen) if sees("documents") else [],
        authority=None,
        acting_for=[d for d in facts.actor.delegated if d.in_force(facts.today)],
        minutes=[],
        decided_under=None,
        budget_left=0,
        revealed=ACCOUNT if pays else "",
        prepared=None,
    )


def _of(institution: str, found: Iterable[Option]) -> list[Option]:
    """Return the acts of an institution: the others are not even named to it."""
    return [option for option in found if option.act.institution == institution]


def _own(found: TrancheView, institution: str) -> TrancheView:
    return replace(found, instruction=None, options=tuple(_of(institution, found.options)))


def _state(workflow: Workflow, application: Application, *, turn: bool, follows: bool) -> State:
    """Return where a case stands as the agency may know it: its own turn, or as the applicant knows it, or not at all."""
    state = workflow.states[application.state]
    if turn and not follows:
        return state
    told_ = state.officer if turn else state.applicant if follows else "Not with your agency"
    return State(
        name="",
        officer=told_,
        applicant=told_,
        before="",
        stage="",
        holder="",
        clock=None,
        end=state.end and follows,
    )


def _summary(answers: dict[str, Any], actor: Person) -> dict[str, Any]:
    """Return of the answers what the case is about, and what the enterprise does in the country of the agency."""
    found = {TITLE: answers[TITLE]} if TITLE in answers else {}
    rows = answers.get(OPERATIONS, ())
    here = [row for row in rows if isinstance(row, dict) and row.get("country") == _country(actor)]
    return {**found, OPERATIONS: here} if here else found


def _country(actor: Person) -> str:
    return actor.agency.country if actor.agency else ""


def _colleagues(
    events: list[Fact], actor: Person, application: Application, *, applicant: bool
) -> set[int]:
    """Return of the people whom events name those of the own agency, and whoever applied where the answers are to be seen."""
    people = {number for event in events for number in named(event)}
    own = accounts.of_agency(people, actor.agency_id)
    return own | ({application.applicant_id} & people if applicant else set())


def _told(
    application: Application, events: list[Fact], people: dict[int, str], actor: Person
) -> list[Seen]:
    """Return the events that are the agency's own, and when it was asked; never the amount that was voted on."""
    known = [event for event in events if named(event) and named(event) <= people.keys()]
    seen = told(application, known, people, blind=False, actor=actor)
    own = [
        replace(one, amount=None) if "vote" in event.record.get("detail", {}) else one
        for one, event in zip(seen, known, strict=True)
    ]
    return sorted([*own, *_asked(events, actor)], key=lambda one: one.when)


def _asked(events: list[Fact], actor: Person) -> Iterable[Seen]:
    code = actor.agency.code if actor.agency else ""
    for event in events:
        invited = event.record.get("detail", {}).get("invited", {})
        if any(code in codes for codes in invited.values()):
            title = "Your agency was asked"
            yield Seen("asked", title, event.at, "", "", (), "", None, None)
