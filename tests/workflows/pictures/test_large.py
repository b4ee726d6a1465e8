"""A picture that would take minutes and that nobody could read is not drawn."""

import pytest

from tests.workflows.generated import definition
from workflows.format.loading import load, shipped
from workflows.pictures.picture import svg, too_large


@pytest.mark.parametrize("states", [151, 400])
def test_a_large_workflow_is_only_told_of(states: int) -> None:
    workflow = load(definition(states, 2 * states, 1))
    drawn = svg(workflow)
    assert f"{len(workflow.states)} states and {len(workflow.acts)} acts: too many" in drawn


@pytest.mark.parametrize("name", ["grant", "loan", "guaranteed_loan", "claim", "drawdown"])
def test_what_is_shipped_is_drawn(name: str) -> None:
    assert not too_large(shipped(name))
