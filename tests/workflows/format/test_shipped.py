"""The definitions shipped with the program: each state and act has its names, every road ends, whoever must act has time."""

from itertools import product

import pytest

from workflows.definition import Workflow
from workflows.format.loading import SHIPPED, shipped

NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml"))


@pytest.fixture(params=NAMES)
def workflow(request: pytest.FixtureRequest) -> Workflow:
    return shipped(request.param)


def test_the_lives_of_grants_loans_and_their_tranches_are_shipped() -> None:
    assert set(NAMES) >= {"claim", "drawdown", "grant", "loan"}


def test_a_shipped_file_is_named_as_the_definition_in_it() -> None:
    assert [shipped(name).name for name in NAMES] == NAMES


def test_each_state_and_act_has_its_names(workflow: Workflow) -> None:
    for state in workflow.states.values():
        assert state.officer
        assert state.applicant
        assert state.officer[0].isupper()
        assert state.applicant[0].isupper()
    for act in workflow.acts.values():
        assert act.label
        assert act.event
    labels = [act.label for act in workflow.acts.values()]
    assert len(labels) == len(set(labels))


def reached(workflow: Workflow, start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        for act in workflow.acts_from(state):
            new = {*act.targets(state)} - found
            found |= new
            waiting += new
    return found


def test_every_state_is_reached_and_reaches_an_end(workflow: Workflow) -> None:
    assert reached(workflow, workflow.initial) == set(workflow.states)
    for name in workflow.states:
        assert any(workflow.states[state].end for state in reached(workflow, name))


def test_only_the_system_leads_out_of_an_end(workflow: Workflow) -> None:
    ends = {name for name, state in workflow.states.items() if state.end}
    assert ends
    leaving = [a for a, end in product(workflow.acts.values(), ends) if end in a.sources]
    assert [act for act in leaving if not act.automatic] == []


def test_whoever_must_act_has_a_clock(workflow: Workflow) -> None:
    for state in workflow.states.values():
        assert state.clock is not None or state.holder != "agency"
