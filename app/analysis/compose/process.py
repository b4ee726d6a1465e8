"""The process as it ran: how often each step was taken, how long cases stayed, and whether the definition allowed it all.

Everything is counted from the events of cases, one after the other; nothing but the counts is kept.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median_low

from app.versions.compose import MIGRATE
from workflows.definition import Workflow
from workflows.table import compiled

MOST_TOLD = 50
MOST_VARIANTS = 10


@dataclass(frozen=True, slots=True)
class Moved:
    """A step of a case as an event records it; ``digest`` is the workflow version, ``scheme`` the number of the scheme version."""

    case: str
    scheme: int
    seq: int
    act: str
    at: datetime
    source: str
    target: str
    digest: str
    duty: str


@dataclass(frozen=True)
class Stay:
    """How long cases stayed in a state: those that left it, in seconds and in working days, and how many are there now."""

    state: str
    entered: int
    left: int
    now: int
    seconds: int | None
    working_days: int | None


@dataclass(frozen=True)
class Variant:
    """A path: the acts in order, how many cases took it, and how long they took in the middle, first to last act."""

    acts: tuple[str, ...]
    cases: int
    seconds: int


@dataclass(frozen=True)
class Deviation:
    """A step that its definition does not allow."""

    case: str
    seq: int
    sentence: str


@dataclass
class _Case:
    """A case while its events are read."""

    name: str
    state: str
    began: datetime
    entered: datetime
    acts: list[str] = field(default_factory=list)
    last: datetime | None = None
    conforms: bool = True


@dataclass
class Flow:
    """What is counted. ``days`` counts the working days between two moments for a scheme.

    ``workflows`` gives a definition by its digest. ``steps`` is by the state that was left, the act and the state that was
    reached, for steps under ``workflow`` only; ``elsewhere`` counts the steps that were taken under other versions.
    """

    workflow: Workflow
    workflows: Callable[[str], Workflow]
    days: Callable[[int, datetime, datetime], int]
    cases: int = 0
    events: int = 0
    conforming: int = 0
    elsewhere: int = 0
    found: int = 0
    steps: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    deviations: list[Deviation] = field(default_factory=list)
    _entered: Counter[str] = field(default_factory=Counter)
    _now: Counter[str] = field(default_factory=Counter)
    _stays: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _paths: dict[tuple[str, ...], list[int]] = field(default_factory=dict)
    _open: _Case | None = None

    def read(self, moved: Moved) -> None:
        """Count a step; the steps of a case follow each other, in their order."""
        case = self._open
        if case is None or case.name != moved.case:
            self.close()
            first = self.workflows(moved.digest).initial
            case = self._open = _Case(moved.case, first, moved.at, moved.at)
            self.cases += 1
        self.events += 1
        self._check(case, moved)
        self._count(case, moved)
        case.acts.append(moved.act)
        case.last = moved.at

    def close(self) -> None:
        """End the case that was read last."""
        case, self._open = self._open, None
        if case is None:
            return
        self.conforming += case.conforms
        self._now[case.state] += 1
        took = int(((case.last or case.began) - case.began).total_seconds())
        self._paths.setdefault(tuple(case.acts), []).append(took)

    def stays(self) -> list[Stay]:
        """Return how long cases stayed in each state of the definition, in its order."""
        return [self._stay(name) for name in self.workflow.states]

    def variants(self) -> list[Variant]:
        """Return the paths most cases took."""
        order = sorted(self._paths.items(), key=lambda found: (-len(found[1]), found[0]))
        return [Variant(acts, len(took), median_low(took)) for acts, took in order[:MOST_VARIANTS]]

    @property
    def paths(self) -> int:
        """Return how many different paths there are."""
        return len(self._paths)

    def _check(self, case: _Case, moved: Moved) -> None:
        for sentence in _illegal(self.workflows(moved.digest), case.state, moved):
            case.conforms = False
            self.found += 1
            if len(self.deviations) < MOST_TOLD:
                self.deviations.append(Deviation(moved.case, moved.seq, sentence))

    def _count(self, case: _Case, moved: Moved) -> None:
        if moved.digest == self.workflow.digest and moved.act != MIGRATE:
            self.steps[moved.source, moved.act, moved.target] += 1
        else:
            self.elsewhere += 1
        if moved.target == case.state:
            return
        if case.acts:
            took = int((moved.at - case.entered).total_seconds())
            stay = (took, self.days(moved.scheme, case.entered, moved.at))
            self._stays.setdefault(case.state, []).append(stay)
        self._entered[moved.target] += 1
        case.state, case.entered = moved.target, moved.at

    def _stay(self, name: str) -> Stay:
        found = self._stays.get(name, [])
        return Stay(
            state=name,
            entered=self._entered[name],
            left=len(found),
            now=self._now[name],
            seconds=median_low(took for took, _ in found) if found else None,
            working_days=median_low(days for _, days in found) if found else None,
        )


def _illegal(workflow: Workflow, state: str, moved: Moved) -> Iterator[str]:
    """Yield what a definition says against a step: each a sentence."""
    if moved.source != state:
        yield f"“{moved.act}” starts from “{moved.source}”, but the case was in “{state}”."
    if moved.act == MIGRATE:
        if moved.target not in workflow.states:
            yield f"The case moved to “{moved.target}”, which this version does not have."
        return
    act = workflow.acts.get(moved.act)
    version = f"{workflow.name} version {workflow.version}"
    if act is None:
        yield f"{version} has no act “{moved.act}”."
        return
    if moved.target not in compiled(workflow).reaches(moved.source, moved.act):
        yield f"“{moved.act}” does not lead from “{moved.source}” to “{moved.target}” in {version}."
    if moved.duty not in act.by:
        yield f"“{moved.act}” is not taken by “{moved.duty}” in {version}."
