"""Reading decisions: the authority matrix with its amounts."""

from decimal import Decimal
from typing import Any

from workflows.definition import Band, Decision
from workflows.format.lines import Place
from workflows.format.reading import Reader
from workflows.money import to_minor


def decision(name: str, read: dict[str, Any], reader: Reader) -> Decision:
    """Return the record of a decision that was read."""
    place = ("decisions", name, "bands")
    bands = tuple(_band(table, (*place, n), reader) for n, table in enumerate(read["bands"]))
    return Decision(name=name, **{**read, "bands": bands})


def _band(read: dict[str, Any], place: Place, reader: Reader) -> Band:
    """Return one row of the matrix, its amounts in minor units of its currency."""
    above = _amount(read, "above", place, reader)
    up_to = _amount(read, "up_to", place, reader)
    if above is not None and up_to is not None and up_to <= above:
        reader.wrong((*place, "up_to"), "expected more than `above`: no amount falls in this band.")
    return Band(**{**read, "above": above or 0, "up_to": up_to})


def _amount(read: dict[str, Any], key: str, place: Place, reader: Reader) -> int | None:
    text, currency = read[key], read["currency"]
    if text is None:
        return None
    if not currency:
        reader.wrong((*place, key), "an amount needs the currency of its band.")
        return None
    try:
        return to_minor(Decimal(text), currency)
    except ValueError as error:
        reader.wrong((*place, key), str(error))
        return None
