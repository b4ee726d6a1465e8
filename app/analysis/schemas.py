"""The filters of the analysis, as they stand in an address or a form: every wrong thing is named at once."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate, validates_schema

from app.accounts.schemas import Input, sentence
from app.analysis.compose.sampling import METHODS
from app.analysis.queries.findings import FINDINGS, FLAGS
from app.analysis.queries.samples import MOST_DRAWN
from workflows.money import DECIMALS, to_minor, typed

LISTS = ("findings", "flags")
_DAY = "Write a day as 2026-11-30."
_SHORT = validate.Length(max=120, error="This is too long.")
# More working days than any case stays anywhere.
_LONGEST = 2000


def _chosen(*names: str) -> Any:
    return validate.OneOf(("", *names), error="Choose one of the list.")


class _Asked(Input):
    """What all filters share: empty fields narrow nothing, a period has its days in order, amounts have a currency."""

    currency = fields.String(load_default="", validate=_chosen(*DECIMALS))
    least = fields.String(load_default="", validate=_SHORT)
    most = fields.String(load_default="", validate=_SHORT)
    first = fields.Date(load_default=None, error_messages={"invalid": _DAY})
    last = fields.Date(load_default=None, error_messages={"invalid": _DAY})

    @pre_load
    def _filled(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value != ""}

    @validates_schema(skip_on_field_errors=False)
    def _fits(self, data: dict[str, Any], **_: Any) -> None:
        wrong = {name: said for name in ("least", "most") if (said := _misread(data, name))}
        if wrong and not data.get("currency"):
            wrong = {"currency": ["Choose the currency of the amounts."]}
        least, most = (None if wrong else _minor(data, name) for name in ("least", "most"))
        if least is not None and most is not None and most < least:
            wrong["most"] = ["The upper amount is below the lower one."]
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            wrong["last"] = ["The last day is before the first day."]
        wrong |= self.more(data)
        if wrong:
            raise ValidationError({name: [*said] for name, said in wrong.items()})

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        lists = {
            name: tuple(dict.fromkeys(data.get(name, ()))) for name in LISTS if name in self.fields
        }
        return {**data, **lists, "least": _minor(data, "least"), "most": _minor(data, "most")}

    def more(self, data: dict[str, Any]) -> dict[str, list[str]]:
        """Return what else is wrong, by field; what is wrong by itself is not in ``data``."""
        return {}


def _minor(data: dict[str, Any], name: str) -> int | None:
    if not data.get(name):
        return None
    return to_minor(typed(data[name], data["currency"]), data["currency"])


def _misread(data: dict[str, Any], name: str) -> list[str]:
    """Return what is wrong with an amount, nothing when it can be read."""
    try:
        _minor(data, name)
    except (KeyError, ValueError) as error:
        return [str(error)]
    return []


class FindInput(_Asked):
    """The filter over cases and decisions; ``officer`` is a number as on the trail, or an e-mail address."""

    scheme = fields.String(load_default="", validate=_SHORT)
    agency = fields.String(load_default="", validate=_SHORT)
    officer = fields.String(load_default="", validate=validate.Length(max=254))
    duty = fields.String(load_default="", validate=_SHORT)
    instrument = fields.String(load_default="", validate=_SHORT)
    reason = fields.String(load_default="", validate=_SHORT)
    outcome = fields.String(load_default="", validate=_chosen("approve", "decline"))
    by = fields.String(load_default="received", validate=_chosen("received", "decided"))
    state = fields.String(load_default="", validate=_SHORT)
    longer = fields.Integer(
        load_default=None,
        strict=False,
        validate=validate.Range(0, _LONGEST, error=f"Enter a number from 0 to {_LONGEST}."),
        error_messages={"invalid": "Enter a whole number of working days."},
    )
    findings = fields.List(fields.String(validate=_chosen(*(f.name for f in FINDINGS))))
    flags = fields.List(fields.String(validate=_chosen(*(f.name for f in FLAGS))))

    def more(self, data: dict[str, Any]) -> dict[str, list[str]]:
        """Return what is wrong with the time in a state: it has a state, and a number of days."""
        if data.get("state") and data.get("longer", 0) is None:
            return {"longer": ["Say how many working days."]}
        if data.get("longer") is not None and data.get("state") == "":
            return {"state": ["Say in which state."]}
        return {}


class SampleInput(FindInput):
    """A filter with what to draw from the cases that fit."""

    method = fields.String(
        required=True,
        validate=validate.OneOf(METHODS, error="Choose a method."),
        error_messages=sentence(required="Choose a method."),
    )
    size = fields.Integer(
        required=True,
        strict=False,
        validate=validate.Range(1, MOST_DRAWN, error=f"Enter a number from 1 to {MOST_DRAWN}."),
        error_messages={
            "invalid": "Enter a whole number of cases.",
            "required": "Enter a whole number of cases.",
        },
    )
    seed = fields.String(
        load_default="",
        validate=validate.Regexp(r"[ -~]{0,64}\Z", error="Use up to 64 plain characters."),
    )


class ProcessInput(_Asked):
    """Which process is drawn: the digest of a workflow version, an agency, and the days of first submission."""

    workflow = fields.String(load_default="", validate=validate.Length(max=64))
    agency = fields.String(load_default="", validate=_SHORT)


class CompareInput(_Asked):
    """Two officers or two agencies, and which cases are alike."""

    kind = fields.String(load_default="officers", validate=_chosen("officers", "agencies"))
    one = fields.String(load_default="", validate=validate.Length(max=254))
    other = fields.String(load_default="", validate=validate.Length(max=254))
    scheme = fields.String(load_default="", validate=_SHORT)
    workflow = fields.String(load_default="", validate=_SHORT)

    def more(self, data: dict[str, Any]) -> dict[str, list[str]]:
        """Return what is lacking for a comparison."""
        sides = {name: data.get(name) for name in ("one", "other")}
        wrong = {name: ["Say who is compared."] for name, said in sides.items() if said == ""}
        if not data.get("scheme") and not data.get("workflow"):
            wrong["scheme"] = ["Choose a scheme or a workflow: only like cases are compared."]
        if sides["one"] and sides["one"] == sides["other"]:
            wrong["other"] = ["Choose two different ones."]
        return wrong
