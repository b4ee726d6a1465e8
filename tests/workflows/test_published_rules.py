"""A rule set that others published is said in our words and comes to its published outcomes, in both its languages."""

import json
from pathlib import Path
from typing import Any

import pytest

from workflows.eligibility import (
    CONDITIONS,
    ELIGIBLE,
    NOT_ELIGIBLE,
    OPEN,
    WITH_CONDITIONS,
    Rule,
    check,
    failing,
    mistakes,
    needs,
    outcome,
)

FILE = Path(__file__).parent / "data/eligibility-rules-cof-eoi.json"
PUBLISHED = {
    name.rpartition("_")[2]: conditions
    for name, conditions in json.loads(FILE.read_text("utf-8")).items()
    if isinstance(conditions, dict)
}
# What an answer that a published condition names comes to, in our words and theirs.
OTHERWISE = {"FAIL": NOT_ELIGIBLE, "PASS_WITH_CAVEATS": CONDITIONS}
OUTCOME = {"FAIL": NOT_ELIGIBLE, "PASS_WITH_CAVEATS": WITH_CONDITIONS}


def rule(question: str, condition: dict[str, Any], number: int = 0) -> Rule:
    """Return a published condition as a rule: it names the answer that fails, ours what must hold."""
    if "operator" in condition:
        assert condition["operator"] == ">"
        test: dict[str, Any] = {"answer": question, "at_most": condition["compareValue"]}
    else:
        test = {"not": {"answer": question, "is": condition["answerValue"]}}
    sentence = condition["caveat"] or f"{question} fails."
    return Rule(f"{question}_{number}", sentence, question, test, OTHERWISE[condition["result"]])


def rules(language: str) -> tuple[Rule, ...]:
    return tuple(
        rule(question, condition, number)
        for question, conditions in PUBLISHED[language].items()
        for number, condition in enumerate(conditions)
    )


def named(condition: dict[str, Any]) -> Any:
    """Return an answer that a condition names."""
    if "operator" in condition:
        return condition["compareValue"] + 1
    return condition["answerValue"]


def other(value: Any) -> Any:
    """Return an answer of the same kind that no condition names."""
    if isinstance(value, bool):
        return not value
    return {list: ["Loan"], str: "Something else", int: 2_000_000}[type(value)]


def passing(language: str) -> dict[str, Any]:
    """Return answers to every question that no condition names."""
    return {key: other(named(first)) for key, (first, *_) in PUBLISHED[language].items()}


ROWS = [
    pytest.param(
        language, question, condition, id=f"{language} {question}: {str(named(condition))[:40]}"
    )
    for language, published in PUBLISHED.items()
    for question, conditions in published.items()
    for condition in conditions
]


def test_the_file_is_the_published_one() -> None:
    assert {language: len(rules(language)) for language in PUBLISHED} == {"EN": 21, "CY": 21}
    both = [[(r.clause, r.otherwise) for r in rules(language)] for language in PUBLISHED]
    assert both[0] == both[1]
    assert all(mistakes(one.test, one.name) == [] for one in (*rules("EN"), *rules("CY")))


@pytest.mark.parametrize(("language", "question", "condition"), ROWS)
def test_a_condition_comes_to_its_published_outcome(
    language: str, question: str, condition: dict[str, Any]
) -> None:
    alone = (rule(question, condition),)
    answer = named(condition)
    assert outcome(check(alone, {question: answer})) == OUTCOME[condition["result"]]
    assert outcome(check(alone, {question: other(answer)})) == ELIGIBLE
    assert outcome(check(alone, {})) == OPEN
    assert outcome(check(alone, {}, unasked={question})) == ELIGIBLE
    # In the whole set, where everything else passes, it is the same.
    results = check(rules(language), {**passing(language), question: answer})
    assert outcome(results) == OUTCOME[condition["result"]]
    (found,) = failing(results, OTHERWISE[condition["result"]])
    assert found.rule.clause == question
    assert condition["caveat"] in (None, found.rule.sentence)


WHOLE = [
    pytest.param({}, ELIGIBLE, [], id="every answer passes"),
    pytest.param({"fZAMFv": 2_000_000}, ELIGIBLE, [], id="exactly two million is not above it"),
    pytest.param({"fZAMFv": 2_000_001}, NOT_ELIGIBLE, ["fZAMFv"], id="one more is"),
    pytest.param({"fZAMFv": "2000000.01"}, NOT_ELIGIBLE, ["fZAMFv"], id="a penny more is"),
    pytest.param(
        {"oblxxv": False, "yZxdeJ": True}, WITH_CONDITIONS, ["oblxxv", "yZxdeJ"],
        id="two caveats, both told",
    ),
    pytest.param(
        {"NcQSbU": True, "yZxdeJ": True, "eOWKoO": False}, NOT_ELIGIBLE,
        ["NcQSbU", "eOWKoO", "yZxdeJ"], id="one failure settles it whatever else has caveats",
    ),
    pytest.param({"eEaDGz": None}, OPEN, [], id="an answer is missing"),
    pytest.param(
        {"eEaDGz": None, "lLQmNb": False}, NOT_ELIGIBLE, ["lLQmNb"],
        id="an answer is missing and another fails",
    ),
]  # fmt: skip


@pytest.mark.parametrize("language", PUBLISHED)
@pytest.mark.parametrize(("changed", "comes_to", "told"), WHOLE)
def test_a_whole_set_of_answers_comes_to(
    language: str, changed: dict[str, Any], comes_to: str, told: list[str]
) -> None:
    results = check(rules(language), {**passing(language), **changed})
    failed = [r.rule.clause for r in results if r.holds is False]
    assert (outcome(results), sorted(failed, key=str)) == (comes_to, sorted(told, key=str))


@pytest.mark.parametrize("language", PUBLISHED)
def test_a_list_of_answers_is_the_one_named_and_no_other(language: str) -> None:
    (condition,) = PUBLISHED[language]["BykoQQ"]
    (only,) = condition["answerValue"]
    found = (rule("BykoQQ", condition),)
    for given, holds in (([only], False), ([only, "Loan"], True), (["Loan"], True), (only, True)):
        assert check(found, {"BykoQQ": given})[0].holds is holds


def test_each_rule_looks_at_its_question_alone() -> None:
    assert all(needs(one.test) == {one.clause} for one in rules("EN"))
