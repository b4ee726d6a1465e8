"""The input of a new application."""

from marshmallow import fields, validate

from app.accounts.schemas import Input, sentence


class NewApplication(Input):
    """Which call to apply under."""

    call = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40, error="Name the call."),
        error_messages=sentence(required="Name the call."),
    )


class Confirmed(Input):
    """A submission; where an adviser prepared it, the enterprise confirms that it checked everything."""

    confirmed = fields.String(load_default="", validate=validate.OneOf(["", "yes"]))
