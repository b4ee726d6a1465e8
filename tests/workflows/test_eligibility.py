"""Eligibility rules: what holds, what fails, and what cannot be told yet."""

from typing import Any

import pytest

from workflows.eligibility import Result, Rule, check, facts_needed, mistakes, needs

SMALL = {"answer": "employees", "at_most": 200}
LOCAL = {"answer": "local_share", "at_least": 60}
UNLISTED = {"answer": "listed", "is": "no"}
SME = {"fact": "size", "one_of": ["micro", "small", "medium", "sme"]}


@pytest.mark.parametrize(
    ("test", "answers", "holds"),
    [
        pytest.param(SMALL, {"employees": 200}, True, id="at most includes the number"),
        pytest.param(SMALL, {"employees": 201}, False, id="one more is too many"),
        pytest.param(SMALL, {}, None, id="a missing answer leaves it open"),
        pytest.param(SMALL, {"employees": ""}, None, id="an empty answer leaves it open"),
        pytest.param(SMALL, {"employees": None}, None, id="nothing leaves it open"),
        pytest.param(SMALL, {"employees": 0}, True, id="nought is an answer"),
        pytest.param(LOCAL, {"local_share": 60}, True, id="at least includes the number"),
        pytest.param(LOCAL, {"local_share": 59}, False, id="one less is too few"),
        pytest.param(
            {"answer": "turnover", "at_most": "20000000.00"}, {"turnover": "20000000.01"}, False,
            id="amounts compare to the cent",
        ),
        pytest.param(
            {"answer": "turnover", "at_most": "0.3"}, {"turnover": "0.30"}, True,
            id="amounts compare as decimals, not as floats",
        ),
        pytest.param(UNLISTED, {"listed": "no"}, True, id="is the value"),
        pytest.param(UNLISTED, {"listed": "yes"}, False, id="is another value"),
        pytest.param(
            {"answer": "group", "one_of": ["a", "b"]}, {"group": "b"}, True, id="one of several"
        ),
        pytest.param(
            {"answer": "group", "one_of": ["a", "b"]}, {"group": "c"}, False, id="none of several"
        ),
        pytest.param(
            {"answer": "amount", "share_at_most": "50", "of": "cost"},
            {"amount": "80000.00", "cost": "160000.00"}, True, id="exactly the share",
        ),
        pytest.param(
            {"answer": "amount", "share_at_most": "50", "of": "cost"},
            {"amount": "80000.01", "cost": "160000.00"}, False, id="a cent over the share",
        ),
        pytest.param(
            {"answer": "amount", "share_at_most": "50", "of": "cost"}, {"amount": "1"}, None,
            id="the whole is missing",
        ),
        pytest.param(
            {"answer": "amount", "share_at_most": "50", "of": "cost"},
            {"amount": "1", "cost": "0"}, False, id="a share of nothing",
        ),
        pytest.param(
            {"answer": "amount", "sum_at_least": "100", "and": "equity", "of": "cost"},
            {"amount": "80", "equity": "20", "cost": "100"}, True, id="together they reach it",
        ),
        pytest.param(
            {"answer": "amount", "sum_at_least": "100", "and": "equity", "of": "cost"},
            {"amount": "79", "equity": "20", "cost": "100"}, False, id="together they do not",
        ),
        pytest.param(
            {"answer": "amount", "sum_at_least": "100", "and": "equity", "of": "cost"},
            {"amount": "79", "cost": "100"}, None, id="one of the two is missing",
        ),
        pytest.param(
            {"any": [SMALL, UNLISTED]}, {"employees": 999, "listed": "no"}, True,
            id="any: one holds",
        ),
        pytest.param(
            {"any": [SMALL, UNLISTED]}, {"employees": 9}, True,
            id="any: one holds, the other is missing",
        ),
        pytest.param(
            {"any": [SMALL, UNLISTED]}, {"employees": 999}, None,
            id="any: one fails, the other is missing",
        ),
        pytest.param(
            {"any": [SMALL, UNLISTED]}, {"employees": 999, "listed": "yes"}, False,
            id="any: none holds",
        ),
        pytest.param(
            {"all": [SMALL, UNLISTED]}, {"employees": 9, "listed": "no"}, True, id="all hold"
        ),
        pytest.param(
            {"all": [SMALL, UNLISTED]}, {"employees": 999}, False,
            id="all: one fails, whatever is missing",
        ),
        pytest.param(
            {"all": [SMALL, UNLISTED]}, {"employees": 9}, None,
            id="all: one holds, the other is missing",
        ),
        pytest.param({"not": UNLISTED}, {"listed": "yes"}, True, id="not: the contrary holds"),
        pytest.param({"not": UNLISTED}, {"listed": "no"}, False, id="not: the contrary fails"),
        pytest.param({"not": UNLISTED}, {}, None, id="not: nothing is known"),
        pytest.param(
            {"answer": "uses", "includes": "machine"}, {"uses": ["machine", "course"]}, True,
            id="one of those chosen",
        ),
        pytest.param(
            {"answer": "uses", "includes": "machine"}, {"uses": ["course"]}, False,
            id="none of those chosen",
        ),
        pytest.param(
            {"answer": "uses", "includes": "machine"}, {"uses": []}, None, id="nothing is chosen"
        ),
        pytest.param(
            {"answer": "uses", "includes": "machine"}, {"uses": "machine"}, False,
            id="one answer is no choice of several",
        ),
        pytest.param(
            {"answer": "instalments", "is": 24}, {"instalments": "24"}, True,
            id="a number is the same as text",
        ),
        pytest.param({"answer": "ready", "is": True}, {"ready": True}, True, id="it is so"),
        pytest.param({"answer": "ready", "is": True}, {"ready": 1}, False, id="one is not yes"),
        pytest.param(
            {"answer": "employees", "at_most": 5}, {"employees": "many"}, None,
            id="words are no number",
        ),
        pytest.param(
            {"any": [{"all": [SMALL, LOCAL]}, UNLISTED]},
            {"employees": 9, "local_share": 10, "listed": "no"}, True, id="tests stand in tests",
        ),
    ],
)  # fmt: skip
def test_a_rule_finds(test: dict[str, Any], answers: dict[str, Any], holds: bool | None) -> None:
    rule = Rule("rule", "Sentence.", "Clause", test)
    assert mistakes(test, "rule") == []
    assert check((rule,), answers) == (Result(rule, holds),)


@pytest.mark.parametrize(
    ("test", "facts", "holds"),
    [
        pytest.param(SME, {"size": "small"}, True, id="a fact is one of several"),
        pytest.param(SME, {"size": "undetermined"}, False, id="what cannot be told is none"),
        pytest.param(SME, {}, None, id="a fact nobody gathered leaves it open"),
        pytest.param(
            {"fact": "other_applications", "at_most": 0}, {"other_applications": 0}, True,
            id="no other case under way",
        ),
        pytest.param(
            {"fact": "other_applications", "at_most": 0}, {"other_applications": 1}, False,
            id="one is under way",
        ),
        pytest.param(
            {"not": {"fact": "registry", "is": "struck_off"}}, {"registry": "format_checked"}, True,
            id="a fact is not what it may not be",
        ),
        pytest.param(
            {"all": [SME, {"fact": "certificate:credit", "is": "valid"}]},
            {"size": "micro", "certificate:credit": "expired"}, False,
            id="facts stand beside each other",
        ),
    ],
)  # fmt: skip
def test_a_rule_asks_facts(test: dict[str, Any], facts: dict[str, Any], holds: bool | None) -> None:
    assert mistakes(test, "rule") == []
    (found,) = check((Rule("rule", "", "", test),), {"size": "large"}, facts)
    assert found.holds is holds


def test_every_rule_is_asked_in_the_order_of_the_scheme() -> None:
    rules = tuple(
        Rule(name, "", "", test) for name, test in (("b", SMALL), ("a", LOCAL), ("c", UNLISTED))
    )
    found = check(rules, {"employees": 500, "local_share": 10, "listed": "yes"})
    assert [(one.rule.name, one.holds) for one in found] == [
        ("b", False),
        ("a", False),
        ("c", False),
    ]


@pytest.mark.parametrize(
    ("test", "found"),
    [
        pytest.param(
            {"answer": "a", "above": 1}, ["r: above, answer is not the form of a test."],
            id="an unknown word",
        ),
        pytest.param({}, ["r: nothing is not the form of a test."], id="nothing"),
        pytest.param(
            {"answer": "a"}, ["r: answer is not the form of a test."], id="no comparison"
        ),
        pytest.param(
            {"answer": "a", "at_least": 1, "at_most": 2},
            ["r: answer, at_least, at_most is not the form of a test."], id="two comparisons",
        ),
        pytest.param(
            {"answer": "a", "share_at_most": "50"},
            ["r: answer, share_at_most is not the form of a test."], id="a share of nothing",
        ),
        pytest.param(
            {"any": [SMALL], "answer": "a"},
            ["r: any must stand alone and hold a list of tests."], id="any beside another word",
        ),
        pytest.param(
            {"all": SMALL}, ["r: all must stand alone and hold a list of tests."],
            id="all without a list",
        ),
        pytest.param(
            {"any": []}, ["r: any must stand alone and hold a list of tests."], id="any of nothing"
        ),
        pytest.param(
            {"not": SMALL, "all": [SMALL]}, ["r: not must stand alone and hold a test."],
            id="not beside another word",
        ),
        pytest.param({"not": []}, ["r.not: expected a table."], id="not without a test"),
        pytest.param("a", ["r: expected a table."], id="a bare word"),
        pytest.param(
            {"fact": 1, "is": "a"}, ["r: fact names a question or a fact."], id="a nameless fact"
        ),
        pytest.param({"answer": "a", "at_most": "much"}, ["r: at_most is a number."], id="words"),
        pytest.param({"answer": "a", "one_of": "b"}, ["r: one_of is a list."], id="one of one"),
        pytest.param(
            {"answer": "a", "is": 0.5},
            ["r: is is not written as a number with a point; write it as text."], id="a float",
        ),
        pytest.param(
            {"any": [SMALL, {"all": [{"answer": "a", "like": "b"}, {}]}]},
            [
                "r.any[1].all[0]: answer, like is not the form of a test.",
                "r.any[1].all[1]: nothing is not the form of a test.",
            ],
            id="all mistakes inside are named with their place",
        ),
    ],
)  # fmt: skip
def test_a_test_that_is_written_wrongly_is_named(test: dict[str, Any], found: list[str]) -> None:
    assert mistakes(test, "r") == found


def test_a_rule_tells_which_answers_it_looks_at() -> None:
    share = {"answer": "amount", "sum_at_least": "100", "and": "equity", "of": "cost"}
    test = {"any": [{"all": [SMALL, LOCAL]}, share]}
    assert needs(test) == {"employees", "local_share", "amount", "equity", "cost"}
    assert facts_needed({"any": [test, {"not": SME}]}) == {"size"}
