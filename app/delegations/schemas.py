"""The form of a delegation."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from app.accounts.schemas import LONGEST, Input, sentence
from app.delegations.commands import Handing
from workflows.money import DECIMALS, to_minor, typed

_ASKED = "Say from when, and until when, as 2026-11-30."


class DelegateInput(Input):
    """Who takes which duty, for which scheme, up to which amount, from when until when, and why.

    ``scheme`` and ``limit`` belong together: only a duty that decides amounts has them.
    """

    taker = fields.Email(
        required=True,
        validate=validate.Length(max=254, error="Choose who acts for you."),
        error_messages=sentence(required="Choose who acts for you."),
    )
    duty = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40, error="Choose a duty."),
        error_messages=sentence(required="Choose a duty."),
    )
    scheme = fields.String(load_default="", validate=validate.Length(max=40))
    currency = fields.String(load_default="")
    limit = fields.String(load_default="")
    valid_from = fields.Date(
        required=True, error_messages={**sentence(required=_ASKED), "invalid": _ASKED}
    )
    valid_to = fields.Date(
        required=True, error_messages={**sentence(required=_ASKED), "invalid": _ASKED}
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(min=3, max=LONGEST, error="Say why."),
        error_messages=sentence(required="Say why."),
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Handing:
        currency, limit = data.pop("currency"), data.pop("limit")
        if not limit:
            return Handing(**data)
        if currency not in DECIMALS:
            raise ValidationError({"limit": ["Name the scheme the limit is for."]})
        try:
            minor = to_minor(typed(limit, currency), currency)
        except ValueError as error:
            raise ValidationError({"limit": [str(error)]}) from error
        return Handing(**data, currency=currency, limit=minor)
