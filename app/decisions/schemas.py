"""The input of votes, shared by pages and interface."""

from typing import Any

from marshmallow import fields, post_load

from app.accounts.schemas import Input, sentence
from app.applications.schemas import NOTE_LENGTH
from app.decisions.commands import Cast
from app.reviews.schemas import Amount, Texts


class ForInput(Input):
    """The amount that is approved, and a note."""

    amount = Amount(
        required=True, error_messages=sentence(required="Say which amount you approve.")
    )
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"cast": Cast(amount=data["amount"], note=data["note"])}


class ConcurInput(Input):
    """A note: the amount is the one that is decided on already."""

    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"cast": Cast(note=data["note"])}


class AgainstInput(Input):
    """Coded reasons and a note; whether they must be given is the workflow's rule."""

    reasons = Texts(load_default=())
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"cast": Cast(reasons=data["reasons"], note=data["note"])}
