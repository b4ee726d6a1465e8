"""What is wrong with a definition, with the shortest road that shows it."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from workflows.choices import decided_against, decided_for, strands_done
from workflows.definition import Act, Branch

ERROR, WARNING = "error", "warning"
DECIDED = frozenset({decided_for.__name__, decided_against.__name__})
Node = TypeVar("Node", bound=Hashable)
# From where, and by which act, each node was first reached; ``None`` for those the search began with.
Came = dict[Node, tuple[Node, str] | None]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: which rule, where in the file, a sentence for the scheme designer.

    ``path`` is the shortest counter-example: names of states and acts in turn, beginning and ending with a state; empty
    where no road can show it. ``severity`` "error" forbids publication, "warning" does not.
    """

    rule: str
    place: str
    sentence: str
    path: tuple[str, ...] = ()
    severity: str = ERROR

    def told(self) -> str:
        """Return the counter-example on one line: "draft -submit-> submitted"; empty without one."""
        pairs = zip(self.path[1::2], self.path[2::2], strict=True)
        return "".join((*self.path[:1], *(f" -{act}-> {state}" for act, state in pairs)))


@dataclass(frozen=True, slots=True)
class Move:
    """One way an act can go from one state."""

    source: str
    act: Act
    branch: Branch
    target: str


def taken(act: Act, *, done: bool) -> tuple[int, ...]:
    """Return the numbers of the destinations an act can go to; ``done`` is whether the strands there are at their ends.

    A destination behind one that always holds is never taken, nor one that waits for a decision the act is not part of.
    """
    sure: set[str | None] = set()
    unsure: dict[str, set[str | None]] = {}
    found = []
    for number, branch in enumerate(act.branches):
        when = None if branch.when == strands_done.__name__ and done else branch.when
        if when == strands_done.__name__ or (when in DECIDED and act.decision is None):
            continue
        chosen: set[str | None] = {branch.outcome} if branch.outcome else {*act.outcomes} or {None}
        earlier = unsure.setdefault(when, set()) if when else sure
        if not chosen <= sure | earlier:
            found.append(number)
        earlier |= chosen
    return tuple(found)


def search(
    starts: Iterable[Node], onward: Callable[[Node], Iterable[tuple[str, Node]]], most: int = 0
) -> Came[Node]:
    """Go breadth-first from the starts; ``onward`` gives the acts and where they lead.

    With ``most`` the search ends once it knows more nodes than that.
    """
    came: Came[Node] = dict.fromkeys(starts)
    waiting = deque(came)
    while waiting and not (most and len(came) > most):
        node = waiting.popleft()
        for act, target in onward(node):
            if target not in came:
                came[target] = (node, act)
                waiting.append(target)
    return came


def road(came: Came[Node], node: Node, name: Callable[[Node], str] = str) -> tuple[str, ...]:
    """Return the shortest road to a node, as names of nodes and acts in turn; empty where there is none."""
    if node not in came:
        return ()
    found = [name(node)]
    before = came[node]
    while before is not None:
        node, act = before
        found += [act, name(node)]
        before = came[node]
    return tuple(reversed(found))
