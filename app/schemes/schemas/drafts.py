"""What a draft may hold: answers as they were typed, right or wrong, in the shapes a form can send."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from app.accounts.schemas import LONGEST, clean, flat
from app.errors import Invalid
from app.schemes.compose.asking import MOST_ROWS
from app.schemes.compose.terms import Column, Question, SchemeTerms
from app.schemes.schemas.answers import blank

# A draft keeps more rows than a table may have, to tell by how many it is too long; beyond this nothing is kept.
ROWS_KEPT = 4 * MOST_ROWS
# The most characters of all the cells of a table.
TABLE_LENGTH = 100_000
MOST_CHOICES = 100
ONE_VALUE = "Give one value as text or a whole number."
WORKED_OUT = "This is worked out from other answers. Leave it out."
_CELL = re.compile(r"(?P<row>[0-9]{1,4})\.(?P<column>.+)")


def draft(terms: SchemeTerms, data: Any) -> dict[str, Any]:
    """Return what a draft may hold, as typed: text by question, of several choices a list, of a table its rows.

    Rows in which nothing is filled in are left out. Raises ``Invalid`` for what no form can send, each wrong thing by its
    place, a cell of a table as "budget.2.cost".
    """
    keys = {question.key: question for question in terms.questions}
    errors: dict[str, list[str]] = {}
    kept: dict[str, Any] = {}
    for key, given in data.items():
        if key not in keys:
            errors[key] = ["The scheme does not ask this."]
        else:
            kept[key] = _held(keys[key], given, errors)
    if errors:
        raise Invalid(errors)
    return kept


def sent(questions: tuple[Question, ...], form: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return what a page sent for questions: a cell of a table comes as "budget.2.cost", several choices under one name.

    What was asked and not sent, such as a box that is not ticked, is no answer. Files come on another way, and what is
    worked out does not come at all.
    """
    return {
        question.key: _sent(question, form)
        for question in questions
        if question.kind not in {"computed", "file"}
    }


def _sent(question: Question, form: Mapping[str, list[str]]) -> Any:
    values = form.get(question.key, [])
    if question.kind == "choices":
        return values
    if question.kind != "table":
        return values[0] if values else ""
    columns = {column.key for column in question.columns if column.kind != "computed"}
    rows: dict[int, dict[str, str]] = {}
    for name, typed in form.items():
        table, _, place = name.partition(".")
        found = _CELL.fullmatch(place) if table == question.key else None
        if found and found["column"] in columns:
            rows.setdefault(int(found["row"]), {})[found["column"]] = typed[0]
    return [rows[number] for number in sorted(rows)]


def _held(question: Question, given: Any, errors: dict[str, list[str]]) -> Any:
    if question.kind == "computed":
        errors[question.key] = [WORKED_OUT]
        return None
    if question.kind == "choices":
        return _several(question.key, given, errors)
    if question.kind == "table":
        return _rows(question, given, errors)
    return _text(given, question.key, errors)


def _several(key: str, given: Any, errors: dict[str, list[str]]) -> list[str]:
    values = given if isinstance(given, list) else [given]
    if len(values) > MOST_CHOICES or not all(isinstance(one, str | None) for one in values):
        errors[key] = ["Give a list of options."]
        return []
    return [text for text in (_text(one, key, errors) for one in values) if text]


def _rows(question: Question, given: Any, errors: dict[str, list[str]]) -> list[dict[str, str]]:
    rows = [] if given in (None, "") else given
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        errors[question.key] = ["Give a list of rows, each a table of text by column."]
        return []
    if len(rows) > ROWS_KEPT:
        errors[question.key] = [f"Give at most {question.maximum or MOST_ROWS} rows."]
        return []
    columns = {column.key: column for column in question.columns}
    kept = [_row(f"{question.key}.{n}", row, columns, errors) for n, row in enumerate(rows)]
    if sum(len(text) for row in kept for text in row.values()) > TABLE_LENGTH:
        errors[question.key] = [f"Use at most {TABLE_LENGTH:,} characters in the whole table."]
    return [row for row in kept if not blank(row)]


def _row(
    place: str, row: dict[str, Any], columns: dict[str, Column], errors: dict[str, list[str]]
) -> dict[str, str]:
    if not row.keys() <= columns.keys():
        errors[place] = [f"The columns are {', '.join(columns)}."]
        return {}
    kept = {}
    for key, value in row.items():
        if columns[key].kind == "computed":
            errors[f"{place}.{key}"] = [WORKED_OUT]
        else:
            kept[key] = _text(value, f"{place}.{key}", errors)
    return kept


def _text(given: Any, place: str, errors: dict[str, list[str]]) -> str:
    value = _joined(given)
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        errors[place] = [ONE_VALUE]
    elif _length(value) > LONGEST:
        errors[place] = [f"Use at most {LONGEST} characters."]
    else:
        return _cleaned(value, place, errors)
    return ""


def _length(value: str | int | None) -> int:
    """Return how long a value is as text; a number of thousands of digits cannot even be written."""
    if isinstance(value, int):
        return value.bit_length() // 3
    return len(value or "")


def _joined(value: Any) -> Any:
    """Return a table of amount and currency as one text, anything else as it is."""
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return f"{value['currency']} {value['amount']}"
    return value


def _cleaned(value: str | int | None, place: str, errors: dict[str, list[str]]) -> str:
    try:
        return str(clean("" if value is None else str(value)))
    except ValidationError as error:
        errors[place] = flat(error.messages)["_schema"]
        return ""
