"""What a person sees of proceedings: where each stands, what it says, what the person may do, and may begin."""

from dataclasses import dataclass

from app.accounts.models import Person
from app.applications import queries as cases
from app.applications.models import Application
from app.applications.queries.standing import standing
from app.awards import queries as awards
from app.awards.models import Award
from app.db import db
from app.proceedings import queries
from app.proceedings.compose import KINDS, Kind
from app.proceedings.models import Proceeding
from workflows.definition import State
from workflows.facts import Actor
from workflows.machine import Option, options


@dataclass(frozen=True)
class Seen:
    """A proceeding as one person sees it: its kind, where it stands, what it says, and the acts of the person."""

    row: Proceeding
    kind: Kind
    state: State
    words: list[tuple[str, str]]
    options: tuple[Option, ...]


def seen(application: Application, row: Proceeding, person: Person) -> Seen:
    """Return a proceeding as a person sees it; an adviser takes no act."""
    award = db.session.get_one(Award, row.award_id)
    facts = queries.facts_of(application, award, row, person)
    life = queries.workflow(row)
    kind = KINDS[row.kind]
    offered = () if person.advises else options(life, row.state, facts)
    return Seen(row, kind, life.states[row.state], kind.words(row), offered)


def begun(application: Application, person: Person) -> list[Kind]:
    """Return the kinds of proceedings a person may begin in a case now, in the order they were registered."""
    award = awards.award(application)
    if award is None or award.accepted_at is None or person.advises:
        return []
    who = standing(application, person, cases.today(application))
    return [
        kind
        for kind in KINDS.values()
        if _begins(kind, who) and not kind.open_to(application, award)
    ]


def _begins(kind: Kind, who: Actor) -> bool:
    life = kind.workflow
    return any(
        not who.duties.isdisjoint(act.by) and act.institution == who.institution
        for act in life.acts_from(life.initial)
    )
