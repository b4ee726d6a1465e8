"""Tables as RFC 4180 has them, in which no spreadsheet runs a text as a formula."""

import re
from collections.abc import Iterable

# A text that a spreadsheet would run, and one that begins with the mark itself, is led by an apostrophe. The first character
# of such a cell is therefore never its own: without it the cell is exactly the text.
MARK = "'"
_MARKED = (
    "=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20", MARK,
)  # fmt: skip
_QUOTED = re.compile('[",\r\n]')
# What most cells are: nothing to quote, nothing to mark.
_EXACT = re.compile("[0-9A-Za-z][0-9A-Za-z:._-]*")


def cell(text: str) -> str:
    """Return a text as a cell: marked where it would run, quoted where it must be."""
    if _EXACT.fullmatch(text):
        return text
    if text.startswith(_MARKED):
        text = MARK + text
    if _QUOTED.search(text):
        text = '"' + text.replace('"', '""') + '"'
    return text


def line(values: Iterable[object]) -> str:
    """Return a row with its line end, each value as a cell; ``None`` is an empty one."""
    return ",".join("" if value is None else cell(str(value)) for value in values) + "\r\n"
