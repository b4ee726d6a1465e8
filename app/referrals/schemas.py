"""The forms of a referral."""

from typing import Any

from marshmallow import fields, post_load, validate

from app.accounts.schemas import LONGEST, Input, sentence
from app.referrals.commands import Handover

_CONSENT, _TO = "Choose the enterprise.", "Choose who receives the referral."
_WHY, _WORDS = "Say why.", "Say what you do for the enterprise, or why you cannot."
_CASE = "Name the application by its reference."


class ReferInput(Input):
    """Under which consent, to whom, why, and for which scheme if for one."""

    consent = fields.Integer(
        required=True,
        validate=validate.Range(min=1, max=2**31 - 1, error=_CONSENT),
        error_messages={**sentence(required=_CONSENT), "invalid": _CONSENT},
    )
    to = fields.String(
        required=True,
        validate=validate.Length(min=1, max=20, error=_TO),
        error_messages=sentence(required=_TO),
    )
    scheme = fields.String(load_default="", validate=validate.Length(max=40))
    reason = fields.String(
        required=True,
        validate=validate.Length(min=3, max=LONGEST, error=_WHY),
        error_messages=sentence(required=_WHY),
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Handover:
        return Handover(**data)


class AnswerInput(Input):
    """What the receiving side says."""

    words = fields.String(
        required=True,
        validate=validate.Length(min=3, max=LONGEST, error=_WORDS),
        error_messages=sentence(required=_WORDS),
    )


class CloseInput(Input):
    """The application that the referral became."""

    application = fields.String(
        required=True,
        validate=validate.Length(min=1, max=40, error=_CASE),
        error_messages=sentence(required=_CASE),
    )
