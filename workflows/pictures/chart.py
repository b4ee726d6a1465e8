"""Where everything stands in the picture of a workflow, in pixels.

States stand in layers by stage, labels in their lines. Ends stand at the right edge, and the lines to them run down
beside the states; lines that three or more states share run beside them too, on the left when they lead to no end.
"""

from dataclasses import dataclass, field

from workflows.definition import Workflow
from workflows.pictures import blocks
from workflows.pictures.blocks import Block, Gathered
from workflows.pictures.strip import off_road
from workflows.wording import Arrow

Point = tuple[int, int]

MARGIN = 20
TITLE = 56
LANE = 124


@dataclass(frozen=True)
class Box:
    """A block with its place; ``kind`` is state, end, label (in a line), tap (above one) or lane, ``name`` the state or stage it is for."""

    kind: str
    name: str
    block: Block
    left: int
    top: int

    @property
    def right(self) -> int:
        """Return the right edge."""
        return self.left + self.block.width

    @property
    def bottom(self) -> int:
        """Return the lower edge."""
        return self.top + self.block.height


@dataclass(frozen=True)
class Route:
    """A line in pieces through points, broken where its label stands; ``name`` is the state it leads to.

    ``dots`` mark where lines join; ``arrows`` are the ways of acts it stands for.
    """

    arrows: tuple[Arrow, ...]
    pieces: tuple[tuple[Point, ...], ...]
    name: str
    head: bool = True
    dots: tuple[Point, ...] = ()


@dataclass
class Chart:
    """The whole picture; ``lanes`` are the stages with their upper and lower edge, ``edge`` is where the ends begin."""

    width: int = 0
    height: int = 0
    edge: int = 0
    boxes: list[Box] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    lanes: list[tuple[str, int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Tap:
    """Where a state joins a line beside the states, with the words of the acts when they differ from state to state."""

    source: str
    arrows: tuple[Arrow, ...]
    label: Block | None


@dataclass(frozen=True)
class Trunk:
    """A line beside the states, at the left or the right, with the states that join it; ``entry`` numbers a sheaf."""

    right: bool
    target: str
    taps: tuple[Tap, ...]
    entry: int | None

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """Return every way of an act that runs along it."""
        return tuple(arrow for tap in self.taps for arrow in tap.arrows)


def trunks(workflow: Workflow, found: Gathered) -> list[Trunk]:
    """Return the lines beside the states: those most states join first."""
    ends = [s.name for s in workflow.states.values() if off_road(workflow, s)]
    made = []
    for end in ends:
        taps = [
            Tap(tie.source, tie.arrows, blocks.label_block(tie.arrows))
            for tie in found.ties
            if tie.target == end
        ]
        if taps:
            made.append(Trunk(right=True, target=end, taps=tuple(taps), entry=None))
    for sheaf in found.sheaves:
        shared = tuple(
            Tap(source, tuple(a for a in sheaf.arrows if a.source == source), None)
            for source in sheaf.sources
        )
        made.append(Trunk(sheaf.target in ends, sheaf.target, shared, sheaf.number))
    return sorted(made, key=lambda trunk: -len(trunk.taps))
