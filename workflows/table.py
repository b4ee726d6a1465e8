"""A definition compiled to a table, for lists and replay: no machine, no row, one look-up for a step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workflows.choices import Choice, conditions
from workflows.definition import Act, Workflow
from workflows.facts import Actor, Facts
from workflows.rules import who
from workflows.vocabulary import STAY

Roads = tuple[tuple[tuple[Choice, ...], str], ...]


@dataclass(frozen=True)
class Table:
    """Every act in every state it starts in, with its destinations in order."""

    roads: dict[tuple[str, str], Roads]

    def target(self, state: str, act: str, facts: Facts) -> str | None:
        """Return where an act leads under facts of which the rules hold; ``None`` when it does not start here."""
        for asked, target in self.roads.get((state, act), ()):
            for choice in asked:
                if not choice(facts):
                    break
            else:
                return target
        return None

    def reaches(self, state: str, act: str) -> frozenset[str]:
        """Return the states an act may lead to from a state; empty when it does not start there."""
        return frozenset(target for _, target in self.roads.get((state, act), ()))


_tables: dict[str, Table] = {}


def compiled(workflow: Workflow) -> Table:
    """Return the table of a definition version, compiled once per process."""
    found = _tables.get(workflow.digest)
    if found is None:
        found = _tables[workflow.digest] = _compiled(workflow)
    return found


def _compiled(workflow: Workflow) -> Table:
    roads = {}
    for act in workflow.acts.values():
        for source in act.sources:
            strands = workflow.strands_in(source)
            roads[source, act.name] = tuple(
                (
                    tuple(conditions(branch, strands)),
                    source if branch.state == STAY else branch.state,
                )
                for branch in act.branches
            )
    return Table(roads)


@dataclass(frozen=True)
class Place:
    """Where a case stands and where a person stands in it: what a list knows of each of its rows."""

    state: str
    part: str | None = None
    related: bool = False
    institution: str = ""


def allowed_acts(
    workflow: Workflow, places: Iterable[Place], actor: Actor, today: date
) -> list[tuple[Act, ...]]:
    """Return for each row of a list the acts the person may take by duty, part, interest, institution and delegation.

    Rules about the case itself (documents, budget, votes) are asked when the case is opened. The same place is worked
    out once, whatever the number of rows.
    """
    known: dict[Place, tuple[Act, ...]] = {}
    found = []
    for place in places:
        if place not in known:
            known[place] = _allowed(workflow, place, actor, today)
        found.append(known[place])
    return found


def _allowed(workflow: Workflow, place: Place, actor: Actor, today: date) -> tuple[Act, ...]:
    standing = Actor(
        duties=actor.duties,
        part=place.part,
        related=place.related,
        institution=place.institution,
        delegated=actor.delegated,
        mark=actor.mark,
    )
    facts = Facts(actor=standing, version=0, today=today)
    return tuple(
        act
        for act in workflow.acts_from(place.state)
        if not act.automatic and not who(workflow, act, facts)[1]
    )
