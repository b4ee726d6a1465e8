"""Whom the roads through a definition ask for: beside the main road, on the easier of two, in parallel work."""

from dataclasses import replace

import pytest

from tests.workflows.made import act, decision, made, state, strand, ways
from tests.workflows.soundness.test_staffing import (
    AMINAH,
    APPROVE,
    BAYU,
    DECLINE,
    HIGH,
    case,
    officer,
    told,
)
from workflows.definition import Act
from workflows.soundness.crew import Officer, spans


@pytest.mark.parametrize(
    ("acts", "people", "expected"),
    [
        pytest.param(
            (act("cancel: offered > cancelled", "chair"),),
            (),
            ["Lacking for “cancel”: one more chair (scheme GROW, any amount in MYR)."],
            id="an act beside the road that nobody can take",
        ),
        pytest.param(
            (act("cancel: offered > cancelled", "chair"),),
            (officer("Chair", "chair"),),
            [],
            id="an act beside the road with somebody for it",
        ),
        pytest.param(
            (act("cancel: offered > cancelled", "assessor", part="second_look"),),
            (),
            [
                "Lacking for “cancel”: one more assessor who is not the assessor "
                "(scheme GROW, any amount in MYR)."
            ],
            id="an act beside the road for which all stand elsewhere",
        ),
        pytest.param(
            (act("cancel: offered > cancelled", "assessor or approver", part="assessor"),),
            (),
            [],
            id="an act in a part that somebody has already",
        ),
        pytest.param(
            (act("agree: offered > cancelled", "chair", institution="guarantor"),),
            (),
            [],
            id="an act of an institution whose people are not given",
        ),
        pytest.param(
            (act("agree: offered > cancelled", "chair", institution="guarantor"),),
            (officer("Guest", "assessor", at="guarantor"),),
            [
                "Lacking for “agree”: one more chair at the Guarantee fund "
                "(scheme GROW, any amount in MYR)."
            ],
            id="an act of an institution whose people are given",
        ),
    ],
)
def test_acts_beside_the_road(
    acts: tuple[Act, ...], people: tuple[Officer, ...], expected: list[str]
) -> None:
    parts = (decision(), state("cancelled", end=True))
    workflow = case(
        APPROVE, DECLINE, *acts, parts=parts, institutions={"guarantor": "Guarantee fund"}
    )
    assert told(workflow, AMINAH, BAYU, HIGH, *people) == expected


def test_the_easier_of_two_roads_is_enough() -> None:
    fast = act("wave_through: assessment > offered", "desk_officer")
    desk = officer("Desk", "desk_officer")
    found = told(case(APPROVE, DECLINE, fast, parts=(decision(),)), AMINAH, desk)
    assert found == [
        "Lacking for “assess”: one more assessor (scheme GROW, any amount in MYR).",
        "Lacking for “award”: one more approver with an authority in MYR "
        "(scheme GROW, any amount in MYR).",
    ]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        pytest.param(("engineer", "lawyer"), [], id="one for each strand"),
        pytest.param(
            ("engineer",),
            ["Lacking for “read”: one more lawyer (scheme GROW, any amount in MYR)."],
            id="nobody for one of the strands",
        ),
    ],
)
def test_parallel_work(people: tuple[str, ...], expected: list[str]) -> None:
    both = ways("completed when strands_done", "stay")
    visit = act("visit: review > ", "engineer", *both, strand="site", step_to="done")
    read = act("read: review > ", "lawyer", *both, strand="legal", step_to="done")
    acts = [replace(verb, step_from=("open",)) for verb in (visit, read)]
    strands = tuple(strand(name, "review", "open", "done") for name in ("site", "legal"))
    workflow = made(act("submit: draft > review", "applicant"), *acts, parts=strands)
    assert told(workflow, *(officer(duty, duty) for duty in people)) == expected


@pytest.mark.parametrize(
    ("scheme", "currency", "expected"),
    [
        pytest.param("GROW", "MYR", [(0, 100_000_00), (100_000_00, None)], id="where bands meet"),
        pytest.param("GROW", "VND", [(0, None)], id="no band at all"),
    ],
)
def test_amounts_are_looked_at_in_spans(
    scheme: str, currency: str, expected: list[tuple[int, int | None]]
) -> None:
    assert spans([case()], scheme, currency) == expected
