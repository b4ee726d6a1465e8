"""Exports as an Excel workbook (ISO/IEC 29500), written as it is sent: rows are compressed as they come.

Texts are inline strings, so that nothing is run as a formula and nothing is collected until the end. Whole numbers are
numbers up to 15 digits, which is what a spreadsheet keeps; moments are texts, exact to the microsecond.
"""

import re
import zipfile
from collections.abc import Iterator
from html import escape

from app.exports.compose import Scope
from app.exports.export.sink import Sink
from app.exports.export.table import NAMES, Cells, cells
from app.exports.queries import pages

MOST_ROWS = 1_048_576
LONGEST = 32_767
_EXACT_NUMBER = 10**15
_MANY = 20_000
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PROPERTIES = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
# What most cells are: nothing to escape.
_PLAIN = re.compile("[0-9A-Za-z:.-]{1,400}")
# What XML cannot hold, the line end it would change, and what itself looks like an escape (ISO/IEC 29500-1, 22.9.2.19).
_ESCAPED = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_(?=x[0-9A-Fa-f]{4}_)")


def xlsx(scope: Scope) -> Iterator[bytes]:
    """Give a workbook with one row per event, in as many sheets as it takes."""
    sink = Sink()
    sheets = 0
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        _put(book, "_rels/.rels", _relations(_PARTS))
        _put(book, "docProps/custom.xml", _custom(scope))
        yield sink.take()
        for sheet in _Sheets(scope):
            sheets += 1
            with book.open(_info(f"xl/worksheets/sheet{sheets}.xml"), "w", force_zip64=True) as to:
                for text in sheet:
                    to.write(text.encode())
                    yield sink.take()
        _put(book, "xl/workbook.xml", _book(sheets))
        _put(book, "xl/_rels/workbook.xml.rels", _relations(_sheets(sheets)))
        _put(book, "[Content_Types].xml", _types(sheets))
    yield sink.take()


class _Sheets:
    """The sheets of a workbook, each to be read to its end before the next; there is always one."""

    def __init__(self, scope: Scope) -> None:
        self._known = Known()
        self._pages = pages(scope)
        self._rest: list[str] | None = self._next()

    def __iter__(self) -> Iterator[Iterator[str]]:
        yield self._sheet()
        while self._rest is not None:
            yield self._sheet()

    def _sheet(self) -> Iterator[str]:
        yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        yield "</sheetView></sheetViews><sheetData>" + _line(NAMES, self._known)
        room = MOST_ROWS - 1
        while self._rest is not None and room:
            yield "".join(self._rest[:room])
            left = self._rest[room:]
            room -= min(room, len(self._rest))
            self._rest = left or self._next()
        yield "</sheetData></worksheet>"

    def _next(self) -> list[str] | None:
        rows = next(self._pages, None)
        return None if rows is None else [_line(cells(*row), self._known) for row in rows]


class Known(dict[str | int | None, str]):
    """How values are written; those that come again are looked up, and there are never many at a time."""

    def __missing__(self, value: str | int | None) -> str:
        """Write a value for the first time."""
        written = cell(value)
        if len(self) >= _MANY:
            self.clear()
        self[value] = written
        return written


def cell(value: str | int | None) -> str:
    """Return a value as a cell of a sheet."""
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int) and abs(value) < _EXACT_NUMBER:
        return f"<c><v>{value}</v></c>"
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    text = _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", _short(str(value)))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text, quote=False)}</t></is></c>'


def _short(text: str) -> str:
    """Cut what a cell cannot hold, and say so; the whole is in JSON Lines."""
    if len(text) <= LONGEST:
        return text
    said = f" [cut: {len(text)} characters]"
    return text[: LONGEST - len(said)] + said


def _line(row: Cells, known: Known) -> str:
    # The first three and the last three are of this event alone.
    first, last = map(cell, row[:3]), map(cell, row[-3:])
    return f"<row>{''.join((*first, *map(known.__getitem__, row[3:-3]), *last))}</row>"


def _put(book: zipfile.ZipFile, name: str, text: str) -> None:
    book.writestr(_info(name), text, zipfile.ZIP_DEFLATED)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


_PARTS = (
    (f"{_OFFICE}/relationships/officeDocument", "xl/workbook.xml"),
    (f"{_OFFICE}/relationships/custom-properties", "docProps/custom.xml"),
)


def _sheets(number: int) -> tuple[tuple[str, str], ...]:
    kind = f"{_OFFICE}/relationships/worksheet"
    return tuple((kind, f"worksheets/sheet{n}.xml") for n in range(1, number + 1))


def _relations(targets: tuple[tuple[str, str], ...]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _book(sheets: int) -> str:
    lines = "".join(
        f'<sheet name="Events {n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, sheets + 1)
    )
    names = f'xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"'
    return f"{_HEAD}<workbook {names}><sheets>{lines}</sheets></workbook>"


def _types(sheets: int) -> str:
    base = "application/vnd.openxmlformats-officedocument"
    parts = [
        ("/xl/workbook.xml", f"{base}.spreadsheetml.sheet.main+xml"),
        ("/docProps/custom.xml", f"{base}.custom-properties+xml"),
    ]
    parts += [
        (f"/xl/worksheets/sheet{n}.xml", f"{base}.spreadsheetml.worksheet+xml")
        for n in range(1, sheets + 1)
    ]
    lines = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts)
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{relations}"/>{lines}</Types>'
    )


def _custom(scope: Scope) -> str:
    """Return the custom properties: the checkpoint up to which the workbook goes."""
    told = {
        "Checkpoint size": str(scope.size),
        "Checkpoint root": scope.root,
        "Checkpoint origin": scope.origin,
    }
    lines = "".join(
        f'<property fmtid="{_PROPERTIES}" pid="{n}" name="{name}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for n, (name, value) in enumerate(told.items(), 2)
    )
    return (
        f'{_HEAD}<Properties xmlns="{_OFFICE}/custom-properties" '
        f'xmlns:vt="{_OFFICE}/docPropsVTypes">{lines}</Properties>'
    )
