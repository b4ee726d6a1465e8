"""The input of demands, claims and receipts, shared by pages and interface."""

from typing import Any

from marshmallow import fields, post_load, pre_load, validate

from app.accounts.schemas import LONGEST, Input, sentence
from app.applications.schemas import NOTE_LENGTH
from app.recoveries.commands.guarantees import PaidOut
from app.recoveries.compose.clawbacks import Clawback
from app.recoveries.compose.guarantees import Claimed
from app.recoveries.compose.receipts import Came
from app.reviews.schemas import Amount

MOST_INSTALMENTS = 36
_DATE = "Enter a date such as 2026-11-22."
_HOW_MANY = f"Enter a number of instalments from 1 to {MOST_INSTALMENTS}."


def day(said: str) -> fields.Date:
    """Return the field of a day that must be given; ``said`` asks for it."""
    return fields.Date(required=True, error_messages=sentence(required=said, invalid=_DATE))


def words(said: str, most: int) -> fields.String:
    """Return the field of a text that must be given; ``said`` asks for it."""
    length = validate.Length(min=1, max=most, error=f"{said[:-1]}, in at most {most} characters.")
    return fields.String(required=True, validate=length, error_messages=sentence(required=said))


def amount(said: str) -> Amount:
    """Return the field of an amount that must be given; ``said`` asks for it."""
    return Amount(required=True, error_messages=sentence(required=said))


class Filled(Input):
    """A form of which a field that is left empty says nothing."""

    @pre_load
    def _without_what_is_empty(self, data: Any, **_: Any) -> Any:
        return {name: value for name, value in data.items() if value != ""}


class ClawbackInput(Filled):
    """What is demanded back and why; without a note of their own approvers read the reason alone."""

    amount = amount("Enter the amount to be paid back.")
    reason = words("Give the reason for demanding money back.", 1000)
    instalments = fields.Integer(
        load_default=1,
        validate=validate.Range(min=1, max=MOST_INSTALMENTS, error=_HOW_MANY),
        error_messages={"invalid": _HOW_MANY},
    )
    first_due = day("Enter the day by which the first instalment is to be paid.")
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        note = data.pop("note")
        return {"given": Clawback(**data), "note": note or data["reason"]}


class ReceiptInput(Filled):
    """Money that came in: the amount, the day, the reference of the bank, and the number of what it came in on."""

    amount = amount("Enter the amount that came in.")
    received_on = day("Enter the day on which it came in.")
    bank_reference = words("Enter the reference of the bank.", 80)
    demand = fields.Integer(
        load_default=None, error_messages={"invalid": "Enter the number of the proceeding."}
    )
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        came = Came(data["amount"], data["received_on"], data["bank_reference"], data["demand"])
        return {"given": came, "note": data["note"]}


class ClaimInput(Filled):
    """A claim under a guarantee: what is lost, what was recovered first, and what is asked."""

    principal = amount("Enter the principal that is outstanding.")
    interest = Amount(load_default="0")
    interest_days = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=36500, error="Enter a number of days."),
        error_messages={"invalid": "Enter a number of days."},
    )
    recovered = Amount(load_default="0")
    demanded_on = day("Enter the day on which payment was demanded.")
    recovery_on = day("Enter the day of the last step of recovery: recover first, then claim.")
    asked = amount("Enter the amount that is claimed.")
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        note = data.pop("note")
        return {"given": Claimed(**data), "note": note}


class PayoutInput(Filled):
    """That the guarantor has paid: the reference of its bank, the day, and a note."""

    bank_reference = words("Enter the reference of the bank.", 80)
    paid_on = day("Enter the day on which it was paid.")
    note = words("Say who has paid, and from which account.", LONGEST)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"given": PaidOut(**data)}
