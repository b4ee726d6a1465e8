"""Definitions made by chance are what they say: repeatable, of the size asked for, sound unless they were cut."""

from collections import Counter

import pytest
from hypothesis import given, settings

from tests.workflows.generated import definition, definitions
from workflows.format.loading import load
from workflows.soundness import findings


def test_the_same_seed_makes_the_same_definition() -> None:
    assert definition(20, 60, 7) == definition(20, 60, 7) != definition(20, 60, 8)


@pytest.mark.parametrize(
    ("states", "acts"),
    [
        pytest.param(2, 4, id="the smallest"),
        pytest.param(12, 40, id="as large as ours"),
        pytest.param(200, 1000, id="far larger than any"),
    ],
)
@pytest.mark.parametrize("sound", [True, False])
def test_a_definition_has_the_size_asked_for(states: int, acts: int, sound: bool) -> None:
    workflow = load(definition(states, acts, 1, sound=sound))
    assert (len(workflow.states), len(workflow.acts)) == (states, acts)


def test_too_few_acts_are_refused() -> None:
    with pytest.raises(ValueError, match="two acts for each"):
        definition(10, 19, 1)


@settings(max_examples=60, deadline=None)
@given(source=definitions())
def test_a_definition_is_sound_by_how_it_is_built(source: str) -> None:
    assert [f for f in findings(load(source)) if f.severity == "error"] == []


def test_a_definition_that_was_cut_shows_flaws_of_many_kinds() -> None:
    cut = (load(definition(9, 20, seed, sound=False)) for seed in range(60))
    found = Counter(finding.rule for workflow in cut for finding in findings(workflow))
    assert {"unreachable_state", "no_end_reachable", "no_way_out", "act_never_fires"} <= set(found)
