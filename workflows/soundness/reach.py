"""Rules on the roads through a definition: what can be reached, what can be taken, what waits, what ends."""

from collections.abc import Callable, Iterator

from workflows.choices import CHOICES
from workflows.definition import Workflow
from workflows.guards import GUARDS
from workflows.soundness.roads import PROGRAM, Roads
from workflows.soundness.witness import DECIDED, WARNING, Finding, road, search, taken
from workflows.vocabulary import STAY, SWITCH

Findings = Iterator[Finding]
# What must have happened before a guard can ever hold.
NEEDS = {
    "approved_within_recommended": ("recommend", "an act that recommends"),
    "offer_open": ("decide", "an act that decides"),
    "offer_expired": ("decide", "an act that decides"),
}


def undeclared_state(roads: Roads) -> Findings:
    """Find acts from or into states that are not declared."""
    for act in roads.workflow.acts.values():
        for state in dict.fromkeys((*act.sources, *(branch.state for branch in act.branches))):
            if state != STAY and state not in roads.workflow.states:
                sentence = f"The state {state!r} is not declared."
                yield Finding("undeclared_state", _act(act.name), sentence)


def unknown_guard(roads: Roads) -> Findings:
    """Find guards and choices that there are not."""
    switches = {f"{SWITCH}{name}" for name in roads.workflow.switches}
    for act in roads.workflow.acts.values():
        for guard in act.guards:
            if guard not in GUARDS and guard not in switches:
                yield Finding(
                    "unknown_guard",
                    _act(act.name),
                    f"There is no guard {guard!r}.",
                    _before(roads, act.name),
                )
        for choice in dict.fromkeys(branch.when for branch in act.branches if branch.when):
            if choice not in {*CHOICES, *switches}:
                yield Finding("unknown_guard", _act(act.name), f"There is no choice {choice!r}.")


def unreachable_state(roads: Roads) -> Findings:
    """Find states that no case can reach."""
    for state in roads.workflow.states:
        if roads.reached(state):
            continue
        entries = roads.entries(state)
        sentence = "No act leads into this state. Add one, or take the state out."
        if entries:
            sources = " or ".join(dict.fromkeys(repr(move.source) for move in entries))
            sentence = f"This state is reached only from {sources}, which no case ever reaches."
        yield Finding("unreachable_state", _state(state), sentence)


def no_way_out(roads: Roads) -> Findings:
    """Find states that are no ends and have no act leading into another state."""
    for name, state in roads.workflow.states.items():
        if not state.end and not roads.exits(name):
            sentence = (
                "No act leads out of this state, and it is not an end. "
                "Add an act that leaves it, or say end = true."
            )
            yield Finding("no_way_out", _state(name), sentence, roads.to(name))


def no_end_reachable(roads: Roads) -> Findings:
    """Find states from which no end can be reached."""
    ends = [name for name, state in roads.workflow.states.items() if state.end]
    good = search(ends, lambda s: ((move.act.name, move.source) for move in roads.entering[s]))
    for name in roads.workflow.states:
        if name not in good and roads.exits(name):
            sentence = "Whatever is done from here, the case never comes to an end."
            yield Finding("no_end_reachable", _state(name), sentence, roads.to(name))


def act_never_fires(roads: Roads) -> Findings:
    """Find acts that nobody can ever take."""
    told = {
        f.place for i in roads.inside.values() for f in i.findings if f.rule == "act_never_fires"
    }
    for name in roads.workflow.acts:
        why = "" if _act(name) in told else _never(roads, name)
        if why:
            sentence = f"This act can never be taken: {why}."
            yield Finding("act_never_fires", _act(name), sentence, _before(roads, name))


def branch_never_taken(roads: Roads) -> Findings:
    """Find destinations of acts that are never chosen."""
    for act in roads.workflow.acts.values():
        sources = [s for s in act.sources if s in roads.workflow.states]
        done = set(taken(act, done=True))
        if not roads.inside.keys().isdisjoint(sources):
            done |= set(taken(act, done=False))
        for number, branch in enumerate(act.branches):
            if sources and number not in done:
                why = "a destination before it is taken first"
                if branch.when in DECIDED and act.decision is None:
                    why = "the act takes part in no decision"
                sentence = f"The way to {branch.state!r} is never taken: {why}."
                yield Finding(
                    "branch_never_taken", _act(act.name), sentence, _before(roads, act.name)
                )


def guard_never_holds(roads: Roads) -> Findings:
    """Find guards that look at what no road brings about before."""
    if roads.workflow.kind != "application":
        return
    for act in roads.workflow.acts.values():
        for guard in act.guards:
            if guard not in NEEDS:
                continue
            effect, words = NEEDS[guard]
            after = search(_after(roads, effect), roads.onward)
            if not any(source in after for source in act.sources):
                sentence = f"The guard {guard!r} never holds here: no road passes {words} before."
                place, path = _act(act.name), _before(roads, act.name)
                yield Finding("guard_never_holds", place, sentence, path, WARNING)


def waits_for_ever(roads: Roads) -> Findings:
    """Find states out of which only acts of the system lead that nothing ever causes."""
    for name in roads.workflow.states:
        exits = roads.exits(name)
        if not exits or any(
            not move.act.automatic or roads.triggered(move.act, name) for move in exits
        ):
            continue
        acts = ", ".join(dict.fromkeys(move.act.name for move in exits))
        sentence = (
            f"Only the system leads out of this state ({acts}), and nothing ever makes it act. "
            "Give the state a clock that expires into the act, or the act to a person."
        )
        yield Finding("waits_for_ever", _state(name), sentence, roads.to(name))


def expiry_impossible(roads: Roads) -> Findings:
    """Find clocks that expire into what the system cannot do there."""
    for name, state in roads.workflow.states.items():
        expires = state.clock.expires if state.clock else None
        if expires is None:
            continue
        act = roads.workflow.acts.get(expires)
        why = ""
        if act is None:
            why = "there is no such act"
        elif not act.automatic:
            why = 'people take that act; it must be by = "system"'
        elif name not in act.sources:
            why = "that act does not start in this state"
        if why:
            sentence = f"When the time is over nothing happens: the clock expires into {expires!r}, but {why}."
            yield Finding("expiry_impossible", _state(name), sentence, roads.to(name))


def cycle_without_person(roads: Roads) -> Findings:
    """Find ways round and back on which no person acts."""

    def automatic(state: str) -> Iterator[tuple[str, str]]:
        # What the program takes an act for, people or a bank have done elsewhere.
        moves = (m for m in roads.leaving[state] if m.act.automatic)
        caused = PROGRAM[roads.workflow.kind]
        return ((m.act.name, m.target) for m in moves if m.act.does not in caused)

    told: set[str] = set()
    for name in roads.workflow.states:
        if name in told:
            continue
        round_ = _round(name, automatic)
        if round_:
            told |= set(round_[::2])
            sentence = (
                "The system leads the case round without any person: "
                f"{Finding('', '', '', round_).told()}. Let a person take one of these acts."
            )
            path = (*roads.to(name)[:-1], *round_)
            yield Finding("cycle_without_person", _state(name), sentence, path)


def parallel_work(roads: Roads) -> Findings:
    """Find parallel work that cannot be done, is left undone, or has dead acts."""
    for state, inside in roads.inside.items():
        for found in inside.findings:
            path = (*roads.to(state)[:-1], *(found.path or (state,)))
            yield Finding(found.rule, found.place, found.sentence, path, found.severity)


def tranche_without_money(roads: Roads, parent: Workflow) -> Findings:
    """Find tranches that wait for money to be open in a case that never has money open."""
    if any(state.money for state in parent.states.values()):
        return
    for act in roads.workflow.acts.values():
        if "disbursement_open" in act.guards:
            sentence = f"Its guard 'disbursement_open' never holds: {parent.name} has no state with money = true."
            yield Finding("guard_never_holds", _act(act.name), sentence, _before(roads, act.name))


def tranche_without_part(roads: Roads, parent: Workflow) -> Findings:
    """Find acts on a tranche of an institution that has no part in the life of the case."""
    for act in roads.workflow.acts.values():
        if act.institution and act.institution not in parent.institutions:
            sentence = f"Nobody takes this act: {parent.name} gives {act.institution!r} no part."
            yield Finding("act_never_fires", _act(act.name), sentence, _before(roads, act.name))


def _act(name: str) -> str:
    return f"acts.{name}"


def _state(name: str) -> str:
    return f"states.{name}"


def _before(roads: Roads, act: str) -> tuple[str, ...]:
    """Return the shortest road to a state the act starts in."""
    known = [roads.to(state) for state in roads.workflow.acts[act].sources if roads.reached(state)]
    return min(known, key=len, default=())


def _never(roads: Roads, name: str) -> str:
    """Return why an act can never be taken; "" when it can."""
    act = roads.workflow.acts[name]
    sources = [state for state in act.sources if roads.reached(state)]
    if not sources:
        named = " or ".join(repr(state) for state in act.sources)
        return f"no case ever comes to {named or 'a state it starts in'}"
    reasons = [roads.impossible(act, state) for state in sources]
    if all(reasons):
        return reasons[0]
    if act.automatic and not any(roads.triggered(act, state) for state in sources):
        return "the system takes it, but no clock expires into it where it starts"
    return ""


def _after(roads: Roads, effect: str) -> list[str]:
    """Return the states in which an act with an effect can end."""
    return [
        move.target
        for state, moves in roads.leaving.items()
        if roads.reached(state)
        for move in moves
        if move.act.does == effect or (effect == "decide" and move.act.decision is not None)
    ]


def _round(start: str, onward: Callable[[str], Iterator[tuple[str, str]]]) -> tuple[str, ...]:
    """Return the shortest way round from a state back to it; empty where there is none."""
    steps = list(onward(start))
    if any(target == start for _, target in steps):
        act = next(act for act, target in steps if target == start)
        return (start, act, start)
    came = search([start], onward)
    for node in came:
        for act, target in onward(node):
            if target == start:
                return (*road(came, node), act, start)
    return ()
