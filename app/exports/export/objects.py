"""Exports as OCEL 2.0 in JSON (object-centric event log), for process mining."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from typing import Any

import msgspec

from app.checkpoints.commands import LOG
from app.exports.compose import Scope
from app.exports.export.table import NO_DETAIL, Record, named, read
from app.exports.queries import Row, pages

Related = tuple[str, str, str]
"""An object by its id and type, and as what it took part."""

ATTRIBUTES = {
    "leaf_index": "integer", "seq": "integer", "agency": "string", "duty": "string",
    "from": "string", "to": "string", "outcome": "string", "reasons": "string",
    "amount": "integer", "currency": "string", "authority": "string", "departs": "string",
    "hash": "string",
}  # fmt: skip
_RECENT = 50_000
_encode = msgspec.json.Encoder().encode


def ocel(scope: Scope) -> Iterator[bytes]:
    """Give the events first, then the objects they name, each once, and last the types of both.

    Values are strings, as the schema of OCEL 2.0 asks. The checkpoint is an object of its own.
    """
    kinds: set[str] = set()
    with closing(Objects()) as objects:
        yield b'{"events":['
        first = True
        for rows in pages(scope):
            events = [_event(row, kinds, objects) for row in rows]
            objects.keep()
            yield (b"" if first else b",\n") + b",\n".join(events)
            first = False
        yield b'],\n"objects":[' + _encode(_checkpoint(scope))
        for found in objects.pages():
            yield b"".join([b",\n" + _encode({"id": name, "type": of}) for name, of in found])
        yield b'],\n"eventTypes":' + _encode([_type(kind, ATTRIBUTES) for kind in sorted(kinds)])
        yield b',\n"objectTypes":' + _encode(_object_types(objects)) + b"}\n"


class Objects:
    """Objects by id, each once, in a file of its own that is gone with it: memory does not grow with them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._new: list[tuple[str, str]] = []
        self._recent: set[str] = set()
        self.types: set[str] = set()
        # SQLite keeps a database without a name in a temporary file.
        self._file = sqlite3.connect("", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA cache_size=-8000",
            "CREATE TABLE object (id TEXT PRIMARY KEY, type TEXT) WITHOUT ROWID",
        ):
            self._file.execute(statement)

    def add(self, name: str, of: str) -> None:
        """Add an object, unless it is known."""
        if name in self._recent:
            return
        if len(self._recent) >= _RECENT:
            self._recent.clear()
        self._recent.add(name)
        self.types.add(of)
        self._new.append((name, of))

    def keep(self) -> None:
        """Write what was added to the file."""
        self._file.execute("BEGIN")
        self._file.executemany("INSERT OR IGNORE INTO object VALUES (?, ?)", self._new)
        self._file.execute("COMMIT")
        self._new.clear()

    def pages(self) -> Iterator[list[tuple[str, str]]]:
        """Return the objects by id, a page at a time."""
        found = self._file.execute("SELECT id, type FROM object ORDER BY id")
        while rows := found.fetchmany(2000):
            yield rows

    def close(self) -> None:
        """Let the file go."""
        self._file.close()


def related(record: Record) -> Iterator[Related]:
    """Return what took part in an event, and as what."""
    detail = record.detail or NO_DETAIL
    if record.stream:
        kind = _kind_of_stream(record.stream)
        yield record.stream, kind, kind
    yield from _people(record)
    if record.enterprise:
        yield record.enterprise, "enterprise", "of enterprise"
    if record.scheme and (name := named(record.scheme)):
        yield f"scheme:{name}", "scheme", "under scheme"
    if record.workflow and (name := named(record.workflow)):
        yield f"workflow:{name}", "workflow", "under workflow"
    if detail.tranche is not None:
        yield f"{record.stream}#{detail.tranche}", "tranche", "of tranche"
    for document in detail.documents or ():
        yield f"sha256:{document.sha256}", "document", "relied on"
    if record.type == "issue_letter" and detail.sha256:
        yield f"sha256:{detail.sha256}", "letter", "issued"


def _kind_of_stream(stream: str) -> str:
    """Return whose stream it is: an agency's own, the log's own, or a case's."""
    if stream.startswith("agency:"):
        return "agency"
    return "log" if stream == LOG else "case"


def _people(record: Record) -> Iterator[Related]:
    detail = record.detail or NO_DETAIL
    if record.actor:
        yield record.actor, "person", "taken by"
    if record.on_behalf_of:
        yield record.on_behalf_of, "person", "on behalf of"
    dissent = set(detail.dissent or ())
    for vote in detail.votes or ():
        if vote.actor not in dissent:
            yield vote.actor, "person", "voted"
    for person in detail.dissent or ():
        yield person, "person", "dissented"


def _event(row: Row, kinds: set[str], objects: Objects) -> bytes:
    index, digest, entry = row
    record = read(entry)
    kind = record.type or "unreadable"
    kinds.add(kind)
    relationships = []
    for name, of, qualifier in related(record):
        objects.add(name, of)
        relationships.append({"objectId": name, "qualifier": qualifier})
    return _encode(
        {
            "id": digest,
            "type": kind,
            "time": record.happened_at or record.at or "1970-01-01T00:00:00Z",
            "attributes": [
                {"name": name, "value": str(value)}
                for name, value in _attributes(index, digest, record)
                if value not in (None, "")
            ],
            "relationships": relationships,
        }
    )


def _attributes(index: int, digest: str, record: Record) -> Iterator[tuple[str, Any]]:
    detail = record.detail or NO_DETAIL
    values = (
        index, record.seq, record.agency, record.duty,
        record.source, record.to, record.outcome, " ".join(record.reasons or ()),
        detail.amount, detail.currency,
        detail.authority.instrument if detail.authority else None, detail.departs,
        digest,
    )  # fmt: skip
    return zip(ATTRIBUTES, values, strict=True)


def _checkpoint(scope: Scope) -> dict[str, Any]:
    values = {"size": str(scope.size), "root": scope.root, "origin": scope.origin}
    time = "1970-01-01T00:00:00Z"
    attributes = [{"name": name, "value": v, "time": time} for name, v in values.items()]
    return {"id": f"checkpoint:{scope.size}", "type": "checkpoint", "attributes": attributes}


def _object_types(objects: Objects) -> list[dict[str, Any]]:
    of_checkpoint = {"size": "integer", "root": "string", "origin": "string"}
    others = (_type(name, {}) for name in sorted(objects.types))
    return list(chain([_type("checkpoint", of_checkpoint)], others))


def _type(name: str, attributes: dict[str, str]) -> dict[str, Any]:
    listed = [{"name": attribute, "type": of} for attribute, of in attributes.items()]
    return {"name": name, "attributes": listed}
