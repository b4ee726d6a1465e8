"""Files of paper applications for tests: made by the csv module and by openpyxl, as offices make them."""

import csv
import io
import zipfile
from typing import Any

from openpyxl import Workbook

from tests.answers import GRANT_ANSWERS

FIXED = {
    "paper_reference": "P-1",
    "received_at": "2026-03-02 16:45",
    "archive": "Room 2, shelf 14",
    "registry_number": "202001990001",
    "enterprise_name": "Kertas Contoh Sdn Bhd",
    "enterprise_language": "ms",
    "enterprise_address": "5 Jalan Kertas\nTown",
    "contact_name": "Rahim Contoh",
    "contact_email": "rahim@kertas.example",
    "documents.quotation": "2",
    "documents.specification": "1",
}
# Registry numbers of Malaysia have no check digit: any year, entity and serial has the form.
_FIRST = 202001990001


def paper(number: int = 1, **changed: Any) -> dict[str, Any]:
    """Return a row that is right, of an enterprise of its own."""
    own = {
        "paper_reference": f"P-{number}",
        "registry_number": str(_FIRST + number - 1),
        "contact_email": f"rahim{number}@kertas.example",
    }
    return {
        **FIXED,
        **GRANT_ANSWERS,
        **own,
        **{k.replace("__", "."): v for k, v in changed.items()},
    }


def as_csv(*rows: dict[str, Any], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Return rows as a CSV file; the first says which columns there are."""
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue().encode(encoding)


def as_xlsx(*rows: dict[str, Any], **formats: str) -> bytes:
    """Return rows as a workbook; ``formats`` are number formats by column."""
    book = Workbook()
    sheet = book.active
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    for name, shown_as in formats.items():
        place = list(rows[0]).index(name) + 1
        sheet.cell(2, place).number_format = shown_as
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Return a workbook as a file."""
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def repacked(content: bytes, name: str, member: bytes) -> bytes:
    """Return a workbook with one of its parts replaced, or another added."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info))
        new.writestr(name, member)
    return made.getvalue()
