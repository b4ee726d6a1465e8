"""The forms of the access log: what it is narrowed to, and why a masked value is asked for."""

from marshmallow import EXCLUDE, fields, post_load, validate

from app.accesslog.commands import MASKED
from app.accesslog.queries import Narrowed
from app.accounts.access import whole_number
from app.accounts.schemas import LONGEST, Input, sentence

_DAY = "Write the day as 2026-11-30."


class RevealInput(Input):
    """Which masked value, and why it is needed."""

    field = fields.String(
        load_default="bank_account",
        validate=validate.OneOf(MASKED, error="There is no such masked value."),
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(min=3, max=LONGEST, error="Say why you need it."),
        error_messages=sentence(required="Say why you need it."),
    )


class NarrowInput(Input):
    """A case by its reference, a person by the e-mail address, the first and the last day."""

    class Meta:
        unknown = EXCLUDE

    case = fields.String(load_default="", validate=validate.Length(max=40))
    person = fields.String(load_default="", validate=validate.Length(max=254))
    first = fields.Date(load_default=None, error_messages={"invalid": _DAY})
    last = fields.Date(load_default=None, error_messages={"invalid": _DAY})
    before = fields.String(load_default="")

    @post_load
    def _made(self, data: dict[str, object], **_: object) -> Narrowed:
        before = whole_number(str(data.pop("before")))
        return Narrowed(**data, before=before)  # type: ignore[arg-type]
