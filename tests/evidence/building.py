"""Bundles made without the program: a log of told events, sealed and signed, and the members of a bundle over it."""

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.evidence.telling import SCHEME, Told
from workflows.evidence import merkle
from workflows.evidence.chain import canonical, commitment, head_leaf, moment
from workflows.evidence.note import LOG, WITNESS, Checkpoint, Note, Signature, Verifier, cosigned
from workflows.format.loading import shipped

ORIGIN = "example.org/trail"
BEGAN = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
APART = timedelta(seconds=7)
FLOWS = ("grant", "claim", "guaranteed_loan", "agreed_change", "clawback", "receipt")
NAMED: dict[str, dict[str, Any]] = {
    "scheme": {"code": "MY-BAP", "version": 1, "sha256": hashlib.sha256(SCHEME).hexdigest()},
    **{
        flow.digest: {"name": flow.name, "version": flow.version, "sha256": flow.digest}
        for flow in map(shipped, FLOWS)
    },
}


@dataclass(frozen=True)
class Key:
    """A private key that no log uses."""

    name: str = ORIGIN
    seed: int = 1
    kind: int = LOG

    @property
    def private(self) -> Ed25519PrivateKey:
        """Return the key itself."""
        return Ed25519PrivateKey.from_private_bytes(bytes([self.seed]) * 32)

    @property
    def verifier(self) -> Verifier:
        """Return the public half."""
        return Verifier(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def sign(self, size: int, root: bytes, *witnesses: "Key") -> str:
        """Return a signed checkpoint."""
        text = str(Checkpoint(self.name, size, root))
        lines = [Signature(self.name, self.verifier.id, self.private.sign(text.encode()))]
        for witness in witnesses:
            seconds = 1_790_000_000
            signature = witness.private.sign(cosigned(text, seconds))
            value = seconds.to_bytes(8, "big") + signature
            lines.append(Signature(witness.name, witness.verifier.id, value))
        return str(Note(text, tuple(lines)))


KEY, WITNESS_KEY = Key(), Key("audit.example.org", 2, WITNESS)


@dataclass
class Log:
    """Events as they were recorded: entries, their hashes, the heads of streams, and what each leaf discloses."""

    entries: Any = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    streams: list[str] = field(default_factory=list)
    heads: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    disclosures: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    began: datetime = BEGAN

    def add(self, told: Told) -> None:
        """Record an event."""
        stream = told["stream"]
        _, seq, previous = self.heads.get(stream, ("", 0, ""))
        at = moment(self.began + APART * len(self.leaves))
        whole: Told = {"v": 2, "happened_at": at, "request": "command", "software": "saluran 0.3.0"}
        whole |= {"at": at, "seq": seq + 1, "prev": previous, "committed": {}} | told
        if private := whole.pop("_private", None):
            whole["committed"] = {name: self._hide(whole, name, private[name]) for name in private}
        entry = canonical(whole).encode()
        digest = merkle.leaf(entry)
        self.entries.append(entry)
        self.leaves.append(digest)
        self.streams.append(stream)
        self.heads[stream] = (told["agency"], whole["seq"], digest.hex())

    def seal(self) -> None:
        """Record the heads of all streams as the last event."""
        agencies = []
        for agency in sorted({head[0] for head in self.heads.values()}):
            ends = self.ends(agency)
            root = merkle.root(head_leaf(*end) for end in ends).hex()
            agencies.append({"agency": agency, "streams": len(ends), "root": root})
        detail = {"size": len(self.leaves), "agencies": agencies}
        self.sealed = dict(self.heads)
        told = {"stream": "log", "agency": "", "type": "seal", "actor": "system:sequencer"}
        self.add(told | {"detail": detail})

    def ends(self, agency: str) -> list[tuple[str, int, str]]:
        """Return the ends of an agency's streams in the order of a seal."""
        return sorted((name, h[1], h[2]) for name, h in self.heads.items() if h[0] == agency)

    def _hide(self, whole: Told, name: str, value: str) -> str:
        salt = hashlib.sha256(f"{whole['stream']} {whole['seq']} {name}".encode()).hexdigest()
        line = {"stream": whole["stream"], "seq": whole["seq"], "field": name}
        self.disclosures.append((len(self.leaves), line | {"salt": salt, "value": value}))
        return commitment(salt, value)


def logged(events: Iterable[Told]) -> Log:
    """Return a sealed log of events."""
    log = Log()
    for told in events:
        log.add(told)
    log.seal()
    return log


@dataclass
class Asked:
    """What a bundle is asked for: some streams, or with ``last`` the leaves from ``first`` on; ``hidden`` streams are withheld."""

    streams: tuple[str, ...] = ()
    first: int = 0
    last: int | None = None
    agencies: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    old: int = 0
    key: Key = KEY
    witnesses: tuple[Key, ...] = ()
    papers: dict[str, bytes] = field(default_factory=dict)


Members = dict[str, Any]
"""By name the content of each member: bytes, or for what may be large lines without their ends."""


def members(log: Log, asked: Asked) -> Members:
    """Return the members of a bundle, without its manifest."""
    size, node = len(log.leaves), merkle.nodes(log.leaves)
    places = [place for place in range(size) if _shown(log, asked, place)]
    shown = frozenset(places)
    root = merkle.root(log.leaves)
    seal_alone = asked.last is not None and asked.last < size
    proved = [size - 1] if seal_alone else []
    proved = places if asked.last is None else proved
    found: Members = {
        "README.txt": b"Evidence.\n",
        "checkpoint": asked.key.sign(size, root, *asked.witnesses).encode(),
        "keys.txt": "".join(f"{k.verifier}\n" for k in (asked.key, *asked.witnesses)).encode(),
        "events.jsonl": (log.entries[place] for place in places),
        "leaves.txt": _places(log, asked, places),
        "heads.jsonl": _heads(log, asked),
        "disclosures.jsonl": [_line(one) for place, one in log.disclosures if place in shown],
        "proofs.jsonl": [
            _line({"index": place, "proof": _hex(merkle.inclusion(place, size, node))})
            for place in proved
        ],
        "schemes/MY-BAP-1.toml": SCHEME,
        **{f"workflows/{f.name}-{f.version}.toml": f.source.encode() for f in map(shipped, FLOWS)},
        **asked.papers,
    }
    if asked.last is not None:
        left = merkle.Frontier()
        for digest in log.leaves[: asked.first]:
            left.append(digest)
        proof = _hex(merkle.consistency(asked.last, size, node))
        told = {"first": asked.first, "last": asked.last, "left": _hex(left.peaks), "proof": proof}
        found["range.json"] = _line(told) + b"\n"
    if asked.old:
        top = merkle.root(log.leaves[: asked.old])
        found["previous-checkpoint"] = asked.key.sign(asked.old, top).encode()
        proof = _hex(merkle.consistency(asked.old, size, node))
        found["consistency.json"] = _line({"old": asked.old, "new": size, "proof": proof}) + b"\n"
    return found


def manifest(log: Log, asked: Asked, digests: dict[str, str]) -> dict[str, Any]:
    """Return the manifest over members with these digests."""
    covered: dict[str, Any] = {"coverage": "cases", "streams": list(asked.streams)}
    if asked.last is not None:
        covered = {"coverage": "range", "first": asked.first, "last": asked.last}
    return {
        "format": 1,
        "origin": asked.key.name,
        "made_at": "2026-11-22T00:00:00Z",
        "software": "saluran 0.3.0",
        "scope": {"kind": "all" if asked.last is not None else "cases"},
        "size": len(log.leaves),
        "agencies": list(asked.agencies),
        "files": digests,
        **covered,
    }


def pack(file: Path, log: Log, asked: Asked, found: Members, **changed: Any) -> Path:
    """Write a bundle; ``changed`` are fields of the manifest that say otherwise."""
    digests = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, content in found.items():
            digest = hashlib.sha256()
            with target.open(name, "w", force_zip64=True) as member:
                for chunk in _chunks(content):
                    digest.update(chunk)
                    member.write(chunk)
            digests[name] = digest.hexdigest()
        told = manifest(log, asked, digests) | changed
        target.writestr("manifest.json", canonical(told))
    return file


def _chunks(content: Any) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    for line in content:
        yield line + b"\n"


def _shown(log: Log, asked: Asked, place: int) -> bool:
    if place == len(log.leaves) - 1:
        return True
    if asked.last is None:
        return log.streams[place] in asked.streams
    return asked.first <= place < asked.last and log.streams[place] not in asked.hidden


def _places(log: Log, asked: Asked, places: list[int]) -> Iterator[bytes]:
    if asked.last is None or not asked.hidden:
        yield from (str(place).encode() for place in places)
        return
    shown = set(places)
    for place in range(asked.first, asked.last):
        digest = "" if place in shown else " " + log.leaves[place].hex()
        yield f"{place}{digest}".encode()
    if asked.last < len(log.leaves):
        yield str(len(log.leaves) - 1).encode()


def _heads(log: Log, asked: Asked) -> Iterator[bytes]:
    for agency in sorted({head[0] for head in log.sealed.values()}):
        ends = sorted((name, h[1], h[2]) for name, h in log.sealed.items() if h[0] == agency)
        node = merkle.nodes([head_leaf(*end) for end in ends])
        for index, (stream, seq, digest) in enumerate(ends):
            line = {"agency": agency, "stream": stream, "seq": seq, "hash": digest}
            line |= {"index": index, "streams": len(ends)}
            if agency in asked.agencies:
                yield _line(line)
            elif asked.last is not None or stream in asked.streams:
                yield _line(line | {"proof": _hex(merkle.inclusion(index, len(ends), node))})


def _hex(hashes: Iterable[bytes]) -> list[str]:
    return [one.hex() for one in hashes]


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()


def as_bytes(found: Members) -> dict[str, bytes]:
    """Return members as their bytes."""
    return {name: b"".join(_chunks(content)) for name, content in found.items()}


def resigned(note: str, value: bytes) -> str:
    """Return a note whose first signature is another."""
    text, _, lines = note.partition("\n\n")
    name = lines.split(" ")[1]
    return f"{text}\n\n\u2014 {name} {base64.b64encode(value).decode()}\n"
