"""The page for scheme designers: its examples load at every step, its mistakes are real, its reference is complete."""

import re

import pytest

from tests.workflows.mistakes import changed, refusal
from tests.workflows.pieces import PAGE, grown, pieces
from workflows.definition import Workflow
from workflows.format import manual
from workflows.format.grammar import CHAPTERS
from workflows.format.loading import load
from workflows.soundness import findings

STEPS = [pytest.param(text, id=heading) for heading, text in grown()]


def last() -> Workflow:
    """Return what the example has grown into."""
    return load(grown()[-1][1])


def test_the_reference_on_the_page_is_the_one_that_is_made() -> None:
    assert manual.renewed(PAGE) == PAGE


@pytest.mark.parametrize("text", STEPS)
def test_the_example_is_in_order_and_sound_at_every_step(text: str) -> None:
    assert findings(load(text)) == ()


def test_the_first_example_is_whole() -> None:
    small = load(pieces()[0][1])
    assert list(small.states) == ["draft", "submitted", "decision", "approved", "declined"]
    assert list(small.acts) == ["submit", "recommend", "approve", "decline"]


def test_the_example_grows_all_that_the_page_speaks_of() -> None:
    whole = last()
    assert whole.decisions["grant"].bands[1].body == "Grants committee"
    assert list(whole.strands) == ["technical", "financial"]
    assert whole.acts["refuse_guarantee"].voids == "grant"
    assert whole.acts["cancel"].attachments == {"minute": "Minute of the decision to cancel"}
    assert "switch:course" in whole.acts["submit"].guards
    assert whole.states["approved"].money


def test_the_mistakes_on_the_page_are_those_that_are_named() -> None:
    wrong = pieces()[0][1]
    head, decision, rest = wrong.partition("[states.decision]")
    wrong = head + decision + changed(rest, "days = 5", 'days = "five"')
    wrong = changed(wrong, '"call_open"', '"call_opened"')
    wrong = changed(wrong, "reasons = ", "reason = ")
    shown = re.search(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    assert refusal(wrong).of_file("my_grant.toml") == shown[1].splitlines()


def test_the_reference_has_every_key() -> None:
    reference = manual.reference()
    keys = {key.name for _, _, table in CHAPTERS for key in table.keys}
    assert {key for key in keys if f"| `{key}` |" not in reference} == set()
