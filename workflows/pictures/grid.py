"""The layered part of a picture: states in rows by stage, between them rows of labels, and the chain of each line."""

from dataclasses import dataclass, field
from itertools import pairwise

from workflows.definition import State, Workflow
from workflows.pictures import blocks, layout
from workflows.pictures.blocks import Block, Gathered, Tie
from workflows.pictures.strip import ahead, off_road

# What it is (state, label, through), the state's name or the row, and the number of the line.
Key = tuple[str, str, int]

_APART = 20
_THROUGH = 20
_SHORT = 3
_MAIN = 24
_LONG = 6


@dataclass
class Grid:
    """The layered part while it is built: rows of keys, their blocks, and the chain of keys each line runs through."""

    rows: list[list[Key]]
    blocks: dict[Key, Block]
    chains: dict[int, tuple[Key, ...]]
    ties: tuple[Tie, ...]
    main: frozenset[int]
    middle: dict[Key, int] = field(default_factory=dict)

    @property
    def links(self) -> dict[tuple[Key, Key], int]:
        """Return the pairs of keys that a line joins, and how straight it is wished: the main road the most."""
        found: dict[tuple[Key, Key], int] = {}
        for number, chain in self.chains.items():
            for a, b in pairwise(chain):
                long = a[0] == "through" or b[0] == "through"
                found[a, b] = _MAIN if number in self.main else _LONG if long else 1
        return found

    def leads_back(self, number: int) -> bool:
        """Tell whether a line leads up again."""
        return self.chains[number][0][1] != self.ties[number].source


def road(workflow: Workflow) -> dict[str, list[State]]:
    """Return by stage the states that are not at the edge; one without a stage stands with those before it."""
    groups: dict[str, list[State]] = {stage: [] for stage in workflow.stages} or {"": []}
    stage = next(iter(groups))
    for state in workflow.states.values():
        stage = state.stage or stage
        if not off_road(workflow, state):
            groups[stage].append(state)
    return groups


def grid(workflow: Workflow, found: Gathered) -> Grid:
    """Return the layered part with every key in its row and place."""
    groups = [[state.name for state in group] for group in road(workflow).values()]
    inside = {name for group in groups for name in group}
    ties = tuple(tie for tie in found.ties if {tie.source, tie.target} <= inside)
    wide = [(s, sheaf.target) for sheaf in found.sheaves for s in sheaf.sources]
    edges = [*((tie.source, tie.target) for tie in ties), *wide]
    edges = [(a, b) for a, b in edges if {a, b} <= inside]
    rank = layout.ranks(groups, edges, workflow.initial)
    main = frozenset(n for n, tie in enumerate(ties) if _on_main_road(workflow, tie))
    made = Grid([[] for _ in range(2 * max(rank.values(), default=0) + 1)], {}, {}, ties, main)
    for name, level in rank.items():
        key = ("state", name, 0)
        made.rows[2 * level].append(key)
        made.blocks[key] = blocks.state_block(workflow, workflow.states[name], found)
    for number, tie in enumerate(ties):
        _chain(made, number, tie, rank)
    _place(made)
    return made


def _chain(made: Grid, number: int, tie: Tie, rank: dict[str, int]) -> None:
    upper, lower = sorted((tie.source, tie.target), key=rank.__getitem__)
    top, bottom = 2 * rank[upper], 2 * rank[lower]
    labelled = top + 1 if upper == tie.source else bottom - 1
    chain: list[Key] = [("state", upper, 0)]
    for row in range(top + 1, bottom):
        key = ("label" if row == labelled else "through", str(row), number)
        if row == labelled:
            made.blocks[key] = blocks.label_block(tie.arrows)
        made.rows[row].append(key)
        chain.append(key)
    made.chains[number] = (*chain, ("state", lower, 0))


def _place(made: Grid) -> None:
    longer = {n: chain for n, chain in made.chains.items() if len(chain) > _SHORT}
    beside = frozenset(k for n, chain in longer.items() if made.leads_back(n) for k in chain[1:-1])
    made.rows = layout.ordered(made.rows, list(made.links), beside)
    widths = {key: _width(made, key) for row in made.rows for key in row}
    made.middle = layout.placed(made.rows, made.links, widths)


def _width(made: Grid, key: Key) -> int:
    return made.blocks[key].width + _APART if key in made.blocks else _THROUGH


def _on_main_road(workflow: Workflow, tie: Tie) -> bool:
    found = ahead(workflow, tie.source)
    return found is not None and found[1] == tie.target
