"""The columns of a file, for every kind of question a form may ask."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.intake.compose import Reader, Row, misfits, read
from app.intake.compose.columns import FIXED, expected, of_answers, of_documents
from app.intake.compose.rows import doubled
from app.schemes.commands import CATALOGUE
from app.schemes.compose.reading import scheme_terms
from app.schemes.compose.terms import Column, DocumentKind, Question, SchemeTerms, Section
from app.schemes.compose.whole import whole
from tests.intake.files import FIXED as FILLED
from tests.intake.files import as_csv

ITEMS = Question(
    "budget",
    "What will it cost?",
    "table",
    minimum=1,
    maximum=4,
    columns=(
        Column("item", "Item", "text"),
        Column("cost", "Cost", "money", total=True),
        Column("note", "Note", "text", required=False),
    ),
)
MARKETS = Question("markets", "Where?", "choices", choices={"my": "Malaysia", "sg": "Singapore"})
ABROAD = Question(
    "abroad", "What is sold there?", "text", when={"answer": "markets", "includes": "sg"}
)
TOTAL = Question("total", "Total", "computed", value={"sum": "budget.cost"}, unit="money")
PLAN = Question("plan", "Business plan", "file")
DONE = Question("archive", "Is it kept?", "choice", choices={"yes": "Yes", "no": "No"})
AMOUNT = Question("amount", "How much?", "money")
FORM = (ITEMS, MARKETS, ABROAD, TOTAL, PLAN, DONE, AMOUNT)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def terms(**changed: Any) -> SchemeTerms:
    """Return a scheme whose form asks every kind of question."""
    shipped = scheme_terms(whole((CATALOGUE / "my_bap.toml").read_text(encoding="utf-8")))
    kinds = (
        DocumentKind("deed", "Deed", 1),
        DocumentKind("licence", "Licence", 1, when={"answer": "markets", "includes": "sg"}),
    )
    own = {"sections": (Section("all", "All", FORM),), "documents": kinds, "rules": ()}
    return replace(shipped, **{**own, "digest": "columns" + str(sorted(changed)), **changed})


RIGHT = {
    **{name: text for name, text in FILLED.items() if not name.startswith("documents.")},
    "documents.deed": "1",
    "documents.plan": "1",
    "budget.0.item": "Roaster",
    "budget.0.cost": "60000",
    "markets": "my",
    "answers.archive": "yes",
    "amount": "30000",
}


def row(scheme: SchemeTerms, **changed: str) -> Row:
    """Return the one row of a file, as it is understood."""
    cells = RIGHT | {name.replace("__", "."): text for name, text in changed.items()}
    reader = Reader(read(as_csv(cells)), scheme, zone="Asia/Kuala_Lumpur", now=NOW)
    return reader.row(reader.lines[0])


def test_a_template_has_what_a_person_can_fill_in() -> None:
    names = [column.name for column in expected(terms())]
    assert names[: len(FIXED)] == list(FIXED)
    assert names[len(FIXED) :] == [
        "documents.deed",
        "documents.licence",
        *(f"budget.{line}.{name}" for line in range(3) for name in ("item", "cost", "note")),
        "markets",
        "abroad",
        "documents.plan",
        "answers.archive",
        "amount",
    ]
    assert "budget.3.note" in of_answers(terms())
    assert "budget.4.item" not in of_answers(terms())
    assert "total" not in of_answers(terms())
    assert set(of_documents(terms()).values()) == {"deed", "licence", "plan"}


def test_what_may_be_left_out_is_left_out() -> None:
    assert list(misfits(list(RIGHT), terms())) == []
    found = row(terms())
    assert found.faults == []
    assert found.answers["budget"] == [{"item": "Roaster", "cost": "60000", "note": ""}]
    assert found.values["total"] == "60000.00"
    assert (found.documents, found.complete) == ({"deed": 1, "plan": 1}, True)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        pytest.param({"budget__1__item": "Mill", "budget__1__cost": "5000"}, set(), id="two lines"),
        pytest.param({"budget__2__item": "Mill"}, {"budget.2.cost"}, id="half a line"),
        pytest.param({"budget__0__cost": "much"}, {"budget.0.cost"}, id="words for an amount"),
        pytest.param({"budget__0__item": "", "budget__0__cost": ""}, {"budget"}, id="no line"),
        pytest.param({"markets": "my|sg", "abroad": "Coffee"}, {"documents.licence"}, id="both"),
        pytest.param({"markets": "sg"}, {"abroad", "documents.licence"}, id="columns left out"),
        pytest.param({"markets": " my | my "}, {"markets"}, id="a choice twice"),
        pytest.param({"markets": "my|th"}, {"markets"}, id="a choice there is not"),
        pytest.param(
            {"markets": "sg", "abroad": "", "documents__licence": "1"},
            {"abroad"},
            id="a question that is asked now",
        ),
        pytest.param({"documents__plan": "0"}, {"documents.plan"}, id="a file nobody saw"),
        pytest.param({"answers__archive": "perhaps"}, {"answers.archive"}, id="a name taken twice"),
    ],
)
def test_a_row_of_such_a_form(changed: dict[str, str], wrong: set[str]) -> None:
    assert {fault.column for fault in row(terms(), **changed).faults} == wrong


@pytest.mark.parametrize(
    ("country", "wrong"),
    [
        pytest.param("MY", set(), id="one of those it is open to"),
        pytest.param("SG", {"registry_number"}, id="another, with a number of the first"),
        pytest.param("TH", {"enterprise_country"}, id="none of those"),
        pytest.param("", {"enterprise_country"}, id="not said"),
    ],
)
def test_a_scheme_that_is_open_to_several_countries(country: str, wrong: set[str]) -> None:
    found = row(terms(open_to=("MY", "SG")), enterprise_country=country)
    assert {fault.column for fault in found.faults} == wrong


def test_such_a_scheme_asks_for_the_country() -> None:
    said = list(misfits(list(RIGHT), terms(open_to=("MY", "SG"))))
    assert said == [("enterprise_country", "The column is missing.")]


def test_papers_are_told_apart_by_their_numbers() -> None:
    one, other = row(terms()), row(terms(), paper_reference="P-2")
    doubled([one, other, again := row(terms())])
    assert (one.faults, other.faults) == ([], [])
    assert [fault.column for fault in again.faults] == ["paper_reference"]
