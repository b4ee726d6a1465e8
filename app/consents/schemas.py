"""The forms of a consent."""

from typing import Any

from marshmallow import fields, post_load, validate

from app.accounts.schemas import LONGEST, Input, sentence
from app.consents.commands import Consenting
from app.consents.compose import TITLES

_WHO, _WHAT = "Choose who may act for you.", "Choose what they may do."
_WHEN = "Say until which day, as 2026-11-30."


class GiveInput(Input):
    """Who may act for the enterprise, what they may do, until which local day, and a note for the record."""

    agency = fields.String(
        required=True,
        validate=validate.Length(min=1, max=20, error=_WHO),
        error_messages=sentence(required=_WHO),
    )
    scope = fields.List(
        fields.String(validate=validate.OneOf(list(TITLES), error=_WHAT)),
        required=True,
        validate=validate.Length(min=1, error=_WHAT),
        error_messages={**sentence(required=_WHAT), "invalid": _WHAT},
    )
    valid_to = fields.Date(
        required=True, error_messages={**sentence(required=_WHEN), "invalid": _WHEN}
    )
    note = fields.String(load_default="", validate=validate.Length(max=LONGEST))

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Consenting:
        chosen = {*data.pop("scope")}
        return Consenting(scope=tuple(name for name in TITLES if name in chosen), **data)


class WithdrawInput(Input):
    """A note for the record."""

    note = fields.String(load_default="", validate=validate.Length(max=LONGEST))
