"""Which people the roads through a definition ask for, for a case of a scheme and an amount."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workflows.authority import band_of, bands_of
from workflows.choices import last_assessment, strands_done
from workflows.definition import Act, Band, Decision, Strand, Workflow
from workflows.rules import duty_label
from workflows.soundness.approvals import authorises
from workflows.soundness.matrix import money
from workflows.soundness.roads import Roads
from workflows.soundness.seating import Demand, People
from workflows.soundness.witness import Move, road, search

MOST = 5_000
Asked = frozenset[Demand]
Spot = tuple[str, Asked]
Span = tuple[int, int | None]
Road = tuple[Asked, tuple[str, ...]]


@dataclass(frozen=True)
class Officer:
    """A person with duties. An authority is (duty, scheme, currency, limit in minor units, body).

    ``institution`` is the part the person's agency plays in cases, "" where it owns them.
    """

    name: str
    duties: frozenset[str]
    authorities: tuple[tuple[str, str, str, int, str], ...] = ()
    institution: str = ""


@dataclass
class Case:
    """A case people are looked for: its scheme and currency, the span of its amount in minor units, the assessments.

    ``known`` are the demands met so far, so that the same one is the same object.
    """

    people: Sequence[Officer]
    scheme: str
    currency: str
    span: Span
    assessments: int
    known: dict[tuple[str, People, int, str], Demand] = field(default_factory=dict)

    @property
    def amount(self) -> int:
        """Return the amount that asks for most: the last of the span, or the first above its lower end."""
        return self.span[1] or self.span[0] + 1

    def holds(self, officer: Officer, duties: Sequence[str], body: str | None, limit: int) -> bool:
        """Tell whether an officer has an authority for the case that reaches a limit; ``body`` ``None`` is any."""
        return any(
            duty in duties
            and (scheme, currency) == (self.scheme, self.currency)
            and body in {None, at}
            and reach >= limit
            for duty, scheme, currency, reach, at in officer.authorities
        )

    def demand(self, part: str, people: People, count: int, told: tuple[str, str, str]) -> Demand:
        """Return the demand for so many people; ``told`` is who, for what, and the place in the file."""
        who, purpose, place = told
        key = (part, people, count, who)
        if key not in self.known:
            self.known[key] = Demand(part, people, count, who, purpose, place, len(self.known))
        return self.known[key]


class Life:
    """The roads through one definition, with the people each of them asks for. ``within`` names a tranche's definition."""

    def __init__(self, roads: Roads, case: Case, within: str = "") -> None:
        self.roads, self.workflow, self.case = roads, roads.workflow, case
        self.within = f"{within}: " if within else ""
        self.steps = {
            state: [(move, self.asked(move)) for move in moves]
            for state, moves in roads.leaving.items()
        }
        self.least: dict[str, list[Asked]] = {self.workflow.initial: [frozenset()]}
        self.came = search([(self.workflow.initial, frozenset[Demand]())], self._onward, MOST)

    def completed(self) -> list[Road]:
        """Return the people asked for on the roads to a case that is completed, each with its road."""
        goals = self._goals()
        return [(held, self._road((state, held))) for state, held in self.came if state in goals]

    def through(self, act: Act) -> Iterator[Road]:
        """Yield the people asked for on the roads that end with an act."""
        for state in act.sources:
            for move, asked in self.steps.get(state, ()):
                if move.act is act:
                    for held in self.least.get(state, ()):
                        before = self._road((state, held))
                        yield held | asked, (*before, act.name, move.target)

    def asked(self, move: Move) -> Asked:
        """Return whom one move asks for."""
        found: set[Demand] = set()
        if move.branch.when == strands_done.__name__:
            for strand in self.workflow.strands_in(move.source):
                for act in self._strand(strand):
                    found |= self.needed(act, 1)
        several = move.branch.when == last_assessment.__name__
        count = self.case.assessments if several else 1
        return frozenset(found | self.needed(move.act, count))

    def needed(self, act: Act, count: int) -> set[Demand]:
        """Return whom an act asks for: nobody for the applicant's, the system's, and those of institutions not looked at."""
        if act.automatic or "applicant" in act.by:
            return set()
        if act.institution and all(o.institution != act.institution for o in self.case.people):
            return set()
        if act.decision in self.workflow.decisions:
            return self.voters(self.workflow.decisions[act.decision or ""])
        limited = "within_authority" in act.guards
        people = frozenset(
            number
            for number, officer in enumerate(self.case.people)
            if officer.institution == act.institution
            and not officer.duties.isdisjoint(act.by)
            and (not limited or self.case.holds(officer, act.by, None, self.case.amount))
        )
        who = " or ".join(duty_label(self.workflow, duty) for duty in act.by)
        told = (self._whose(who, act, limited=limited), act.label, f"{self.within}acts.{act.name}")
        return {self.case.demand(act.part or act.by[0], people, count, told)}

    def voters(self, decision: Decision) -> set[Demand]:
        """Return the body that decides on the amount: all its members, for fewer may never come to a result."""
        band, act = self.band(decision), self.vote(decision)
        if band is None or act is None:
            return set()
        limited = "within_authority" in act.guards
        people = frozenset(self.electors(band, act))
        who = duty_label(self.workflow, band.by) + (f" of the {band.body}" if band.body else "")
        place = f"{self.within}decisions.{decision.name}.bands[{decision.bands.index(band) + 1}]"
        told = (self._whose(who, act, limited=limited), decision.title, place)
        return {self.case.demand(act.part or band.by, people, band.of, told)}

    def electors(self, band: Band, act: Act) -> Iterator[int]:
        """Yield the numbers of the people who can vote in a band."""
        limit = self.case.amount if "within_authority" in act.guards else 0
        for number, officer in enumerate(self.case.people):
            free = not band.body and not limit
            if (
                officer.institution == act.institution
                and band.by in officer.duties
                and not officer.duties.isdisjoint(act.by)
                and (free or self.case.holds(officer, (band.by,), band.body, limit))
            ):
                yield number

    def band(self, decision: Decision) -> Band | None:
        """Return the band of the case."""
        return band_of(decision, self.case.amount, self.case.currency, self.case.scheme)

    def vote(self, decision: Decision) -> Act | None:
        """Return the act by which members vote for: the one for the duty of the band, where there are several."""
        band = self.band(decision)
        acts = [
            act
            for act in self.workflow.acts.values()
            if act.decision == decision.name and act.vote == "for"
        ]
        fitting = (act for act in acts if band is not None and band.by in act.by)
        return next(fitting, acts[0] if acts else None)

    def _whose(self, who: str, act: Act, *, limited: bool) -> str:
        institution = self.workflow.institutions.get(act.institution)
        said = f"{who} at the {institution}" if institution else who
        if not limited:
            return said
        above, up_to = self.case.span
        if up_to is not None:
            return f"{said} with authority up to {money(up_to, self.case.currency)}"
        if above:
            return f"{said} with authority above {money(above, self.case.currency)}"
        return f"{said} with an authority in {self.case.currency}"

    def _strand(self, strand: Strand) -> list[Act]:
        """Return the acts on the shortest way through a strand."""
        acts = [act for act in self.workflow.acts.values() if act.strand == strand.name]
        steps = {
            step: [(act.name, act.step_to or step) for act in acts if step in act.step_from]
            for step in strand.steps
        }
        came = search([strand.steps[0]], lambda step: steps.get(step, ()))
        return [self.workflow.acts[name] for name in road(came, strand.steps[-1])[1::2]]

    def _goals(self) -> set[str]:
        """Return the completed ends; where no end says its outcome, those the program completes or a decision leads into."""
        states = self.workflow.states.values()
        completed = {state.name for state in states if state.outcome == "completed"}
        if completed or any(state.outcome for state in states):
            return completed
        moves = [move for moves in self.roads.leaving.values() for move in moves]
        completed = {m.target for m in moves if m.act.does == "complete"}
        decided = {m.target for m in moves if authorises(self.workflow, m)}
        return completed or decided or {state.name for state in states if state.end}

    def _onward(self, spot: Spot) -> Iterator[tuple[str, Spot]]:
        state, held = spot
        for move, asked in self.steps[state]:
            more = held | asked
            known = self.least.setdefault(move.target, [])
            if not any(less <= more for less in known):
                known.append(more)
                yield move.act.name, (move.target, more)

    def _road(self, spot: Spot) -> tuple[str, ...]:
        return road(self.came, spot, name=lambda at: at[0])


def spans(workflows: Sequence[Workflow], scheme: str, currency: str) -> list[Span]:
    """Return the spans of amounts, in minor units, within which no band of any decision begins or ends."""
    edges = {0}
    for workflow in workflows:
        for decision in workflow.decisions.values():
            for band in bands_of(decision, currency, scheme):
                edges |= {band.above, *([band.up_to] if band.up_to else [])}
    ordered = sorted(edges)
    return list(zip(ordered, [*ordered[1:], None], strict=True))
