"""Moving cases in flight to another version of their workflow: whether the map of states holds, and whether a past would have been legal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflows.definition import Act, State, Workflow
from workflows.facts import Failure
from workflows.rules import duty_label
from workflows.table import compiled

CLAUSE = "Workflow: migration"
States = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PastStep:
    """A step as the trail has it, in the words of the version it was taken under.

    ``duties`` are those the trail says it was taken under; where it names several, any of them may have been meant.
    ``reasoned`` says whether coded reasons were given.
    """

    act: str
    source: str
    target: str
    duties: tuple[str, ...]
    part: str | None
    reasoned: bool


@dataclass(frozen=True)
class Illegal:
    """The first step of a past that the new version would not have let pass: its number from 1, and why not."""

    number: int
    act: str
    rule: str
    sentence: str

    def told(self) -> str:
        """Return where and why, as a line."""
        return f"step {self.number} ({self.act}): {self.sentence}"


def plan(old: Workflow, new: Workflow, states: States) -> tuple[Failure, ...]:
    """Return everything that speaks against a map from the states of one version to those of another.

    It must name every state of the old version and no other, lead to states of the new one, keep the beginning, the
    ends with their outcomes and the states in which money moves apart from all others, and keep parallel work, votes and other institutions.
    """
    found = [*_versions(old, new)]
    for name in states:
        if name not in old.states:
            said = f"{name!r} is not a state of {old.name} version {old.version}."
            found.append(Failure("source_exists", said, CLAUSE))
    for name, state in old.states.items():
        target = new.states.get(states.get(name, ""))
        if name not in states:
            said = f"The state {name!r} ({state.officer}) is mapped to nothing."
            found.append(Failure("total", said, CLAUSE))
        elif target is None:
            said = f"{name!r} is mapped to {states[name]!r}, which is not a state of {new.name} version {new.version}."
            found.append(Failure("target_exists", said, CLAUSE))
        else:
            found += _pair(old, new, state, target)
    return tuple(found)


def _versions(old: Workflow, new: Workflow) -> Iterator[Failure]:
    if old.digest == new.digest:
        yield Failure("versions_differ", "Both versions are the same.", CLAUSE)
    if old.kind != "application" or new.kind != "application":
        said = "Only applications move; a tranche keeps the version that its scheme names."
        yield Failure("applications", said, CLAUSE)


def _pair(old: Workflow, new: Workflow, state: State, target: State) -> Iterator[Failure]:
    where = f"{state.name!r} is mapped to {target.name!r}, "
    if (state.name == old.initial) is not (target.name == new.initial):
        yield Failure("same_beginning", f"{where}but only one of them is the beginning.", CLAUSE)
    if state.end is not target.end:
        yield Failure("ends_are_ends", f"{where}but only one of them is an end.", CLAUSE)
    if state.outcome and target.outcome and state.outcome != target.outcome:
        said = f"{where}but the one ends {state.outcome} and the other {target.outcome}."
        yield Failure("same_outcome", said, CLAUSE)
    if state.money is not target.money:
        yield Failure("money_is_money", f"{where}but money moves in only one of them.", CLAUSE)
    if _strands(old, state) != _strands(new, target):
        said = f"{where}but the parallel work of the two is not the same."
        yield Failure("same_strands", said, CLAUSE)
    lost = sorted(_decisions(old, state) - _decisions(new, target))
    if lost:
        said = (
            f"{where}where nobody votes on {', '.join(lost)}: votes that were cast would be lost."
        )
        yield Failure("votes_kept", said, CLAUSE)
    strangers = sorted(_institutions(new, target) - _institutions(old, state))
    if strangers:
        said = f"{where}where {', '.join(strangers)} would act without having been asked in."
        yield Failure("institutions_kept", said, CLAUSE)


def _strands(workflow: Workflow, state: State) -> dict[str, tuple[str, ...]]:
    return {strand.name: strand.steps for strand in workflow.strands_in(state.name)}


def _decisions(workflow: Workflow, state: State) -> set[str]:
    return {act.decision for act in workflow.acts_from(state.name) if act.decision}


def _institutions(workflow: Workflow, state: State) -> set[str]:
    return {act.institution for act in workflow.acts_from(state.name) if act.institution}


def replay(new: Workflow, states: States, past: Sequence[PastStep]) -> Illegal | None:
    """Return the first step of a past that the new version would have refused; ``None`` when all of it is legal.

    Looked at is what a trail can prove: that the act exists, started and ended where it may, by a duty that may, in the
    part that it gives, with reasons where they are required. Facts of the day, which guards ask, are gone.
    """
    here: str | None = new.initial
    for number, step in enumerate(past, 1):
        wrong = next(_wrong(new, states, step, here), None)
        if wrong is not None:
            return Illegal(number, step.act, *wrong)
        here = states.get(step.target)
    return None


def _wrong(
    new: Workflow, states: States, step: PastStep, here: str | None
) -> Iterator[tuple[str, str]]:
    """Yield rule and sentence of what is wrong with a step; where the later cannot be asked, nothing after the first."""
    act = new.acts.get(step.act)
    source, target = states.get(step.source), states.get(step.target)
    if source is None or target is None:
        lost = step.source if source is None else step.target
        yield "mapped", f"the state {lost!r} is mapped to nothing"
        return
    if source != here:
        yield "connected", f"it starts in {source!r}, but the case would have stood in {here!r}"
    if act is None:
        yield "act_exists", f"there is no act {step.act!r} in {new.name} version {new.version}"
        return
    reached = compiled(new).reaches(source, act.name)
    if not reached:
        yield "starts_here", f"it does not start in {source!r}"
    elif target not in reached:
        yield "leads_there", f"from {source!r} it does not lead to {target!r}"
    yield from _who(new, act, step)


def _who(new: Workflow, act: Act, step: PastStep) -> Iterator[tuple[str, str]]:
    other = [duty for duty in step.duties if duty not in act.by]
    if other or not step.duties:
        taken = " or ".join(duty_label(new, duty) for duty in other) or "nobody the trail names"
        may = " or ".join(duty_label(new, duty) for duty in act.by)
        yield "duty", f"it was taken by {taken}, and would be for {may}"
    if step.part != act.part:
        stood, part = step.part or "nobody", act.part or "nobody"
        yield "same_part", f"it was taken standing as {stood}, and would be as {part}"
    if act.reasons == "required" and not step.reasoned:
        yield "reasons_given", "it was taken without a coded reason, and one would be required"
