"""Parallel work as a workflow net: option to complete, proper completion, no dead act.

The places are the states without strands, and one for each step of each strand. A case in a state with strands has one
token in each strand; what such tokens can do is found by going through every marking. The conditions are those of
W. M. P. van der Aalst, "The Application of Petri Nets to Workflow Management", 1998, definition 10.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workflows.choices import strands_done
from workflows.definition import Act, Strand, Workflow
from workflows.soundness.witness import Came, Finding, road, search, taken
from workflows.vocabulary import STAY

MOST = 100_000
Marking = tuple[str, ...]


@dataclass(frozen=True)
class Inside:
    """What can happen in one state with strands.

    ``ways`` are the acts that can be taken with the numbers of their destinations; ``findings`` begin their paths in the state.
    """

    ways: frozenset[tuple[str, int]]
    findings: tuple[Finding, ...]


@dataclass
class _Play:
    """The game of tokens in one state."""

    workflow: Workflow
    state: str
    strands: tuple[Strand, ...]
    fired: set[tuple[str, bool]] = field(default_factory=set)
    left: dict[str, tuple[Marking, Marking, str]] = field(default_factory=dict)
    leaving: set[Marking] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.start: Marking = tuple(strand.steps[0] for strand in self.strands)
        self.end: Marking = tuple(strand.steps[-1] for strand in self.strands)
        acts = self.workflow.acts_from(self.state)
        self.numbers = {(act.name, d): taken(act, done=d) for act in acts for d in (True, False)}
        self.turns = {
            (act.name, done): self._turn(act, self.numbers[act.name, done])
            for act in acts
            for done in (True, False)
        }
        self.others = [act for act in acts if act.strand is None]
        self.steps: dict[tuple[int, str], list[Act]] = {}
        for number, strand in enumerate(self.strands):
            for act in acts:
                for step in act.step_from if act.strand == strand.name else ():
                    self.steps.setdefault((number, step), []).append(act)
        self.touched = set(enumerate(self.start))

    def _turn(self, act: Act, numbers: tuple[int, ...]) -> tuple[bool, str]:
        """Return whether an act may stay in the state, and a state it may leave for, "" when it does not."""
        targets = [act.branches[number].state for number in numbers]
        away = [target for target in targets if target not in {STAY, self.state}]
        return len(away) < len(targets), away[0] if away else ""

    @property
    def ways(self) -> frozenset[tuple[str, int]]:
        """Return the acts that were taken, with the numbers of their destinations."""
        return frozenset((name, n) for name, done in self.fired for n in self.numbers[name, done])

    def onward(self, marking: Marking) -> Iterator[tuple[str, Marking]]:
        """Yield the acts that move a token and what they lead to; note what leaves on the way."""
        for act in self.others:
            self._note(act, marking, marking)
        for number, step in enumerate(marking):
            for act in self.steps.get((number, step), ()):
                after = (*marking[:number], act.step_to or step, *marking[number + 1 :])
                if self._note(act, marking, after):
                    yield act.name, after
                if (act.name, after == self.end) in self.fired:
                    self.touched.add((number, after[number]))

    def _note(self, act: Act, marking: Marking, after: Marking) -> bool:
        """Note the ways an act takes; tells whether one of them stays."""
        done = after == self.end
        stays, away = self.turns[act.name, done]
        if stays or away:
            self.fired.add((act.name, done))
        if away:
            self.leaving.add(marking)
            if not done and not act.cancels:
                self.left.setdefault(act.name, (marking, after, away))
        return stays

    def label(self, marking: Marking) -> str:
        """Return how a counter-example names a marking."""
        steps = zip(self.strands, marking, strict=True)
        return f"{self.state} ({', '.join(f'{strand.name}: {step}' for strand, step in steps)})"


def inside(workflow: Workflow, state: str, most: int = MOST) -> Inside:
    """Play every marking of a state with strands; with more than ``most`` the finding says so and no other does."""
    play = _Play(workflow, state, workflow.strands_in(state))
    came = search([play.start], play.onward, most)
    if len(came) > most:
        sentence = (
            f"The strands of this state can stand in more than {most:,} ways, too many to go through. "
            "Use fewer strands or fewer steps."
        )
        every = {(a.name, n) for a in workflow.acts_from(state) for n in range(len(a.branches))}
        return Inside(frozenset(every), (Finding("too_many_markings", _place(state), sentence),))
    found = (
        *_never_completes(play, came),
        *_steps_never_reached(play, came),
        *_acts_never_fire(play, came),
        *_join_never_reached(play, came),
        *_tokens_left(play, came),
    )
    return Inside(play.ways, found)


def _place(state: str) -> str:
    return f"states.{state}"


def _never_completes(play: _Play, came: Came[Marking]) -> Iterator[Finding]:
    """Yield the marking nearest to the start from which the case never gets out."""
    back: dict[Marking, list[tuple[str, Marking]]] = {}
    for marking in came:
        for act, target in play.onward(marking):
            back.setdefault(target, []).append((act, marking))
    good = search([m for m in came if m in play.leaving], lambda m: back.get(m, ()))
    stuck = next((marking for marking in came if marking not in good), None)
    if stuck is None:
        return
    sentence = (
        "From here no act ever leads out of this state: the parallel work cannot be brought to its end. "
        "Add the act that is missing, or one that cancels."
    )
    yield Finding(
        "never_completes", _place(play.state), sentence, road(came, stuck, name=play.label)
    )


def _steps_never_reached(play: _Play, _: Came[Marking]) -> Iterator[Finding]:
    for number, strand in enumerate(play.strands):
        for step in strand.steps:
            if (number, step) not in play.touched:
                sentence = (
                    f"No act ever brings this strand to the step {step!r}. "
                    "Add the act, or take the step out."
                )
                place = f"strands.{strand.name}"
                yield Finding("step_never_reached", place, sentence, (play.state,))


def _acts_never_fire(play: _Play, _: Came[Marking]) -> Iterator[Finding]:
    fired = {name for name, _ in play.fired}
    for act in play.workflow.acts_from(play.state):
        if act.strand is not None and act.name not in fired:
            steps = " or ".join(repr(step) for step in act.step_from)
            sentence = (
                f"The strand {act.strand!r} never stands at {steps} when this act could be taken."
            )
            yield Finding("act_never_fires", f"acts.{act.name}", sentence, (play.state,))


def _join_never_reached(play: _Play, _: Came[Marking]) -> Iterator[Finding]:
    joins = {
        (act.name, number)
        for act in play.workflow.acts_from(play.state)
        for number, branch in enumerate(act.branches)
        if branch.when == strands_done.__name__ and number in play.numbers[act.name, True]
    }
    if joins and not joins & play.ways:
        last = " and ".join(f"{strand.name} at {strand.steps[-1]!r}" for strand in play.strands)
        acts = ", ".join(dict.fromkeys(name for name, _ in sorted(joins)))
        sentence = f"The strands are never all done ({last}), so {acts} never goes on from here."
        yield Finding("join_never_reached", _place(play.state), sentence, (play.state,))


def _tokens_left(play: _Play, came: Came[Marking]) -> Iterator[Finding]:
    for name, (marking, after, target) in play.left.items():
        open_ones = [
            f"{strand.name} at {step!r}"
            for strand, step in zip(play.strands, after, strict=True)
            if step != strand.steps[-1]
        ]
        sentence = (
            f"This act leaves the state while work beside it is not done ({', '.join(open_ones)}). "
            'Wait with when = "strands_done", or say cancels = true.'
        )
        path = (*road(came, marking, name=play.label), name, target)
        yield Finding("tokens_left", f"acts.{name}", sentence, path)
