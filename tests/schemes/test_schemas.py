"""A scheme's form: what each question takes, and what a draft may hold."""

from typing import Any

import pytest

from app.schemes.commands import CATALOGUE
from app.schemes.compose.reading import scheme_terms
from app.schemes.compose.terms import SchemeTerms
from app.schemes.schemas import draft, form, problems, well_formed
from tests.answers import GRANT_ANSWERS, LOAN_ANSWERS
from tests.factories import invalid
from tests.schemes.texts import plain

GRANT = scheme_terms((CATALOGUE / "my_bap.toml").read_text("utf-8"))
LOAN = scheme_terms((CATALOGUE / "vn_smedf.toml").read_text("utf-8"))
DATED = scheme_terms(
    plain("my_bap")
    .replace('key = "project_title"\nlabel', 'key = "begins"\nlabel = "When?"\nkind = "date"\nrequired = false\n'
             '[[sections.questions]]\nkey = "project_title"\nlabel')
)  # fmt: skip
ANSWER, CHOOSE, CONFIRM = (
    "Answer this question.",
    "Choose one of the options.",
    "Confirm this to go on.",
)
DIGITS = "Enter a whole number in digits."


def asked(terms: SchemeTerms, key: str, value: str) -> list[str]:
    """Return what is wrong with one answer among good ones."""
    answers = GRANT_ANSWERS if terms.currency == "MYR" else LOAN_ANSWERS
    return problems(terms, {**answers, key: value}).get(key, [])


@pytest.mark.parametrize(
    ("terms", "key", "value", "sentences"),
    [
        pytest.param(GRANT, "sector", "manufacturing", [], id="an option"),
        pytest.param(GRANT, "sector", "mining", [CHOOSE], id="no option"),
        pytest.param(GRANT, "sector", "", [CHOOSE], id="no choice made"),
        pytest.param(GRANT, "employees", "0", [], id="nobody"),
        pytest.param(GRANT, "employees", "100000", [], id="the most"),
        pytest.param(
            GRANT, "employees", "100001", ["Enter a number from 0 to 100,000."], id="one too many"
        ),
        pytest.param(GRANT, "employees", "-1", [DIGITS], id="less than nobody"),
        pytest.param(GRANT, "employees", "24.5", [DIGITS], id="half a person"),
        pytest.param(GRANT, "employees", "1e2", [DIGITS], id="powers of ten"),
        pytest.param(GRANT, "employees", "1_0", [DIGITS], id="underscores"),
        pytest.param(GRANT, "employees", "\u0661\u0662", [DIGITS], id="Arabic-Indic digits"),
        pytest.param(GRANT, "employees", "9" * 5000, [DIGITS], id="an absurd number"),
        pytest.param(GRANT, "employees", "", [ANSWER], id="no answer"),
        pytest.param(LOAN, "instalments", "6", [], id="the fewest instalments"),
        pytest.param(LOAN, "instalments", "84", [], id="the most instalments"),
        pytest.param(LOAN, "instalments", "5", ["Enter a number from 6 to 84."], id="too few"),
        pytest.param(LOAN, "instalments", "85", ["Enter a number from 6 to 84."], id="too many"),
        pytest.param(GRANT, "turnover", "2,400,000.00", [], id="an amount in groups"),
        pytest.param(GRANT, "turnover", "MYR 5", [], id="an amount with its currency"),
        pytest.param(
            GRANT, "turnover", "USD 5", ["Amounts here are in MYR, not USD."], id="another currency"
        ),
        pytest.param(
            GRANT, "turnover", "2.405", ["MYR amounts have 2 decimals."], id="finer than a sen"
        ),
        pytest.param(
            LOAN, "turnover", "2.5", ["VND amounts have no decimals."], id="dong with cents"
        ),
        pytest.param(LOAN, "turnover", "42.000.000.000", [], id="dong in groups by points"),
        pytest.param(GRANT, "amount", "200000.00", [], id="the ceiling"),
        pytest.param(
            GRANT, "amount", "200000.01", ["The scheme gives at most MYR 200,000.00."],
            id="a sen over the ceiling",
        ),
        pytest.param(GRANT, "amount", "5000", [], id="the floor"),
        pytest.param(
            GRANT, "amount", "4999.99", ["The scheme starts at MYR 5,000.00."],
            id="a sen under the floor",
        ),
        pytest.param(GRANT, "amount", "0", ["The scheme starts at MYR 5,000.00."], id="nothing"),
        pytest.param(GRANT, "project_title", "x" * 120, [], id="the longest title"),
        pytest.param(
            GRANT, "project_title", "x" * 121, ["Use at most 120 characters."], id="a longer title"
        ),
        pytest.param(GRANT, "bank_bic", "CONTMYKL", [], id="a short BIC"),
        pytest.param(
            GRANT, "bank_bic", "contmykl",
            ["A BIC has 8 or 11 capital letters and digits, such as CONTMYKLXXX."],
            id="a BIC in small letters",
        ),
        pytest.param(
            GRANT, "bank_account", "1234-5678",
            ["Enter the digits of the account number without spaces."], id="an account with dashes",
        ),
        pytest.param(
            GRANT, "bank_account", "123456\n",
            ["Enter the digits of the account number without spaces."], id="a line behind it",
        ),
        pytest.param(GRANT, "truth", "yes", [], id="confirmed"),
        pytest.param(GRANT, "truth", "no", [CONFIRM], id="not confirmed"),
        pytest.param(GRANT, "truth", "", [CONFIRM], id="nothing said"),
        pytest.param(DATED, "begins", "2026-11-22", [], id="a day"),
        pytest.param(DATED, "begins", "", [], id="no day where none is required"),
        pytest.param(
            DATED, "begins", "22/11/2026", ["Enter a date such as 2026-11-22."], id="another form"
        ),
        pytest.param(
            DATED, "begins", "2026-02-30", ["Enter a date such as 2026-11-22."], id="no such day"
        ),
    ],
)  # fmt: skip
def test_a_question_takes(terms: SchemeTerms, key: str, value: str, sentences: list[str]) -> None:
    assert asked(terms, key, value) == sentences


@pytest.mark.parametrize(("terms", "answers"), [(GRANT, GRANT_ANSWERS), (LOAN, LOAN_ANSWERS)])
def test_good_answers_have_no_problem(terms: SchemeTerms, answers: dict[str, str]) -> None:
    assert problems(terms, answers) == {}


def test_an_empty_form_names_every_question() -> None:
    assert set(problems(GRANT, {})) == {question.key for question in GRANT.questions}


def test_well_formed_answers_are_typed_and_the_others_left_out() -> None:
    found = well_formed(GRANT, {**GRANT_ANSWERS, "sector": "mining", "project_title": ""})
    assert (found["employees"], found["turnover"], found["amount"]) == (
        24,
        "2400000.00",
        "80000.00",
    )
    assert {"sector", "project_title"} & set(found) == set()


def test_a_form_is_built_once() -> None:
    assert form(GRANT) is form(GRANT)
    assert form(GRANT) is not form(LOAN)


# Drafts


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param({"employees": "many"}, {"employees": "many"}, id="a wrong answer is kept"),
        pytest.param({"employees": 24}, {"employees": "24"}, id="a number is kept as text"),
        pytest.param({"employees": None}, {"employees": ""}, id="nothing is kept as no answer"),
        pytest.param(
            {"amount": {"amount": "80000.00", "currency": "MYR"}}, {"amount": "MYR 80000.00"},
            id="an amount with its currency",
        ),
        pytest.param({"purpose": " a\r\nb "}, {"purpose": "a\nb"}, id="blanks around are dropped"),
        pytest.param({"purpose": "e\u0301"}, {"purpose": "é"}, id="letters are composed"),
        pytest.param({"purpose": "x" * 4000}, {"purpose": "x" * 4000}, id="a very long text"),
    ],
)  # fmt: skip
def test_a_draft_holds_what_was_typed(given: dict[str, Any], kept: dict[str, str]) -> None:
    assert draft(GRANT, given) == kept


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param({"colour": "red"}, "The scheme does not ask this.", id="an unknown question"),
        pytest.param(
            {"purpose": ["a"]}, "Give one value as text or a whole number.", id="a list"
        ),
        pytest.param({"purpose": 1.5}, "Give one value as text or a whole number.", id="a float"),
        pytest.param({"truth": True}, "Give one value as text or a whole number.", id="a flag"),
        pytest.param(
            {"amount": {"amount": "1"}}, "Give one value as text or a whole number.",
            id="an amount without its currency",
        ),
        pytest.param({"purpose": "x" * 4001}, "Use at most 4000 characters.", id="too long"),
        pytest.param(
            {"purpose": "a\x00b"}, "Remove the control characters from the text.", id="a NUL"
        ),
        pytest.param(
            {"purpose": "a\ud800b"}, "Remove the control characters from the text.",
            id="half a character",
        ),
        pytest.param(
            {"amount": {"amount": "1\ud800", "currency": "MYR"}},
            "Remove the control characters from the text.", id="half a character in an amount",
        ),
        pytest.param(
            {"amount": {"amount": "1", "currency": "\x00"}},
            "Remove the control characters from the text.", id="a NUL for a currency",
        ),
    ],
)  # fmt: skip
def test_a_draft_refuses_what_no_form_can_send(given: dict[str, Any], sentence: str) -> None:
    with invalid(*given) as errors:
        draft(GRANT, given)
    assert list(errors.values()) == [[sentence]]


def test_a_draft_names_everything_that_is_wrong() -> None:
    with invalid("colour", "purpose", "turnover"):
        draft(GRANT, {"colour": "red", "purpose": "\x00", "turnover": [], "sector": "services"})
