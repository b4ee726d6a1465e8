"""The input of acts on an application, shared by pages and interface."""

from typing import Any

from marshmallow import fields, post_load, validate

from app.accounts.schemas import LONGEST, Input, sentence

NOTE_LENGTH = validate.Length(max=LONGEST, error=f"Use at most {LONGEST} characters.")


class Nothing(Input):
    """An act that asks for nothing."""


class Noted(Input):
    """An act with a note in plain words."""

    note = fields.String(load_default="", validate=NOTE_LENGTH)


class Agreed(Input):
    """An act the person must confirm."""

    agree = fields.String(
        required=True,
        validate=validate.Equal("yes", error="Confirm this to go on."),
        error_messages=sentence(required="Confirm this to go on."),
    )

    @post_load
    def _nothing(self, _data: Any, **_: Any) -> dict[str, Any]:
        return {}
