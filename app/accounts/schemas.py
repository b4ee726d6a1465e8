"""The shape of what comes in: strict, normalised, without control characters; and the forms of sign-in."""

import re
import unicodedata
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate

from app.errors import Invalid

LONGEST = 4000
# The categories Cc (but for tab and line feed), Cs and Co of Unicode, by their ranges: text may be megabytes long.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)


class Input(Schema):
    """The base of every input: an unknown field is an error, text is NFC, control characters are refused."""

    class Meta:
        unknown = RAISE

    @pre_load
    def _clean(self, data: Any, **_: Any) -> Any:
        return clean(data)


def read(schema: Schema, data: Any) -> Any:
    """Return the data as the schema describes it; raises ``Invalid`` with every error by field."""
    try:
        return schema.load(data)
    except ValidationError as error:
        raise Invalid(flat(error.messages)) from error


def clean(value: Any) -> Any:
    """Return text in NFC and without surrounding blanks; raises ``ValidationError`` for what cannot be printed."""
    if isinstance(value, dict):
        return {clean(key): clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [clean(inner) for inner in value]
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if _UNPRINTABLE.search(text):
        raise ValidationError("Remove the control characters from the text.")
    return text


def flat(messages: Any, place: str = "") -> dict[str, list[str]]:
    """Return marshmallow's nested messages as one list of sentences per field, nested names joined by a dot."""
    if isinstance(messages, list):
        return {place or "_schema": [str(message) for message in messages]}
    found: dict[str, list[str]] = {}
    for name, inner in messages.items():
        # What is wrong with a value of a table is told as wrong with its entry.
        within = place if place and name == "value" else f"{place}.{name}".lstrip(".")
        found |= flat(inner, within)
    return found


Messages = dict[str, str | list[Any] | dict[Any, Any]]


def sentence(**errors: str) -> Messages:
    """Return marshmallow's error messages with our sentences."""
    return {"null": errors["required"], **errors}


def _encodable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError("The text is not valid Unicode.") from error


class SignInInput(Schema):
    """E-mail address and password; the password is taken exactly as typed."""

    class Meta:
        unknown = RAISE

    email = fields.String(
        required=True,
        validate=[validate.Length(min=3, max=254, error="Enter your e-mail address."), clean],
        error_messages=sentence(required="Enter your e-mail address."),
    )
    password = fields.String(
        required=True,
        validate=[validate.Length(min=1, max=200, error="Enter your password."), _encodable],
        error_messages=sentence(required="Enter your password."),
    )


class InterestInput(Input):
    """Why a person declares an interest, and whether it concerns the enterprise or only one case of it."""

    concerns = fields.String(
        load_default="enterprise",
        validate=validate.OneOf(["enterprise", "case"], error="Choose what it concerns."),
    )

    reason = fields.String(
        required=True,
        validate=validate.Length(min=3, max=LONGEST, error="Say what the interest is."),
        error_messages=sentence(required="Say what the interest is."),
    )
