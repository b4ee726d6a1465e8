"""The input of publication and migration, shared by pages and interface."""

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from app.accounts.schemas import LONGEST, Input, sentence

# More than a definition of a thousand acts needs.
LONGEST_TEXT = 400_000
# Of the name of a state, with room to say which is wrong.
LONGEST_NAME = 100
# SHA-256 in hexadecimal.
DIGEST = 64


def _encodable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError("The text is not valid Unicode.") from error


class Proposal(Schema):
    """The text of a workflow, taken exactly as written: its digest is its name. A form's line ends become plain ones."""

    class Meta:
        unknown = RAISE

    source = fields.String(
        required=True,
        validate=[
            validate.Length(min=1, error="Give the text of the workflow."),
            validate.Length(max=LONGEST_TEXT, error=f"Use at most {LONGEST_TEXT:,} characters."),
            _encodable,
        ],
        error_messages=sentence(required="Give the text of the workflow."),
    )

    @post_load
    def _lines(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"source": data["source"].replace("\r\n", "\n")}


class Rejection(Input):
    """Why a proposal is rejected."""

    note = fields.String(
        required=True,
        validate=validate.Length(min=3, max=LONGEST, error="Say why it is rejected."),
        error_messages=sentence(required="Say why it is rejected."),
    )


class Migration(Input):
    """From which version to which, the state of the new one for each of the old, and why."""

    old = fields.String(
        data_key="from",
        required=True,
        validate=validate.Length(equal=DIGEST, error="Choose the version the cases are under."),
        error_messages=sentence(required="Choose the version the cases are under."),
    )
    new = fields.String(
        data_key="to",
        required=True,
        validate=validate.Length(equal=DIGEST, error="Choose the version they move to."),
        error_messages=sentence(required="Choose the version they move to."),
    )
    states = fields.Dict(
        keys=fields.String(validate=validate.Length(max=LONGEST_NAME)),
        values=fields.String(validate=validate.Length(max=LONGEST_NAME)),
        required=True,
        error_messages=sentence(required="Say where each state goes."),
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(min=3, max=LONGEST, error="Say why the cases are moved."),
        error_messages=sentence(required="Say why the cases are moved."),
    )
