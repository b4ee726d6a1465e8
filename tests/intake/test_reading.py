"""Reading a file anybody may have made: what is understood, and in which words the rest is refused."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from app.intake.compose import MOST_BYTES, Unreadable, read
from app.intake.compose.table import LONGEST_CELL, MOST_COLUMNS
from app.intake.compose.workbook import MOST_UNPACKED
from tests.intake.files import as_csv, as_xlsx, repacked, saved

ROW = {"name": "Kopi", "amount": "80000.00"}
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [line.cells for line in read(content).lines]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(as_csv(ROW), ("Kopi", "80000.00"), id="with commas"),
        pytest.param(as_csv(ROW, delimiter=";"), ("Kopi", "80000.00"), id="with semicolons"),
        pytest.param(as_csv(ROW, encoding="utf-8-sig"), ("Kopi", "80000.00"), id="with a mark"),
        pytest.param(b"name,amount\nKopi,1\n\n,\n", ("Kopi", "1"), id="blank rows are passed over"),
        pytest.param(
            b'name;amount\n"Kopi; ""Besar""\nSdn Bhd";1',
            ('Kopi; "Besar"\nSdn Bhd', "1"),
            id="a quoted cell with separators, quotes and lines",
        ),
        pytest.param(as_csv({"name": "กาแฟ"}), ("กาแฟ",), id="another script"),
        pytest.param(as_csv({"name": "=1+1"}), ("=1+1",), id="in CSV there is no formula"),
        pytest.param(as_xlsx(ROW), ("Kopi", "80000.00"), id="a workbook"),
        pytest.param(as_xlsx({"n": 24, "m": 80000.5}), ("24", "80000.5"), id="numbers"),
        pytest.param(as_xlsx({"n": 1e14}), ("100000000000000",), id="a long number"),
        pytest.param(as_xlsx({"n": 0.0000001}), ("0.0000001",), id="a small number"),
        pytest.param(as_xlsx({"n": 0.125}, n="0.0%"), ("12.5",), id="per cent as it is shown"),
        pytest.param(as_xlsx({"d": date(2026, 3, 2)}), ("2026-03-02",), id="a day"),
        pytest.param(
            as_xlsx({"d": datetime.fromisoformat("2026-03-02T16:45")}),
            ("2026-03-02 16:45",),
            id="a moment",
        ),
    ],
)
def test_what_is_understood(content: bytes, expected: tuple[str, ...]) -> None:
    assert cells(content) == [expected]


def sheet_with(cell: str) -> bytes:
    """Return a workbook with a cell as somebody else's program may write it."""
    rows = f'<row r="1"><c t="inlineStr"><is><t>a</t></is></c></row><row r="2">{cell}</row>'
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return repacked(as_xlsx({"a": "b"}), SHEET, xml.encode())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(as_xlsx({"n": "=1+1"}), "formula", id="a formula"),
        pytest.param(sheet_with('<c t="e"><v>#N/A</v></c>'), "error", id="an error"),
        pytest.param(as_xlsx({"n": True}), "truth value", id="a truth value"),
        pytest.param(as_xlsx({"n": 1234567890123456}), "15 digits", id="a number that was rounded"),
        pytest.param(as_csv({"n": "x" * (LONGEST_CELL + 1)}), "at most 10,000", id="a long text"),
        pytest.param(as_xlsx({"n": "x" * (LONGEST_CELL + 1)}), "at most 10,000", id="one in Excel"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(content: bytes, said: str) -> None:
    (line,) = read(content).lines
    assert said in line.faults[0]


def wide(number: int) -> bytes:
    return as_csv({f"c{n}": "x" for n in range(number)})


def far_out() -> bytes:
    book = Workbook()
    book.active["A1"], book.active["XFD2"] = "a", "b"
    return saved(book)


def deep_down() -> bytes:
    book = Workbook()
    book.active["A1"], book.active["A1048576"] = "a", "b"
    return saved(book)


def bomb() -> bytes:
    return repacked(as_xlsx(ROW), "xl/media/bomb.bin", bytes(MOST_UNPACKED + 1))


def entities(encoding: str = "utf-8") -> bytes:
    """Return a workbook whose sheet fetches a file of the host."""
    xml = (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c t="inlineStr"><is><t>&e;</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    return repacked(as_xlsx(ROW), SHEET, xml.encode(encoding))


MANY = [{"a": "x"}] * 6_000
UNREADABLE: dict[str, tuple[Any, str]] = {
    "nothing": (b"", "empty"),
    "only blanks": (b" \n \n", "first row of the file is empty"),
    "only names": (b"name,amount\n", "no application"),
    "more than 5 MB": (b"a" * (MOST_BYTES + 1), "larger than 5 MB"),
    "another encoding": ("name\nCafé\n".encode("latin-1"), "Line 2 is not in UTF-8"),
    "UTF-16": (as_csv(ROW, encoding="utf-16"), "UTF-16"),
    "a NUL": (b"name\nA\0B\n", "NUL"),
    "a quotation without end": (b'name\n"Kopi\n', "not written as CSV"),
    "text behind a quotation": (b'name\n"Kopi"x,1\n', "Row 2 is not written as CSV"),
    "6,000 rows": (lambda: as_csv(*MANY), "more than 1,000"),
    "6,000 rows of a workbook": (lambda: as_xlsx(*MANY), "more than 1,000"),
    "too many columns": (lambda: wide(MOST_COLUMNS + 1), "more than 500 columns"),
    "a cell in the last column": (far_out, "more than 500 columns"),
    "a cell in the last row": (deep_down, "more than 1,000"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(600), "old format"),
    "a zip file that is none": (b"PK\x03\x04" + bytes(99), "no workbook"),
    "a zip file of other things": (repacked(as_xlsx(ROW), "[Content_Types].xml", b""), "no work"),
    "a bomb": (bomb, "unpacks to more"),
    "a file of the host": (entities, "document type"),
    "the same in UTF-16": (lambda: entities("utf-16"), "document type"),
    "a program": (lambda: repacked(as_xlsx(ROW), "xl/vbaProject.bin", b"x"), "holds a program"),
    "a formula for a name": (as_xlsx({"=A2": "x"}), "first row"),
}


@pytest.mark.parametrize(("content", "said"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_is_refused_in_words(content: Any, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(content() if callable(content) else content)


def test_no_more_is_unpacked_than_the_directory_says() -> None:
    content = bytearray(as_xlsx(ROW))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        info = book.getinfo(SHEET)
    place = content.rindex(info.filename.encode()) - 46 + 24
    content[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="damaged"):
        read(bytes(content))
