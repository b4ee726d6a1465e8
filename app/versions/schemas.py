"""The input of publication, shared by pages and interface."""

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from app.accounts.schemas import LONGEST, Input, sentence

# More than a definition of a thousand acts needs.
LONGEST_TEXT = 400_000


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
