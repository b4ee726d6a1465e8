"""Rules on decisions along the roads: money only after one, no decline without reason, no person deciding twice."""

import re
from collections.abc import Callable, Iterator

from workflows.choices import decided_against, decided_for
from workflows.definition import Act, Workflow
from workflows.quorum import votes_needed
from workflows.roads import Roads
from workflows.rules import duty_label
from workflows.witness import WARNING, Finding, Move, road, search

Findings = Iterator[Finding]
Spot = tuple[str, frozenset[str]]
# How a road is authorised without a decision table, and, for a tranche, by the award it belongs to.
PLAIN, AWARD = "(decided)", "(award)"
MOST = 100_000
_APPROVING = re.compile(
    r"(?<!dis)(?<!un)(?<!not )(?<!not_)approv|authori[sz]e|sign[ _]off", re.IGNORECASE
)


def money_without_decision(roads: Roads) -> Findings:
    """Find roads into a state in which money moves without an authorised decision in force.

    A decision is in force once an act goes the way "decided_for", or, where one vote alone decides by every band, once the
    vote for was cast; without a decision table, once an act decides for under the guard "within_authority". It is over when
    it is decided against, or when an act voids it. Where the agency that owns the case decides at all, the decision must
    be its own; what another institution decided is enough only where it does not. In the life of a tranche an act under
    the guard "disbursement_open" counts too: the award was decided on.
    """
    counting = _counting(roads)
    start: Spot = (roads.workflow.initial, frozenset())
    least: dict[str, list[frozenset[str]]] = {start[0]: [start[1]]}

    def onward(spot: Spot) -> Iterator[tuple[str, Spot]]:
        for move in roads.leaving[spot[0]]:
            held = _held(roads.workflow, move, spot[1]) & counting
            known = least.setdefault(move.target, [])
            # Whoever comes here with less can go wherever one who comes with more can.
            if not any(less <= held for less in known):
                known.append(held)
                yield move.act.name, (move.target, held)

    came = search([start], onward, MOST)
    if len(came) > MOST:
        yield Finding("money_without_decision", "decisions", _TOO_MANY)
    for state, held in came:
        if roads.workflow.states[state].money and not held:
            path = road(came, (state, held), name=lambda spot: spot[0])
            if not any(roads.workflow.states[name].money for name in path[:-1:2]):
                yield Finding("money_without_decision", f"states.{state}", _UNDECIDED, path)


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


def one_person_alone(roads: Roads) -> Findings:
    """Find approvals that one person could give alone.

    An approval is a decision for, or an act (or the outcome a person chooses in it) that calls itself one. Two different ones are
    open to one person where duty, part and institution are the same: part is what keeps people apart. Decisions count
    wherever they lie on one road, other approvals where nobody else acts between them.
    """
    given = [
        move for state in roads.came for move in roads.leaving[state] if _approves(roads, move)
    ]
    pairs = {
        (first.act.name, second.act.name)
        for first in given
        for second in _also(roads, first, given)
    }
    told: set[str] = set()
    for move in given:
        together = _joined(move.act.name, pairs)
        if len(together) > 1 and not told & together:
            told |= together
            yield _one_person(roads, move, [m for m in given if m.act.name in together])


def _one_person(roads: Roads, first: Move, given: list[Move]) -> Finding:
    """Return the finding on approvals that one person can give, with the road that passes as many of them as it can."""
    path, at, left = roads.to(first.source), first, given
    while True:
        path = (*path, at.act.name, at.target)
        left = [move for move in left if move.act.name != at.act.name]
        came = search([at.target], _onward(roads, at.act))
        if not any(move.source in came for move in left):
            came = search([at.target], roads.onward)
        following = [move for move in left if move.source in came]
        if not following:
            break
        at = min(following, key=lambda move: len(road(came, move.source)))
        path = (*path, *road(came, at.source)[1:])
    acts = " and ".join(dict.fromkeys(f"“{move.act.label}”" for move in given))
    duty = duty_label(roads.workflow, first.act.by[0])
    sentence = (
        f"One {duty} could give {acts}: the part is the same. "
        "Where these should be different people, give each act a part of its own."
    )
    return Finding("one_person_alone", f"acts.{first.act.name}", sentence, path, WARNING)


def _also(roads: Roads, first: Move, given: list[Move]) -> list[Move]:
    """Return the approvals that the person who gave the first one could give after it."""
    others = [move for move in given if _same_person(first.act, move.act)]
    others = [move for move in others if _differs(first, move)]
    if not others:
        return []
    close = search([first.target], _onward(roads, first.act))
    far = search([first.target], roads.onward) if _decides(first.act) else close
    return [m for m in others if m.source in (far if _decides(m.act) else close)]


def _differs(first: Move, second: Move) -> bool:
    """Tell whether two approvals are about different things."""
    apart = first.act.name != second.act.name
    apart = apart and first.source != second.source and first.target != second.target
    same_decision = first.act.decision is not None and first.act.decision == second.act.decision
    return apart and not same_decision


def _onward(roads: Roads, act: Act) -> Callable[[str], Iterator[tuple[str, str]]]:
    """Return how a case goes on with no other person than one who took an act."""

    def onward(state: str) -> Iterator[tuple[str, str]]:
        for move in roads.leaving[state]:
            if move.act.automatic or _same_person(act, move.act):
                yield move.act.name, move.target

    return onward


def _same_person(first: Act, second: Act) -> bool:
    """Tell whether nothing keeps one person from taking both acts."""
    where = (first.part, first.institution) == (second.part, second.institution)
    return where and not set(first.by).isdisjoint(second.by)


def _decides(act: Act) -> bool:
    return act.vote == "for" and (act.decision is not None or act.does == "decide")


def _approves(roads: Roads, move: Move) -> bool:
    """Tell whether a move is an approval by officers that brings the case into another state."""
    act = move.act
    if act.automatic or "applicant" in act.by or move.target == move.source:
        return False
    if _decides(act):
        return act.decision is None or authorises(roads.workflow, move)
    if act.vote is not None or roads.workflow.states[move.target].outcome == "declined":
        return False
    words = move.branch.outcome or f"{act.name} {act.label}"
    return _APPROVING.search(words) is not None


def _joined(name: str, pairs: set[tuple[str, str]]) -> set[str]:
    """Return the acts that hang together with one through pairs."""
    near: dict[str, list[tuple[str, str]]] = {}
    for first, second in pairs:
        near.setdefault(first, []).append(("", second))
        near.setdefault(second, []).append(("", first))
    return set(search([name], lambda act: near.get(act, ())))


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
    return move.branch.when == decided_against.__name__ or (
        act.vote == "against" and alone(workflow, act)
    )


def alone(workflow: Workflow, act: Act) -> bool:
    """Tell whether one vote decides, whatever the amount."""
    decision = workflow.decisions.get(act.decision or "")
    return decision is not None and all(
        band.of == 1 and band.present <= 1 and votes_needed(band, 1) <= 1 for band in decision.bands
    )
