"""The input of the acts on a tranche, shared by pages and interface."""

from typing import Any

from marshmallow import fields, post_load, validate

from app.accounts.schemas import Input, sentence
from app.disbursements.commands import BankAnswer


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
        validate=validate.Length(min=3, max=80, error="Enter the bank's reference."),
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
