"""The picture of a workflow: whole, legible, and safe whatever stands in the definition."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest

from app.bootstrap.environment import ROOT
from tests.workflows.drawn import SHIPPED_ONES, every, hostile, parallel
from workflows import wording
from workflows.definition import Workflow
from workflows.pictures import picture
from workflows.pictures.chart import Box, Chart, Point
from workflows.pictures.lettering import width
from workflows.pictures.plot import chart
from workflows.vocabulary import OUTCOMES

SVG = "{http://www.w3.org/2000/svg}"
AGAIN = "Draw the documents again: flask --app wsgi workflow draw docs"
EVERY = pytest.mark.parametrize("workflow", [*every()])


_charts: dict[str, Chart] = {}
_pictures: dict[str, str] = {}


def laid(workflow: Workflow) -> Chart:
    """Return the chart of a workflow, made once: it takes a while."""
    return _charts.get(workflow.digest) or _charts.setdefault(workflow.digest, chart(workflow))


def svg(workflow: Workflow) -> str:
    known = _pictures.get(workflow.digest)
    return known or _pictures.setdefault(workflow.digest, picture.svg(workflow))


def read(workflow: Workflow) -> ET.Element:
    return ET.fromstring(svg(workflow))  # noqa: S314 - our own text


def close(words: str) -> str:
    return "".join(words.split())


def along(start: Point, end: Point) -> list[tuple[float, float]]:
    """Return points on a line as the picture draws it: straight, or a curve from column to column."""
    (x, y), (to_x, to_y) = start, end
    half = (y + to_y) // 2
    found = []
    for n in range(25):
        t = n / 24
        if x == to_x or y == to_y:
            found.append((x + (to_x - x) * t, y + (to_y - y) * t))
            continue
        share = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3)
        across = share[0] * x + share[1] * x + share[2] * to_x + share[3] * to_x
        down = share[0] * y + share[1] * half + share[2] * half + share[3] * to_y
        found.append((across, down))
    return found


def overlaps(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def crossed(drawn: Chart) -> set[tuple[str, str]]:
    """Return the boxes that a line runs through, with where the line leads."""
    points = [
        (route.name, point)
        for route in drawn.routes
        for piece in route.pieces
        for start, end in pairwise(piece)
        for point in along(start, end)
    ]
    return {
        (name, box.name)
        for box in drawn.boxes
        for name, (x, y) in points
        if box.left < x < box.right and box.top < y < box.bottom
    }


@EVERY
def test_no_two_boxes_overlap_and_no_line_runs_through_one(workflow: Workflow) -> None:
    drawn = laid(workflow)
    assert [(a, b) for a, b in combinations(drawn.boxes, 2) if overlaps(a, b)] == []
    assert crossed(drawn) == set()
    for box in drawn.boxes:
        assert box.left >= 0
        assert box.top >= 0
        assert box.right <= drawn.width
        assert box.bottom <= drawn.height


@EVERY
def test_the_words_fit_in_their_boxes(workflow: Workflow) -> None:
    for box in laid(workflow).boxes:
        for line in box.block.lines:
            assert width(line.text, line.size, bold=line.bold) <= box.block.width
            assert 0 < line.down <= box.block.height


@EVERY
def test_every_state_and_every_arrow_is_drawn(workflow: Workflow) -> None:
    drawn = laid(workflow)
    boxes = [box.name for box in drawn.boxes if box.kind in {"state", "end"}]
    assert sorted(boxes) == sorted(workflow.states)
    lines = {(a.words, a.source, a.target) for route in drawn.routes for a in route.arrows}
    texts = {
        box.name: close("".join(li.text for li in box.block.lines))
        for box in drawn.boxes
        if box.kind in {"state", "end"}
    }
    for arrow in wording.arrows(workflow):
        if arrow.source == arrow.target:
            assert close(wording.clean(arrow.act.label)) in texts[arrow.source]
        else:
            assert (arrow.words, arrow.source, arrow.target) in lines


@EVERY
def test_every_arrow_is_named_in_the_text(workflow: Workflow) -> None:
    said = "".join(read(workflow).itertext())
    for arrow in wording.arrows(workflow):
        if arrow.source != arrow.target:
            states = (workflow.states[arrow.source], workflow.states[arrow.target])
            road = " → ".join(wording.clean(state.officer) for state in states)
            assert f"{arrow.words}: {road}" in said


@EVERY
def test_the_picture_holds_nothing_but_shapes_and_text(workflow: Workflow) -> None:
    text = svg(workflow)
    root = read(workflow)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "desc", "rect", "path", "circle", "g", "text"),
    }
    names = {name for element in root.iter() for name in element.keys()}  # noqa: SIM118
    assert not names & {"style", "href", "class", "onload"}
    assert "url(" not in text
    assert text.count("http") == 1 + sum("http" in act.label for act in workflow.acts.values())


def test_the_picture_says_what_it_is_to_those_who_do_not_see_it() -> None:
    root = read(parallel())
    assert root.get("role") == "img"
    named = str(root.get("aria-labelledby")).split()
    assert [element.get("id") for element in list(root)[:2]] == named
    assert root.findtext(f"{SVG}title") == parallel().title
    assert "Due diligence" in (root.findtext(f"{SVG}desc") or "")


@EVERY
def test_the_same_definition_gives_the_same_bytes(workflow: Workflow) -> None:
    assert picture.svg(workflow) == svg(workflow)


@pytest.mark.parametrize("mark", ["\u202e", "\u202c", "<script", "\n;"])
def test_a_hostile_name_breaks_nothing(mark: str) -> None:
    assert mark not in svg(hostile())


@pytest.mark.parametrize(
    "words",
    [
        "With the agency · 20 working days",
        "= Legal check: open → in work →",
        "↻ Extend the time (chair)",
        "Money may move here",
        "End: declined",
        "With another institution · 15",
    ],
)
def test_a_state_says(words: str) -> None:
    assert f">{words}</text>" in svg(parallel()).replace("\u00a0", " ")


def test_a_line_that_three_states_share_is_named_once_where_it_leads() -> None:
    text = svg(parallel())
    assert text.count(">→ from 3 states: Put on hold</text>") == 1


def light(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    low, high = sorted((light(a), light(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tone", [*picture.HOLDERS.values(), *picture.OUTCOMES.values()])
def test_text_and_edges_can_be_told_from_what_is_behind(tone: tuple[str, str]) -> None:
    fill, edge = tone
    assert contrast(picture.INK, fill) >= 4.5
    assert min(contrast(edge, ground) for ground in (*picture.LANES, fill)) >= 3


def test_every_outcome_has_its_colour() -> None:
    assert set(picture.OUTCOMES) == OUTCOMES


@pytest.mark.parametrize("workflow", SHIPPED_ONES, ids=lambda workflow: workflow.name)
def test_the_picture_in_the_documents_is_what_the_definition_gives(workflow: Workflow) -> None:
    kept = ROOT / "docs" / "workflows" / f"{workflow.name}.svg"
    assert kept.read_text("utf-8") == svg(workflow), AGAIN


@pytest.mark.parametrize("workflow", SHIPPED_ONES, ids=lambda workflow: workflow.name)
def test_a_shipped_picture_can_be_read_at_thirteen_hundred_pixels(workflow: Workflow) -> None:
    wide = int(re.findall(r'width="(\d+)"', svg(workflow))[0])
    assert 13 * min(1, 1300 / wide) >= 10
