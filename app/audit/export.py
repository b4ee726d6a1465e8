"""Exports of the trail, streamed: JSON Lines for proof, CSV for people."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from app.trail.queries import Fact

COLUMNS = (
    "stream", "seq", "at", "type", "actor", "duty", "part", "from", "to", "reasons",
    "amount", "currency", "workflow", "scheme", "prev", "hash",
)  # fmt: skip

# A text that a spreadsheet would run as a formula is led by an apostrophe; take it off to have the exact value back.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def json_lines(facts: Iterable[Fact]) -> Iterator[str]:
    """Give one line per event: the record exactly as it was hashed."""
    for fact in facts:
        yield fact.entry + "\n"


def csv_lines(facts: Iterable[Fact]) -> Iterator[str]:
    """Give a table as RFC 4180 has it, one row per event."""
    yield _line(list(COLUMNS))
    for fact in facts:
        yield _line([_safe(value) for value in _row(fact)])


LINES: dict[str, Callable[[Iterable[Fact]], Iterator[str]]] = {
    "jsonl": json_lines,
    "csv": csv_lines,
}
"""How the trail is written, by the ending of the file."""


def _row(fact: Fact) -> list[str]:
    record, detail = fact.record, fact.record.get("detail", {})
    values = {
        **record,
        "reasons": " ".join(record.get("reasons", [])),
        "amount": detail.get("amount", ""),
        "currency": detail.get("currency", ""),
        "workflow": _version(record.get("workflow")),
        "scheme": _version(record.get("scheme")),
        "hash": fact.hash,
    }
    return [str(values.get(column, "")) for column in COLUMNS]


def _version(found: dict[str, str] | None) -> str:
    return f"{found.get('name') or found.get('code')}@{found['version']}" if found else ""


def _safe(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


def _line(values: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(values)
    return buffer.getvalue()
