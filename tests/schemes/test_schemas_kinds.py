"""What each kind of question takes, in every country's shapes, and how the answer is kept."""

from typing import Any

import pytest

from app.schemes.schemas import by_question, draft, filled, problems, sent, shown, sums, well_formed
from tests.factories import invalid
from tests.schemes.every_kind import AMOUNT, ANSWERS, COST, terms
from workflows.format.reading import Malformed

EVERY = terms()
ROW = {"item": "Roaster", "group": "tool", "value": "2", "price": "10"}
PARTNER = {"name": "A", "share": "50"}
NUMBER, PER_CENT = (
    "Enter a number in digits, such as 12.5.",
    "Enter a percentage in digits, such as 12.5.",
)
ANEW, ROWS = "Answer this question anew.", "Fill in at least one row."


def wrong(key: str, value: Any, country: str = "") -> dict[str, list[str]]:
    """Return what is wrong with one answer among good ones."""
    return problems(EVERY, {**ANSWERS, key: value}, country)


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        pytest.param("profit", "12.50", "12.5", id="idle zeros are dropped"),
        pytest.param("profit", "-500", "-500", id="the least number"),
        pytest.param("profit", "0", "0", id="nothing"),
        pytest.param("profit", "-0.0", "0", id="nothing below nothing"),
        pytest.param("local_share", "33.33 %", "33.33", id="a percentage with its sign"),
        pytest.param("markets", ["asean"], ["asean"], id="one of several"),
        pytest.param("markets", "asean", ["asean"], id="one of several as text"),
        pytest.param("phone", "+60 3-2775 6000", "+60327756000", id="a phone with its country"),
        pytest.param("postcode", "50 470", "50470", id="a postcode with a blank"),
        pytest.param("bank_bic", "CONTMYKL", "CONTMYKL", id="a short BIC"),
        pytest.param("bank_account", "1234 5678 9012", "123456789012", id="an account in groups"),
        pytest.param("partners", [PARTNER, PARTNER],
                     [{"name": "A", "share": 50}] * 2, id="a table of two"),
        pytest.param("plan", "17", "17", id="the number of a document"),
    ],
)  # fmt: skip
def test_an_answer_is_kept_in_its_usual_form(key: str, value: Any, kept: Any) -> None:
    assert wrong(key, value) == {}
    assert well_formed(EVERY, {**ANSWERS, key: value})[key] == kept


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        pytest.param("profit", "1,5", NUMBER, id="a decimal comma"),
        pytest.param("profit", "1e2", NUMBER, id="powers of ten"),
        pytest.param("profit", "NaN", NUMBER, id="not a number"),
        pytest.param("profit", "-500.01", "Enter a number from -500 to 500.", id="too little"),
        pytest.param("profit", "1.1234567", NUMBER, id="seven decimals"),
        pytest.param("local_share", "-1", PER_CENT, id="less than nothing"),
        pytest.param("local_share", "100.01", "Enter a number from 0 to 100.", id="over the whole"),
        pytest.param("local_share", "all", PER_CENT, id="a word"),
        pytest.param("employees", "1001", "Enter a number from 0 to 1,000.", id="too many"),
        pytest.param("markets", [], "Choose one or more of the options.", id="none chosen"),
        pytest.param("markets", ["moon"], "Choose among the options.", id="no option"),
        pytest.param("markets", ["home", "home"], "Choose each option once.", id="twice the same"),
        pytest.param("markets", ["home", "asean", "far"], "Choose at most 2 of the options.", id="too many options"),
        pytest.param("markets", [["home"]], ANEW, id="a list in a list"),
        pytest.param("project_title", ["a"], ANEW, id="a list where a text belongs"),
        pytest.param("project_title", True, ANEW, id="a flag"),
        pytest.param("begins", "20270115", "Enter a date such as 2026-11-22.", id="a day without hyphens"),
        pytest.param("begins", "2027-W03-5", "Enter a date such as 2026-11-22.", id="a day of a week"),
        pytest.param("plan", "", "Choose a file.", id="no file"),
        pytest.param("plan", "-1", "Choose a file.", id="no document has this number"),
        pytest.param("budget", [], ROWS, id="no row"),
        pytest.param("budget", [{"item": ""}], ROWS, id="a blank row only"),
        pytest.param("budget", "a lot", ANEW, id="a text where a table belongs"),
        pytest.param("budget", ["a"], ANEW, id="a list of texts where a table belongs"),
        pytest.param("budget", [ROW] * 5, "Fill in at most 4 rows.", id="a row too many"),
        pytest.param("partners", [PARTNER], "Fill in at least 2 rows.", id="a row too few"),
    ],
)  # fmt: skip
def test_an_answer_is_refused(key: str, value: Any, said: str) -> None:
    assert wrong(key, value)[key] == [said]


@pytest.mark.parametrize(
    ("key", "country", "value"),
    [
        pytest.param("phone", "MY", "12", id="a phone of two digits"),
        pytest.param("postcode", "MY", "5047", id="a Malaysian postcode of four digits"),
        pytest.param("postcode", "SG", "50470", id="a postcode of Singapore of five digits"),
        pytest.param("bank_bic", "MY", "CONT", id="half a BIC"),
        pytest.param("bank_account", "MY", "x", id="an account in letters"),
        pytest.param("bank_account", "TL", "98765432109876", id="no IBAN in Timor-Leste"),
    ],
)
def test_a_shape_is_that_of_the_country_of_the_enterprise(key, country, value) -> None:
    assert key not in wrong(key, ANSWERS[key], "MY")
    assert key in wrong(key, value, country)


def test_everything_wrong_in_a_table_is_told_by_its_cell() -> None:
    rows = [
        {**ROW, "value": "x", "price": "1.234"},
        {"item": ""},
        {"group": "gift", "price": "MYR 5"},
    ]
    answers = {**ANSWERS, "budget": rows, "employees": "many"}
    found = problems(EVERY, answers)
    assert found == {
        "employees": ["Enter a whole number in digits."],
        "budget.0.value": [NUMBER],
        "budget.0.price": ["MYR amounts have 2 decimals."],
        "budget.2.item": ["Answer this question."],
        "budget.2.group": ["Choose one of the options."],
        "budget.2.value": ["Answer this question."],
    }
    assert by_question(EVERY, found)["budget"][1] == (
        "Row 1, Price of one: MYR amounts have 2 decimals."
    )
    # What can be worked out in a row is shown, whatever is wrong in another.
    assert shown(EVERY, answers)["budget"] == [rows[0], rows[2] | {"price": "5.00"}]


# What is worked out


def test_what_is_computed_is_worked_out_to_the_sen() -> None:
    found = well_formed(EVERY, ANSWERS)
    assert [row["cost"] for row in found["budget"]] == ["60000.10", "1500.00"]
    assert (found["project_cost"], found["amount"], found["weight"]) == (COST, AMOUNT, "1.28")
    assert sums(EVERY, shown(EVERY, ANSWERS)) == {"budget": {"cost": COST}}


@pytest.mark.parametrize(
    ("value", "price", "cost", "amount"),
    [
        pytest.param("1", "0.01", "0.01", "0.00", id="half a sen is rounded down"),
        pytest.param("0.333333", "10001", "3333.66", "1666.83", id="each row is rounded down"),
        pytest.param("3", "10000.01", "30000.03", "15000.01", id="no more than the share"),
    ],
)
def test_a_computed_amount_is_never_rounded_up(value, price, cost, amount) -> None:
    rows = [{**ROW, "value": value, "price": price}]
    found = well_formed(EVERY, {**ANSWERS, "budget": rows})
    assert (found["project_cost"], found["amount"]) == (cost, amount)


TOO_LARGE = "This is worked out from other answers, and one of them is missing or too large."


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({"turnover": "0"}, {"weight": [TOO_LARGE]}, id="a share of nothing"),
        pytest.param(
            {"budget": [{**ROW, "value": "999999999999", "price": "999999999999999.99"}]},
            {"project_cost": [TOO_LARGE]},
            id="beyond all amounts",
        ),
        pytest.param(
            {"budget": [{**ROW, "value": "x"}]}, {"budget.0.value": [NUMBER]},
            id="what rests on a wrong answer is not told of beside it",
        ),
        pytest.param(
            {"budget": [{**ROW, "price": "150000"}]},
            {"large": ["Answer this question."]},
            id="a large amount asks a further question",
        ),
        pytest.param(
            {"budget": [{**ROW, "price": "200000.01"}], "large": "Two lines."},
            {"amount": ["The scheme gives at most MYR 200,000.00."]},
            id="a computed amount over the ceiling",
        ),
        pytest.param(
            {"budget": [{**ROW, "price": "4999.99"}]},
            {"amount": ["The scheme starts at MYR 5,000.00."]},
            id="a computed amount under the floor",
        ),
    ],
)  # fmt: skip
def test_what_is_computed_is_checked(changed: dict[str, Any], found: dict[str, list[str]]) -> None:
    assert problems(EVERY, {**ANSWERS, **changed}) == found


def test_the_amount_comes_to_money() -> None:
    old = 'unit = "money", value = {multiply = ["project_cost"'
    with pytest.raises(Malformed, match="question 'amount' comes to money"):
        terms((old, old.replace("money", "percent")))


# Questions on a condition


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        pytest.param({}, set(), id="none"),
        pytest.param({"listed_parent": "yes"}, {"parent", "letter"}, id="two by one answer"),
        pytest.param(
            {"listed_parent": "yes", "parent": "Besar Bhd"},
            {"parent", "letter", "parent_share"}, id="a chain",
        ),
        pytest.param(
            {"listed_parent": "no", "parent": "Besar Bhd"}, set(),
            id="a hidden answer counts as not given",
        ),
        pytest.param(
            {"listed_parent": "perhaps", "parent": "Besar Bhd"}, set(),
            id="a wrong answer counts as not given",
        ),
        pytest.param({"markets": ["far"]}, {"permit", "office"}, id="by one of several"),
        pytest.param({"markets": ["moon", "far"]}, set(), id="by several of which one is wrong"),
        pytest.param({"markets": []}, set(), id="not the contrary of what was not answered"),
        pytest.param(
            {"budget": [{**ROW, "price": "150000"}]}, {"large"}, id="by what was worked out"
        ),
    ],
)  # fmt: skip
def test_a_question_is_asked_where_its_condition_holds(changed, asked) -> None:
    conditional = {q.key for q in EVERY.questions if q.when}
    assert filled(EVERY, {**ANSWERS, **changed}).asked & conditional == asked


def test_what_is_not_asked_is_neither_checked_nor_kept() -> None:
    answers = {**ANSWERS, "parent": "x" * 41, "office": "Somewhere", "letter": "nothing"}
    found = filled(EVERY, answers)
    assert found.problems == {}
    assert {"parent", "office", "letter"} & (
        found.values.keys() | shown(EVERY, answers).keys()
    ) == set()


# What a page sends, and what a draft may hold


def test_a_page_sends_tables_and_several_choices() -> None:
    form = {
        "budget.1.item": ["Second"], "budget.0.item": ["First"], "budget.0.cost": ["9"],
        "budget.0.colour": ["red"], "budget.x.item": ["no row"], "budget.00000.item": ["far out"],
        "budget.7.item": [""], "markets": ["home", "far"], "amount": ["1"], "plan": ["1"],
        "csrf_token": ["secret"], "sector": ["services", "manufacturing"],
    }  # fmt: skip
    asked = tuple(
        q
        for q in EVERY.questions
        if q.key in {"budget", "markets", "amount", "plan", "sector", "truth"}
    )
    found = sent(asked, form)
    assert found == {
        "budget": [{"item": "First"}, {"item": "Second"}, {"item": ""}],
        "markets": ["home", "far"], "sector": "services", "truth": "",
    }  # fmt: skip
    assert draft(EVERY, found)["budget"] == [{"item": "First"}, {"item": "Second"}]


WORKED_OUT = "This is worked out from other answers. Leave it out."
TABLE = "Give a list of rows, each a table of text by column."


@pytest.mark.parametrize(
    ("key", "given", "place", "said"),
    [
        pytest.param("amount", "5000", "amount", WORKED_OUT, id="a computed answer typed"),
        pytest.param("amount", None, "amount", WORKED_OUT, id="a computed answer as nothing"),
        pytest.param("budget", [{**ROW, "cost": "1"}], "budget.0.cost", WORKED_OUT, id="a computed cell typed"),
        pytest.param("budget", [ROW, {"colour": "red"}], "budget.1",
                     "The columns are item, group, value, price, cost, note.", id="no such column"),
        pytest.param("budget", {"0": ROW}, "budget", TABLE, id="a table of tables"),
        pytest.param("budget", [[ROW]], "budget", TABLE, id="rows that are lists"),
        pytest.param("budget", 5, "budget", TABLE, id="a number for a table"),
        pytest.param("budget", [ROW] * 10_000, "budget", "Give at most 4 rows.", id="ten thousand rows"),
        pytest.param("budget", [{"item": "a" * 3999}] * 26, "budget",
                     "Use at most 100,000 characters in the whole table.", id="a table of a book"),
        pytest.param("budget", [{"item": ["a"]}], "budget.0.item",
                     "Give one value as text or a whole number.", id="a list in a cell"),
        pytest.param("budget", [{"item": "a\x00"}], "budget.0.item",
                     "Remove the control characters from the text.", id="a NUL in a cell"),
        pytest.param("budget", [{"item": "\ud800"}], "budget.0.item",
                     "Remove the control characters from the text.", id="half a character in a cell"),
        pytest.param("budget", [{"item": "a" * 4001}], "budget.0.item",
                     "Use at most 4000 characters.", id="a long cell"),
        pytest.param("employees", 10**6000, "employees", "Use at most 4000 characters.", id="an endless number"),
        pytest.param("markets", {"home": "yes"}, "markets", "Give a list of options.", id="a table of choices"),
        pytest.param("markets", ["home"] * 101, "markets", "Give a list of options.", id="a hundred choices"),
        pytest.param("markets", [1], "markets", "Give a list of options.", id="a number for a choice"),
        pytest.param("markets", ["\x00"], "markets", "Remove the control characters from the text.", id="a NUL for a choice"),
        pytest.param("plan", ["1"], "plan", "Give one value as text or a whole number.", id="several files"),
    ],
)  # fmt: skip
def test_a_draft_refuses_by_place_what_no_form_can_send(key, given, place, said) -> None:
    with invalid(place) as errors:
        draft(EVERY, {key: given, "sector": "services"})
    assert errors[place] == [said]
