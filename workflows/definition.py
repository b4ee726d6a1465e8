"""A workflow definition as frozen records: what `workflows.format.loading` reads from a TOML file.

Amounts are integer minor units of their currency. A mapping here is never changed after it was read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from workflows.vocabulary import OFFICERS, SEEN, STAY


@dataclass(frozen=True)
class Clock:
    """The time a state may take: ``days`` of ``unit`` "working" or "calendar" in the scheme's country.

    ``warn`` is how many of those days before the last one the holder is warned (0: not at all). When the time is over the
    case is late; ``escalate`` names the duty that then has it on its list, ``expires`` the act the system takes.
    ``extension`` is the number of days one extension adds (0: none is allowed).
    """

    days: int
    unit: str
    expires: str | None = None
    warn: int = 0
    escalate: str | None = None
    extension: int = 0


@dataclass(frozen=True)
class State:
    """A place in the life of a case, with its name for officers, for the applicant, and before it is reached.

    ``outcome`` says how an end ended; ``money`` marks a state in which money may move. ``see`` and ``edit`` say by
    thing (answers, documents, ...) which duties see or change it here; a thing not named follows ``Workflow.see``.
    """

    name: str
    officer: str
    applicant: str
    before: str
    stage: str
    holder: str
    clock: Clock | None
    end: bool
    outcome: str | None = None
    money: bool = False
    see: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    edit: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Strand:
    """Work that runs beside other work while a case is in ``state``: the first step is where it starts, the last is done."""

    name: str
    label: str
    state: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Band:
    """One row of an authority matrix: amounts above ``above`` up to and including ``up_to`` are decided by whom.

    ``needed`` of ``of`` votes for; "majority" is more than half of the members who may vote, "all" is each of them.
    ``body`` names the body the members sit in ("" is the agency itself). ``currency`` "" stands for decisions without
    an amount, ``scheme`` "" for every scheme; ``up_to`` ``None`` is without limit. ``present`` is the least number of
    members who must have voted, and below which a recusal does not shrink the body.
    """

    currency: str
    scheme: str
    above: int
    up_to: int | None
    by: str
    body: str
    of: int
    needed: int | str
    present: int = 1


@dataclass(frozen=True)
class Decision:
    """Who decides: the authority matrix, and how votes become a result.

    ``veto`` names duties whose vote against ends it. ``tie`` is what an equal vote means: "against", or the duty whose
    vote then counts. ``per`` names the institution each of whose agencies has one vote ("": each person has one); as many
    vote then as were asked, whatever ``of`` says.
    """

    name: str
    title: str
    bands: tuple[Band, ...]
    veto: tuple[str, ...]
    tie: str
    per: str = ""


@dataclass(frozen=True)
class Branch:
    """One destination of an act, tried in order; the state "stay" is the state the case is in.

    ``when`` names the choice that must hold, ``outcome`` the outcome the person must have chosen; ``letter`` is the one
    this way causes, where the act has ways with different letters.
    """

    state: str
    when: str | None
    outcome: str | None = None
    letter: str | None = None


@dataclass(frozen=True)
class Act:
    """A verb: from where to where, by which duties, standing in which part, under which guards.

    ``part`` is what the person becomes in this case by acting (one part per person and case keeps the sides apart).
    ``does`` is what the program does beside moving the case. ``reasons`` and ``note`` say whether coded reasons and free
    words are asked for; ``attachments`` are the kinds of documents that must be attached with their labels.
    ``decision`` and ``vote`` make the act a vote. ``institution`` is the part another institution plays ("" is the
    agency that owns the case); ``voids`` names the decision that is void from now on. ``strand`` with ``step_from`` and
    ``step_to`` moves one strand of parallel work; ``cancels`` ends all strands. ``blind`` hides from those who may still
    take the act what others gave in it.
    """

    name: str
    label: str
    event: str
    sources: tuple[str, ...]
    branches: tuple[Branch, ...]
    by: tuple[str, ...]
    part: str | None
    guards: tuple[str, ...]
    reasons: str
    letter: str | None
    confirms: bool
    does: str = "move"
    note: str = "optional"
    attachments: dict[str, str] = field(default_factory=dict, hash=False)
    decision: str | None = None
    vote: str | None = None
    institution: str = ""
    voids: str | None = None
    strand: str | None = None
    step_from: tuple[str, ...] = ()
    step_to: str | None = None
    cancels: bool = False
    clock: str = "natural"
    blind: bool = False

    @property
    def automatic(self) -> bool:
        """Tell whether the system takes this act, and nobody else."""
        return self.by == ("system",)

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Return the outcomes a person chooses from, in order; empty when the act has one."""
        return tuple(dict.fromkeys(b.outcome for b in self.branches if b.outcome))

    def letter_to(self, target: str) -> str | None:
        """Return the letter the act causes when it leads to a state."""
        for branch in self.branches:
            if branch.letter and branch.state == target:
                return branch.letter
        return self.letter

    def targets(self, source: str) -> tuple[str, ...]:
        """Return the states the act may lead to from a state, each once."""
        found = (source if branch.state == STAY else branch.state for branch in self.branches)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Switch:
    """A rule a scheme switches on: the guard ``switch:NAME`` holds only where it is on."""

    name: str
    sentence: str
    clause: str


@dataclass(frozen=True)
class Workflow:
    """A whole definition in one version; ``digest`` is the SHA-256 of the source text it was read from.

    ``kind`` is "application", or "tranche" for the small life of a slice of money. ``duties`` are those the file
    declares, ``institutions`` the other bodies that take part, by name with their label; one that ``confined`` names sees
    of a case only what it has to do there, and beside that the things listed.
    """

    name: str
    version: int
    title: str
    initial: str
    states: dict[str, State]
    acts: dict[str, Act]
    digest: str
    source: str
    kind: str = "application"
    duties: dict[str, str] = field(default_factory=dict)
    institutions: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    strands: dict[str, Strand] = field(default_factory=dict)
    switches: dict[str, Switch] = field(default_factory=dict)
    see: dict[str, tuple[str, ...]] = field(default_factory=dict)
    confined: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def _leaving(self) -> dict[str, tuple[Act, ...]]:
        return {
            state: tuple(act for act in self.acts.values() if state in act.sources)
            for state in self.states
        }

    def acts_from(self, state: str) -> tuple[Act, ...]:
        """Return the acts that start in the state, in the order of the file."""
        return self._leaving.get(state, ())

    def sees(self, state: str, thing: str, duties: Iterable[str]) -> bool:
        """Tell whether a person with these duties sees a thing of a case in a state."""
        told = (rights[thing] for rights in (self.states[state].see, self.see) if thing in rights)
        return _among(duties, next(told, SEEN[thing]))

    def shows(self, state: str, thing: str, duties: Iterable[str], institution: str) -> bool:
        """Tell whether a person with these duties, of an agency with this part, sees a thing of a case in a state."""
        confined = institution in self.confined and thing not in self.confined[institution]
        return not confined and self.sees(state, thing, duties)

    def edits(self, state: str, thing: str, duties: Iterable[str]) -> bool:
        """Tell whether a person with these duties may change a thing of a case in a state; nobody unless it is said."""
        return _among(duties, self.states[state].edit.get(thing, ()))

    def strands_in(self, state: str) -> tuple[Strand, ...]:
        """Return the strands of parallel work of a state."""
        return tuple(strand for strand in self.strands.values() if strand.state == state)

    @property
    def stages(self) -> tuple[str, ...]:
        """Return the stages in order, each once: what a person sees as the steps of the road."""
        return tuple(dict.fromkeys(state.stage for state in self.states.values() if state.stage))


def _among(duties: Iterable[str], allowed: tuple[str, ...]) -> bool:
    """Tell whether one of the duties is allowed; "officers" stands for every duty but the applicant's."""
    held = set(duties)
    return bool(held & set(allowed)) or (OFFICERS in allowed and bool(held - {"applicant"}))
