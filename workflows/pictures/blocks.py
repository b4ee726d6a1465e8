"""What a picture of a workflow is made of: a block of words for each state, and the acts between them gathered.

Acts between the same two states share one label. An act that leads from three or more states to the same one is drawn
as one line that those states join, and is named once, in the state it leads to.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workflows import wording
from workflows.definition import State, Workflow
from workflows.pictures.lettering import width, wrapped
from workflows.wording import Arrow

NAME = 15
SMALL = 13
PAD = 10
ROW = 17
_ROW = {NAME: 20, SMALL: ROW}
_STATE_ROOM = 222
_END_ROOM = 176
_LABEL_ROOM = 160
_SHARED = 3
_BETWEEN = 3
_MOST = 12

_BRACKETS = re.compile(r"\([^()]+\),?")

# Words, whether they are bold, and the number of the gathered line that enters there.
Row = tuple[str, bool, int | None]


@dataclass(frozen=True)
class Line:
    """One line of words; ``down`` is the distance from the top of its block to the foot of the letters."""

    text: str
    size: int
    bold: bool
    down: int


@dataclass(frozen=True)
class Block:
    """Words with the room they take in pixels; ``entries`` says at which height a gathered line enters, by its number."""

    lines: tuple[Line, ...]
    width: int
    height: int
    entries: dict[int, int]


@dataclass(frozen=True)
class Tie:
    """All acts that lead from one state to another one."""

    source: str
    target: str
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class Sheaf:
    """Acts that lead from the same three or more states to one; ``number`` tells it from others."""

    number: int
    target: str
    sources: tuple[str, ...]
    arrows: tuple[Arrow, ...]

    @property
    def words(self) -> str:
        """Return what is written in the state it leads to."""
        named = "; ".join(wording.together(self.arrows))
        return f"from {len(self.sources)} states: {named}"


@dataclass(frozen=True)
class Figures:
    """What happened, to be written into a picture: how often each act led from where to where, and words of each state.

    ``steps`` is by the state that was left, the act, and the state that was reached.
    """

    steps: Mapping[tuple[str, str, str], int]
    states: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Gathered:
    """The acts of a workflow: between two states, gathered, and those after which the case stays where it is.

    ``told`` are words to be added to a state.
    """

    ties: tuple[Tie, ...]
    sheaves: tuple[Sheaf, ...]
    stays: dict[str, tuple[Arrow, ...]]
    told: Mapping[str, Sequence[str]] = field(default_factory=dict)


def gathered(workflow: Workflow, figures: Figures | None = None) -> Gathered:
    """Return the acts as they are drawn; each arrow is in one place."""
    stays: dict[str, list[Arrow]] = {}
    alike: dict[tuple[str, str], list[Arrow]] = {}
    for arrow in _counted(workflow, figures):
        if arrow.source == arrow.target:
            stays.setdefault(arrow.source, []).append(arrow)
        else:
            alike.setdefault((arrow.words, arrow.target), []).append(arrow)
    ties: dict[tuple[str, str], list[Arrow]] = {}
    sheaves: dict[tuple[str, tuple[str, ...]], list[Arrow]] = {}
    for (_, target), found in alike.items():
        sources = tuple(dict.fromkeys(arrow.source for arrow in found))
        if len(sources) >= _SHARED:
            sheaves.setdefault((target, sources), []).extend(found)
            continue
        for arrow in found:
            ties.setdefault((arrow.source, target), []).append(arrow)
    return Gathered(
        tuple(Tie(*ends, tuple(found)) for ends, found in ties.items()),
        tuple(Sheaf(n, *ends, tuple(found)) for n, (ends, found) in enumerate(sheaves.items())),
        {name: tuple(found) for name, found in stays.items()},
        figures.states if figures else {},
    )


def _counted(workflow: Workflow, figures: Figures | None) -> Iterator[Arrow]:
    """Go through the arrows, each with how often it was taken; two ways to the same state are counted as one."""
    seen = set()
    for arrow in wording.arrows(workflow):
        key = (arrow.source, arrow.act.name, arrow.target)
        if figures is None or key in seen:
            yield arrow
            continue
        seen.add(key)
        yield replace(arrow, count=figures.steps.get(key, 0))


def state_block(workflow: Workflow, state: State, found: Gathered) -> Block:
    """Return the block of a state: its name, who has the ball, the clock, parallel work, and the acts that stay in it."""
    rows: list[Row] = [(wording.clean(state.officer), True, None)]
    rows += [(said, False, None) for said in _said(workflow, state)]
    rows += [(said, True, None) for said in found.told.get(state.name, ())]
    stays = wording.together(found.stays.get(state.name, ()))
    rows += [(f"↻ {words}", False, None) for words in stays]
    rows += [(f"→ {s.words}", False, s.number) for s in found.sheaves if s.target == state.name]
    room = _END_ROOM if state.end else _STATE_ROOM
    return replace(_block(rows, room), width=room + 2 * PAD)


def _said(workflow: Workflow, state: State) -> list[str]:
    said = ["Starts here"] if state.name == workflow.initial else []
    if state.end:
        said.append(f"End: {state.outcome}" if state.outcome else "End")
    else:
        clock = wording.days(state.clock) if state.clock else "no clock"
        said.append(f"{wording.holder(state.holder)} · {clock}")
    if state.money:
        said.append("Money may move here")
    return [*said, *(f"= {wording.steps(strand)}" for strand in workflow.strands_in(state.name))]


def first_row() -> int:
    """Return the height in a block at which its first row of words has its middle."""
    return PAD // 2 + _ROW[NAME] // 2


def label_block(arrows: tuple[Arrow, ...]) -> Block:
    """Return the words on a line between two states."""
    return _block([(words, False, None) for words in wording.together(arrows)], _LABEL_ROOM)


def text_block(text: str, room: int, *, bold: bool = False, most: int = _MOST) -> Block:
    """Return words in the room given, without a state."""
    return _block([(text, bold, None)], room, most=most)


def _block(rows: Sequence[Row], room: int, *, most: int = _MOST) -> Block:
    lines: list[Line] = []
    entries: dict[int, int] = {}
    down = PAD // 2
    for text, bold, number in rows:
        size = NAME if bold else SMALL
        if number is not None:
            entries[number] = down + _ROW[size] // 2
        for part in wrapped(_kept(text, size, room), size, room, bold=bold, most=most):
            down += _ROW[size]
            lines.append(Line(part, size, bold, down - size // 3))
        down += _BETWEEN
    widest = max(width(line.text, line.size, bold=line.bold) for line in lines)
    return Block(tuple(lines), min(widest, room) + 2 * PAD, down + PAD // 2, entries)


def _kept(text: str, size: int, room: int) -> str:
    """Keep what stands in brackets on one line where it fits: who takes an act is read at a glance."""

    def joined(found: re.Match[str]) -> str:
        fits = width(found[0], size) <= room
        return found[0].replace(" ", "\u00a0") if fits else found[0]

    return _BRACKETS.sub(joined, text)
