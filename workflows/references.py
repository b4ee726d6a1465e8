"""What names what in a definition: every name that is used must be declared."""

from collections.abc import Iterator

from workflows.definition import Act, Decision, State, Strand, Workflow
from workflows.vocabulary import DUTIES, STAY

Mistakes = Iterator[tuple[str, str]]
OFFICERS = "officers"


def references(workflow: Workflow) -> Mistakes:
    """Yield place and sentence of each name that nothing answers to."""
    if workflow.initial not in workflow.states:
        yield "initial", f"{workflow.initial!r} is not a state."
    yield from _things("see", workflow.see, workflow)
    for state in workflow.states.values():
        yield from _state(state, workflow)
    for strand in workflow.strands.values():
        yield from _strand(strand, workflow)
    for decision in workflow.decisions.values():
        yield from _decision(decision, workflow)
    for act in workflow.acts.values():
        yield from _act(act, workflow)
    left = {source for act in workflow.acts.values() for source in act.sources}
    for name, state in workflow.states.items():
        if not state.end and name not in left:
            yield f"states.{name}", "no act leads out, and it is not an end."


def _duties(workflow: Workflow) -> set[str]:
    return {*DUTIES, *workflow.duties}


def _things(place: str, rights: dict[str, tuple[str, ...]], workflow: Workflow) -> Mistakes:
    known = {*_duties(workflow), OFFICERS}
    for thing, duties in rights.items():
        for duty in duties:
            if duty not in known:
                yield f"{place}.{thing}", f"{duty!r} is not a duty."


def _state(state: State, workflow: Workflow) -> Mistakes:
    place = f"states.{state.name}"
    if state.outcome and not state.end:
        yield place, "only an end has an outcome."
    yield from _things(f"{place}.see", state.see, workflow)
    yield from _things(f"{place}.edit", state.edit, workflow)
    clock = state.clock
    if clock is None:
        return
    if clock.expires is not None and clock.expires not in workflow.acts:
        yield f"{place}.clock", f"the clock expires into {clock.expires!r}, which is not an act."
    if clock.escalate is not None and clock.escalate not in _duties(workflow):
        yield f"{place}.clock", f"escalate: {clock.escalate!r} is not a duty."
    if clock.warn >= max(clock.days, 1):
        yield f"{place}.clock", "warn must be fewer days than the clock has."


def _strand(strand: Strand, workflow: Workflow) -> Mistakes:
    if strand.state not in workflow.states:
        yield f"strands.{strand.name}", f"{strand.state!r} is not a state."


def _decision(decision: Decision, workflow: Workflow) -> Mistakes:
    place = f"decisions.{decision.name}"
    duties = _duties(workflow)
    for number, band in enumerate(decision.bands, 1):
        if band.by not in duties:
            yield f"{place}.bands[{number}]", f"by: {band.by!r} is not a duty."
    for duty in decision.veto:
        if duty not in duties:
            yield place, f"veto: {duty!r} is not a duty."
    if decision.tie not in {"against", *duties}:
        yield place, f'tie: {decision.tie!r} is neither "against" nor a duty.'


def _act(act: Act, workflow: Workflow) -> Mistakes:
    place = f"acts.{act.name}"
    yield from _by(act, workflow, place)
    if not act.sources:
        yield place, "from must name at least one state."
    for state in (*act.sources, *(b.state for b in act.branches if b.state != STAY)):
        if state not in workflow.states:
            yield place, f"{state!r} is not a state."
    if act.branches and not act.outcomes and act.branches[-1].when is not None:
        yield place, "the last destination must have no 'when'."
    yield from _named(act, workflow, place)
    yield from _strands(act, workflow, place)


def _by(act: Act, workflow: Workflow, place: str) -> Mistakes:
    duties = _duties(workflow)
    if not act.by:
        yield place, "by must name at least one duty."
    for duty in act.by:
        if duty not in duties:
            yield f"{place}.by", f"{duty!r} is not one of {', '.join(sorted(duties))}."
    if "system" in act.by and not act.automatic:
        yield f"{place}.by", "the system acts alone or not at all."


def _named(act: Act, workflow: Workflow, place: str) -> Mistakes:
    if act.decision is not None and act.decision not in workflow.decisions:
        yield place, f"decision: {act.decision!r} is not declared under [decisions]."
    if act.decision is not None and act.vote is None:
        yield place, "vote must say for, against, abstain or recuse where there is a decision."
    if act.voids is not None and act.voids not in workflow.decisions:
        yield place, f"voids: {act.voids!r} is not declared under [decisions]."
    if act.institution and act.institution not in workflow.institutions:
        yield place, f"institution: {act.institution!r} is not declared under [institutions]."
    for guard in act.guards:
        kind, _, name = guard.partition(":")
        if kind == "switch" and name not in workflow.switches:
            yield f"{place}.guards", f"{name!r} is not declared under [switches]."


def _strands(act: Act, workflow: Workflow, place: str) -> Mistakes:
    if act.strand is None:
        if act.step_to is not None:
            yield place, "step needs the strand it moves."
        return
    strand = workflow.strands.get(act.strand)
    if strand is None:
        yield place, f"strand: {act.strand!r} is not declared under [strands]."
        return
    if act.step_to is None or not act.step_from:
        yield place, "strand needs step = {from = [...], to = ...}."
    for step in (*act.step_from, act.step_to):
        if step is not None and step not in strand.steps:
            yield place, f"{step!r} is not a step of the strand {strand.name}."
    if act.sources != (strand.state,):
        yield place, f"an act of the strand {strand.name} starts in {strand.state!r} alone."
