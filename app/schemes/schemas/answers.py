"""The answers of a form as marshmallow fields: each reads one answer as its question asks for it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from app.countries.compose import shapes
from app.schemes.compose.applying import plain, with_figures
from app.schemes.compose.asking import MOST, MOST_ROWS, of_cell
from app.schemes.compose.terms import Question
from workflows.money import DECIMALS, typed

ANEW = "Answer this question anew."
# Under this name stands what is wrong with a table as a whole.
TABLE = ""

_MISSING = {
    "choice": "Choose one of the options.",
    "choices": "Choose one or more of the options.",
    "declaration": "Confirm this to go on.",
    "file": "Choose a file.",
    "table": "Fill in at least one row.",
}
_Check = Callable[[str, str], str | None]
_Normal = Callable[[str, str], str]
# What is wrong with what was typed in a country, and how it is kept.
_SHAPES: dict[str, tuple[_Check, _Normal]] = {
    "account": (shapes.account_problem, lambda _country, text: shapes.account_normal(text)),
    "bic": (
        lambda _country, text: shapes.bic_problem(text),
        lambda _country, text: shapes.account_normal(text),
    ),
    "phone": (shapes.phone_problem, shapes.phone_normal),
    "postcode": (
        shapes.postcode_problem,
        lambda _country, text: shapes.postcode_normal(text),
    ),
}


@dataclass(frozen=True)
class Place:
    """Where a form is answered: the currency of the scheme, the country of the enterprise."""

    currency: str
    country: str


def missing(question: Question) -> str:
    """Return the sentence for a question that is not answered."""
    return _MISSING.get(question.kind, "Answer this question.")


def field(question: Question, place: Place) -> fields.Field[Any]:
    """Return the field that reads the answer to a question."""
    made = {"table": Rows, "choices": Several}.get(question.kind, Answer)
    return made(question, place)


class Answer(fields.Field[Any]):
    """One answer, kept as text so that a draft stays as it was typed."""

    def __init__(self, question: Question, place: Place) -> None:
        self.question = question
        self.place = place
        said = missing(question)
        super().__init__(
            required=question.required,
            allow_none=not question.required,
            error_messages={"required": said, "null": said},
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValidationError(ANEW)
        text = str(value)
        if text == "":
            if self.question.required:
                raise ValidationError(missing(self.question))
            return None
        return getattr(self, f"_{self.question.kind}")(text)

    def _text(self, text: str) -> str:
        if len(text) > self.question.longest:
            raise ValidationError(f"Use at most {self.question.longest} characters.")
        if self.question.pattern and not re.fullmatch(self.question.pattern, text):
            raise ValidationError(self.question.pattern_hint or "This is not in the expected form.")
        return text

    _long_text = _text

    def _shaped(self, text: str) -> str:
        problem, normal = _SHAPES[self.question.kind]
        wrong = problem(self.place.country, self._text(text))
        if wrong:
            raise ValidationError(wrong)
        return normal(self.place.country, text)

    _account = _bic = _phone = _postcode = _shaped

    def _whole_number(self, text: str) -> int:
        if not re.fullmatch(rf"{self._sign}[0-9]{{1,12}}", text):
            raise ValidationError("Enter a whole number in digits.")
        return int(self._within(Decimal(text)))

    def _number(self, text: str) -> str:
        if not re.fullmatch(rf"{self._sign}[0-9]{{1,12}}(\.[0-9]{{1,6}})?", text):
            raise ValidationError("Enter a number in digits, such as 12.5.")
        return plain(self._within(Decimal(text)))

    def _percent(self, text: str) -> str:
        if not re.fullmatch(rf"{self._sign}[0-9]{{1,6}}(\.[0-9]{{1,2}})?( ?%)?", text):
            raise ValidationError("Enter a percentage in digits, such as 12.5.")
        return plain(self._within(Decimal(text.rstrip(" %"))))

    def _money(self, text: str) -> str:
        currency = self.place.currency
        try:
            amount = typed(text, currency)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        least, most = self.question.minimum, self.question.maximum
        if amount < least:
            raise ValidationError(f"Enter at least {currency} {least:,}.")
        if most and amount > most:
            raise ValidationError(f"Enter at most {currency} {most:,}.")
        return f"{amount:.{DECIMALS[currency]}f}"

    def _choice(self, text: str) -> str:
        if text not in self.question.choices:
            raise ValidationError("Choose one of the options.")
        return text

    def _date(self, text: str) -> str:
        found = _day(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
        if found is None:
            raise ValidationError("Enter a date such as 2026-11-22.")
        return found.isoformat()

    def _declaration(self, text: str) -> str:
        if text != "yes":
            raise ValidationError(missing(self.question))
        return text

    def _file(self, text: str) -> str:
        if not re.fullmatch(r"[1-9][0-9]{0,17}", text):
            raise ValidationError(missing(self.question))
        return text

    @property
    def _sign(self) -> str:
        return "-?" if self.question.minimum < 0 else ""

    def _within(self, number: Decimal) -> Decimal:
        asked = self.question
        least, most = asked.minimum, asked.maximum or MOST[asked.kind]
        if not least <= number <= most:
            raise ValidationError(f"Enter a number from {least:,} to {most:,}.")
        return number


class Several(Answer):
    """Any of several choices, as a list; at least and at most as many as the question says."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            value = [value] if value else []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ValidationError(ANEW)
        if not value and not self.question.required:
            return None
        self._check(value)
        return value

    def _check(self, chosen: list[str]) -> None:
        asked = self.question
        if not chosen:
            raise ValidationError(missing(asked))
        if not set(chosen) <= asked.choices.keys():
            raise ValidationError("Choose among the options.")
        if len(set(chosen)) < len(chosen):
            raise ValidationError("Choose each option once.")
        if len(chosen) < asked.minimum:
            raise ValidationError(f"Choose at least {asked.minimum} of the options.")
        if asked.maximum and len(chosen) > asked.maximum:
            raise ValidationError(f"Choose at most {asked.maximum} of the options.")


class Rows(Answer):
    """A table, as a list of rows by column; what is wrong is told of each cell, by the number of the row from 0.

    A row in which nothing is filled in does not count. Columns that are computed are worked out.
    """

    def __init__(self, question: Question, place: Place) -> None:
        super().__init__(question, place)
        self.cells = {
            column.key: Answer(of_cell(column), place)
            for column in question.columns
            if column.kind != "computed"
        }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if value == "":
            value = []
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise ValidationError(ANEW)
        read = [self.row(row) for row in value]
        filled = [found for (found, _), row in zip(read, value, strict=True) if not blank(row)]
        wrong: dict[Any, Any] = {
            number: cells
            for number, ((_, cells), row) in enumerate(zip(read, value, strict=True))
            if cells and not blank(row)
        }
        said = self._count(len(filled))
        if said:
            wrong[TABLE] = [said]
        if wrong:
            raise ValidationError(wrong)
        return filled or None

    def row(self, row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
        """Return the cells of a row that are right, with what is worked out from them, and what is wrong with the others."""
        found: dict[str, Any] = {}
        wrong: dict[str, list[str]] = {}
        for key, answer in self.cells.items():
            try:
                found[key] = answer.deserialize(row.get(key, ""))
            except ValidationError as error:
                wrong[key] = [str(one) for one in error.messages]
        return with_figures(self.question, found, self.place.currency), wrong

    def _count(self, rows: int) -> str:
        asked = self.question
        least, most = asked.minimum, asked.maximum or MOST_ROWS
        if rows == 0:
            return missing(asked) if asked.required else ""
        if rows < least:
            return f"Fill in at least {least} rows."
        return f"Fill in at most {most} rows." if rows > most else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def blank(row: dict[str, Any]) -> bool:
    """Tell whether nothing is filled in in a row."""
    return all(value in ("", None) for value in row.values())
