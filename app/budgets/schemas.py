"""The forms of a transfer of budget: what is proposed, and why one is refused."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from app.accounts.schemas import LONGEST, Input, sentence
from app.budgets.commands import Wish
from workflows.money import to_minor, typed

INSTRUMENT = 200
_SOURCE = "Choose the call the budget comes from."
_TARGET = "Choose the call the budget goes to."
_AMOUNT = "Say how much goes over."
_WHY = "Say why."
_INSTRUMENT = f"Name the order or letter that allows it, in 3 to {INSTRUMENT} characters."


def _budget(words: str) -> fields.Integer:
    return fields.Integer(
        required=True, error_messages={**sentence(required=words), "invalid": words}
    )


def _reason() -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=3, max=LONGEST, error=_WHY),
        error_messages=sentence(required=_WHY),
    )


class TransferInput(Input):
    """From which budget to which, how much as people type it in the currency of the first, why, and under what.

    ``currencies`` are those of the budgets there are to choose from, by the number of the budget.
    """

    source = _budget(_SOURCE)
    target = _budget(_TARGET)
    amount = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40, error=_AMOUNT),
        error_messages=sentence(required=_AMOUNT),
    )
    reason = _reason()
    instrument = fields.String(
        required=True,
        validate=validate.Length(min=3, max=INSTRUMENT, error=_INSTRUMENT),
        error_messages=sentence(required=_INSTRUMENT),
    )

    def __init__(self, currencies: Mapping[int, str]) -> None:
        super().__init__()
        self._currencies = currencies

    # Also when another field is wrong: everything is told at once.
    @validates_schema(skip_on_field_errors=False)
    def _possible(self, data: dict[str, Any], **_: Any) -> None:
        wrong = {}
        for name, words in (("source", _SOURCE), ("target", _TARGET)):
            if name in data and data[name] not in self._currencies:
                wrong[name] = [words]
        currency = self._currencies.get(data.get("source", 0))
        if currency and "amount" in data:
            try:
                _minor(data["amount"], currency)
            except ValueError as error:
                wrong["amount"] = [str(error)]
        if wrong:
            raise ValidationError(wrong)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Wish:
        amount = _minor(data.pop("amount"), self._currencies[data["source"]])
        return Wish(**data, amount=amount)


def _minor(text: str, currency: str) -> int:
    return to_minor(typed(text, currency), currency)


class RefusalInput(Input):
    """Why a transfer is refused."""

    note = _reason()


class NothingInput(Input):
    """A form with a button only."""
