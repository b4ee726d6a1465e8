"""The input of claims, shared by pages and interface: lines as they are typed, findings, notes."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate

from app.accounts.schemas import Input, clean
from app.applications.schemas import NOTE_LENGTH
from app.claims.commands import Asked, Verified
from app.claims.compose import TypedFinding, TypedLine
from app.reviews.schemas import Amount

MOST_LINES = 100
OUTCOMES = ("accepted", "reduced", "refused")
_MOST = f"Claim at most {MOST_LINES} lines at once."


def _text(most: int) -> fields.String:
    return fields.String(
        load_default="", validate=validate.Length(max=most, error=f"Use at most {most} characters.")
    )


class Number(fields.Field[str]):
    """The number of a document, as text or as a number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not (text == "" or text.isdigit()):
            raise ValidationError("Choose a document of this claim.")
        return text


class LineInput(Input):
    """A line of a claim as it was typed; what is wrong with it is said when it is claimed."""

    supplier = _text(140)
    invoice = _text(60)
    dated = _text(20)
    description = _text(500)
    cost = Amount(load_default="")
    document = Number(load_default="")

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> TypedLine:
        return TypedLine(**{**data, "cost": data["cost"][:60]})


def _without_empty_rows(data: Any, name: str) -> Any:
    rows = data.get(name)
    if not isinstance(rows, list):
        return data
    kept = [row for row in rows if not isinstance(row, dict) or any(map(clean, row.values()))]
    return {**data, name: kept}


class LinesInput(Input):
    """The lines of a claim that is being written."""

    lines = fields.List(
        fields.Nested(LineInput),
        load_default=list,
        validate=validate.Length(max=MOST_LINES, error=_MOST),
    )

    @pre_load
    def _filled(self, data: Any, **_: Any) -> Any:
        return _without_empty_rows(data, "lines")

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"lines": tuple(data["lines"])}


class ClaimInput(Input):
    """A claim or drawdown: a note, and the lines of the claim where they are not those that were saved."""

    note = fields.String(load_default="", validate=NOTE_LENGTH)
    lines = fields.List(
        fields.Nested(LineInput),
        load_default=None,
        validate=validate.Length(max=MOST_LINES, error=_MOST),
    )

    @pre_load
    def _filled(self, data: Any, **_: Any) -> Any:
        return _without_empty_rows(data, "lines")

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        lines = None if data["lines"] is None else tuple(data["lines"])
        return {"given": Asked(data["note"], lines)}


class FindingInput(Input):
    """What was found on a line; the amount accepted is asked for where it is reduced."""

    line = fields.Integer(
        required=True,
        validate=validate.Range(min=1, max=MOST_LINES, error="Name a line of the claim."),
        error_messages={
            "required": "Name a line of the claim.",
            "invalid": "Name a line of the claim.",
        },
    )
    outcome = fields.String(
        load_default="accepted",
        validate=validate.OneOf(OUTCOMES, error="Accept the line, reduce it or refuse it."),
    )
    accepted = Amount(load_default="")
    reason = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> TypedFinding:
        return TypedFinding(**data)


class VerifyInput(Input):
    """A note, and what was found on lines; a line that is not named is accepted."""

    note = fields.String(load_default="", validate=NOTE_LENGTH)
    findings = fields.List(
        fields.Nested(FindingInput),
        load_default=list,
        validate=validate.Length(max=MOST_LINES, error="Name each line once."),
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"given": Verified(data["note"], tuple(data["findings"]))}
