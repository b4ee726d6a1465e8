"""Reading the first sheet of an Excel workbook (ISO/IEC 29500) that anybody may have made, without running anything in it.

Texts are taken as they are, numbers and days as they are shown; a formula, an error or a truth value is refused by name.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

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

# What five megabytes of texts unpack to at most, with room; a bomb unpacks to thousands.
MOST_UNPACKED = 60 * 1024 * 1024
MOST_MEMBERS = 200
# A spreadsheet keeps so many digits of a number, and makes the others up.
_EXACT = 10**15
_MOST_LINES = 4 * MOST_ROWS
# The format has no document type (ISO/IEC 29500-2): where there is one, entities are about to be expanded or fetched.
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
_DAMAGED = "The file is no workbook of Excel (.xlsx), or is damaged. Save it again, or as CSV."


def read_workbook(content: bytes) -> Table:
    """Return the table on the first sheet of a workbook; raises ``Unreadable``."""
    try:
        _harmless(content)
        with warnings.catch_warnings():
            # It warns of what it leaves out: rules for colours, lists to choose from.
            warnings.simplefilter("ignore")
            return table(list(_lines(content)))
    except Unreadable:
        raise
    except Exception as error:
        # What comes out of a file made to do harm is not to be foretold.
        raise Unreadable(_DAMAGED) from error


def _harmless(content: bytes) -> None:
    """Look at the directory of the zip file before anything is unpacked, then at each part of it."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        members = book.infolist()
        # No more than what is said here is ever unpacked of a member.
        if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_UNPACKED:
            raise Unreadable("The workbook unpacks to more than a table of applications can hold.")
        if any(member.flag_bits & 1 for member in members):
            raise Unreadable("The workbook is protected by a password. Save it without.")
        for member in members:
            # In UTF-16 each letter has a NUL beside it.
            plain = book.read(member).replace(b"\0", b"").upper()
            if any(word in plain for word in _FORBIDDEN):
                raise Unreadable("The workbook holds a document type: no spreadsheet writes one.")
        names = {member.filename.lower() for member in members}
        if any(name.endswith("vbaproject.bin") for name in names):
            raise Unreadable("The workbook holds a program. Save it as .xlsx, without macros.")


def _lines(content: bytes) -> Iterator[Line]:
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        if not book.worksheets:
            raise Unreadable("The workbook has no sheet.")
        sheet = book.worksheets[0]
        # What it says of its own size may be anything.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(), 1):
            if number > _MOST_LINES:
                raise Unreadable(f"The sheet has more than {MOST_ROWS:,} applications.")
            yield _line(number, row)
    finally:
        book.close()


def _line(number: int, row: tuple[Any, ...]) -> Line:
    if len(row) > MOST_COLUMNS:
        raise too_wide()
    cells, faults = [], {}
    for place, cell in enumerate(row):
        text, fault = _read(cell)
        cells.append(text.strip())
        if fault or len(text) > LONGEST_CELL:
            faults[place] = fault or too_long()
    return Line(number, tuple(cells), faults)


_REFUSED = {
    "f": "This is a formula. Replace it by its value.",
    "e": "This is an error of a formula.",
    "b": "This is a truth value of the spreadsheet. Write a word.",
}


def _read(cell: Any) -> tuple[str, str]:
    """Return the text of a cell, and what speaks against taking it ("": nothing)."""
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type in _REFUSED:
        return "", _REFUSED[cell.data_type]
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    if isinstance(value, datetime | date):
        return _day(value), ""
    return (value, "") if isinstance(value, str) else ("", "This is neither text nor a number.")


def _day(value: date) -> str:
    """Return a day, with the time where it has one."""
    timed = isinstance(value, datetime) and value.time() != time(0)
    return f"{value:%Y-%m-%d %H:%M}" if timed else f"{value:%Y-%m-%d}"


def _number(value: float, shown_as: str) -> tuple[str, str]:
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return "", "This is no number."
    if abs(exact) >= _EXACT:
        return "", "A spreadsheet rounds a number of more than 15 digits. Write it as text."
    if "%" in shown_as:
        exact *= 100
    text = f"{exact:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text), ""
