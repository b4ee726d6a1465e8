"""The JSON Schema of a form: what it accepts the form accepts, and the other way round, as far as a schema can say it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from app.errors import Invalid
from app.schemes.commands import CATALOGUE
from app.schemes.compose.described import described
from app.schemes.compose.reading import scheme_terms
from app.schemes.compose.terms import Question, SchemeTerms
from app.schemes.compose.whole import whole
from app.schemes.schemas import draft, problems
from tests.answers import GRANT_ANSWERS, LOAN_ANSWERS
from tests.interface import API, Interface
from tests.schemes.every_kind import ANSWERS, CALL, terms
from tests.world import World

EVERY = terms()
SHIPPED = {path.stem: path for path in sorted(CATALOGUE.glob("*.toml"))}
# What no schema can say of text: how large a number in it is, and which numbers were ever given out.
UNSAID = ("Enter a number from", "The scheme gives", "The scheme starts", "This is worked out")
SHAPES = {"account", "bic", "phone", "postcode"}


def validator(found: SchemeTerms) -> Draft202012Validator:
    schema = described(found)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


SCHEMA = validator(EVERY)


def refused(answers: dict[str, Any]) -> dict[str, list[str]]:
    """Return what the form says against answers that a program sends."""
    try:
        return problems(EVERY, draft(EVERY, answers))
    except Invalid as error:
        return error.errors


def unsaid(wrong: dict[str, list[str]]) -> bool:
    """Tell whether nothing is wrong but what a schema cannot say."""
    kinds = {question.key: question.kind for question in EVERY.questions}
    return all(
        kinds[place.partition(".")[0]] in SHAPES or place == "large" or said[0].startswith(UNSAID)
        for place, said in wrong.items()
    )


LINES = st.text("aZ09 .,-%é", max_size=60).map(str.strip)
NUMBERS = st.one_of(
    st.integers(-600, 1200),
    st.integers(-600, 1200).map(str),
    st.decimals(-600, 600, places=2).map(str),
    st.sampled_from(["12.", ".5", "1e2", "12 %", "1,000", "999999999999", "0012", "MYR 5", "myr 7.5", "USD 5", "1.230", "1.234"]),
    st.fixed_dictionaries({"amount": st.sampled_from(["5", 5, "x"]), "currency": st.sampled_from(["MYR", "VND"])}),
)  # fmt: skip
DAYS = st.one_of(
    st.dates().map(str), st.sampled_from(["2027-02-30", "20270115", "tomorrow", "2027-1-5"])
)


NOTHING = st.sampled_from(["", None])
FILES = st.sampled_from(["1", "17", "0", "x", "9" * 30])
KINDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("whole_number", "number", "money", "percent"), NUMBERS),
    "computed": st.just("5"),
    "file": FILES,
    "date": DAYS,
}


def values(question: Question) -> st.SearchStrategy[Any]:
    """Return answers to a question, good and bad."""
    options = st.sampled_from([*question.choices, "yes", "moon"])
    found = KINDS.get(question.kind, LINES)
    if question.kind == "table":
        columns = {column.key: values(asked(column)) for column in question.columns}
        rows = st.lists(st.fixed_dictionaries({}, optional=columns), max_size=6)
        found = st.one_of(rows, st.just("a"))
    elif question.kind == "choices":
        found = st.lists(options, max_size=4)
    elif question.kind in {"choice", "declaration"}:
        found = options
    return st.one_of(found, NOTHING)


def asked(column: Any) -> Question:
    return Question(column.key, column.label, column.kind, choices=column.choices)


CHANGES = st.fixed_dictionaries(
    {}, optional={question.key: values(question) for question in EVERY.questions}
)


@settings(max_examples=100, deadline=None)
@given(changes=CHANGES, removed=st.sets(st.sampled_from(sorted(ANSWERS)), max_size=2))
def test_schema_and_form_agree(changes: dict[str, Any], removed: set[str]) -> None:
    answers = {k: v for k, v in {**ANSWERS, **changes}.items() if k not in removed}
    wrong = refused(answers)
    found = sorted(error.message for error in SCHEMA.iter_errors(answers))
    if found:
        assert wrong, found
    else:
        assert unsaid(wrong), wrong


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_schema_and_form_agree_on_one_answer(data: Any) -> None:
    question = data.draw(st.sampled_from(EVERY.questions))
    answers = {**ANSWERS, question.key: data.draw(values(question))}
    wrong = refused(answers)
    assert unsaid(wrong) if SCHEMA.is_valid(answers) else wrong


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        pytest.param({"listed_parent": "yes"}, "parent", id="asked by an answer"),
        pytest.param({"markets": ["far"]}, "permit", id="asked by one of several"),
        pytest.param({"listed_parent": "yes"}, "letter", id="a file asked by an answer"),
    ],
)
def test_a_question_is_required_where_its_condition_holds(changed, missing) -> None:
    assert SCHEMA.is_valid(ANSWERS)
    messages = [error.message for error in SCHEMA.iter_errors({**ANSWERS, **changed})]
    assert f"{missing!r} is a required property" in messages


def test_a_condition_nobody_can_say_is_told_as_the_scheme_writes_it() -> None:
    found = SCHEMA.schema["properties"]
    assert found["large"]["x-when"] == {"answer": "amount", "at_least": "100000"}
    assert found["parent_share"]["x-when"] == {
        "answer": "parent",
        "one_of": ["Besar Bhd", "Raya Bhd"],
    }


def test_a_schema_has_the_words_of_every_language() -> None:
    sector = SCHEMA.schema["properties"]["sector"]
    assert (sector["title"], sector["x-kind"]) == ("Sector", "choice")
    assert sector["x-languages"]["ms"] == {
        "sector": "Sektor",
        "sector:manufacturing": "Pembuatan",
        "sector:services": "Perkhidmatan",
    }
    assert SCHEMA.schema["x-sections"][0] == {
        "key": "firm",
        "title": "Your enterprise",
        "x-languages": {"ms": "Perusahaan anda"},
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scheme_has_a_schema(name: str) -> None:
    found = scheme_terms(whole(SHIPPED[name].read_text("utf-8")))
    good = {"my_bap": GRANT_ANSWERS, "vn_smedf": LOAN_ANSWERS}.get(name)
    schema = validator(found)
    assert set(schema.schema["properties"]) == {question.key for question in found.questions}
    assert good is None or schema.is_valid(good)


@pytest.mark.one_database
def test_the_interface_describes_the_form_of_a_call(world: World) -> None:
    stranger = Interface(world.app, "applicant.vn")
    answer = stranger.get(f"{API}/calls/MY-BAP-2026/form")
    assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
    assert Draft202012Validator(answer.get_json(force=True)).is_valid(GRANT_ANSWERS)
    assert stranger.get(f"{API}/calls/{CALL}/form").status_code == 404
