"""Files of paper applications: their columns, how they are read, and what is told of them."""

from app.intake.compose.columns import misfits
from app.intake.compose.delimited import read_csv
from app.intake.compose.report import as_csv, imported, of_faults, told_to
from app.intake.compose.rows import Fault, Reader, Row, doubled
from app.intake.compose.table import MOST_BYTES, MOST_ROWS, Table, Unreadable
from app.intake.compose.template import CSV, TYPES, XLSX, template
from app.intake.compose.workbook import read_workbook

__all__ = [
    "CSV",
    "MOST_BYTES",
    "MOST_ROWS",
    "TYPES",
    "XLSX",
    "Fault",
    "Reader",
    "Row",
    "Table",
    "Unreadable",
    "as_csv",
    "doubled",
    "imported",
    "misfits",
    "of_faults",
    "read",
    "template",
    "told_to",
]
# How a workbook begins: it is a zip file.
_ZIP = b"PK\x03\x04"
# Excel's format before 2007, and workbooks under a password.
_OLE = b"\xd0\xcf\x11\xe0"


def read(content: bytes) -> Table:
    """Return the table of a file, a workbook or CSV by what it holds, not by its name; raises ``Unreadable``."""
    if not content:
        raise Unreadable("The file is empty.")
    if len(content) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.")
    if content.startswith(_OLE):
        raise Unreadable("The workbook is of an old format or under a password. Save it as .xlsx.")
    return read_workbook(content) if content.startswith(_ZIP) else read_csv(content)
