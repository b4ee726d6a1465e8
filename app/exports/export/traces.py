"""Exports as XES (IEEE 1849-2023), one trace per stream, for process mining."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from itertools import groupby
from operator import itemgetter

from app.exports.compose import Scope
from app.exports.export.table import NO_DETAIL, Record, named, read
from app.exports.queries import pages_by_stream

_EXTENSIONS = (
    ("Concept", "concept", "concept"),
    ("Lifecycle", "lifecycle", "lifecycle"),
    ("Organizational", "org", "org"),
    ("Time", "time", "time"),
    ("Identity", "identity", "identity"),
)
# XML has no place for these, and XES no way to write them otherwise.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLAIN = re.compile("[0-9T:.+-]*")
_WHITE = str.maketrans({"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})


def xes(scope: Scope) -> Iterator[bytes]:
    """Give the traces one after the other, the events of each in their order."""
    yield _head(scope).encode()
    before: str | None = None
    for rows in pages_by_stream(scope):
        parts = []
        for stream, group in groupby(rows, itemgetter(3)):
            if stream != before:
                parts.append(_trace(stream, first=before is None))
                before = stream
            parts += [_event(row[0], row[1], read(row[2])) for row in group]
        yield "".join(parts).encode()
    yield b"</log>\n" if before is None else b"</trace>\n</log>\n"


def _head(scope: Scope) -> str:
    extensions = "".join(
        f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{file}.xesext"/>\n'
        for name, prefix, file in _EXTENSIONS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2023" xes.features="">\n'
        f"{extensions}"
        f'<global scope="trace">{_text("concept:name", "")}</global>\n'
        f'<global scope="event">{_text("concept:name", "")}{_text("lifecycle:transition", "complete")}'
        f"{_date('time:timestamp', '1970-01-01T00:00:00.000000Z')}</global>\n"
        '<classifier name="act" keys="concept:name"/>\n'
        f"{_text('concept:name', f'Decision trail {scope.label}')}"
        f"{_whole('checkpoint:size', scope.size)}{_text('checkpoint:root', scope.root)}"
        f"{_text('checkpoint:origin', scope.origin)}\n"
    )


def _trace(stream: str, *, first: bool) -> str:
    ended = "" if first else "</trace>\n"
    return f"{ended}<trace>{_text('concept:name', stream)}\n"


def _event(index: int, digest: str, record: Record) -> str:
    detail = record.detail or NO_DETAIL
    at = record.happened_at or record.at
    parts = [
        "<event>",
        _text("concept:name", record.type or "unreadable"),
        _text("lifecycle:transition", "complete"),
        _date("time:timestamp", at) if at else "",
        f'<id key="identity:id" value="{identity(digest)}"/>',
        _whole("leaf_index", index),
        f'<string key="hash" value="{digest}"/>',
    ]
    texts = {
        "org:resource": record.actor,
        "org:role": record.duty,
        "org:group": record.agency,
        "on_behalf_of": record.on_behalf_of,
        "from": record.source,
        "to": record.to,
        "outcome": record.outcome,
        "reasons": " ".join(record.reasons or ()),
        "scheme": named(record.scheme) if record.scheme else None,
        "workflow": named(record.workflow) if record.workflow else None,
        "currency": detail.currency,
    }
    parts += [_text(key, value) for key, value in texts.items() if value]
    if detail.amount is not None:
        parts.append(_whole("amount", detail.amount))
    return "".join([*parts, "</event>\n"])


def identity(digest: str) -> str:
    """Return the first bits of a hash as a UUID of version 8 (RFC 9562, section 5.8)."""
    d = digest
    return f"{d[:8]}-{d[8:12]}-8{d[13:16]}-8{d[17:20]}-{d[20:32]}"


@lru_cache(maxsize=8192)
def _text(key: str, value: str) -> str:
    return f'<string key="{key}" value="{_attribute(value)}"/>'


def _whole(key: str, value: int) -> str:
    return f'<int key="{key}" value="{value}"/>'


def _date(key: str, value: str) -> str:
    at = value.replace("Z", "+00:00")
    return f'<date key="{key}" value="{at if _PLAIN.fullmatch(at) else _attribute(at)}"/>'


def _attribute(value: str) -> str:
    return escape(_IMPOSSIBLE.sub("\ufffd", value)).translate(_WHITE)
