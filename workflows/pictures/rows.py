"""Placing the boxes of a chart: the height of each row, the states and labels in it, the lanes of the stages."""

from collections.abc import Iterator
from dataclasses import replace

from workflows.definition import Workflow
from workflows.pictures import blocks
from workflows.pictures.blocks import Block, Figures
from workflows.pictures.chart import LANE, MARGIN, TITLE, Box, Chart, Tap, trunks
from workflows.pictures.grid import Key, grid, road
from workflows.pictures.strip import off_road
from workflows.wording import clean

_TRACK = 14
_GAP = 24
_SLOPE = 9
_STEEPEST = 36
_CORNER = 12

Side = tuple[
    int, str
]  # the number of a trunk and the state that joins it, or "" for the state it leads to


class Rows:
    """A chart while it is made: boxes, and the heights at which lines join them."""

    def __init__(self, workflow: Workflow, figures: Figures | None = None) -> None:
        self.workflow = workflow
        self.found = blocks.gathered(workflow, figures)
        self.grid = grid(workflow, self.found)
        self.trunks = trunks(workflow, self.found)
        self.ends = {s.name for s in workflow.states.values() if off_road(workflow, s)}
        self.chart = Chart()
        self.top: list[int] = []
        self.low: list[int] = []
        self.state: dict[str, Box] = {}
        self.label: dict[Key, Box] = {}
        self.row: dict[str, int] = {}
        self.level: dict[Side, int] = {}  # the height at which a state joins a trunk
        self.under: set[Side] = (
            set()
        )  # joins that run below the row, because another state is in the way
        left = [n for n, trunk in enumerate(self.trunks) if not trunk.right]
        self.lane = LANE if workflow.stages else 0
        self.trunk_x = {n: MARGIN + self.lane + 12 + _TRACK * at for at, n in enumerate(left)}
        self.begin = MARGIN + self.lane + 24 + _TRACK * len(left)

    def joins(self, name: str, *, right: bool) -> Iterator[tuple[Side, Tap | None]]:
        """Go through what joins a state at one side: its own taps, then what leads to it."""
        for number, trunk in enumerate(self.trunks):
            if trunk.right is right:
                yield from (((number, name), tap) for tap in trunk.taps if tap.source == name)
                if trunk.target == name:
                    yield (number, ""), None

    def rows(self) -> None:
        """Give each row its height, and each state its box and the heights at which lines join it."""
        firsts = {group[0].name: stage for stage, group in road(self.workflow).items()}
        y = MARGIN + TITLE
        for number, row in enumerate(self.grid.rows):
            names = [key[1] for key in row if key[0] == "state"]
            block = {name: self.grown(name, names) for name in names}
            least = [self.lane_block(firsts[n]).height for n in names if self.lane and n in firsts]
            labels = [self.grid.blocks[key].height for key in row if key[0] == "label"]
            tall = max([*(b.height for b in block.values()), *least, *labels], default=0)
            for name in names:
                self.placed(name, block[name], y + (tall - block[name].height) // 2, names)
            self.row |= dict.fromkeys(names, number)
            self.top.append(y)
            self.low.append(self.below(names, y + tall))
            y = self.low[-1] + self.gap(number)

    def gap(self, number: int) -> int:
        """Return the room below a row: more where lines lead far aside."""
        here = set(self.grid.rows[number])
        aside = [
            abs(self.grid.middle[a] - self.grid.middle[b]) for a, b in self.grid.links if a in here
        ]
        return _GAP + min(max(aside, default=0) // _SLOPE, _STEEPEST)

    def grown(self, name: str, names: list[str]) -> Block:
        """Return the block of a state, tall enough for the lines that join it."""
        block = self.grid.blocks["state", name, 0]
        height = block.height
        if name == names[-1]:
            height = max(height, sum(_tall(tap) for _, tap in self.joins(name, right=True)) + 12)
        if name == names[0]:
            taps = [side for side, tap in self.joins(name, right=False) if tap]
            height = max(height, max(self.beside(block, len(taps)), default=0) + 10)
        return replace(block, height=height)

    def beside(self, block: Block, count: int) -> list[int]:
        """Return heights for lines at the left of a state that keep away from those that enter it."""
        found: list[int] = []
        at = _TRACK
        while len(found) < count:
            if all(abs(at - entry) >= _TRACK - 2 for entry in block.entries.values()):
                found.append(at)
            at += _TRACK
        return found

    def placed(self, name: str, block: Block, top: int, names: list[str]) -> None:
        """Place the box of a state and the joins at its sides."""
        left = self.begin + self.grid.middle["state", name, 0] - block.width // 2
        box = Box("end" if self.workflow.states[name].end else "state", name, block, left, top)
        self.state[name] = box
        self.chart.boxes.append(box)
        if name == names[-1]:
            joins = list(self.joins(name, right=True))
            y = top + (block.height - sum(_tall(tap) for _, tap in joins)) // 2
            for side, tap in joins:
                y += _tall(tap)
                self.level[side] = y - 2
        if name == names[0]:
            joins = list(self.joins(name, right=False))
            levels = iter(self.beside(block, sum(tap is not None for _, tap in joins)))
            for side, tap in joins:
                entry = self.trunks[side[0]].entry
                self.level[side] = top + (next(levels) if tap else block.entries[entry or 0])

    def below(self, names: list[str], y: int) -> int:
        """Give the joins that cannot leave at a side a track below the row; return where the last one is."""
        for name in names:
            for right, outer in ((True, names[-1]), (False, names[0])):
                for side, tap in self.joins(name, right=right) if name != outer else ():
                    y += max(_tall(tap), _TRACK)
                    self.level[side] = y
                    self.under.add(side)
        return y

    def columns(self) -> None:
        """Place the labels in the lines and those beside the states; right of all of them are the trunks and the ends."""
        beside = [self.begin] * len(self.grid.rows)
        for number, row in enumerate(self.grid.rows):
            for key in row:
                x = self.begin + self.grid.middle[key]
                block = self.grid.blocks.get(key)
                if key[0] == "label" and block:
                    self.in_line(key, block, x, number)
                beside[number] = max(beside[number], x + (block.width // 2 if block else _CORNER))
        for number, trunk in enumerate(self.trunks):
            for tap in trunk.taps:
                if tap.label:
                    top = self.level[number, tap.source] - 2 - tap.label.height
                    left = beside[self.row[tap.source]] + _CORNER
                    self.chart.boxes.append(Box("tap", tap.source, tap.label, left, top))
        x = max(*(box.right for box in self.chart.boxes), *beside) + _CORNER
        for number in (n for n, trunk in enumerate(self.trunks) if trunk.right):
            self.trunk_x[number] = x
            x += _TRACK
        self.chart.edge = x + 10

    def in_line(self, key: Key, block: Block, x: int, number: int) -> None:
        """Place the label of a line in its row."""
        top = self.top[number] + (self.low[number] - self.top[number] - block.height) // 2
        box = Box("label", self.grid.ties[key[2]].source, block, x - block.width // 2, top)
        self.label[key] = box
        self.chart.boxes.append(box)

    def lane_block(self, stage: str) -> Block:
        """Return the name of a stage as it stands at its lane."""
        return blocks.text_block(clean(stage), LANE - blocks.PAD, bold=True)

    def lanes(self) -> None:
        """Place the stages behind their rows."""
        stages = road(self.workflow) if self.lane else {}
        tops = {
            stage: self.top[min(self.row[state.name] for state in group)]
            for stage, group in stages.items()
        }
        downs = [*(top - _GAP // 2 for top in list(tops.values())[1:]), self.low[-1] + _GAP // 2]
        for (stage, top), down in zip(tops.items(), downs, strict=False):
            self.chart.lanes.append((stage, top - _GAP // 2, down))
            self.chart.boxes.append(Box("lane", stage, self.lane_block(stage), MARGIN, top))


def _tall(tap: Tap | None) -> int:
    return tap.label.height + 4 if tap and tap.label else _TRACK
