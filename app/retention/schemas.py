"""The forms of records officers: a hold, its lifting, an erasure."""

from typing import Any

from marshmallow import fields, post_load, validate

from app.accounts.schemas import LONGEST, Input, sentence
from app.retention.commands import Proposed

LAW = 200


def _reason(words: str) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=3, max=LONGEST, error=words),
        error_messages=sentence(required=words),
    )


class HoldInput(Input):
    """Under which law nothing may be erased, and why."""

    law = fields.String(
        required=True,
        validate=validate.Length(
            min=3, max=LAW, error="Name the law or order, in at most 200 characters."
        ),
        error_messages=sentence(required="Name the law or order."),
    )
    reason = _reason("Say why nothing may be erased.")


class LiftInput(Input):
    """Why a hold is lifted."""

    reason = _reason("Say why the hold is lifted.")


class ProposeInput(Input):
    """The ground of an erasure; the law only for a request of the person concerned."""

    ground = fields.String(
        required=True,
        validate=validate.OneOf(["retention", "request"], error="Choose why it is erased."),
        error_messages=sentence(required="Choose why it is erased."),
    )
    law = fields.String(
        load_default="",
        validate=validate.Length(max=LAW, error="Name the law in at most 200 characters."),
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Proposed:
        return Proposed(**data)


class NothingInput(Input):
    """A form with a button only."""
