"""The input of the acts on a tranche, shared by pages and interface."""

import re
from typing import Any

from marshmallow import (
    ValidationError,
    fields,
    post_load,
    pre_load,
    validate,
    validates_schema,
)

from app.accounts.schemas import LONGEST, Input, sentence
from app.applications.schemas import NOTE_LENGTH
from app.disbursements.commands import BankAnswer, Finding

# The shortest reference of a bank.
LEAST = 3
# More than a page shows; each is locked and judged while the file is made.
MOST_PAYMENTS = 500
_CHOOSE = "Choose at least one payment."
_SAY_WHY = "Say why."
_SAY_WHAT = "Say what was done about it."
_WHICH = "Name the payment by the reference of its case and the number of its tranche."
_CHOSEN = re.compile(r"([A-Za-z0-9-]{1,40})/([0-9]{1,4})/([0-9]{1,9})")


class DigestInput(Input):
    """The SHA-256 of the payment file the person looked at."""

    sha256 = fields.String(
        required=True,
        validate=validate.Regexp(r"^[0-9a-f]{64}\Z", error="Name the digest of the payment file."),
        error_messages=sentence(required="Name the digest of the payment file."),
    )


class ConfirmInput(Input):
    """What the bank answered."""

    bank_reference = fields.String(
        required=True,
        validate=validate.Length(min=LEAST, max=80, error="Enter the bank's reference."),
        error_messages=sentence(required="Enter the bank's reference."),
    )
    paid_on = fields.Date(
        required=True,
        error_messages=sentence(
            required="Enter the day the bank paid.", invalid="Enter a date such as 2026-11-22."
        ),
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"answer": BankAnswer(data["bank_reference"], data["paid_on"])}


class FoundInput(Input):
    """What a person found of a payment whose answer is missing: where it was paid, the bank's reference and the day."""

    outcome = fields.String(
        required=True,
        validate=validate.OneOf(("paid", "unpaid"), error="Say whether the bank has paid."),
        error_messages=sentence(required="Say whether the bank has paid."),
    )
    bank_reference = fields.String(
        load_default="",
        validate=validate.Length(max=80, error="Enter at most 80 characters."),
    )
    paid_on = fields.Date(
        load_default=None,
        allow_none=True,
        error_messages={"invalid": "Enter a date such as 2026-11-22."},
    )
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @pre_load
    def _blank(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {k: v for k, v in data.items() if not (k == "paid_on" and v == "")}

    @validates_schema(skip_on_field_errors=True)
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        if data["outcome"] == "unpaid":
            return
        wrong = {}
        if len(data["bank_reference"]) < LEAST:
            wrong["bank_reference"] = ["Enter the bank's reference."]
        if data["paid_on"] is None:
            wrong["paid_on"] = ["Enter the day the bank paid."]
        if wrong:
            raise ValidationError(wrong)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        paid = data["outcome"] == "paid"
        answer = BankAnswer(data["bank_reference"], data["paid_on"]) if paid else None
        return {"found": Finding(answer, data["note"])}


def _words(missing: str) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=3, max=LONGEST, error=missing),
        error_messages=sentence(required=missing),
    )


class PaymentInput(Input):
    """A payment: the reference of its case and the number of its tranche."""

    reference = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40, error=_WHICH),
        error_messages=sentence(required=_WHICH),
    )
    tranche = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=9999, error=_WHICH),
        error_messages={**sentence(required=_WHICH), "invalid": _WHICH},
    )


class PaymentsInput(Input):
    """The payments that go into one file."""

    payments = fields.List(
        fields.Nested(PaymentInput),
        required=True,
        validate=[
            validate.Length(min=1, error=_CHOOSE),
            validate.Length(max=MOST_PAYMENTS, error=f"Choose at most {MOST_PAYMENTS} payments."),
        ],
        error_messages={**sentence(required=_CHOOSE), "invalid": _CHOOSE},
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> list[tuple[str, int, int | None]]:
        return [(one["reference"], one["tranche"], None) for one in data["payments"]]


class ChoiceInput(Input):
    """The payments that were marked on a page: case, tranche and the version of the case that was shown, each."""

    payments = fields.List(
        fields.String(
            validate=validate.Regexp(
                _CHOSEN.pattern + r"\Z", error="Open the payments again and choose anew."
            )
        ),
        required=True,
        validate=validate.Length(max=MOST_PAYMENTS, error=f"At most {MOST_PAYMENTS} payments."),
        error_messages=sentence(required=_CHOOSE),
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> list[tuple[str, int, int | None]]:
        found = (_CHOSEN.fullmatch(one) for one in data["payments"])
        return [(one[1], int(one[2]), int(one[3])) for one in found if one]


class TakeBackInput(Input):
    """Why a payment file is taken back; ``act`` names the act where several take it back, such as a checker's."""

    act = fields.String(
        load_default="", validate=validate.Length(max=60, error="There is no such act.")
    )
    note = _words(_SAY_WHY)


class SettleInput(Input):
    """What was done about a line of the bank."""

    note = _words(_SAY_WHAT)
