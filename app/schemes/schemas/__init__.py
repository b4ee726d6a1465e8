"""A scheme's form as a marshmallow schema: one definition gives the validation of pages and interface."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError

from app.schemes.compose.applying import as_text, settled, totals
from app.schemes.compose.asking import waits_for
from app.schemes.compose.terms import Question, SchemeTerms
from app.schemes.schemas.answers import TABLE, Place, Rows, blank, field
from app.schemes.schemas.drafts import draft, sent
from workflows.money import DECIMALS

__all__ = [
    "Filled",
    "by_question",
    "draft",
    "filled",
    "form",
    "problems",
    "sent",
    "shown",
    "sums",
    "well_formed",
]

UNKNOWN = "This is worked out from other answers, and one of them is missing or too large."

_forms: dict[tuple[str, str], Schema] = {}


@dataclass(frozen=True)
class Filled:
    """A form with its answers: the typed values that are right, which questions apply, what is wrong by place."""

    values: dict[str, Any]
    asked: frozenset[str]
    problems: dict[str, list[str]]


def form(terms: SchemeTerms, country: str = "") -> Schema:
    """Return the schema of a scheme's whole form for an enterprise of a country, built once for each scheme version.

    Without a country it is that of the scheme. What is computed is not part of it.
    """
    key = (terms.digest, country or terms.country)
    if key not in _forms:
        place = Place(terms.currency, key[1])
        fields = {q.key: field(q, place) for q in terms.questions if q.kind != "computed"}
        built: type[Schema] = Schema.from_dict(dict(fields), name="Form")
        _forms[key] = built(unknown=EXCLUDE)
    return _forms[key]


def filled(terms: SchemeTerms, answers: dict[str, Any], country: str = "") -> Filled:
    """Read the answers to a form: only questions that apply count, and what is computed is worked out."""
    wrong: dict[str, Any] = {}
    try:
        loaded: dict[str, Any] = form(terms, country).load(answers)
    except ValidationError as error:
        loaded = dict(error.valid_data) if isinstance(error.valid_data, dict) else {}
        wrong = dict(error.messages) if isinstance(error.messages, dict) else {}
    found = settled(terms, loaded)
    wrong = {key: said for key, said in wrong.items() if key in found.asked}
    told: dict[str, list[str]] = {}
    for question in terms.questions:
        if question.key not in found.asked:
            continue
        told |= _told(question, wrong, found.values)
        if question.kind == "computed" and question.key not in found.values:
            # What rests on it in turn is not told of either.
            wrong[question.key] = []
    return Filled(found.values, found.asked, told | _amount(terms, found.values))


def problems(
    terms: SchemeTerms, answers: dict[str, Any], country: str = ""
) -> dict[str, list[str]]:
    """Return what is still wrong or missing in a draft, by question; empty when it could be submitted.

    What is wrong in a cell of a table is told by its place, such as "budget.2.cost", with rows counted from 0.
    """
    return filled(terms, answers, country).problems


def well_formed(terms: SchemeTerms, answers: dict[str, Any], country: str = "") -> dict[str, Any]:
    """Return the answers as typed values with what is computed, without those that are wrong, missing or do not apply."""
    return filled(terms, answers, country).values


def by_question(terms: SchemeTerms, wrong: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what is wrong by question, with the row and the column before what is wrong in a cell of a table."""
    columns = {
        f"{question.key}.{column.key}": column.label
        for question in terms.questions
        for column in question.columns
    }
    found: dict[str, list[str]] = {}
    for place, said in wrong.items():
        key, _, cell = place.partition(".")
        row, _, column = cell.partition(".")
        named = f"Row {int(row) + 1}, {columns[f'{key}.{column}']}: " if cell else ""
        found.setdefault(key, []).extend(f"{named}{sentence}" for sentence in said)
    return found


def shown(terms: SchemeTerms, answers: dict[str, Any], country: str = "") -> dict[str, Any]:
    """Return the answers that apply as they are shown: in their usual form where they are right, else as typed.

    Every value is text. The rows of a table carry what can be worked out in them.
    """
    found = filled(terms, answers, country)
    return {
        question.key: as_text(_shown(question, answers, found, form(terms, country)))
        for question in terms.questions
        if question.key in found.asked
    }


def sums(terms: SchemeTerms, answers: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return the totals of the tables by question and column, of answers as they are shown."""
    return {
        question.key: totals(question, answers[question.key], terms.currency)
        for question in terms.questions
        if question.kind == "table" and isinstance(answers.get(question.key), list)
    }


def _shown(question: Question, answers: dict[str, Any], found: Filled, schema: Schema) -> Any:
    if question.key in found.values:
        return found.values[question.key]
    given = answers.get(question.key) or ""
    reader = schema.fields.get(question.key)
    if isinstance(reader, Rows) and isinstance(given, list):
        rows = [row for row in given if isinstance(row, dict) and not blank(row)]
        return [{**row, **reader.row(row)[0]} for row in rows]
    return given


def _told(
    question: Question, wrong: dict[str, Any], values: dict[str, Any]
) -> dict[str, list[str]]:
    """Return what is wrong with the answer to a question, by place."""
    key = question.key
    if question.kind == "computed":
        if key in values or not question.required or not waits_for(question).isdisjoint(wrong):
            # What it is computed from is named itself.
            return {}
        return {key: [UNKNOWN]}
    said = wrong.get(key, [])
    if isinstance(said, list):
        return {key: said} if said else {}
    whole = {key: said[TABLE]} if TABLE in said else {}
    cells = {
        f"{key}.{row}.{column}": sentences
        for row, columns in said.items()
        if row != TABLE
        for column, sentences in columns.items()
    }
    return whole | cells


def _amount(terms: SchemeTerms, values: dict[str, Any]) -> dict[str, list[str]]:
    if "amount" not in values:
        return {}
    amount = Decimal(values["amount"])
    decimals = DECIMALS[terms.currency]
    if amount > terms.ceiling:
        return {
            "amount": [f"The scheme gives at most {terms.currency} {terms.ceiling:,.{decimals}f}."]
        }
    if amount < terms.floor:
        return {"amount": [f"The scheme starts at {terms.currency} {terms.floor:,.{decimals}f}."]}
    return {}
