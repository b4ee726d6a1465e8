"""The form of a file of paper applications."""

from marshmallow import fields, validate

from app.accounts.schemas import Input, sentence

_CHOOSE = "Choose the call the papers are for."


class ImportInput(Input):
    """Which call the papers of a file are for; the file itself comes beside it."""

    call = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40, error=_CHOOSE),
        error_messages=sentence(required=_CHOOSE),
    )
