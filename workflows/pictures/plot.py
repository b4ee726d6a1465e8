"""Drawing the lines of a chart from box to box: through the layers, beside the states, and to the ends at the edge."""

from collections.abc import Iterator

from workflows.definition import Workflow
from workflows.pictures import blocks, layout
from workflows.pictures.blocks import Figures
from workflows.pictures.chart import MARGIN, TITLE, Box, Chart, Point, Route, Trunk
from workflows.pictures.grid import Key
from workflows.pictures.rows import Rows, Side

_PORT = 16
_CORNER = 16
_NEAR = 6
_BELOW = 24


def chart(workflow: Workflow, figures: Figures | None = None) -> Chart:
    """Return where everything of a workflow's picture stands; the same definition always gives the same."""
    return _Plot(workflow, figures).drawn()


class _Plot(Rows):
    """A chart while it is made, step by step from the rows to the lines."""

    def __init__(self, workflow: Workflow, figures: Figures | None = None) -> None:
        super().__init__(workflow, figures)
        self.port: dict[tuple[str, bool, int | Side], int] = {}

    def drawn(self) -> Chart:
        """Place everything in its order."""
        self.rows()
        self.columns()
        self.lanes()
        for name, box in self.state.items():
            self.ports(name, box, lower=True)
            self.ports(name, box, lower=False)
        for number, chain in self.grid.chains.items():
            self.line(number, chain)
        for box in self.edge_boxes():
            self.chart.boxes.append(box)
            self.state[box.name] = box
        for number, trunk in enumerate(self.trunks):
            self.trunk(number, trunk)
        made = self.chart
        made.width = max(box.right for box in made.boxes) + MARGIN
        made.height = max(*(box.bottom for box in made.boxes), self.low[-1]) + _BELOW
        return made

    def ports(self, name: str, box: Box, *, lower: bool) -> None:
        """Give each line that joins a state above or below its own place, as near to where it comes from as can be."""
        at = 0 if lower else -1
        wish: dict[int | Side, float] = {
            number: self.begin + self.grid.middle[chain[1 if lower else -2]]
            for number, chain in self.grid.chains.items()
            if chain[at][1] == name
        }
        for right in (False, True) if lower else ():
            for side, _ in self.joins(name, right=right):
                if side in self.under:
                    wish[side] = box.right if right else box.left
        low, high = box.left + _CORNER, box.right - _CORNER
        wish = {key: min(max(x, low), high) for key, x in wish.items()}
        order = sorted(wish, key=wish.__getitem__)
        apart = min(_PORT, (high - low) // max(len(order) - 1, 1))
        found = layout.spread(order, wish, dict.fromkeys(order, apart), {})
        for n, key in enumerate(order):
            x = min(max(found[key], low + n * apart), high - (len(order) - 1 - n) * apart)
            self.port[name, lower, key] = round(x)

    def line(self, number: int, chain: tuple[Key, ...]) -> None:
        """Draw a line through its layers, broken at its label."""
        tie = self.grid.ties[number]
        upper, lower = self.state[chain[0][1]], self.state[chain[-1][1]]
        x = self.port[upper.name, True, number]
        row = self.row[upper.name]
        pieces: list[list[Point]] = [[(x, upper.bottom), (x, self.low[row])]]
        for key in chain[1:-1]:
            row += 1
            x = self.begin + self.grid.middle[key]
            pieces[-1].append((x, self.top[row]))
            label = self.label.get(key)
            if label:
                pieces[-1].append((x, label.top))
                pieces.append([(x, label.bottom)])
            pieces[-1].append((x, self.low[row]))
        x = self.port[lower.name, False, number]
        pieces[-1] += [(x, self.top[row + 1]), (x, lower.top)]
        if self.grid.leads_back(number):
            pieces = [piece[::-1] for piece in reversed(pieces)]
        drawn = tuple(tuple(dict.fromkeys(piece)) for piece in pieces)
        self.chart.routes.append(Route(tie.arrows, drawn, tie.target))

    def edge_boxes(self) -> list[Box]:
        """Return the ends at the edge, each as near as can be to where the last line comes from."""
        found = []
        wishes = {
            name: max(
                (self.level[n, tap.source] for n, t in self.heading(name) for tap in t.taps),
                default=0,
            )
            for name in self.workflow.states
            if name in self.ends
        }
        free = MARGIN + TITLE
        for name in sorted(wishes, key=wishes.__getitem__):
            block = blocks.state_block(self.workflow, self.workflow.states[name], self.found)
            top = max(free, wishes[name] - blocks.first_row())
            while self.meets(name, block.entries, top):
                top += 1
            for number, trunk in self.heading(name):
                self.level[number, ""] = top + _entry(trunk, block.entries)
            free = top + block.height + _BELOW // 2
            found.append(Box("end", name, block, self.chart.edge, top))
        return found

    def heading(self, name: str) -> list[tuple[int, Trunk]]:
        """Return the trunks that lead to a state, with their numbers."""
        return [(n, trunk) for n, trunk in enumerate(self.trunks) if trunk.target == name]

    def meets(self, name: str, entries: dict[int, int], top: int) -> bool:
        """Tell whether a line into an end would run along one that comes to another trunk."""
        own = {number for number, _ in self.heading(name)}
        others = [y for (number, source), y in self.level.items() if source and number not in own]
        heads = [top + _entry(trunk, entries) for _, trunk in self.heading(name)]
        return any(abs(head - y) < _NEAR for head in heads for y in others)

    def trunk(self, number: int, trunk: Trunk) -> None:
        """Draw a line beside the states: where each state joins, the line itself, and where it leads."""
        x = self.trunk_x[number]
        levels = []
        for tap in trunk.taps:
            side = (number, tap.source)
            y = self.level[side]
            levels.append(y)
            dots = ((x, y),) if len(trunk.taps) > 1 else ()
            piece = (*self.start(side, trunk), (x, y))
            self.chart.routes.append(
                Route(tap.arrows, (piece,), trunk.target, head=False, dots=dots)
            )
        y = self.level[number, ""]
        whole = ((x, min(*levels, y)), (x, max(*levels, y)))
        head = ((x, y), *reversed(list(self.start((number, ""), trunk))))
        self.chart.routes.append(Route(trunk.arrows, (whole, head), trunk.target))

    def start(self, side: Side, trunk: Trunk) -> Iterator[Point]:
        """Go through the points from a box to the height at which it joins a trunk."""
        box = self.state[side[1] or trunk.target]
        y = self.level[side]
        if side in self.under:
            x = self.port[box.name, True, side]
            yield x, box.bottom
            yield x, y
        elif box.left >= self.chart.edge or not trunk.right:
            yield box.left, y
        else:
            yield box.right, y


def _entry(trunk: Trunk, entries: dict[int, int]) -> int:
    return blocks.first_row() if trunk.entry is None else entries[trunk.entry]
