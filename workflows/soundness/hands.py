"""The rule that approvals of one case are given by different people."""

import re
from collections.abc import Callable, Iterator

from workflows.definition import Act
from workflows.rules import duty_label
from workflows.soundness.approvals import authorises
from workflows.soundness.roads import Roads
from workflows.soundness.witness import WARNING, Finding, Move, road, search

_APPROVING = re.compile(
    r"(?<!dis)(?<!un)(?<!not )(?<!not_)approv|authori[sz]e|sign[ _]off", re.IGNORECASE
)


def one_person_alone(roads: Roads) -> Iterator[Finding]:
    """Find approvals that one person could give alone.

    An approval is a decision for, or an act (or the outcome a person chooses in it) that calls itself one. Two different
    ones are open to one person where duty, part and institution are the same: part is what keeps people apart. Decisions
    count wherever they lie on one road, other approvals where nobody else acts between them.
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
