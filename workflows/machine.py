"""Firing an act: the only way a state changes, and the only module that knows the ``transitions`` library."""

from dataclasses import dataclass

from transitions import Machine

from workflows.definition import Act, State, Workflow
from workflows.facts import Facts
from workflows.guards import CHOICES, GUARDS


@dataclass(frozen=True)
class Failure:
    """One rule that did not hold: its name, the sentence for the person, and the clause it comes from."""

    rule: str
    sentence: str
    clause: str


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


@dataclass(frozen=True)
class Step:
    """The result of ``fire``: where the case goes, and what that entails."""

    workflow: Workflow
    act: Act
    source: State
    target: State


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
    verb = workflow.acts.get(act)
    if verb is None or state not in verb.sources:
        raise Refused(act, state, (_not_from_here(workflow, state, act), *_stale(facts)))
    failures = (*_standing(verb, facts), *_entered(verb, facts))
    if failures:
        raise Refused(act, state, failures)
    row = _Row(state)
    if not _machine(workflow).events[act].trigger(row, facts):
        raise AssertionError(f"{workflow.name}.{act} has no destination from {state}.")
    return Step(workflow, verb, workflow.states[state], workflow.states[row.state])


def options(workflow: Workflow, state: str, facts: Facts) -> tuple[Option, ...]:
    """Return every act that starts in the state, each with the standing rules that speak against it."""
    return tuple(
        Option(act, tuple(_standing(act, facts)))
        for act in workflow.acts_from(state)
        if act.by != "system"
    )


def _standing(act: Act, facts: Facts) -> tuple[Failure, ...]:
    """Rules about who stands where: asked before anything is entered."""
    return (*_stale(facts), *_who(act, facts), *_guards(act, facts, needs_input=False))


def _entered(act: Act, facts: Facts) -> tuple[Failure, ...]:
    """Rules about what the person entered."""
    return (*_reasons(act, facts), *_guards(act, facts, needs_input=True))


def _guards(act: Act, facts: Facts, *, needs_input: bool) -> tuple[Failure, ...]:
    found = []
    for name in act.guards:
        guard = GUARDS[name]
        if guard.needs_input is not needs_input:
            continue
        sentence = guard.check(facts)
        if sentence is not None:
            found.append(Failure(name, sentence, guard.clause))
    return tuple(found)


def _who(act: Act, facts: Facts) -> tuple[Failure, ...]:
    actor = facts.actor
    found = []
    if act.by not in actor.duties:
        duty = act.by.replace("_", " ")
        found.append(
            Failure("duty", f"This is for a person with the duty {duty}.", "Agency: duties")
        )
    if actor.related and act.by != "applicant":
        found.append(
            Failure(
                "no_interest", "You are connected with this enterprise.", "Conflict of interest"
            )
        )
    if act.part and actor.part and actor.part != act.part:
        part = actor.part.replace("_", " ")
        found.append(
            Failure(
                "separate_hands",
                f"You already stand in this case as {part}; another person must do this.",
                "Separation of duties",
            )
        )
    return tuple(found)


def _stale(facts: Facts) -> tuple[Failure, ...]:
    if facts.expected_version in (None, facts.version):
        return ()
    sentence = "Somebody changed this case after you opened it. Look at it again, then decide."
    return (Failure("unchanged", sentence, "Case version"),)


def _reasons(act: Act, facts: Facts) -> tuple[Failure, ...]:
    found = []
    if facts.unknown_reasons:
        codes = ", ".join(facts.unknown_reasons)
        found.append(
            Failure(
                "reasons_known", f"The scheme knows no such reason: {codes}.", "Scheme: reasons"
            )
        )
    if act.reasons == "required" and not facts.reasons:
        found.append(Failure("reasons_given", "Choose at least one reason.", "Scheme: reasons"))
    return tuple(found)


def _not_from_here(workflow: Workflow, state: str, act: str) -> Failure:
    verb = workflow.acts.get(act)
    label = verb.label if verb else act
    here = workflow.states[state].officer
    sentence = f"“{label}” is not possible while the case is in the state “{here}”."
    return Failure(
        "possible_here", sentence, f"Workflow {workflow.name} version {workflow.version}"
    )


_machines: dict[str, Machine] = {}


def _machine(workflow: Workflow) -> Machine:
    """Return the one flat, shared, model-less machine of a definition version."""
    machine = _machines.get(workflow.digest)
    if machine is None:
        machine = _machines[workflow.digest] = _built(workflow)
    return machine


def _built(workflow: Workflow) -> Machine:
    machine = Machine(
        model=None,
        states=list(workflow.states),
        initial=workflow.initial,
        auto_transitions=False,
        queued=False,
    )
    for act in workflow.acts.values():
        for source in act.sources:
            for branch in act.branches:
                conditions = CHOICES[branch.when] if branch.when else None
                machine.add_transition(act.name, source, branch.state, conditions=conditions)
    return machine
