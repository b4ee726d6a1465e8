"""The input of the acts on an award, shared by pages and interface."""

from marshmallow import fields, validate

from app.accounts.schemas import Input, sentence


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
