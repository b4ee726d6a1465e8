"""Exports for tests: what a format writes for a scope, and events with any values in the tree."""

import csv
import io
from typing import Any

from app.accounts.models import Person
from app.checkpoints.commands import note_on_log
from app.db import transaction
from app.delimited import MARK
from app.exports import commands, compose
from app.exports.compose import Asked, Scope
from app.exports.export import FORMATS
from app.exports.export.table import COLUMNS, TEXT
from app.trail.commands import Entry


def scope(asked: Asked | None = None, *, actor: Person | None = None) -> Scope:
    """Sign what there is, and return what somebody may export of it; the operator may everything."""
    newest = commands.sign()
    return compose.scope(asked or Asked(), newest, actor=actor)


def export(kind: str, found: Scope) -> bytes:
    """Return a whole export."""
    return b"".join(FORMATS[kind].write(found))


def table(found: Scope) -> list[dict[str, str]]:
    """Return the rows of the CSV, with the marks taken off again."""
    text = export("csv", found).decode()
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return [
        {name: text_of(value) if COLUMNS[name] == TEXT else value for name, value in row.items()}
        for row in rows
    ]


def plant(kind: str = "act", actor: str = "officer:1", **body: Any) -> None:
    """Record an event of any shape on the log's own stream."""
    with transaction():
        note_on_log(Entry(kind, actor, body))


def text_of(written: str) -> str:
    """Return the text a cell was made of, by the documented rule, once a CSV reader has taken off the quotes."""
    return written[1:] if written.startswith(MARK) else written
