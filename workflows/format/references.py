"""What names what in a definition: every name that is used must be declared."""

from collections.abc import Iterable, Iterator

from workflows.definition import Act, Decision, State, Strand, Workflow
from workflows.format.lines import Place
from workflows.format.reading import near, nearest
from workflows.vocabulary import DUTIES, OFFICERS, STAY, SWITCH

Mistakes = Iterator[tuple[Place, str]]


def references(workflow: Workflow) -> Mistakes:
    """Yield place and sentence of each name that nothing answers to, and of each thing that is not where it may be."""
    yield from _state_named(("initial",), workflow.initial, workflow)
    yield from _kind(workflow)
    yield from _rights(("see",), workflow.see, workflow)
    for name in workflow.confined:
        yield from _declared(("confined", name), name, workflow.institutions, "institutions")
    for state in workflow.states.values():
        yield from _state(state, workflow)
    for strand in workflow.strands.values():
        yield from _strand(strand, workflow)
    for decision in workflow.decisions.values():
        yield from _decision(decision, workflow)
    for act in workflow.acts.values():
        yield from _act(act, workflow)


def _kind(workflow: Workflow) -> Mistakes:
    """Refuse in a tranche or a proceeding what belongs to the case: it is about one award, decided on before."""
    if workflow.kind == "application":
        return
    for key in ("strands", "decisions", "confined"):
        if getattr(workflow, key):
            yield (
                (key,),
                f'a definition of the kind "{workflow.kind}" has none; they belong to the case.',
            )


def _duty(place: Place, duty: str, workflow: Workflow, *more: str) -> Mistakes:
    known = [*DUTIES, *workflow.duties, *more]
    if duty not in known:
        yield place, f"{duty!r} is not one of {', '.join(sorted(known))}{near(duty, known)}"


def _duties(place: Place, duties: Iterable[str], workflow: Workflow, *more: str) -> Mistakes:
    for duty in duties:
        yield from _duty(place, duty, workflow, *more)


def _state_named(place: Place, name: str, workflow: Workflow) -> Mistakes:
    if name and name not in workflow.states:
        yield place, f"{name!r} is not a state{nearest(name, workflow.states)}"


def _declared(place: Place, name: str | None, known: Iterable[str], table: str) -> Mistakes:
    names = list(known)
    if name and name not in names:
        yield place, f"{name!r} is not declared under [{table}]{nearest(name, names)}"


def _rights(place: Place, rights: dict[str, tuple[str, ...]], workflow: Workflow) -> Mistakes:
    for thing, duties in rights.items():
        yield from _duties((*place, thing), duties, workflow, OFFICERS)


def _state(state: State, workflow: Workflow) -> Mistakes:
    place = ("states", state.name)
    if state.outcome and not state.end:
        yield (*place, "outcome"), "only an end has an outcome."
    if state.money and state.end and state.outcome not in {None, "completed"}:
        yield (*place, "money"), f"no money moves in a case that was {state.outcome}."
    if state.end and state.clock is not None:
        yield (*place, "clock"), 'an end has no clock; expected "none".'
    if state.holder == "institution" and not workflow.institutions:
        yield (*place, "holder"), "no institution is declared under [institutions]."
    yield from _rights((*place, "see"), state.see, workflow)
    for thing, duties in state.edit.items():
        yield from _duties((*place, "edit", thing), duties, workflow)
    yield from _clock(state, workflow)


def _clock(state: State, workflow: Workflow) -> Mistakes:
    clock, place = state.clock, ("states", state.name, "clock")
    if clock is None:
        return
    if clock.escalate is not None:
        yield from _duty((*place, "escalate"), clock.escalate, workflow)
    if clock.days and clock.warn >= clock.days:
        yield (*place, "warn"), f"expected fewer than the {clock.days} days the clock has."
    if not clock.expires:
        return
    act = workflow.acts.get(clock.expires)
    if act is None:
        yield (
            (*place, "expires"),
            f"{clock.expires!r} is not an act{nearest(clock.expires, workflow.acts)}",
        )
    elif not act.automatic or state.name not in act.sources:
        sentence = f"expected an act by the system from {state.name!r}; {act.name!r} is none."
        yield (*place, "expires"), sentence


def _strand(strand: Strand, workflow: Workflow) -> Mistakes:
    place = ("strands", strand.name, "state")
    yield from _state_named(place, strand.state, workflow)
    state = workflow.states.get(strand.state)
    if state is not None and state.end:
        yield place, f"{strand.state!r} is an end; no work is done there."


def _decision(decision: Decision, workflow: Workflow) -> Mistakes:
    place = ("decisions", decision.name)
    for number, band in enumerate(decision.bands):
        if band.by:
            yield from _duty((*place, "bands", number, "by"), band.by, workflow)
    yield from _duties((*place, "veto"), decision.veto, workflow)
    if decision.tie:
        yield from _duty((*place, "tie"), decision.tie, workflow, "against")
    if decision.per:
        yield from _per(decision, workflow)


def _per(decision: Decision, workflow: Workflow) -> Mistakes:
    """Refuse a vote of agencies that others cast, or in which one stands aside: an agency sends another officer."""
    place = ("decisions", decision.name, "per")
    yield from _declared(place, decision.per, workflow.institutions, "institutions")
    for act in workflow.acts.values():
        if act.decision != decision.name:
            continue
        if act.institution != decision.per:
            sentence = f"expected {decision.per!r}, each of whose agencies has one vote."
            yield ("acts", act.name, "institution"), sentence
        if act.vote == "recuse":
            yield ("acts", act.name, "vote"), "an agency answers or not; it does not stand aside."


def _act(act: Act, workflow: Workflow) -> Mistakes:
    place = ("acts", act.name)
    yield from _duties((*place, "by"), act.by, workflow)
    if "system" in act.by and not act.automatic:
        yield (*place, "by"), "the system acts alone or not at all."
    for state in act.sources:
        yield from _state_named((*place, "from"), state, workflow)
    for number, branch in enumerate(act.branches):
        if branch.state != STAY:
            way = (number, "state") if len(act.branches) > 1 else ()
            yield from _state_named((*place, "to", *way), branch.state, workflow)
        yield from _switch((*place, "to", number, "when"), branch.when or "", workflow)
    yield from _declared((*place, "decision"), act.decision, workflow.decisions, "decisions")
    yield from _declared((*place, "voids"), act.voids, workflow.decisions, "decisions")
    yield from _declared(
        (*place, "institution"), act.institution, workflow.institutions, "institutions"
    )
    for guard in act.guards:
        yield from _switch((*place, "guards"), guard, workflow)
    yield from _step(act, workflow)


def _switch(place: Place, text: str, workflow: Workflow) -> Mistakes:
    if text.startswith(SWITCH):
        yield from _declared(place, text.removeprefix(SWITCH), workflow.switches, "switches")


def _step(act: Act, workflow: Workflow) -> Mistakes:
    place = ("acts", act.name)
    if act.strand is None:
        if act.step_to is not None:
            yield (*place, "step"), "a step needs the strand it moves."
        return
    yield from _declared((*place, "strand"), act.strand, workflow.strands, "strands")
    strand = workflow.strands.get(act.strand)
    if strand is not None:
        yield from _moved(act, strand)


def _moved(act: Act, strand: Strand) -> Mistakes:
    place = ("acts", act.name)
    if act.step_to is None:
        yield (*place, "step"), "missing; expected {from = [...], to = ...}, as a strand is moved."
    for key, steps in (("from", act.step_from), ("to", (act.step_to or "",))):
        for step in filter(None, steps):
            if step not in strand.steps:
                sentence = f"{step!r} is not a step of {strand.name}{nearest(step, strand.steps)}"
                yield (*place, "step", key), sentence
    if act.sources and act.sources != (strand.state,):
        yield (*place, "from"), f"expected [{strand.state!r}] alone, where {strand.name} is done."
