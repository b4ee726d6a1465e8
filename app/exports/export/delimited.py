"""Exports as lines of text: JSON Lines for proof, and CSV (RFC 4180) that no spreadsheet runs as a formula."""

import re
from collections.abc import Iterator
from typing import Any

from app.exports.compose import Scope
from app.exports.export.table import NAMES, pieces
from app.exports.queries import Row, pages

# A text that a spreadsheet would run, and one that begins with the mark itself, is led by an apostrophe. The first character
# of such a cell is therefore never its own: without it the cell is exactly the text.
MARK = "'"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MARKED = (*FORMULA, MARK)
_QUOTED = re.compile('[",\r\n]')
# What most cells are: nothing to quote, nothing to mark.
_EXACT = re.compile("[0-9A-Za-z][0-9A-Za-z:._-]*")
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


def cell(text: str) -> str:
    """Return a text as a cell: marked where it would run, quoted where it must be."""
    if _EXACT.fullmatch(text):
        return text
    if text.startswith(_MARKED):
        text = MARK + text
    if _QUOTED.search(text):
        text = '"' + text.replace('"', '""') + '"'
    return text


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
