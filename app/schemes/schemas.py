"""A scheme's form as a marshmallow schema: one definition gives the validation of pages and interface."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from app.accounts.schemas import LONGEST, clean, flat
from app.errors import Invalid
from app.schemes.compose.terms import Question, SchemeTerms
from workflows.money import DECIMALS, typed


class Answer(fields.Field[Any]):
    """One answer, read as its question asks; kept as text so that a draft stays as it was typed."""

    def __init__(self, question: Question, currency: str) -> None:
        self.question = question
        self.currency = currency
        super().__init__(
            required=question.required,
            allow_none=not question.required,
            error_messages={"required": _missing(question), "null": _missing(question)},
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = str(value)
        if text == "":
            if self.question.required:
                raise ValidationError(_missing(self.question))
            return None
        return getattr(self, f"_{self.question.kind}")(text)

    def _text(self, text: str) -> str:
        if len(text) > self.question.longest:
            raise ValidationError(f"Use at most {self.question.longest} characters.")
        if self.question.pattern and not re.fullmatch(self.question.pattern, text):
            raise ValidationError(self.question.pattern_hint or "This is not in the expected form.")
        return text

    _long_text = _text

    def _whole_number(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", text):
            raise ValidationError("Enter a whole number in digits.")
        number = int(text)
        most = self.question.maximum or 10**9
        if not self.question.minimum <= number <= most:
            raise ValidationError(f"Enter a number from {self.question.minimum} to {most:,}.")
        return number

    def _money(self, text: str) -> str:
        try:
            amount = typed(text, self.currency)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return f"{amount:.{DECIMALS[self.currency]}f}"

    def _choice(self, text: str) -> str:
        if text not in self.question.choices:
            raise ValidationError("Choose one of the options.")
        return text

    def _date(self, text: str) -> str:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise ValidationError("Enter a date such as 2026-11-22.") from error

    def _declaration(self, text: str) -> str:
        if text != "yes":
            raise ValidationError(_missing(self.question))
        return text


def _missing(question: Question) -> str:
    words = {"choice": "Choose one of the options.", "declaration": "Confirm this to go on."}
    return words.get(question.kind, "Answer this question.")


_forms: dict[str, Schema] = {}


def form(terms: SchemeTerms) -> Schema:
    """Return the schema of a scheme's whole form, built once per scheme version."""
    if terms.digest not in _forms:
        _forms[terms.digest] = _form(terms)
    return _forms[terms.digest]


def _form(terms: SchemeTerms) -> Schema:
    answers = {q.key: Answer(q, terms.currency) for q in terms.questions}
    built: type[Schema] = Schema.from_dict(dict(answers), name="Form")
    return built(unknown=EXCLUDE)


def problems(terms: SchemeTerms, answers: dict[str, Any]) -> dict[str, list[str]]:
    """Return what is still wrong or missing in a draft, by question; empty when it could be submitted."""
    found = flat(form(terms).validate(answers))
    found.pop("_schema", None)
    return found | {k: v for k, v in _amounts(terms, answers).items() if k not in found}


def well_formed(terms: SchemeTerms, answers: dict[str, Any]) -> dict[str, Any]:
    """Return the answers as typed values, leaving out those that are wrong or missing."""
    try:
        loaded: dict[str, Any] = form(terms).load(answers)
    except ValidationError as error:
        loaded = dict(error.valid_data) if isinstance(error.valid_data, dict) else {}
    return {key: value for key, value in loaded.items() if value is not None}


def _amounts(terms: SchemeTerms, answers: dict[str, Any]) -> dict[str, list[str]]:
    amount = well_formed(terms, answers).get("amount")
    if amount is None:
        return {}
    decimals = DECIMALS[terms.currency]
    if Decimal(amount) > terms.ceiling:
        return {
            "amount": [f"The scheme gives at most {terms.currency} {terms.ceiling:,.{decimals}f}."]
        }
    if Decimal(amount) < terms.floor:
        return {"amount": [f"The scheme starts at {terms.currency} {terms.floor:,.{decimals}f}."]}
    return {}


def draft(terms: SchemeTerms, data: Any) -> dict[str, str]:
    """Return what a draft may hold: text by question, as typed. Raises ``Invalid`` for what no form can send."""
    keys = {question.key: question for question in terms.questions}
    errors: dict[str, list[str]] = {}
    kept: dict[str, str] = {}
    for key, given in data.items():
        value = _joined(given)
        if key not in keys:
            errors[key] = ["The scheme does not ask this."]
        elif isinstance(value, bool) or not isinstance(value, str | int | None):
            errors[key] = ["Give one value as text or a whole number."]
        elif len(str(value)) > LONGEST:
            errors[key] = [f"Use at most {LONGEST} characters."]
        else:
            kept[key] = _typed(value, key, errors)
    if errors:
        raise Invalid(errors)
    return kept


def _joined(value: Any) -> Any:
    """Return a table of amount and currency as one text, anything else as it is."""
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return f"{value['currency']} {value['amount']}"
    return value


def _typed(value: Any, key: str, errors: dict[str, list[str]]) -> str:
    try:
        return str(clean("" if value is None else str(value)))
    except ValidationError as error:
        errors[key] = flat(error.messages)["_schema"]
        return ""
