"""Firing an act: the only way a state changes, and the only module that knows the ``transitions`` library."""

from dataclasses import dataclass, replace

from transitions import Machine

from workflows.choices import conditions
from workflows.definition import Act, State, Workflow
from workflows.facts import Delegated, Facts, Failure, Vote
from workflows.quorum import Tally, tally
from workflows.rules import band, carried, entered, stale, standing, who
from workflows.vocabulary import STAY

Strands = tuple[tuple[str, str], ...]


class Refused(Exception):
    """The act is not taken; ``failures`` holds every rule that did not hold, never only the first."""

    def __init__(self, act: str, state: str, failures: tuple[Failure, ...]) -> None:
        self.act = act
        self.state = state
        self.failures = failures
        super().__init__("; ".join(f"{f.rule}: {f.sentence}" for f in failures))

    @property
    def stale(self) -> bool:
        """Tell whether the person acted on a version of the case that is no longer current."""
        return any(failure.rule == "unchanged" for failure in self.failures)


@dataclass(frozen=True, slots=True)
class Step:
    """The result of ``fire``: where the case goes, and what that entails.

    ``behalf`` is the delegation it was done under, ``tally`` how the vote stands, ``strands`` where each strand of parallel
    work is, ``letter`` the letter it causes.
    """

    workflow: Workflow
    act: Act
    source: State
    target: State
    behalf: Delegated | None = None
    tally: Tally | None = None
    strands: Strands = ()
    letter: str | None = None

    @property
    def result(self) -> str | None:
        """Return what was decided by this step: "for", "against" or ``None``."""
        return self.tally.result if self.tally else None


@dataclass(frozen=True)
class Option:
    """An act that starts in the present state, and why this person may not take it now (empty: may)."""

    act: Act
    failures: tuple[Failure, ...]

    @property
    def allowed(self) -> bool:
        """Tell whether no standing rule speaks against the act."""
        return not self.failures


class _Row:
    """What the machine drives: a state only; nothing is registered or kept."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def fire(workflow: Workflow, state: str, act: str, facts: Facts) -> Step:
    """Take an act in a state under the facts; raises ``Refused`` with every rule that fails."""
    failures = why_not(workflow, state, act, facts)
    if failures:
        raise Refused(act, state, failures)
    verb = workflow.acts[act]
    counted = _counted(workflow, verb, facts)
    strands = _moved(verb, facts)
    if counted or verb.strand:
        facts = replace(facts, result=counted.result if counted else None, strands=strands)
    row = _Row(state)
    if not machine(workflow).events[act].trigger(row, facts):
        raise AssertionError(f"{workflow.name}.{act} has no destination from {state}.")
    target = row.state
    if target != state:
        strands = _begun(workflow, target) if workflow.strands else ()
    behalf = who(workflow, verb, facts)[0] if facts.actor.delegated else None
    source, reached = workflow.states[state], workflow.states[target]
    letter = verb.letter_to(target)
    return Step(workflow, verb, source, reached, behalf, counted, strands, letter)


def why_not(workflow: Workflow, state: str, act: str, facts: Facts) -> tuple[Failure, ...]:
    """Return every rule that speaks against an act with what was entered, without acting; empty when it is allowed."""
    verb = workflow.acts.get(act)
    if verb is None or state not in verb.sources:
        return (_not_from_here(workflow, state, act), *stale(facts))
    failures = (*standing(workflow, state, verb, facts), *entered(workflow, verb, facts))
    if failures or verb.decision is None:
        return failures
    counted = _counted(workflow, verb, facts)
    result = counted.result if counted else None
    return carried(workflow, verb, replace(facts, result=result))


def options(workflow: Workflow, state: str, facts: Facts) -> tuple[Option, ...]:
    """Return every act that starts in the state, each with the standing rules that speak against it."""
    return tuple(
        Option(act, standing(workflow, state, act, facts))
        for act in workflow.acts_from(state)
        if not act.automatic
    )


def _counted(workflow: Workflow, act: Act, facts: Facts) -> Tally | None:
    """Count the votes with the one that this act is."""
    if act.decision is None or act.vote is None:
        return None
    decision = workflow.decisions[act.decision]
    found = band(decision, act, facts)
    if found is None:
        raise AssertionError("A vote without a band was let through.")
    behalf, _ = who(workflow, act, facts)
    duties = frozenset({behalf.duty}) if behalf else facts.actor.duties
    person = behalf.giver if behalf else facts.actor.mark
    amount = facts.amount if act.vote == "for" else None
    return tally(decision, found, (*(facts.votes or ()), Vote(person, act.vote, duties, amount)))


def _moved(act: Act, facts: Facts) -> Strands:
    """Return where each strand is after the act."""
    if act.strand is None or act.step_to is None:
        return facts.strands
    return tuple((n, act.step_to if n == act.strand else step) for n, step in facts.strands)


def _begun(workflow: Workflow, state: str) -> Strands:
    """Return where the strands of a state are when a case enters it."""
    return tuple((strand.name, strand.steps[0]) for strand in workflow.strands_in(state))


def _not_from_here(workflow: Workflow, state: str, act: str) -> Failure:
    verb = workflow.acts.get(act)
    label = verb.label if verb else act
    here = workflow.states[state].officer
    sentence = f"“{label}” is not possible while the case is in the state “{here}”."
    return Failure(
        "possible_here", sentence, f"Workflow {workflow.name} version {workflow.version}"
    )


_machines: dict[str, Machine] = {}


def machine(workflow: Workflow) -> Machine:
    """Return the one flat, shared, model-less machine of a definition version."""
    found = _machines.get(workflow.digest)
    if found is None:
        found = _machines[workflow.digest] = _built(workflow)
    return found


def _built(workflow: Workflow) -> Machine:
    built = Machine(
        model=None,
        states=list(workflow.states),
        initial=workflow.initial,
        auto_transitions=False,
        queued=False,
    )
    for act in workflow.acts.values():
        for source in act.sources:
            for branch in act.branches:
                target = source if branch.state == STAY else branch.state
                asked = conditions(branch, workflow.strands_in(source))
                built.add_transition(act.name, source, target, conditions=[*asked])
    return built
