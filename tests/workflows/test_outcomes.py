"""What all rules of eligibility come to, and what becomes of a rule on a question that is not asked."""

from typing import Any

import pytest

from workflows.eligibility import (
    CONDITIONS,
    ELIGIBLE,
    NOT_ELIGIBLE,
    OPEN,
    WITH_CONDITIONS,
    Result,
    Rule,
    check,
    decided,
    failing,
    outcome,
)

SMALL = {"answer": "employees", "at_most": 200}
LOCAL = {"answer": "local_share", "at_least": 60}


def judged(*holds: tuple[bool | None, str]) -> tuple[Result, ...]:
    return tuple(
        Result(Rule(f"r{n}", "", "", {}, otherwise), told)
        for n, (told, otherwise) in enumerate(holds)
    )


YES, NO, UNTOLD = (True, NOT_ELIGIBLE), (False, NOT_ELIGIBLE), (None, NOT_ELIGIBLE)
DONE, TO_DO, PERHAPS = (True, CONDITIONS), (False, CONDITIONS), (None, CONDITIONS)


@pytest.mark.parametrize(
    ("results", "comes_to", "against", "to_do"),
    [
        pytest.param((), ELIGIBLE, [], [], id="no rule at all"),
        pytest.param((YES, DONE), ELIGIBLE, [], [], id="every rule holds"),
        pytest.param((YES, TO_DO), WITH_CONDITIONS, [], ["r1"], id="something is to be done"),
        pytest.param((NO, DONE), NOT_ELIGIBLE, ["r0"], [], id="a rule speaks against it"),
        pytest.param((TO_DO, NO), NOT_ELIGIBLE, ["r1"], ["r0"], id="one of each"),
        pytest.param((UNTOLD, YES), OPEN, [], [], id="a rule cannot be told"),
        pytest.param((PERHAPS, YES), OPEN, [], [], id="a condition cannot be told"),
        pytest.param((TO_DO, UNTOLD), OPEN, [], ["r0"], id="open goes before conditions"),
        pytest.param((UNTOLD, NO), NOT_ELIGIBLE, ["r1"], [], id="one failure settles it"),
    ],
)
def test_what_all_rules_come_to(results: Any, comes_to: str, against: Any, to_do: Any) -> None:
    found = judged(*results)
    assert outcome(found) == comes_to
    assert [one.rule.name for one in failing(found, NOT_ELIGIBLE)] == against
    assert [one.rule.name for one in failing(found, CONDITIONS)] == to_do


@pytest.mark.parametrize(
    ("results", "comes_to"),
    [
        pytest.param((YES, DONE), ELIGIBLE, id="what holds goes on holding"),
        pytest.param((YES, UNTOLD), NOT_ELIGIBLE, id="a rule that cannot be told fails closed"),
        pytest.param((YES, PERHAPS), WITH_CONDITIONS, id="a condition that cannot be told is one"),
    ],
)
def test_once_nothing_more_will_be_answered(results: Any, comes_to: str) -> None:
    assert outcome(decided(judged(*results))) == comes_to


@pytest.mark.parametrize(
    ("test", "answers", "holds", "applies"),
    [
        pytest.param(LOCAL, {}, True, False, id="a rule on it alone does not apply"),
        pytest.param({"not": LOCAL}, {}, True, False, id="nor does its contrary"),
        pytest.param({"any": [LOCAL, {"all": [LOCAL]}]}, {}, True, False, id="nor any of it"),
        pytest.param({"all": [LOCAL, SMALL]}, {"employees": 9}, True, True, id="the rest holds"),
        pytest.param({"all": [LOCAL, SMALL]}, {"employees": 999}, False, True, id="the rest fails"),
        pytest.param({"any": [LOCAL, SMALL]}, {}, None, True, id="the rest cannot be told yet"),
        pytest.param(
            {"answer": "amount", "share_at_most": "50", "of": "local_share"}, {"amount": "1"}, True,
            False, id="a share of what is not asked",
        ),
        pytest.param(SMALL, {}, None, True, id="what is asked and not answered stays open"),
    ],
)  # fmt: skip
def test_a_question_that_is_not_asked(
    test: dict[str, Any], answers: dict[str, Any], holds: bool | None, applies: bool
) -> None:
    rule = Rule("rule", "", "", test)
    assert check((rule,), answers, unasked={"local_share"}) == (Result(rule, holds, applies),)
