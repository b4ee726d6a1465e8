"""What an export is narrowed to, as an address says it."""

from typing import Any

from marshmallow import fields, post_load, validate

from app.accounts.schemas import Input
from app.exports.compose import Asked

_DAY = "Give a day, as 2026-11-30."
MOST_KINDS = 50


class ExportInput(Input):
    """One case, one agency, a period of local days (inclusive), kinds of events."""

    case = fields.String(load_default="", validate=validate.Length(max=40))
    agency = fields.String(load_default="", validate=validate.Length(max=20))
    first = fields.Date(data_key="from", load_default=None, error_messages={"invalid": _DAY})
    last = fields.Date(data_key="to", load_default=None, error_messages={"invalid": _DAY})
    kinds = fields.List(
        fields.String(validate=validate.Length(min=1, max=40)),
        data_key="kind",
        load_default=list,
        validate=validate.Length(max=MOST_KINDS),
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Asked:
        return Asked(**{**data, "kinds": tuple(data["kinds"])})
