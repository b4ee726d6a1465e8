"""The table of what came out of every case, as text for people and as CSV for programs."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from workflows.money import formatted

Record = dict[str, Any]
"""An event as it was recorded."""


@dataclass(frozen=True)
class Line:
    """What came out of one case; amounts with their currency, empty where there is none."""

    reference: str
    enterprise: str
    scheme: str
    asked: str
    approved: str
    disbursed: str
    state: str
    letters: str
    events: str


# A payment officer, the bank's own file, or two people who looked into it.
PAID = ("confirm", "bank_pays", "agree")
AMOUNTS = ("asked", "approved", "disbursed", "letters", "events")


def approved(events: list[Record]) -> str:
    """Return the amount approved last, as the trail has it: an approval that became void is followed by another."""
    return _amount([event for event in events if event["type"] == "approve"][-1:], "approve")


def disbursed(events: list[Record]) -> str:
    """Return the sum of the disbursements that were confirmed, by whoever said so, as the trail has it."""
    return _amount(events, *PAID)


def asked(events: list[Record]) -> str:
    """Return the amount that was asked for at the last submission."""
    handed_in = [event["detail"] for event in events if "submission" in event["detail"]]
    return _told(handed_in[-1]["requested"], handed_in[-1]["currency"]) if handed_in else ""


def text(lines: Sequence[Line]) -> str:
    """Return the table aligned in columns; marks that sit on the letter before them take no column."""
    head = tuple(field.name for field in fields(Line))
    rows = [head, *(astuple(line) for line in lines)]
    widths = [max(_width(row[n]) for row in rows) for n in range(len(head))]
    return "\n".join(
        "  ".join(
            _padded(cell, width, right=name in AMOUNTS)
            for name, cell, width in zip(head, row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def table(lines: Sequence[Line]) -> str:
    """Return the table as CSV (RFC 4180)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(field.name for field in fields(Line))
    writer.writerows(astuple(line) for line in lines)
    return buffer.getvalue()


def _amount(events: list[Record], *acts: str) -> str:
    paid = [event["detail"] for event in events if event["type"] in acts]
    return _told(sum(detail["amount"] for detail in paid), paid[0]["currency"]) if paid else ""


def _told(minor: int, currency: str) -> str:
    return formatted(minor, currency).replace("\u00a0", " ")


def _width(cell: str) -> int:
    return sum(0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1 for char in cell)


def _padded(cell: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if right else cell + space
