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
    came_back: str
    state: str
    letters: str
    events: str


# A payment officer, the bank's own file, or two people who looked into it.
PAID = ("confirm", "bank_pays", "agree")
VARIATION, RECEIPTS = "variation", ("clawback_receipt", "repayment")
AMOUNTS = ("asked", "approved", "disbursed", "came_back", "letters", "events")


def approved(events: list[Record]) -> str:
    """Return the amount approved last, as the trail has it: that of a variation, or of an approval after one that became void."""
    found = [
        event["detail"]
        for event in events
        if event["type"] == "approve" and event["detail"].get("kind", VARIATION) == VARIATION
    ]
    return _sum(found[-1:])


def disbursed(events: list[Record]) -> str:
    """Return the sum of the disbursements that were confirmed, by whoever said so, as the trail has it."""
    return _sum([e["detail"] for e in events if e["type"] in PAID and "tranche" in e["detail"]])


def came_back(events: list[Record]) -> str:
    """Return the sum of what the enterprise paid back or repaid, confirmed by a second person, as the trail has it."""
    return _sum(
        [
            event["detail"]
            for event in events
            if event["type"] == "confirm" and event["detail"].get("kind") in RECEIPTS
        ]
    )


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


def _sum(details: list[Record]) -> str:
    total = sum(detail["amount"] for detail in details)
    return _told(total, details[0]["currency"]) if details else ""


def _told(minor: int, currency: str) -> str:
    return formatted(minor, currency).replace("\u00a0", " ")


def _width(cell: str) -> int:
    return sum(0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1 for char in cell)


def _padded(cell: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(cell))
    return space + cell if right else cell + space
