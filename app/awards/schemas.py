"""The input of the acts on an award, shared by pages and interface."""

from typing import Any

from marshmallow import fields, post_load, validate

from app.accounts.schemas import Input, sentence
from app.applications.schemas import NOTE_LENGTH
from app.awards.commands import Approval
from app.reviews.schemas import Amount


class ApproveInput(Input):
    """The amount that is approved, and a note."""

    amount = Amount(
        required=True, error_messages=sentence(required="Say which amount you approve.")
    )
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"approval": Approval(data["amount"], data["note"])}


class ConditionInput(Input):
    """Which condition precedent is met, and by what evidence."""

    key = fields.String(
        required=True,
        data_key="condition",
        validate=validate.Length(min=1, max=40, error="Choose a condition."),
        error_messages=sentence(required="Choose a condition."),
    )
    evidence = fields.String(
        required=True,
        validate=validate.Length(
            min=3, max=1000, error="Say what shows that the condition is met."
        ),
        error_messages=sentence(required="Say what shows that the condition is met."),
    )
