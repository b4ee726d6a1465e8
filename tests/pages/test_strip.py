"""The strip of stages on a case's page, as the officer and as the applicant read it."""

import re
from html import unescape

import pytest

from app.reviews.commands import Reasoned
from tests.pages.browser import Browser
from tests.world import World

pytestmark = pytest.mark.one_database

STRIP = re.compile(r'<ol class="app-stepper".*?</ol>', re.DOTALL)
CURRENT = re.compile(r'<li class="([^"]*)" aria-current="step">')


def strip(world: World, name: str, reference: str) -> tuple[str, str]:
    """Return the strip of a case's page as HTML, and what is read of it."""
    found = STRIP.search(Browser(world.app, name).get(f"/cases/{reference}").text)
    assert found
    return found[0], " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


@pytest.mark.parametrize(
    "said",
    [
        "✓ Application , done",
        "✓ Screening , done",
        "Assessment With the agency",
        "Next: Recommendation, by assessor",
        "Decision , ahead",
    ],
)
def test_an_officer_reads(world: World, said: str) -> None:
    assert said in strip(world, "desk.my", world.at("assessment"))[1]


@pytest.mark.parametrize(
    "said",
    [
        "Assessment Assessors are reading the application With the agency",
        "Next: A recommendation is prepared, by the agency",
    ],
)
def test_an_applicant_reads(world: World, said: str) -> None:
    assert said in strip(world, "applicant.my", world.at("assessment"))[1]


@pytest.mark.parametrize("state", ["submitted", "screening", "assessment", "decision"])
def test_an_applicant_reads_no_duty(world: World, state: str) -> None:
    read = strip(world, "applicant.my", world.at(state))[1]
    for duty in ("desk officer", "assessor ", "approver", "vote"):
        assert duty not in read


def test_the_votes_are_counted_for_officers(world: World) -> None:
    assert "0 of 1 vote" in strip(world, "approver.my", world.at("decision"))[1]


def test_the_running_clock_is_told(world: World) -> None:
    read = strip(world, "desk.my", world.at("screening"))[1]
    assert re.search(r"Since \d+ \w+ \d{4} , until \d+ \w+ \d{4}", read)


@pytest.mark.parametrize("name", ["desk.my", "applicant.my"])
def test_one_stage_is_the_current_one(world: World, name: str) -> None:
    html, _ = strip(world, name, world.at("decision"))
    assert CURRENT.findall(html) == ["is-now is-here"]
    assert "style=" not in html


@pytest.mark.parametrize("name", ["desk.my", "applicant.my"])
def test_a_case_that_ended_on_the_way_says_where(world: World, name: str) -> None:
    reference = world.at("offered")
    world.cancel(reference, Reasoned(("BREACH",), "The line was bought before."))
    html, read = strip(world, name, reference)
    assert "✕ Offer , ended here" in read
    assert "Next:" not in read
    assert CURRENT.findall(html) == ["is-stopped is-here"]
