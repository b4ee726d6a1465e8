"""The forms in which officers record what they found out about an enterprise."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from app.accounts.schemas import LONGEST, Input, sentence
from app.registry.commands import Looked, Passed

OUTCOMES = {
    "verified": "The registry has it, as the application says",
    "not_found": "The registry does not have it",
    "struck_off": "It was struck off",
}
_DAY = "Enter a day such as 2026-11-30."


def _text(longest: int, asked: str) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(
            min=1, max=longest, error=f"{asked} Use at most {longest} characters."
        ),
        error_messages=sentence(required=asked),
    )


class CheckInput(Input):
    """What the registry said, where it was looked up, and a note."""

    outcome = fields.String(
        required=True,
        validate=validate.OneOf(list(OUTCOMES), error="Choose what you found."),
        error_messages=sentence(required="Choose what you found."),
    )
    source = _text(200, "Say where you looked it up.")
    note = fields.String(load_default="", validate=validate.Length(max=LONGEST))

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Looked:
        return Looked(**data)


class CertificateInput(Input):
    """A certificate: the course, who passed it, who certified it under which number, and from when until when it holds."""

    course = _text(40, "Choose a course.")
    holder = _text(120, "Say who passed the course.")
    issuer = _text(200, "Choose who certified it.")
    number = _text(60, "Enter the number of the certificate.")
    issued_on = fields.Date(
        required=True, error_messages={**sentence(required=_DAY), "invalid": _DAY}
    )
    expires_on = fields.String(load_default="", allow_none=True)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Passed:
        # A form sends an empty text where nothing is said.
        text = data.pop("expires_on") or ""
        if not text:
            return Passed(**data)
        try:
            return Passed(**data, expires_on=fields.Date().deserialize(text))
        except ValidationError as error:
            raise ValidationError({"expires_on": [_DAY]}) from error


class RevokeInput(Input):
    """Why a certificate counts no more."""

    reason = fields.String(
        required=True,
        validate=validate.Length(min=3, max=LONGEST, error="Say why it counts no more."),
        error_messages=sentence(required="Say why it counts no more."),
    )
