"""Rules on decisions along the roads: money only after one, no decline without reason."""

from collections.abc import Iterator

from workflows.choices import decided_against, decided_for
from workflows.definition import Act, Workflow
from workflows.quorum import votes_needed
from workflows.soundness.roads import Roads
from workflows.soundness.witness import Came, Finding, Move, road, search

Findings = Iterator[Finding]
Spot = tuple[str, frozenset[str]]
# How a road is authorised without a decision table, and, for a tranche, by the award it belongs to.
PLAIN, AWARD = "(decided)", "(award)"
MOST = 5_000


def money_without_decision(roads: Roads) -> Findings:
    """Find roads into a state in which money moves without an authorised decision in force.

    A decision is in force once an act goes the way "decided_for", or, where one vote alone decides by every band, once the
    vote for was cast; without a decision table, once an act decides for under the guard "within_authority". It is over when
    it is decided against, or when an act voids it. Where the agency that owns the case decides at all, the decision must
    be its own; what another institution decided is enough only where it does not. In the life of a tranche an act under
    the guard "disbursement_open" counts too: the award was decided on.
    """
    came = _spots(roads)
    if len(came) > MOST:
        yield Finding("money_without_decision", "decisions", _TOO_MANY)
    for state, held in came:
        if roads.workflow.states[state].money and not held:
            path = road(came, (state, held), name=lambda spot: spot[0])
            if not any(roads.workflow.states[name].money for name in path[:-1:2]):
                yield Finding("money_without_decision", f"states.{state}", _UNDECIDED, path)


def _spots(roads: Roads) -> Came[Spot]:
    """Return where a case can be with which decisions in force, as far as money could move without one from there."""
    counting = _counting(roads)
    revocable = {name: _revocable(roads, name) for name in counting}
    start: Spot = (roads.workflow.initial, frozenset())
    least: dict[str, list[frozenset[str]]] = {start[0]: [start[1]]}

    def onward(spot: Spot) -> Iterator[tuple[str, Spot]]:
        if any(spot[0] not in revocable[name] for name in spot[1]):
            return
        for move in roads.leaving[spot[0]]:
            held = _held(roads.workflow, move, spot[1]) & counting
            known = least.setdefault(move.target, [])
            # Whoever comes here with less can go wherever one who comes with more can.
            if not any(less <= held for less in known):
                known.append(held)
                yield move.act.name, (move.target, held)

    return search([start], onward, MOST)


_TOO_MANY = (
    f"The decisions can be passed in more than {MOST:,} orders, too many to go through. "
    "Use fewer decisions, or fewer ways round them."
)
_UNDECIDED = (
    "Money can move here although no authorised decision is in force. "
    "Let every road into this state pass a decision for."
)


def decline_without_reason(roads: Roads) -> Findings:
    """Find acts that set a case on the way to being declined without a reason being required.

    That is an act of a person after which a case can only end declined. Of the acts of one decision it is asked of votes
    against and abstentions, which are the reasons for it. Where no end says its outcome, the acts whose name or letter says
    that they decline are meant.
    """
    fated = _fated(roads)
    for act in roads.workflow.acts.values():
        if act.automatic or act.reasons == "required":
            continue
        moves = [m for source in act.sources for m in roads.leaving.get(source, ())]
        declining = [m for m in moves if m.act is act and _declines(roads, m, fated)]
        entered = min(declining, key=lambda move: len(roads.to(move.source)), default=None)
        if entered is not None:
            sentence = (
                'A case can be declined by this act without a reason. Say reasons = "required".'
            )
            path = (*roads.to(entered.source), act.name, entered.target)
            yield Finding("decline_without_reason", f"acts.{act.name}", sentence, path)


def _fated(roads: Roads) -> set[str]:
    """Return the states after which a case can only end declined."""
    ends = {name: state.outcome for name, state in roads.workflow.states.items() if state.end}

    def back(state: str) -> Iterator[tuple[str, str]]:
        return ((move.act.name, move.source) for move in roads.entering[state])

    declined = [name for name, outcome in ends.items() if outcome == "declined"]
    others = search([name for name in ends if name not in declined], back)
    fated = {state for state in search(declined, back) if state not in others}
    return set(declined) if roads.workflow.initial in fated else fated


def _declines(roads: Roads, move: Move, fated: set[str]) -> bool:
    """Tell whether a move sets a case on the way to being declined, and must say why."""
    act = move.act
    if act.decision is not None and act.vote in {"for", "recuse"}:
        return False
    if any(state.outcome for state in roads.workflow.states.values()):
        return move.target in fated and move.source not in fated
    called = "decline" in {act.name, move.branch.letter or act.letter} or act.vote == "against"
    return called and roads.workflow.states[move.target].end


def _counting(roads: Roads) -> frozenset[str]:
    """Return which decisions authorise: the agency's own, or where it takes none, those of others."""
    given: dict[bool, set[str]] = {True: set(), False: set()}
    for moves in roads.leaving.values():
        for move in moves:
            given[not move.act.institution] |= _held(roads.workflow, move, frozenset())
    return frozenset(given[True] or given[False])


def _revocable(roads: Roads, name: str) -> Came[str]:
    """Return the states from which a decision that is in force can still come to be over."""
    every = frozenset({name})
    ending = [
        move.source
        for moves in roads.leaving.values()
        for move in moves
        if name not in _held(roads.workflow, move, every)
    ]
    return search(ending, lambda s: ((move.act.name, move.source) for move in roads.entering[s]))


def _held(workflow: Workflow, move: Move, held: frozenset[str]) -> frozenset[str]:
    """Return which decisions are in force after a move."""
    act = move.act
    against = _against(workflow, move)
    if act.voids and (act.decision is None or against):
        held -= {act.voids}
    if against:
        held -= {act.decision or PLAIN}
    if authorises(workflow, move):
        held |= {act.decision or PLAIN}
    if workflow.kind == "tranche" and "disbursement_open" in act.guards:
        held |= {AWARD}
    return held


def authorises(workflow: Workflow, move: Move) -> bool:
    """Tell whether an authorised decision for is taken by a move."""
    act = move.act
    if act.decision is None:
        return act.does == "decide" and act.vote == "for" and "within_authority" in act.guards
    if act.vote == "for" and alone(workflow, act):
        return move.branch.when != decided_against.__name__
    return move.branch.when == decided_for.__name__


def _against(workflow: Workflow, move: Move) -> bool:
    act = move.act
    if act.decision is None:
        return act.does == "decide" and act.vote == "against"
    if any(branch.when == decided_against.__name__ for branch in act.branches):
        return move.branch.when == decided_against.__name__
    return act.vote == "against" and alone(workflow, act)


def alone(workflow: Workflow, act: Act) -> bool:
    """Tell whether one vote decides, whatever the amount."""
    decision = workflow.decisions.get(act.decision or "")
    return (
        decision is not None
        and not decision.per
        and all(
            band.of == 1 and band.present <= 1 and votes_needed(band, 1) <= 1
            for band in decision.bands
        )
    )
