"""The process as it ran: the figures are those an independent reader counts from the export, and deviations are found."""

import csv
import io
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median_low
from typing import Any

import pytest

from app.analysis.compose import figures
from app.analysis.compose.process import Flow, Moved
from app.analysis.queries import process
from tests.analysis.decided import everything
from tests.factories import Days
from tests.interface import API, Interface, problem
from tests.pages.browser import Browser
from tests.pages.test_queries import counted
from tests.world import World
from workflows.format.loading import shipped

GRANT = shipped("grant")
PATH = f"{API}/audit/process"


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    return Days(monkeypatch)


def counted_from(table: str) -> dict[str, Any]:
    """Count steps, stays and paths from the rows of an export, with nothing but the standard library."""
    cases: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(table)):
        if row["to"] and not row["tranche"]:
            cases[row["stream"]].append(row)
    edges: Counter[tuple[str, str, str]] = Counter()
    entered: Counter[str] = Counter()
    stays: dict[str, list[int]] = defaultdict(list)
    paths: Counter[tuple[str, ...]] = Counter()
    for rows in cases.values():
        rows.sort(key=lambda row: int(row["seq"]))
        paths[tuple(row["type"] for row in rows)] += 1
        moves = [row for row in rows if row["from"] != row["to"]]
        edges.update((row["from"], row["type"], row["to"]) for row in rows)
        entered.update(row["to"] for row in moves)
        for one, other in pairwise(moves):
            took = datetime.fromisoformat(other["at"]) - datetime.fromisoformat(one["at"])
            stays[one["to"]].append(int(took.total_seconds()))
    return {
        "cases": len(cases),
        "steps": sum(edges.values()),
        "edges": dict(edges),
        "entered": dict(entered),
        "medians": {state: median_low(took) for state, took in stays.items()},
        "paths": dict(paths),
    }


def test_the_figures_are_those_of_an_independent_reader(world: World, days: Days) -> None:
    everything(world, days)
    auditor = Interface(world.app, "auditor.my")
    table = Browser(world.app, "auditor.my").get("/audit/export.csv")
    expected = counted_from(table.text.lstrip("\ufeff"))
    told = auditor.get(PATH).get_json()
    assert {name: told[name] for name in ("cases", "steps", "conforming")} == {
        "cases": expected["cases"],
        "steps": expected["steps"],
        "conforming": expected["cases"],
    }
    edges = {(e["from"], e["act"], e["to"]): e["count"] for e in told["edges"] if e["count"]}
    assert edges == expected["edges"]
    states = {state["state"]: state for state in told["states"]}
    assert {n: s["entered"] for n, s in states.items() if s["entered"]} == expected["entered"]
    medians = {n: s["seconds"] for n, s in states.items() if s["seconds"] is not None}
    assert medians == expected["medians"]
    assert {tuple(v["acts"]): v["cases"] for v in told["variants"]} == expected["paths"]
    # Late: from Tuesday 3 November 2026 to Sunday 17 January 2027, and median of six cases that left.
    assert states["decision"]["working_days"] == 0
    assert sum(state["now"] for state in states.values()) == told["cases"]
    page = Browser(world.app, "auditor.my").get("/audit/process").text
    assert f"{told['conforming']} of {told['cases']} (100.0 %)" in page
    assert "Take up for screening: 7" in page


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        pytest.param("?first=2025-01-01&last=2026-12-31", 422, id="more than a year is refused"),
        pytest.param("?first=2026-05-01&last=2026-04-01", 422, id="a period the wrong way round"),
        pytest.param("?workflow=" + "0" * 64, 404, id="a version nobody runs under"),
        pytest.param("?workflow=" + "0" * 65, 422, id="no digest at all"),
        pytest.param("?unknown=1", 422, id="a name the filter does not have"),
    ],
)
def test_what_cannot_be_shown_is_refused(world: World, asked: str, status: int) -> None:
    world.at("submitted")
    problem(Interface(world.app, "auditor.my").get(PATH + asked), status)
    assert Browser(world.app, "auditor.my").get(f"/audit/process{asked}").status_code == status


def test_it_reads_no_more_than_its_bound_and_asks_as_often_for_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(world.app, "auditor.my")
    assert "There is no case yet" in browser.get("/audit/process").text
    lengths = []
    for more in (1, 5):
        for _ in range(more):
            world.at("screening")
        with counted() as statements:
            browser.get("/audit/process")
        lengths.append(len(statements))
    assert lengths[1] <= lengths[0] <= 20
    monkeypatch.setattr(process, "MOST_EVENTS", 11)
    assert "more than" in browser.get("/audit/process").text
    monkeypatch.setattr(process, "MOST_EVENTS", 12)
    assert "6 of 6" in browser.get("/audit/process").text


START = datetime(2026, 11, 2, 1, tzinfo=UTC)


def flow(*steps: tuple[str, str, str, str], digest: str = GRANT.digest) -> Flow:
    """Return what is counted of one case that took some steps, a day each."""
    made = Flow(GRANT, lambda _digest: GRANT, lambda _scheme, a, b: (b - a).days)
    for n, (act, source, target, duty) in enumerate(steps, 1):
        at = START + timedelta(days=n)
        made.read(Moved("A-1", 1, n, act, at, source, target, digest, duty))
    made.close()
    return made


SUBMIT = ("submit", "draft", "submitted", "applicant")
TAKE_UP = ("take_up", "submitted", "screening", "desk_officer")


@pytest.mark.parametrize(
    ("steps", "sentences"),
    [
        pytest.param([SUBMIT, TAKE_UP], [], id="two steps that are allowed"),
        pytest.param(
            [SUBMIT, ("pass", "screening", "assessment", "desk_officer")],
            ["“pass” starts from “screening”, but the case was in “submitted”."],
            id="a step is missing before",
        ),
        pytest.param(
            [SUBMIT, ("take_up", "submitted", "decision", "desk_officer")],
            ["“take_up” does not lead from “submitted” to “decision” in grant version 5."],
            id="it leads elsewhere",
        ),
        pytest.param(
            [SUBMIT, ("take_up", "submitted", "screening", "approver")],
            ["“take_up” is not taken by “approver” in grant version 5."],
            id="another duty took it",
        ),
        pytest.param(
            [SUBMIT, ("invent", "submitted", "screening", "desk_officer")],
            ["grant version 5 has no act “invent”."],
            id="no such act",
        ),
        pytest.param(
            [TAKE_UP],
            ["“take_up” starts from “submitted”, but the case was in “draft”."],
            id="it does not begin at the beginning",
        ),
        pytest.param(
            [SUBMIT, ("migrate", "submitted", "nowhere", "scheme_designer")],
            ["The case moved to “nowhere”, which this version does not have."],
            id="it moved to a version without the state",
        ),
    ],
)
def test_a_step_its_definition_does_not_allow_is_told(steps: Any, sentences: list[str]) -> None:
    found = flow(*steps)
    assert [one.sentence for one in found.deviations] == sentences
    assert (found.cases, found.conforming) == (1, 0 if sentences else 1)


def test_a_stay_is_counted_when_it_ends() -> None:
    found = {stay.state: stay for stay in flow(SUBMIT, TAKE_UP).stays()}
    submitted, screening = found["submitted"], found["screening"]
    assert (submitted.left, submitted.seconds, submitted.working_days) == (1, 86400, 1)
    assert (screening.entered, screening.left, screening.now, screening.seconds) == (1, 0, 1, None)


def test_the_picture_says_how_often_and_is_wider_where_more_went() -> None:
    drawn = figures.picture(flow(SUBMIT, TAKE_UP))
    assert "Take up for screening: 1" in drawn
    assert "Return for information: 0" in drawn
    assert "1 entered, 0 here now" in drawn
    assert 'stroke-width="8.0"' in drawn
    assert drawn.count('stroke="#c9d4e3" stroke-width="1.6"') > 10


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        pytest.param(0, "0 seconds", id="nothing"),
        pytest.param(1, "1 second", id="one second"),
        pytest.param(119, "1 minute", id="nearly two minutes"),
        pytest.param(3600, "1 hour", id="an hour"),
        pytest.param(7265, "2 hours 1 minute", id="two hours and a minute"),
        pytest.param(86400 * 12 + 3600 * 5 + 59, "12 days 5 hours", id="days and hours"),
        pytest.param(86400 * 1200, "1,200 days", id="years are days"),
    ],
)
def test_a_span_reads(seconds: int, words: str) -> None:
    assert figures.lasting(seconds) == words
