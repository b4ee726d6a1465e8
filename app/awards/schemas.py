"""The input of the acts on an award, shared by pages and interface."""

from typing import Any

from marshmallow import fields, post_load, validate

from app.accounts.schemas import Input, sentence
from app.applications.schemas import NOTE_LENGTH
from app.reviews.commands import Reasoned
from app.reviews.schemas import Amount, Texts


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


class WaiverInput(Input):
    """Which condition is waived, and why."""

    key = fields.String(
        required=True,
        data_key="condition",
        validate=validate.Length(min=1, max=40, error="Choose a condition."),
        error_messages=sentence(required="Choose a condition."),
    )
    note = fields.String(load_default="", validate=NOTE_LENGTH)


class RevisedInput(Input):
    """The lower amount of an offer, coded reasons and a note."""

    amount = Amount(required=True, error_messages=sentence(required="Say which amount you offer."))
    reasons = Texts(load_default=())
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"amount": data["amount"], "said": Reasoned(data["reasons"], data["note"])}
