"""What the events of a bundle name: definitions, schemes, frozen copies, documents, letters, people; and writing those out."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import msgspec
from sqlalchemy import Row, select

from app.accounts.models import Enterprise, Person
from app.applications.models import Application
from app.audit.compose import store
from app.audit.compose.archive import Archive, Spools
from app.db import db
from app.letters.models import IssuedLetter
from app.schemes.models import Scheme, WorkflowVersion
from app.submissions.models import Submission
from workflows.evidence.chain import canonical

MARK = re.compile(r'"(officer|applicant|enterprise):([0-9]{1,15})"')
_BATCH = 500
# Dossiers are for reading: nobody reads more at a time, and each takes as long to lay out as a letter.
MOST_DOSSIERS = 200


@dataclass
class Gathered:
    """What was named so far. What grows with the trail lies in files, not in memory, but for the numbers of people."""

    spools: Spools
    workflows: set[str] = field(default_factory=set)
    schemes: set[str] = field(default_factory=set)
    marks: set[tuple[str, int]] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    many: bool = False

    def take(self, row: Row[Any]) -> None:
        """Note what an event names."""
        record = msgspec.json.decode(row.entry)
        self.marks.update((kind, int(number)) for kind, number in MARK.findall(row.entry))
        for name, found in (("workflow", self.workflows), ("workflow_before", self.workflows)):
            if name in record:
                found.add(record[name]["sha256"])
        if "scheme" in record:
            self.schemes.add(record["scheme"]["sha256"])
        if "enterprise" in record and not self.many:
            self.cases.add(row.stream)
            self.many = len(self.cases) > MOST_DOSSIERS
        detail = record.get("detail", {})
        if row.kind == "issue_letter":
            self._want("letters", row.stream, detail["sha256"])
        if "submission_sha256" in detail:
            self._want("submissions", row.stream, detail["submission"])
        for found in detail.get("documents", []):
            self._want("documents", found["sha256"])

    def _want(self, kind: str, *names: Any) -> None:
        self.spools[kind].write("\t".join(map(str, names)).encode() + b"\n")

    def wanted(self, kind: str) -> Iterator[list[str]]:
        """Return what of a kind was named, in the order of the events."""
        self.spools[kind].seek(0)
        for line in self.spools[kind]:
            yield line.decode().rstrip("\n").split("\t")


def write_definitions(archive: Archive, gathered: Gathered) -> None:
    """Add the exact sources of workflows and schemes."""
    workflows = select(
        WorkflowVersion.name,
        WorkflowVersion.version,
        WorkflowVersion.digest,
        WorkflowVersion.source,
    ).where(WorkflowVersion.digest.in_(gathered.workflows))
    schemes = select(Scheme.code, Scheme.version, Scheme.digest, Scheme.source).where(
        Scheme.digest.in_(gathered.schemes)
    )
    for folder, found in (("workflows", workflows), ("schemes", schemes)):
        for name, version, digest, source in sorted(db.session.execute(found).all()):
            member = f"{folder}/{name}-{version}.toml"
            if member in archive.digests:
                member = f"{folder}/{name}-{version}-{digest[:12]}.toml"
            archive.put(member, source.encode())


def write_submissions(archive: Archive, gathered: Gathered, tell: Callable[[], None]) -> None:
    """Add the frozen copies that are still what was frozen; what was erased is not."""
    for reference, number in gathered.wanted("submissions"):
        member = f"submissions/{reference}-{number}.json"
        found = (
            select(Submission.frozen, Submission.digest)
            .join(Application, Application.id == Submission.application_id)
            .where(Application.reference == reference, Submission.number == int(number))
        )
        row = db.session.execute(found).first()
        if row is None or member in archive.digests:
            continue
        content = canonical(row.frozen or {}).encode()
        if hashlib.sha256(content).hexdigest() == row.digest:
            archive.put(member, content)
        tell()


def write_documents(archive: Archive, gathered: Gathered, tell: Callable[[], None]) -> None:
    """Add the documents that are still in the store, each once."""
    for (digest,) in gathered.wanted("documents"):
        member = f"documents/{digest}.pdf"
        path = store.document(digest)
        if member not in archive.digests and path.is_file():
            with path.open("rb") as source:
                archive.pour(member, source, packed=False)
            tell()


def write_letters(archive: Archive, gathered: Gathered, tell: Callable[[], None]) -> None:
    """Add the letters as they were issued; what was erased is not."""
    for reference, digest in gathered.wanted("letters"):
        member = f"letters/{digest}.pdf"
        found = (
            select(IssuedLetter.pdf)
            .join(Application, Application.id == IssuedLetter.application_id)
            .where(Application.reference == reference, IssuedLetter.sha256 == digest)
        )
        pdf = db.session.scalars(found).first()
        if pdf and member not in archive.digests:
            archive.put(member, pdf, packed=False)
            tell()


def write_people(archive: Archive, gathered: Gathered) -> None:
    """Add the names, as known today, of the people and enterprises that the events name by number."""
    with archive.member("people.json") as write:
        write(b"{")
        first = True
        for mark, name in _names(gathered.marks):
            write(
                (b"" if first else b",")
                + b"\n"
                + msgspec.json.encode(mark)
                + b": "
                + msgspec.json.encode(name)
            )
            first = False
        write(b"\n}\n")


def _names(marks: set[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    ordered = sorted(marks)
    for start in range(0, len(ordered), _BATCH):
        chunk = ordered[start : start + _BATCH]
        for kind in sorted({kind for kind, _ in chunk}):
            table = Enterprise if kind == "enterprise" else Person
            numbers = [number for found, number in chunk if found == kind]
            named = select(table.id, table.name).where(table.id.in_(numbers)).order_by(table.id)
            for number, name in db.session.execute(named):
                yield f"{kind}:{number}", name


def pour(archive: Archive, spools: Spools, *names: str) -> None:
    """Add members that were written aside, with one line for each of what they hold."""
    for name in names:
        source: IO[bytes] = spools[name]
        archive.pour(name, source)
