"""The roads a case can take through a definition, as far as the definition alone can tell."""

from collections.abc import Iterator

from workflows.definition import Act, Workflow
from workflows.soundness.net import Inside, inside
from workflows.soundness.witness import Came, Move, road, search, taken
from workflows.vocabulary import STAY

# Guards that never hold together.
CONTRADICTIONS = (frozenset({"offer_open", "offer_expired"}),)
# What the program itself takes an act of the system for, beside a clock that ran out: the last tranche was paid, the bank
# has answered, or the award has ended.
PROGRAM = {
    "application": frozenset({"complete"}),
    "tranche": frozenset({"confirm", "report_rejected", "report_returned", "cancel_tranche"}),
    "proceeding": frozenset({"enforce"}),
}


class Roads:
    """Every move of a definition that is possible, and the shortest road to each state.

    Votes, guards and choices are left open: a move is here unless nothing could ever make it happen.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        with_strands = dict.fromkeys(strand.state for strand in workflow.strands.values())
        self.inside: dict[str, Inside] = {
            state: inside(workflow, state) for state in with_strands if state in workflow.states
        }
        self.leaving = {state: tuple(self._moves(state)) for state in workflow.states}
        self.entering: dict[str, list[Move]] = {state: [] for state in workflow.states}
        for moves in self.leaving.values():
            for move in moves:
                self.entering[move.target].append(move)
        self.came: Came[str] = search([workflow.initial], self.onward)

    def onward(self, state: str) -> Iterator[tuple[str, str]]:
        """Yield the acts out of a state and where they lead."""
        for move in self.leaving.get(state, ()):
            yield move.act.name, move.target

    def to(self, state: str) -> tuple[str, ...]:
        """Return the shortest road to a state; empty where there is none."""
        return road(self.came, state)

    def reached(self, state: str) -> bool:
        """Tell whether a case can come into a state."""
        return state in self.came

    def entries(self, state: str) -> list[Move]:
        """Return the moves into a state from others."""
        return [move for move in self.entering[state] if move.source != state]

    def exits(self, state: str) -> list[Move]:
        """Return the moves out of a state into others."""
        return [move for move in self.leaving[state] if move.target != state]

    def triggered(self, act: Act, state: str) -> bool:
        """Tell whether anything ever takes an act of the system in a state."""
        clock = self.workflow.states[state].clock
        if clock is not None and clock.expires == act.name:
            return True
        return act.does in PROGRAM[self.workflow.kind]

    def impossible(self, act: Act, state: str) -> str:
        """Return why an act can never be taken in a state whatever happens; "" when it can."""
        for pair in CONTRADICTIONS:
            if pair <= set(act.guards):
                first, second = sorted(pair)
                return f"its guards {first!r} and {second!r} never hold together"
        clock = self.workflow.states[state].clock
        if act.clock == "extend" and (clock is None or not clock.extension):
            return f"the clock of {state!r} has no extension"
        return ""

    def _moves(self, state: str) -> Iterator[Move]:
        """Yield the moves out of a state; a destination that is not declared is left out."""
        ways = self.inside[state].ways if state in self.inside else None
        for act in self.workflow.acts_from(state):
            if self.impossible(act, state):
                continue
            numbers = taken(act, done=True) if ways is None else range(len(act.branches))
            for number in numbers:
                branch = act.branches[number]
                target = state if branch.state == STAY else branch.state
                if target in self.workflow.states and (ways is None or (act.name, number) in ways):
                    yield Move(state, act, branch, target)
