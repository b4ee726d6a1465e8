"""What the rules of a scheme come to before applying: what can be told, what is open, what is told when one applies."""

from dataclasses import replace
from typing import Any

import pytest

from app.schemes.commands import catalogue
from app.schemes.compose.judging import Given, Judged, deciding, judge, wanted
from app.schemes.compose.reading import scheme_terms
from app.schemes.compose.terms import Question
from app.schemes.compose.whole import whole
from app.schemes.schemas import filled
from app.schemes.schemas.preliminary import tried
from tests.answers import GRANT_ANSWERS
from tests.registry.asking import ISSUER, text
from workflows.eligibility import Rule
from workflows.format.reading import Malformed

FACTS = ("right_size", "in_registry", "looked_up", "course_passed", "at_home", "one_at_a_time")
TERMS = scheme_terms(text(*FACTS, "few_people"))
SMALL = {"sector": "manufacturing", "employees": "24", "turnover": "2400000", "listed_parent": "no"}


def results(judged: Judged) -> dict[str, str]:
    return {one["rule"]: one["result"] for one in judged.told}


def test_only_the_questions_that_decide_are_asked() -> None:
    assert [question.key for question in deciding(TERMS)] == [
        *("sector", "employees", "turnover", "listed_parent", "local_share"),
        *("started", "project_cost", "amount"),
    ]
    assert wanted(TERMS) == {
        *("size", "registry", "certificate:credit", "enterprise_country", "other_applications")
    }


@pytest.mark.parametrize(
    ("changed", "outcome", "found"),
    [
        pytest.param(
            {}, "eligible_with_conditions",
            {"right_size": "holds", "few_people": "condition", "independent": "holds"},
            id="with every answer: what the answers tell is told",
        ),
        pytest.param({"employees": "9"}, "eligible", {"few_people": "holds"}, id="few people"),
        pytest.param(
            {"employees": "500", "turnover": "60000000"}, "not_eligible",
            {"right_size": "fails", "is_sme": "fails", "ceiling": "holds"}, id="too large",
        ),
        pytest.param(
            {"employees": "", "turnover": "100000"}, "open",
            {"right_size": "holds", "few_people": "open"},
            id="the size is told where one figure is enough for it",
        ),
        pytest.param(
            {"employees": "", "turnover": ""}, "open",
            {"right_size": "open", "few_people": "open"},
            id="without figures the size waits for them, and is no fact of later",
        ),
        pytest.param(
            {"amount": "170000"}, "not_eligible", {"matching_share": "fails"},
            id="more than the share",
        ),
    ],
)  # fmt: skip
def test_before_applying(changed: dict[str, str], outcome: str, found: dict[str, str]) -> None:
    judged = tried(TERMS, {**GRANT_ANSWERS, **changed}).judged
    assert judged.outcome == outcome
    assert {name: results(judged)[name] for name in found} == found
    later = {name for name, word in results(judged).items() if word == "later"}
    assert later == {"in_registry", "looked_up", "course_passed", "at_home", "one_at_a_time"}


def test_the_size_says_which_figures_decided_and_by_which_law() -> None:
    standing = tried(TERMS, SMALL).judged.standing
    assert standing is not None
    assert standing.size == "small"
    assert "2,400,000" in " ".join(standing.decided_by)
    assert standing.law


def test_where_several_countries_may_apply_the_size_is_told_when_one_does() -> None:
    regional = replace(TERMS, open_to=("MY", "VN"), digest="of two countries")
    judged = tried(regional, GRANT_ANSWERS).judged
    assert (judged.standing, results(judged)["right_size"]) == (None, "later")
    found = filled(regional, GRANT_ANSWERS, "VN")
    given = Given(found.values, found.asked, "VN", complete=True)
    assert judge(regional, given, {}).facts["size"] in {"small", "medium", "undetermined"}


def test_money_of_another_currency_is_no_measure() -> None:
    dollars = replace(TERMS, currency="USD", regional=True, digest="in dollars")
    # Employees alone tell it: turnover is in dollars, and the test is in ringgit.
    judged = tried(dollars, {**SMALL, "turnover": "60000000"}).judged
    assert judged.standing is not None
    assert not [said for said in judged.standing.decided_by if "60,000,000" in said]


CONDITIONAL = replace(
    TERMS,
    digest="with a question that is not asked of everybody",
    sections=(
        replace(
            TERMS.sections[0],
            questions=(
                *TERMS.sections[0].questions,
                Question(
                    "foreign", "Which share is foreign?", "percent",
                    when={"answer": "local_share", "at_most": 99},
                ),
            ),
        ),
        *TERMS.sections[1:],
    ),
    rules=(Rule("mostly_local", "Too foreign.", "Clause", {"answer": "foreign", "at_most": 40}),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "complete", "result"),
    [
        pytest.param({"local_share": "100"}, False, "does_not_apply", id="it is not asked"),
        pytest.param({"local_share": "60", "foreign": "40"}, False, "holds", id="asked and holds"),
        pytest.param({"local_share": "50", "foreign": "50"}, False, "fails", id="asked and fails"),
        pytest.param({"local_share": "50"}, False, "open", id="asked and not answered yet"),
        pytest.param({}, False, "open", id="nobody knows yet whether it is asked"),
        pytest.param({}, True, "does_not_apply", id="nothing more will be answered"),
        pytest.param({"local_share": "50"}, True, "fails", id="asked and left unanswered"),
    ],
)
def test_a_rule_on_a_question_that_is_not_asked_of_everybody(
    answers: dict[str, Any], complete: bool, result: str
) -> None:
    found = filled(CONDITIONAL, answers)
    judged = judge(CONDITIONAL, Given(found.values, found.asked, "MY", complete), {})
    assert results(judged) == {"mostly_local": result}
    assert [question.key for question in deciding(CONDITIONAL)] == ["local_share", "foreign"]


OPTIONAL = replace(
    TERMS,
    digest="with an answer nobody has to give",
    sections=tuple(
        replace(
            section,
            questions=tuple(
                replace(question, required=question.required and question.key != "started")
                for question in section.questions
            ),
        )
        for section in TERMS.sections
    ),
    rules=tuple(rule for rule in TERMS.rules if rule.name in ("not_started", "is_sme")),
)


@pytest.mark.parametrize(
    ("left_out", "failed"),
    [
        pytest.param((), [], id="with every answer every rule holds"),
        pytest.param(
            ("started",), ["not_started"], id="a rule on an answer nobody had to give fails closed"
        ),
        pytest.param(
            ("started", "sector"), [],
            id="while required answers are missing nothing is held against it",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_told(left_out: tuple[str, ...], failed: list[str]) -> None:
    found = filled(OPTIONAL, {k: v for k, v in GRANT_ANSWERS.items() if k not in left_out})
    given = Given(found.values, found.asked, "MY", complete=not found.problems)
    judged = judge(OPTIONAL, given, {})
    assert [one.rule.name for one in judged.against] == failed


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        pytest.param(
            text("looked_up").replace('key = "agreement"', 'key = "looked_up"'),
            "conditions: 'looked_up' is also the name of a rule that may become a condition.",
            id="a rule that would be left as a condition which is there already",
        ),
        pytest.param(
            text("few_people").replace('name = "few_people"', f'name = "{"a" * 41}"'),
            f"conditions: '{'a' * 41}' is longer than 40 characters.", id="a long name",
        ),
        pytest.param(
            text().replace(f'issuers = ["{ISSUER}", "Another Institute"]', "issuers = []"),
            "courses: 'credit': name who certifies it.", id="a course nobody certifies",
        ),
        pytest.param(
            text().replace('key = "credit"', f'key = "{"c" * 41}"'),
            f"courses: '{'c' * 41}' is longer than 40 characters.", id="a long key of a course",
        ),
    ],
)  # fmt: skip
def test_what_could_not_be_kept_is_refused(source: str, wrong: str) -> None:
    with pytest.raises(Malformed) as caught:
        scheme_terms(source)
    assert wrong in str(caught.value)


def test_every_shipped_scheme_can_be_tried_by_somebody_who_has_answered_nothing() -> None:
    for source in catalogue():
        terms = scheme_terms(whole(source))
        found = tried(terms, {})
        assert found.judged.outcome in ("open", "eligible"), terms.code
        assert len(found.judged.told) == len(terms.rules)
        assert {question.kind for question in found.questions}.isdisjoint({"file", "declaration"})


def test_nothing_of_the_answers_is_in_what_is_told() -> None:
    told = tried(TERMS, GRANT_ANSWERS).judged.told
    assert all(set(one) == {"rule", "result", "sentence", "clause"} for one in told)
