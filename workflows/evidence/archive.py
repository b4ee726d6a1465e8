"""The bundle as a file: a zip from hands that nobody need trust. Nothing is unpacked to disk and nothing read whole that may be large."""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from workflows.evidence.report import FILES, Report

CHUNK = 1 << 20
LONGEST_LINE = 1 << 20
MOST_BYTES = 64 << 20
# What a log writes is seldom packed to a twentieth; a file that unpacks to more than this is made to fill a machine.
MOST_RATIO, SMALL = 100, 64 << 10
LISTED = 1000
FORMAT = 1

MANIFEST, CHECKPOINT, PREVIOUS = "manifest.json", "checkpoint", "previous-checkpoint"
CONSISTENCY, KEYS, EVENTS = "consistency.json", "keys.txt", "events.jsonl"
LEAVES, PROOFS, RANGE = "leaves.txt", "proofs.jsonl", "range.json"
HEADS, DISCLOSED = "heads.jsonl", "disclosures.jsonl"
# Read by people; nothing is proved by them.
ASIDE = frozenset({"README.txt", "people.json", "verify.py"})
NAMED = ASIDE | {
    MANIFEST, CHECKPOINT, PREVIOUS, CONSISTENCY, KEYS, EVENTS, LEAVES, PROOFS, RANGE, HEADS, DISCLOSED,
}  # fmt: skip
FOLDERS = re.compile(
    r"(workflows|schemes)/[A-Za-z0-9._@-]+\.toml"
    r"|submissions/[A-Za-z0-9._-]+-[0-9]+\.json"
    r"|(documents|letters)/[0-9a-f]{64}\.pdf"
    r"|dossiers/[A-Za-z0-9._-]+\.pdf"
)
HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2})*")
COVERAGES = {"cases", "range"}


class Damaged(Exception):
    """A file of the bundle cannot be read; verification cannot go on. ``member`` names it."""

    def __init__(self, member: str, what: str) -> None:
        super().__init__(what)
        self.member = member


class Bundle:
    """A bundle that is open for reading; raises ``Damaged`` wherever a file cannot be read as what it should be."""

    def __init__(self, file: Path, report: Report) -> None:
        self.report = report
        self.zip = zipfile.ZipFile(file)
        self.members: dict[str, zipfile.ZipInfo] = {}
        self.digests: dict[str, str] = {}
        for info in self.zip.infolist():
            self._admit(info)
        self.manifest = _manifest(self.read(MANIFEST))

    def has(self, name: str) -> bool:
        """Tell whether there is a member."""
        return name in self.members

    def among(self, folder: str) -> list[str]:
        """Return the members in a folder, in order."""
        return sorted(name for name in self.members if name.startswith(f"{folder}/"))

    def read(self, name: str) -> bytes:
        """Return a small member."""
        if name in self.members and self.members[name].file_size > MOST_BYTES:
            raise Damaged(name, f"the file is larger than {MOST_BYTES:,} bytes")
        return b"".join(self.chunks(name))

    def json(self, name: str) -> Any:
        """Return what a small member says."""
        return parsed(self.read(name), name)

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a member in hexadecimal."""
        if name not in self.digests:
            for _ in self.chunks(name):
                pass
        return self.digests[name]

    def chunks(self, name: str) -> Iterator[bytes]:
        """Return a member piece by piece; its digest is known at the end."""
        info = self.members.get(name)
        if info is None:
            raise Damaged(name, "the file is missing")
        if info.file_size > MOST_RATIO * max(info.compress_size, SMALL):
            raise Damaged(name, f"the file unpacks to more than {MOST_RATIO} times its size")
        digest = hashlib.sha256()
        try:
            with self.zip.open(info) as source:
                for chunk in _pieces(source):
                    digest.update(chunk)
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            raise Damaged(name, f"the file cannot be unpacked: {error}") from error
        self.digests[name] = digest.hexdigest()

    def lines(self, name: str) -> Iterator[bytes]:
        """Return the lines of a member without their ends."""
        rest = b""
        for chunk in self.chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            if len(rest) > LONGEST_LINE:
                raise Damaged(name, f"a line is longer than {LONGEST_LINE:,} bytes")
            yield from whole
        if rest:
            raise Damaged(name, "the last line does not end")

    def tables(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Return number and content of each line of a member of JSON Lines."""
        for number, line in enumerate(self.lines(name), 1):
            read = parsed(line, f"{name}, line {number}")
            if not isinstance(read, dict):
                raise Damaged(f"{name}, line {number}", "this is not an object")
            yield number, read

    def compare(self) -> None:
        """Compare every member with the manifest, which is not proved itself: it finds accidents, not attacks."""
        named: dict[str, str] = self.manifest["files"]
        for name in sorted(named.keys() | self.members.keys() - {MANIFEST}):
            if name not in self.members:
                self.report.broken(FILES, name, "the manifest names this file, and it is missing")
            elif name not in named:
                self.report.broken(FILES, name, "the manifest does not name this file")
            elif self.digest(name) != named[name]:
                self.report.broken(FILES, name, "the file is not the one that the manifest names")
            else:
                self.report.held(FILES)

    def _admit(self, info: zipfile.ZipInfo) -> None:
        name = info.filename
        shown = ascii(name)[1:-1][:LISTED]
        if name in self.members:
            raise Damaged(shown, "there are two files of this name")
        if name not in NAMED and not FOLDERS.fullmatch(name):
            self.report.broken(FILES, shown, "a bundle has no such file; do not open it")
            return
        if info.flag_bits & 1 or info.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            raise Damaged(shown, "the file is packed in a way that a bundle does not use")
        self.members[name] = info


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk


def _refused(text: str) -> Any:
    raise ValueError(f"{text[:40]} is no whole number")


READER = json.JSONDecoder(parse_float=_refused, parse_constant=_refused)


def parsed(text: bytes, member: str) -> Any:
    """Return what a JSON text says; raises ``Damaged``."""
    try:
        return understood(text.removesuffix(b"\n"))
    except (ValueError, RecursionError) as error:
        raise Damaged(member, f"this is not JSON as a bundle has it: {error}") from error


def understood(text: bytes) -> Any:
    """Return what a JSON text says that is nothing but one value; raises ``ValueError`` or ``RecursionError``."""
    told = text.decode()
    read, end = READER.raw_decode(told)
    if end != len(told):
        raise ValueError("something follows it")
    return read


def exact(table: dict[str, Any], member: str, kinds: dict[str, type], optional: str = "") -> None:
    """Refuse a table that does not have exactly these fields, each of its kind; raises ``Damaged``."""
    if [type(table.get(name)) for name in kinds] == [*kinds.values()] and len(table) == len(kinds):
        return
    missing = kinds.keys() - table.keys() - {optional}
    unknown = table.keys() - kinds.keys()
    wrong = [name for name in kinds.keys() & table.keys() if type(table[name]) is not kinds[name]]
    if missing or unknown or wrong:
        named = ", ".join(sorted({*missing, *unknown, *wrong}))[:LISTED]
        raise Damaged(member, f"these fields are missing, unknown or of another kind: {named}")


def unhexed(text: object, member: str) -> bytes:
    """Return the bytes that a text in lower-case hexadecimal stands for; raises ``Damaged``."""
    if not isinstance(text, str) or not HEXADECIMAL.fullmatch(text):
        raise Damaged(member, f"{ascii(text)[:80]} is not hexadecimal")
    return bytes.fromhex(text)


def hashes(texts: list[Any], member: str) -> list[bytes]:
    """Return the hashes of a proof; raises ``Damaged``."""
    return [unhexed(text, member) for text in texts]


def _manifest(text: bytes) -> dict[str, Any]:
    read = parsed(text, MANIFEST)
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise Damaged(MANIFEST, f"this verifier reads the format {FORMAT} only")
    kinds = {"origin": str, "scope": dict, "size": int, "agencies": list, "files": dict}
    kinds |= {"first": int, "last": int} if read.get("coverage") == "range" else {"streams": list}
    for name, kind in kinds.items():
        if type(read.get(name)) is not kind:
            raise Damaged(MANIFEST, f"the field {name} is missing or of another kind")
    if read.get("coverage") not in COVERAGES:
        raise Damaged(MANIFEST, "the coverage is neither “cases” nor “range”")
    if not all(isinstance(one, str) for one in (*read["agencies"], *read.get("streams", ()))):
        raise Damaged(MANIFEST, "agencies and streams are texts")
    return read
