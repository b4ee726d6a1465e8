"""The template of a file of paper applications: the names of the columns and a row of hints, as CSV and as a workbook."""

import io

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from app.delimited import line
from app.intake.compose.columns import expected
from app.schemes.compose.terms import SchemeTerms

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WIDTH = 28


def template(terms: SchemeTerms, kind: str) -> bytes:
    """Return the template of a scheme in a format."""
    columns = expected(terms)
    rows = [[column.name for column in columns], [column.hint for column in columns]]
    if kind == CSV:
        # The mark tells spreadsheets that the file is in UTF-8.
        return b"\xef\xbb\xbf" + "".join(line(row) for row in rows).encode()
    return _workbook(rows)


def _workbook(rows: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Applications")
    sheet.freeze_panes = "B2"
    for number in range(1, len(rows[0]) + 1):
        found = sheet.column_dimensions[get_column_letter(number)]
        # Text, so that no number loses its first zeros.
        found.width, found.number_format = _WIDTH, "@"
    for row in rows:
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
