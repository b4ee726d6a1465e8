"""The input of the acts of a review, shared by pages and interface."""

from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate

from app.accounts.schemas import Input, clean, sentence
from app.applications.schemas import NOTE_LENGTH
from app.reviews.commands import Advice, Reasoned, Scores

MOST_TRANCHES = 4
NOT_APPLICABLE = "n/a"
SCORES = frozenset("012345")
WHOLE = Decimal(100)
FINEST = Decimal("0.01")


class Texts(fields.Field[tuple[str, ...]]):
    """A list of texts; a form that sends one value sends no list."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> tuple[str, ...]:
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
            raise ValidationError("Give a list of codes.")
        return tuple(dict.fromkeys(values))


class Amount(fields.Field[str]):
    """An amount as text, or as a table of amount and currency; it is read in the currency of the case."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, dict) and set(value) == {"amount", "currency"}:
            return f"{value['currency']} {value['amount']}"
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            return str(value)
        raise ValidationError("Give the amount as text, such as 120000.00.")


class ReasonedInput(Input):
    """Coded reasons and a note in plain words; whether reasons must be given is the workflow's rule."""

    reasons = Texts(load_default=())
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"said": Reasoned(data["reasons"], data["note"])}


class Score(fields.Field[int | None]):
    """A score from 0 to 5; "n/a" or nothing at all, as JSON says it, says that the criterion does not apply."""

    def __init__(self) -> None:
        super().__init__(allow_none=True)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | None:
        if value == NOT_APPLICABLE:
            return None
        if isinstance(value, bool) or str(value) not in SCORES:
            raise ValidationError("Give a score from 0 to 5.")
        return int(value)


class AssessInput(Input):
    """Scores by criterion and a comment."""

    scores = fields.Dict(keys=fields.String(), values=Score(), load_default=dict)
    comment = fields.String(load_default="", validate=NOTE_LENGTH)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"given": Scores(data["scores"], data["comment"])}


class TrancheInput(Input):
    """A tranche of a recommendation: what it is for, and its share of the amount in per cent."""

    purpose = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200, error="Say what the tranche is for."),
        error_messages=sentence(required="Say what the tranche is for."),
    )
    share_pct = fields.String(
        required=True, error_messages=sentence(required="Give the share in per cent.")
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> tuple[str, Decimal]:
        try:
            share = Decimal(data["share_pct"])
        except InvalidOperation as error:
            raise ValidationError({"share_pct": ["Give the share in per cent."]}) from error
        if not share.is_finite() or not 0 < share <= WHOLE:
            raise ValidationError({"share_pct": ["Give a share above 0 and up to 100 per cent."]})
        if share != share.quantize(FINEST):
            raise ValidationError({"share_pct": ["Give the share with at most two decimals."]})
        return data["purpose"], share


class RecommendInput(Input):
    """Outcome, amount, tranches and a note. No tranche given is one tranche for everything."""

    outcome = fields.String(
        required=True,
        validate=validate.OneOf(["approve", "decline"], error="Choose what you recommend."),
        error_messages=sentence(required="Choose what you recommend."),
    )
    amount = Amount(load_default="")
    tranches = fields.List(
        fields.Nested(TrancheInput),
        load_default=list,
        validate=validate.Length(
            max=MOST_TRANCHES, error=f"Plan at most {MOST_TRANCHES} tranches."
        ),
    )
    note = fields.String(load_default="", validate=NOTE_LENGTH)

    @pre_load
    def _without_empty_rows_at_the_end(self, data: Any, **_: Any) -> Any:
        rows = data.get("tranches")
        if not isinstance(rows, list):
            return data
        # Only those at the end: an error keeps the number of the row it stands beside.
        kept = list(rows)
        while kept and isinstance(kept[-1], dict) and not any(clean(v) for v in kept[-1].values()):
            kept.pop()
        return {**data, "tranches": kept}

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        tranches = tuple(data["tranches"]) or (("Whole amount", WHOLE),)
        if sum(share for _, share in tranches) != WHOLE:
            raise ValidationError(
                {"tranches": ["The shares of the tranches must sum to 100 per cent."]}
            )
        return {"advice": Advice(data["outcome"], data["amount"], tranches, data["note"])}
