"""The provenance of one case in PROV-JSON (W3C): what was done, by whom, with what, and what came of it.

An act is an activity; each act makes the next version of the case, an entity; documents and letters are entities; people are
agents; the workflow is the plan under which an act was taken.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from app.exports.compose import Scope
from app.exports.export.table import NO_DETAIL, Record, Version, named, read
from app.exports.queries import pages

Item = tuple[str, dict[str, Any]]
_encode = msgspec.json.Encoder().encode


def prov_json(scope: Scope) -> Iterator[bytes]:
    """Give the sections one after the other; each reads the events of the case once more."""
    namespace = f"https://{scope.origin or 'unsigned.invalid'}#"
    yield b'{"prefix":' + _encode({"trail": namespace})
    for name, section in _SECTIONS.items():
        yield b',\n"' + name.encode() + b'":{'
        yield from _section(scope, section)
        yield b"}"
    yield b"}\n"


def _section(
    scope: Scope, section: Callable[[int, str, Record], Iterator[Item]]
) -> Iterator[bytes]:
    told: set[str] = set()
    for rows in pages(scope):
        parts = []
        for index, digest, entry in rows:
            for key, value in section(index, digest, read(entry)):
                if key not in told:
                    parts.append((b",\n" if told else b"") + _encode(key) + b":" + _encode(value))
                    told.add(key)
        yield b"".join(parts)


def _id(*parts: object) -> str:
    return "trail:" + "-".join(str(part).replace(":", "-").replace("@", "-") for part in parts)


def _kind(name: str) -> dict[str, str]:
    return {"$": name, "type": "prov:QUALIFIED_NAME"}


def _act(record: Record) -> str:
    return _id(record.stream, "event", record.seq)


def _state(record: Record, seq: int) -> str:
    return _id(record.stream, "version", seq)


def _activity(index: int, digest: str, record: Record) -> Iterator[Item]:
    told = {
        "prov:startTime": record.happened_at or record.at,
        "prov:endTime": record.at,
        "prov:type": record.type,
        "trail:leaf_index": index,
        "trail:hash": digest,
        "trail:from": record.source,
        "trail:to": record.to,
        "trail:reasons": " ".join(record.reasons or ()) or None,
    }
    yield _act(record), {key: value for key, value in told.items() if value is not None}


def _entity(_index: int, _digest: str, record: Record) -> Iterator[Item]:
    detail = record.detail or NO_DETAIL
    state = {"prov:type": _kind("trail:case"), "trail:state": record.to}
    yield (
        _state(record, record.seq or 0),
        {key: value for key, value in state.items() if value is not None},
    )
    for document in detail.documents or ():
        yield _id("sha256", document.sha256), {"prov:type": _kind("trail:document")}
    if record.type == "issue_letter" and detail.sha256:
        yield _id("sha256", detail.sha256), {"prov:type": _kind("trail:letter")}
    for kind, version in (("workflow", record.workflow), ("scheme", record.scheme)):
        if version is not None:
            of = "prov:Plan" if kind == "workflow" else "trail:scheme"
            yield (
                _version(kind, version),
                {"prov:type": _kind(of), "trail:sha256": version.sha256 or ""},
            )


def _version(kind: str, version: Version) -> str:
    return _id(kind, named(version) or "unnamed", (version.sha256 or "")[:12])


def _agent(_index: int, _digest: str, record: Record) -> Iterator[Item]:
    detail = record.detail or NO_DETAIL
    people = [record.actor, record.on_behalf_of, *(vote.actor for vote in detail.votes or ())]
    for person in people:
        if person:
            kind = "prov:SoftwareAgent" if person.startswith("system:") else "prov:Person"
            yield _id(person), {"prov:type": _kind(kind)}
    if record.agency:
        yield _id("agency", record.agency), {"prov:type": _kind("prov:Organization")}


def _used(_index: int, _digest: str, record: Record) -> Iterator[Item]:
    detail = record.detail or NO_DETAIL
    things = [_id("sha256", document.sha256) for document in detail.documents or ()]
    if record.scheme is not None:
        things.append(_version("scheme", record.scheme))
    if (record.seq or 0) > 1:
        things.append(_state(record, (record.seq or 0) - 1))
    for number, thing in enumerate(things):
        yield (
            _relation("used", record, number),
            {"prov:activity": _act(record), "prov:entity": thing},
        )


def _generated(_index: int, _digest: str, record: Record) -> Iterator[Item]:
    detail = record.detail or NO_DETAIL
    things = [_state(record, record.seq or 0)]
    if record.type == "issue_letter" and detail.sha256:
        things.append(_id("sha256", detail.sha256))
    for number, thing in enumerate(things):
        yield (
            _relation("made", record, number),
            {"prov:entity": thing, "prov:activity": _act(record), "prov:time": record.at or ""},
        )


def _derived(_index: int, _digest: str, record: Record) -> Iterator[Item]:
    seq = record.seq or 0
    if seq > 1:
        told = {
            "prov:generatedEntity": _state(record, seq),
            "prov:usedEntity": _state(record, seq - 1),
        }
        yield _relation("derived", record, 0), told


def _associated(_index: int, _digest: str, record: Record) -> Iterator[Item]:
    if not record.actor:
        return
    told = {"prov:activity": _act(record), "prov:agent": _id(record.actor)}
    if record.workflow is not None:
        told["prov:plan"] = _version("workflow", record.workflow)
    if record.duty:
        told["prov:role"] = record.duty
    yield _relation("by", record, 0), told


def _behalf(_index: int, _digest: str, record: Record) -> Iterator[Item]:
    if record.actor and record.on_behalf_of:
        told = {
            "prov:delegate": _id(record.actor),
            "prov:responsible": _id(record.on_behalf_of),
            "prov:activity": _act(record),
        }
        yield _relation("for", record, 0), told


def _relation(kind: str, record: Record, number: int) -> str:
    return f"_:{kind}-{record.seq}-{number}"


_SECTIONS: dict[str, Callable[[int, str, Record], Iterator[Item]]] = {
    "activity": _activity,
    "entity": _entity,
    "agent": _agent,
    "used": _used,
    "wasGeneratedBy": _generated,
    "wasDerivedFrom": _derived,
    "wasAssociatedWith": _associated,
    "actedOnBehalfOf": _behalf,
}
