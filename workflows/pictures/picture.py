"""The picture of a workflow as a standalone SVG: no script, no style, nothing from elsewhere; text stays text.

SVG 1.1 as browsers and printers read it (https://www.w3.org/TR/SVG11/). Colour only repeats what words say.
"""

import html
from collections.abc import Iterator
from itertools import pairwise

from workflows.definition import Workflow
from workflows.pictures import blocks
from workflows.pictures.blocks import Figures
from workflows.pictures.chart import MARGIN, Box, Chart, Point, Route
from workflows.pictures.lettering import wrapped
from workflows.pictures.plot import chart
from workflows.wording import clean, counted

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
INK = "#1b2430"
_FAINT = "#c9d4e3"
_LINE = "#4a5b73"
LANES = ("#eef2f7", "#f8fafc")
# Fill and edge by who has the ball and, for ends, by how it ended: dark enough on light (WCAG 2.2, 1.4.3 and 1.4.11).
HOLDERS = {
    "applicant": ("#fdf6e0", "#8a6508"),
    "agency": ("#ffffff", "#12305c"),
    "institution": ("#f4effb", "#54319f"),
    "bank": ("#e6f4f4", "#0b6468"),
}
OUTCOMES = {
    "completed": ("#e3f3eb", "#0f6b4a"),
    "declined": ("#fbe9e7", "#a1221b"),
    "withdrawn": ("#eef0f3", "#4d5762"),
    "lapsed": ("#fbf0e2", "#8a4b08"),
    "cancelled": ("#f7e9f1", "#8c2357"),
    "refused": ("#fbe9e7", "#a1221b"),
    "written_off": ("#fbf0e2", "#8a4b08"),
}
_PLAIN = ("#eef0f3", "#4d5762")
_KEY = (
    "A line is one or more acts, each with who takes it. A dot: this state joins the line. "
    "↻ acts after which the case stays where it is. → acts that several states share. = parallel work, step by step."
)


# What a few seconds are enough to draw, and more than anybody can read in one picture.
MOST_STATES = 150
MOST_ARROWS = 5000


def svg(workflow: Workflow, figures: Figures | None = None) -> str:
    """Return the picture; the same definition always gives the same bytes. Of one too large it says only that.

    With ``figures`` it shows what happened: how often each act was taken, and wider lines for more cases.
    """
    if too_large(workflow):
        return _instead(workflow)
    drawn = chart(workflow, figures)
    most = max((_taken(route) for route in drawn.routes), default=0)
    lines = [*_head(workflow, drawn), *_ground(drawn)]
    tones = {name: _tone(workflow, name)[1] for name, state in workflow.states.items() if state.end}
    for route in drawn.routes:
        colour, wide = tones.get(route.name, _LINE), 1.6
        if figures:
            colour, wide = _weight(route, most, colour)
        lines += _route(workflow, route, colour, wide)
    for box in drawn.boxes:
        lines += _box(workflow, box)
    return "\n".join([*lines, *_foot(drawn), "</svg>"]) + "\n"


def _taken(route: Route) -> int:
    return sum(arrow.count or 0 for arrow in route.arrows)


def _weight(route: Route, most: int, colour: str) -> tuple[str, float]:
    """Return colour and width of a line by how often it was taken: faint where never, up to five times as wide."""
    taken = _taken(route)
    if not taken:
        return _FAINT, 1.6
    return colour, round(1.6 + 6.4 * taken / most, 1)


def too_large(workflow: Workflow) -> bool:
    """Tell whether a workflow has more states or arrows than one picture can show."""
    arrows = sum(len(act.sources) * len(act.branches) for act in workflow.acts.values())
    return len(workflow.states) > MOST_STATES or arrows > MOST_ARROWS


def _instead(workflow: Workflow) -> str:
    said = f"{len(workflow.states)} states and {len(workflow.acts)} acts: too many for one picture."
    size = f'width="720" height="{4 * MARGIN}" viewBox="0 0 720 {4 * MARGIN}"'
    lines = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title">',
        f'<title id="title">{_escaped(said)}</title>',
        _text(said, (MARGIN, 2 * MARGIN), blocks.SMALL),
        "</svg>",
    )
    return "\n".join(lines) + "\n"


def _head(workflow: Workflow, drawn: Chart) -> Iterator[str]:
    high = drawn.height + len(_key(drawn)) * blocks.ROW + MARGIN
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawn.width}" height="{high}" '
        f'viewBox="0 0 {drawn.width} {high}" role="img" aria-labelledby="title desc" font-family="{_FONT}">'
    )
    yield f'<title id="title">{_escaped(workflow.title)}</title>'
    yield f'<desc id="desc">{_escaped(described(workflow))}</desc>'
    yield f'<rect width="{drawn.width}" height="{high}" fill="#ffffff"/>'
    named = f"{workflow.name}, version {workflow.version}"
    yield _text(clean(workflow.title), (MARGIN, MARGIN + 14), 18, bold=True)
    yield _text(named, (MARGIN, MARGIN + 34), blocks.SMALL)


def described(workflow: Workflow) -> str:
    """Return in words what the picture shows, for those who do not see it."""
    acts = len(workflow.acts)
    states = [clean(s.officer) for s in workflow.states.values() if not s.end]
    ends = [clean(s.officer) for s in workflow.states.values() if s.end]
    return (
        f"{acts} acts between {len(states)} states ({'; '.join(states)}) and {len(ends)} ends ({'; '.join(ends)}). "
        "Each line names its acts and who takes them."
    )


def _ground(drawn: Chart) -> Iterator[str]:
    for number, (_, top, down) in enumerate(drawn.lanes):
        fill = LANES[number % len(LANES)]
        wide = drawn.edge - MARGIN
        yield f'<rect x="{MARGIN // 2}" y="{top}" width="{wide}" height="{down - top}" fill="{fill}"/>'


def _route(workflow: Workflow, route: Route, colour: str, wide: float) -> Iterator[str]:
    told = "; ".join(
        f"{counted(a.words, a.count)}: {clean(workflow.states[a.source].officer)} → {clean(workflow.states[a.target].officer)}"
        for a in route.arrows
    )
    yield f'<g fill="none" stroke="{colour}" stroke-width="{wide}"><title>{_escaped(told)}</title>'
    yield f'<path d="{" ".join(_path(piece) for piece in route.pieces)}"/>'
    if route.head:
        yield f'<path d="{_arrowhead(*route.pieces[-1][-2:])}" fill="{colour}" stroke="none"/>'
    for x, y in route.dots:
        yield f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}" stroke="none"/>'
    yield "</g>"


def _path(piece: tuple[Point, ...]) -> str:
    """Return a piece of a line: straight along a row or a column, a curve from one column to another."""
    x, y = piece[0]
    said = [f"M{x} {y}"]
    for (x, y), (to_x, to_y) in pairwise(piece):
        if to_x == x or to_y == y:
            said.append(f"L{to_x} {to_y}")
        else:
            half = (y + to_y) // 2
            said.append(f"C{x} {half} {to_x} {half} {to_x} {to_y}")
    return "".join(said)


def _arrowhead(before: Point, tip: Point) -> str:
    (x, y), (from_x, from_y) = tip, before
    if from_y == y:
        back = -8 if from_x < x else 8
        return f"M{x} {y}L{x + back} {y - 4}L{x + back} {y + 4}Z"
    back = -8 if from_y < y else 8
    return f"M{x} {y}L{x - 4} {y + back}L{x + 4} {y + back}Z"


def _box(workflow: Workflow, box: Box) -> Iterator[str]:
    if box.kind == "label":
        yield from _lines(box, (box.left + box.right) // 2, middle=True)
        return
    if box.kind in {"lane", "tap"}:
        yield from _lines(box, box.left)
        return
    fill, edge = _tone(workflow, box.name)
    round_ = 14 if box.kind == "end" else 4
    wide = 3 if workflow.states[box.name].money else 1.6
    yield (
        f'<rect x="{box.left}" y="{box.top}" width="{box.block.width}" height="{box.block.height}" '
        f'rx="{round_}" fill="{fill}" stroke="{edge}" stroke-width="{wide}"/>'
    )
    yield from _lines(box, box.left + blocks.PAD)


def _tone(workflow: Workflow, name: str) -> tuple[str, str]:
    state = workflow.states[name]
    if state.end:
        return OUTCOMES.get(state.outcome or "", _PLAIN)
    return HOLDERS.get(state.holder, _PLAIN)


def _lines(box: Box, x: int, *, middle: bool = False) -> Iterator[str]:
    for line in box.block.lines:
        yield _text(line.text, (x, box.top + line.down), line.size, bold=line.bold, middle=middle)


def _foot(drawn: Chart) -> Iterator[str]:
    y = drawn.height
    yield f'<path d="M{MARGIN} {y - 16}H{drawn.width - MARGIN}" stroke="{_FAINT}"/>'
    for n, line in enumerate(_key(drawn)):
        yield _text(line, (MARGIN, y + 4 + n * blocks.ROW), blocks.SMALL)


def _key(drawn: Chart) -> list[str]:
    return wrapped(_KEY, blocks.SMALL, drawn.width - 2 * MARGIN, most=len(_KEY))


def _text(words: str, at: Point, size: int, *, bold: bool = False, middle: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    anchor = ' text-anchor="middle"' if middle else ""
    said = f'<text x="{at[0]}" y="{at[1]}" font-size="{size}"{weight}{anchor} fill="{INK}">'
    return f"{said}{_escaped(words)}</text>"


def _escaped(words: str) -> str:
    return html.escape(clean(words), quote=True)
