"""Reading a CSV file as RFC 4180 has it: UTF-8, with commas or semicolons."""

import csv
import io

from app.intake.compose.table import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Line,
    Table,
    Unreadable,
    table,
    too_long,
    too_wide,
)

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Blank rows count for nothing, but are not read without end.
_MOST_LINES = 4 * MOST_ROWS


def read_csv(content: bytes) -> Table:
    """Return the table of a CSV file; raises ``Unreadable``."""
    text = _text(content)
    found: list[Line] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), _dialect(text)), 1):
            if number > _MOST_LINES:
                raise Unreadable(f"The file has more than {MOST_ROWS:,} applications.")
            found.append(_line(number, row))
    except csv.Error as error:
        place = len(found) + 1
        raise Unreadable(f"Row {place} is not written as CSV (RFC 4180): {error}.") from error
    return table(found)


def _text(content: bytes) -> str:
    if content.startswith(_UTF16):
        raise Unreadable("The file is in UTF-16. Save it as CSV in UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"Line {where} is not in UTF-8. Save the file as CSV in UTF-8.") from error
    if "\0" in text:
        raise Unreadable("The file holds a NUL character: it is no text.")
    return text


def _dialect(text: str) -> type[csv.Dialect]:
    """Return how the file is written: with semicolons where the names of the columns are separated by them."""
    # Names of columns hold neither: no quotation can mislead here.
    first = text.splitlines()[0] if text.strip() else ""

    class Written(csv.excel):
        strict = True
        delimiter = ";" if first.count(";") > first.count(",") else ","

    return Written


def _line(number: int, row: list[str]) -> Line:
    if len(row) > MOST_COLUMNS:
        raise too_wide()
    cells = tuple(cell.strip() for cell in row)
    long = {place: too_long() for place, cell in enumerate(cells) if len(cell) > LONGEST_CELL}
    return Line(number, cells, long)
