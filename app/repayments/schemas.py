"""The input about loans after the money is out, shared by pages and interface."""

from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate

from app.accounts.schemas import Input, clean, sentence
from app.applications.schemas import NOTE_LENGTH
from app.repayments.compose.changing import GRACES, Change
from app.repayments.compose.drafts import Money, NewRate
from app.repayments.compose.telling import METHODS
from app.reviews.schemas import Amount
from workflows.schedule.checks import MOST_INSTALMENTS

_A_DAY = "Enter a date such as 2026-11-22."
_FINEST_RATE = -4


class Rate(fields.Field[Decimal]):
    """A rate a year in per cent, as text such as 6.25."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        try:
            rate = Decimal(str(value).removesuffix("%").strip())
        except InvalidOperation as error:
            raise ValidationError("Enter a rate such as 6.25.") from error
        exponent = rate.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < _FINEST_RATE:
            raise ValidationError("Enter a rate with at most four decimals, such as 6.25.")
        return rate


def _day(missing: str) -> fields.Date:
    return fields.Date(required=True, error_messages=sentence(required=missing, invalid=_A_DAY))


class _Filled(Input):
    """A form of which empty fields are left out: what must be there is then told as missing."""

    @pre_load
    def _without_what_is_empty(self, data: Any, **_: Any) -> Any:
        return {name: value for name, value in data.items() if clean(value) != ""}


class RepaymentInput(_Filled):
    """Money that came in: its amount, its day, the bank's reference; whether more than is owed is kept as credit, or it settles the loan."""

    amount = Amount(
        required=True, error_messages=sentence(required="Enter the amount that came in.")
    )
    on = _day("Enter the day on which it came in.")
    bank_reference = fields.String(
        required=True,
        validate=validate.Length(max=80, error="Enter at most 80 characters."),
        error_messages=sentence(required="Enter the reference of the bank."),
    )
    confirm = fields.String(
        load_default="", validate=validate.OneOf(("yes", ""), error="Mark it, or leave it.")
    )
    settles = fields.String(
        load_default="", validate=validate.OneOf(("yes", ""), error="Mark it, or leave it.")
    )
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        confirmed = data["confirm"] == "yes"
        if confirmed and not data["note"]:
            raise ValidationError({"note": ["Say why more than is owed is kept as credit."]})
        settles = data["settles"] == "yes"
        given = Money(data["amount"], data["on"], data["bank_reference"], confirmed, settles)
        return {"given": given, "note": data["note"]}


class RestructuringInput(_Filled):
    """New terms for what is owed; the rate stays where none is given."""

    instalments = fields.Integer(
        required=True,
        validate=validate.Range(
            1, MOST_INSTALMENTS, error=f"Enter 1 to {MOST_INSTALMENTS:,} instalments."
        ),
        error_messages=sentence(
            required="Enter how many instalments there are.", invalid="Enter a whole number."
        ),
    )
    first_due = _day("Enter the day of the first new instalment.")
    method = fields.String(
        required=True,
        validate=validate.OneOf(tuple(METHODS), error="Choose how it is repaid."),
        error_messages=sentence(required="Choose how it is repaid."),
    )
    rate_pct = Rate(load_default=None)
    grace = fields.String(
        load_default="", validate=validate.OneOf(("", *GRACES), error="Choose a kind of grace.")
    )
    grace_periods = fields.Integer(
        load_default=0,
        validate=validate.Range(0, MOST_INSTALMENTS, error="Enter how many periods."),
        error_messages={"invalid": "Enter a whole number."},
    )
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        note = data.pop("note")
        if bool(data["grace"]) != bool(data["grace_periods"]):
            wrong = "Give both the kind of grace and for how many periods, or neither."
            raise ValidationError({"grace": [wrong]})
        return {"given": Change(**data), "note": note}


class RateInput(_Filled):
    """Another rate, and the day from which it holds."""

    rate_pct = Rate(required=True, error_messages=sentence(required="Enter the new rate."))
    on = _day("Enter the day from which it holds.")
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"given": NewRate(data["rate_pct"], data["on"]), "note": data["note"]}


class SaidInput(Input):
    """Why it is done; nothing else is entered."""

    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"given": None, "note": data["note"]}


class LineInput(Input):
    """The case a line of a bank's file is for."""

    reference = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40, error="Enter the reference of the case."),
        error_messages=sentence(required="Enter the reference of the case."),
    )


class DayInput(_Filled):
    """The day on which a loan would be settled."""

    on = _day("Enter the day on which the loan would be settled.")


class TriedInput(_Filled):
    """What somebody who thinks of a loan wants to see worked out: amount as text, instalments, method, first day."""

    amount = Amount(required=True, error_messages=sentence(required="Enter an amount."))
    instalments = fields.Integer(
        required=True,
        error_messages=sentence(
            required="Enter how many instalments.", invalid="Enter a whole number."
        ),
    )
    method = fields.String(load_default="")
    begun = fields.Date(load_default=None, error_messages={"invalid": _A_DAY})
