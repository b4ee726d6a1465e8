"""Exports as lines of text: JSON Lines for proof, and CSV (RFC 4180) that no spreadsheet runs as a formula."""

from collections.abc import Iterator
from typing import Any

from app.delimited import cell
from app.exports.compose import Scope
from app.exports.export.table import NAMES, pieces
from app.exports.queries import Row, pages

_LONG = 400
_MOST = 100_000


def json_lines(scope: Scope) -> Iterator[bytes]:
    """Give one line per event: the record exactly as it was hashed."""
    for rows in pages(scope):
        lines = [row[2] for row in rows]
        lines.append("")
        yield "\n".join(lines).encode()


def csv_lines(scope: Scope) -> Iterator[bytes]:
    """Give a table as RFC 4180 has it, one row per event."""
    yield (",".join(NAMES) + "\r\n").encode()
    known = Known()
    for rows in pages(scope):
        yield ("\r\n".join([_line(row, known) for row in rows]) + "\r\n").encode()


class Known(dict[Any, str]):
    """How values are written; those that come again are looked up, and there are never many at a time."""

    def __missing__(self, value: Any) -> str:
        """Write a value, or several side by side, for the first time."""
        if isinstance(value, tuple):
            written = ",".join([self[one] for one in value])
        elif isinstance(value, int):
            written = str(value)
        else:
            written = cell(value or "")
        if len(written) > _LONG:
            return written
        if len(self) >= _MOST:
            self.clear()
        self[value] = written
        return written


def _line(row: Row, known: Known) -> str:
    """Return the line of an event: what comes again in one piece is looked up in one piece."""
    index, digest, entry = row
    (
        at,
        happened,
        stream,
        seq,
        what,
        actor,
        how,
        money,
        judged,
        about,
        sent,
        who,
        under,
        request,
        prev,
    ) = pieces(entry)
    when = cell(at or "")
    return ",".join(
        (
            str(index),
            when,
            when if happened == at else cell(happened or ""),
            known[stream],
            "" if seq is None else str(seq),
            known[what],
            known[actor],
            known[how],
            known[money],
            known[judged],
            known[about],
            known[sent],
            known[who],
            known[under],
            cell(request or ""),
            prev if prev and prev.isalnum() else cell(prev or ""),
            digest,
        )
    )
