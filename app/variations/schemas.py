"""The input of changes, shared by pages and interface."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate

from app.accounts.schemas import Input, clean, sentence
from app.applications.schemas import NOTE_LENGTH
from app.countries.compose.shapes import account_normal, bic_problem
from app.reviews.schemas import Amount
from app.variations.compose import Change, Line

MOST_TRANCHES = 12


class LineInput(Input):
    """A tranche of a plan: what it is for, and its amount."""

    purpose = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200, error="Say what the tranche is for."),
        error_messages=sentence(required="Say what the tranche is for."),
    )
    amount = Amount(
        required=True, error_messages=sentence(required="Give the amount of the tranche.")
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Line:
        return Line(data["purpose"], data["amount"])


class VariationInput(Input):
    """The new amount, the plan of what is undrawn, the last day for costs: what is left empty stays as it is."""

    amount = Amount(load_default="")
    tranches = fields.List(
        fields.Nested(LineInput),
        load_default=list,
        validate=validate.Length(
            max=MOST_TRANCHES, error=f"Plan at most {MOST_TRANCHES} tranches."
        ),
    )
    costs_to = fields.Date(
        load_default=None,
        allow_none=True,
        error_messages={"invalid": "Enter a date such as 2026-11-22."},
    )
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @pre_load
    def _without_what_is_empty(self, data: Any, **_: Any) -> Any:
        rows = data.get("tranches")
        if isinstance(rows, list):
            kept = [
                row for row in rows if not isinstance(row, dict) or any(map(clean, row.values()))
            ]
            data = {**data, "tranches": kept}
        return {k: v for k, v in data.items() if not (k == "costs_to" and v == "")}

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        change = Change(data["amount"], tuple(data["tranches"]), data["costs_to"])
        return {"given": change, "note": data["note"]}


class CutInput(Input):
    """Why what is undrawn is given back."""

    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"given": None, "note": data["note"]}


class AccountInput(Input):
    """Another bank account of the enterprise: its holder, number and bank."""

    holder = fields.String(
        required=True,
        validate=validate.Length(min=2, max=140, error="Enter the name of the account holder."),
        error_messages=sentence(required="Enter the name of the account holder."),
    )
    number = fields.String(
        required=True,
        validate=validate.Length(min=4, max=40, error="Enter the account number."),
        error_messages=sentence(required="Enter the account number."),
    )
    bic = fields.String(
        required=True, error_messages=sentence(required="Enter the BIC of the bank.")
    )
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        bic = data["bic"].replace(" ", "").upper()
        wrong = bic_problem(bic)
        if wrong:
            raise ValidationError({"bic": [wrong]})
        number = account_normal(data["number"])
        given = {"name": data["holder"], "number": number, "bic": bic}
        return {"given": given, "note": data["note"]}
