"""The strip of stages: where a case is, what comes next, and what an applicant is told of it."""

from dataclasses import replace

import pytest

from tests.workflows.drawn import every, parallel
from workflows.definition import Workflow
from workflows.format.loading import shipped
from workflows.pictures.strip import Stop, ahead, strip

GRANT = shipped("grant")
PARALLEL = parallel()
STRANDS = {"legal": "in_work", "environment": "open"}


def marks(stops: tuple[Stop, ...]) -> list[str]:
    return [stop.mark for stop in stops]


def here(stops: tuple[Stop, ...]) -> Stop:
    return next(stop for stop in stops if stop.state)


@pytest.mark.parametrize(
    ("state", "past", "expected"),
    [
        pytest.param("draft", [], ["current", *["ahead"] * 3], id="at the beginning"),
        pytest.param("committee", ["draft"], ["done", "done", "current", "ahead"], id="on the way"),
        pytest.param("signed", ["guarantee"], ["done"] * 4, id="arrived"),
        pytest.param(
            "declined",
            ["draft", "due_diligence", "committee"],
            ["done", "done", "ended", "ahead"],
            id="ended where it was before",
        ),
        pytest.param(
            "on_hold",
            ["draft", "due_diligence"],
            ["done", "current", "ahead", "ahead"],
            id="a state without a stage stands where the case came from",
        ),
        pytest.param(
            "on_hold",
            ["due_diligence", "left_behind"],
            ["done", "current", "ahead", "ahead"],
            id="a state of an older version is passed over",
        ),
        pytest.param("on_hold", [], ["current", *["ahead"] * 3], id="nothing is known of the past"),
        pytest.param(
            "due_diligence",
            ["draft", "due_diligence", "committee"],
            ["done", "current", "ahead", "ahead"],
            id="sent back, what was done is ahead again",
        ),
    ],
)
def test_the_marks_of_the_stages(state: str, past: list[str], expected: list[str]) -> None:
    stops = strip(PARALLEL, state, past, {})
    assert [stop.stage for stop in stops] == list(PARALLEL.stages)
    assert marks(stops) == expected


@pytest.mark.parametrize(
    ("state", "applicant", "expected"),
    [
        pytest.param(
            "due_diligence",
            False,
            Stop(
                "Appraisal",
                "current",
                state="Due diligence",
                who="With the agency",
                strands=("Legal check: in work", "Environmental & social check: open"),
                following="Credit committee",
                by="credit officer",
            ),
            id="an officer reads each strand and who is next",
        ),
        pytest.param(
            "due_diligence",
            True,
            Stop(
                "Appraisal",
                "current",
                state="We check",
                who="With the agency",
                following="A committee decides",
                by="the agency",
            ),
            id="an applicant reads no strand and no duty",
        ),
        pytest.param(
            "guarantee",
            False,
            Stop(
                "Decision",
                "current",
                state="With the guarantor",
                who="With another institution",
                following="Agreement signed",
                by="approver of the guarantee corporation",
            ),
            id="another institution is named to officers",
        ),
        pytest.param(
            "draft",
            True,
            Stop(
                "Application",
                "current",
                state="You are writing",
                who="With you",
                following="We check your enterprise",
                by="you",
            ),
            id="the applicant is you",
        ),
        pytest.param(
            "declined",
            True,
            Stop("Application", "ended", state="Declined"),
            id="nothing follows an end",
        ),
    ],
)
def test_what_is_said_of_where_it_is(state: str, applicant: bool, expected: Stop) -> None:
    assert here(strip(PARALLEL, state, ["draft"], STRANDS, applicant=applicant)) == expected


@pytest.mark.parametrize(
    ("workflow", "state", "act", "target"),
    [
        pytest.param(
            GRANT, "draft", "submit", "submitted", id="within the stage, when none is later"
        ),
        pytest.param(
            GRANT, "screening", "pass", "assessment", id="a later stage before the same one"
        ),
        pytest.param(GRANT, "returned", "resubmit", "screening", id="back, when nothing leads on"),
        pytest.param(
            GRANT, "decision", "approve", "offered", id="the way that leads on, not the end"
        ),
        pytest.param(GRANT, "offered", "accept", "accepted", id="never an end beside the road"),
        pytest.param(GRANT, "disbursing", "complete", "completed", id="the end the road leads to"),
        pytest.param(
            shipped("claim"), "claimed", "verify", "verified", id="without stages, further on"
        ),
        pytest.param(PARALLEL, "on_hold", "resume", "due_diligence", id="back to where it was"),
    ],
)
def test_what_comes_next(workflow: Workflow, state: str, act: str, target: str) -> None:
    found = ahead(workflow, state)
    assert found is not None
    assert (found[0].name, found[1]) == (act, target)


def test_nothing_comes_after_an_end() -> None:
    assert ahead(GRANT, "declined") is None


def test_a_state_that_is_not_announced_is_not_announced() -> None:
    hidden = replace(PARALLEL.states["committee"], before="")
    workflow = replace(PARALLEL, states={**PARALLEL.states, "committee": hidden})
    stop = here(strip(workflow, "due_diligence", [], {}, applicant=True))
    assert (stop.following, stop.by) == ("", "")


@pytest.mark.parametrize("workflow", [*every()])
def test_every_state_has_its_place_and_an_applicant_reads_no_name_of_officers(
    workflow: Workflow,
) -> None:
    told = {name for s in workflow.states.values() for name in (s.applicant, s.before)}
    inside = {s.officer for s in workflow.states.values()} - told
    for state in workflow.states:
        strands = {strand.name: strand.steps[0] for strand in workflow.strands_in(state)}
        for applicant in (True, False):
            stops = strip(workflow, state, [], strands, applicant=applicant)
            assert len([stop for stop in stops if stop.state]) == 1
            assert len([stop for stop in stops if stop.mark in {"current", "ended"}]) <= 1
        stop = here(strip(workflow, state, [], strands, applicant=True))
        assert stop.by in {"", "you", "the agency"}
        assert not {stop.state, stop.following} & inside


def test_a_workflow_without_stages_is_one_stage_by_its_title() -> None:
    whole = shipped("claim")
    claim = replace(whole, states={n: replace(s, stage="") for n, s in whole.states.items()})
    assert [stop.stage for stop in strip(claim, "claimed", [], {})] == [claim.title]
