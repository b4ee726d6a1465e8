"""The form of an evidence bundle."""

import re
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from app.accounts.schemas import Input, sentence
from app.audit.compose import Scope
from app.audit.compose.scope import KINDS

MOST_CASES = 500
MOST_NOTE = 20_000
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")
_SHOWN = 5
_CHOOSE = "Choose what the bundle is to hold."


class BundleInput(Input):
    """What to put into an evidence bundle, as ``Scope`` has it; ``cases`` are references with blanks, commas or lines between.

    ``checkpoint`` is the text of the older signed note, ``documents`` "yes" or "no".
    """

    kind = fields.String(
        required=True,
        validate=validate.OneOf(KINDS, error=_CHOOSE),
        error_messages=sentence(required=_CHOOSE),
    )
    cases = fields.String(load_default="")
    agency = fields.String(load_default="")
    first = fields.String(load_default="", data_key="from")
    last = fields.String(load_default="", data_key="to")
    documents = fields.String(
        load_default="yes", validate=validate.OneOf(("yes", "no"), error="Choose yes or no.")
    )
    checkpoint = fields.String(
        load_default="",
        validate=validate.Length(max=MOST_NOTE, error="This is longer than any checkpoint."),
    )

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Scope:
        kind = data["kind"]
        found: dict[str, Any] = {"kind": kind, "documents": data["documents"] == "yes"}
        if data["checkpoint"]:
            found["checkpoint"] = data["checkpoint"] + "\n"
        if kind == "cases":
            found["cases"] = references(data["cases"])
        if kind in ("agency", "period"):
            found["agency"] = _agency(data["agency"], needed=kind == "agency")
        if kind == "period":
            found |= _days(data)
        return Scope(**found)


def references(text: str) -> tuple[str, ...]:
    """Return references of cases, each once, in the order given; raises ``ValidationError`` naming what is none."""
    found = tuple(dict.fromkeys(re.split(r"[\s,;]+", text.strip(" \t\n,;"))))
    if found == ("",):
        raise ValidationError({"cases": ["Name at least one case."]})
    if len(found) > MOST_CASES:
        raise ValidationError(
            {
                "cases": [
                    f"These are {len(found)} cases; a bundle takes {MOST_CASES}. Ask for an agency or a period."
                ]
            }
        )
    wrong = [name for name in found if not _CODE.fullmatch(name)]
    if wrong:
        shown = ", ".join(f"“{name[:40]}”" for name in wrong[:_SHOWN])
        raise ValidationError(
            {"cases": [f"A reference reads like MY-BAP-2026-00001, not {shown}."]}
        )
    return found


def _agency(code: str, *, needed: bool) -> str:
    if needed and not code:
        raise ValidationError({"agency": ["Choose an agency."]})
    return code


def _days(data: dict[str, Any]) -> dict[str, Any]:
    wrong: dict[str, list[str]] = {}
    found: dict[str, Any] = {}
    for name, key in (("first", "from"), ("last", "to")):
        try:
            found[name] = fields.Date().deserialize(data[name])
        except ValidationError:
            wrong[key] = ["Say the day, as 2026-11-30."]
    if wrong:
        raise ValidationError(wrong)
    if found["last"] < found["first"]:
        raise ValidationError({"to": ["The last day is before the first."]})
    return found
