"""Writing an evidence bundle: the members in their order, from one state of the database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import msgspec

from app import clock
from app.audit.compose import gathered as papers
from app.audit.compose.archive import Archive, Spools
from app.audit.compose.dossiers import write_dossiers
from app.audit.compose.gathered import Gathered, pour
from app.audit.compose.heads import heads
from app.audit.compose.reading import CASES, RANGE, Plan, Reader, pages, plan
from app.audit.compose.readme import readme
from app.audit.compose.scope import Scope
from app.checkpoints import commands as checkpoints
from app.checkpoints import compose as keys
from app.checkpoints import queries as tree
from app.checkpoints.models import Checkpoint
from app.checkpoints.queries import Tree
from app.db import db, snapshot, transaction
from app.errors import Conflict
from app.trail.commands import SOFTWARE
from app.trail.queries import disclosures_at
from workflows.evidence import merkle
from workflows.evidence.assemble import verifier
from workflows.evidence.note import read_checkpoint, read_note

FORMAT = 1
_NODES = 1 << 16

Tell = Callable[[int, int], None]
"""Takes how many events of how many are written."""


@dataclass(frozen=True)
class Made:
    """A bundle that was written: on how many events its checkpoint is, and how many it holds with their entries."""

    size: int
    events: int
    withheld: int


@dataclass
class _Desk:
    """What everything is written with."""

    archive: Archive
    spools: Spools
    gathered: Gathered
    plan: Plan
    tell: Tell
    prove: Callable[[int], list[bytes]]
    events: int = 0
    withheld: int = 0

    @property
    def done(self) -> int:
        return self.events + self.withheld

    def on(self) -> None:
        """Show that the work goes on."""
        self.tell(min(self.done, self.plan.total), self.plan.total)


def sealed(tell: Tell) -> int:
    """Sign until nothing waits and the newest event is a seal, in transactions of its own; returns on how many events."""
    while True:
        with transaction():
            newest = checkpoints.advance(seal=True)
            last = tree.last_seal()
            if newest is not None and last is not None and last.leaf_index == newest.size - 1:
                return newest.size
        tell(0, 0)


def compose(file: IO[bytes], folder: Path, scope: Scope, reader: Reader, tell: Tell) -> Made:
    """Write a bundle to a file, with a folder for what is written aside; reads one state of the database.

    Raises ``Conflict`` where there is nothing to write, this process does not hold the key, or the older checkpoint does
    not fit.
    """
    newest = _begin(tell)
    found = plan(scope, reader, newest.size)
    grown = Tree(newest.size)
    node = lru_cache(_NODES)(grown.node)
    spools = Spools(folder)
    at = clock.now()
    desk = _Desk(
        archive=Archive(file, at),
        spools=spools,
        gathered=Gathered(spools),
        plan=found,
        tell=tell,
        prove=lambda index: merkle.inclusion(index, newest.size, node),
    )
    try:
        _write_statements(desk, scope, newest, grown)
        _write_events(desk)
        _write_proofs(desk, grown)
        _write_papers(desk, scope, newest)
        manifest = {
            "format": FORMAT,
            "origin": read_checkpoint(read_note(newest.note).text).origin,
            "made_at": at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "software": SOFTWARE,
            "scope": scope.told(),
            "size": newest.size,
            **_covered(desk, scope),
        }
        desk.archive.close(manifest)
    finally:
        desk.archive.leave()
        spools.close()
    return Made(newest.size, desk.events, desk.withheld)


def _begin(tell: Tell) -> Checkpoint:
    """Return the checkpoint of a sealed trail, with the snapshot in which it is the newest."""
    while True:
        size = sealed(tell)
        db.session.rollback()
        snapshot()
        newest = tree.newest()
        if newest is not None and newest.size == size:
            return newest
        # Somebody signed more between the two.
        db.session.rollback()


def _covered(desk: _Desk, scope: Scope) -> dict[str, Any]:
    found: dict[str, Any] = {"coverage": desk.plan.coverage, "agencies": list(desk.plan.agencies)}
    if desk.plan.coverage == RANGE:
        return found | {"first": desk.plan.first, "last": desk.plan.last}
    streams = list(scope.cases) or [
        msgspec.json.decode(line)["stream"] for line in _lines(desk.spools["heads.jsonl"])
    ]
    return found | {"streams": sorted(set(streams))}


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    yield from file


def _write_statements(desk: _Desk, scope: Scope, newest: Checkpoint, grown: Tree) -> None:
    """Add what the log says of itself: the checkpoints, the proof that one grew out of the other, the keys."""
    signer = keys.signer()
    if signer is None:
        raise Conflict("This process does not hold the key of the log and cannot sign.")
    archive = desk.archive
    archive.put("README.txt", readme(scope, desk.plan, signer.verifier).encode())
    archive.put("checkpoint", tree.note(newest).encode())
    if scope.checkpoint:
        old = read_checkpoint(read_note(scope.checkpoint).text)
        if old.size > newest.size or Tree(old.size).root() != old.root:
            raise Conflict(
                f"The checkpoint you hold, on {old.size} events, does not fit this trail of {newest.size}: what it was "
                "signed on is not what is there now. Keep it, and tell those who run the system and their auditors."
            )
        proof = [digest.hex() for digest in grown.consistency(old.size)]
        archive.put("previous-checkpoint", scope.checkpoint.encode())
        told = {"old": old.size, "new": newest.size, "proof": proof}
        archive.put("consistency.json", msgspec.json.encode(told) + b"\n")
    known = [signer.verifier, *(witness.verifier for witness in keys.log().witnesses)]
    archive.put("keys.txt", "".join(f"{verifier}\n" for verifier in known).encode())


def _write_events(desk: _Desk) -> None:
    """Add the entries; what else is said of each leaf is written aside."""
    with desk.archive.member("events.jsonl") as write:
        last = -1
        for rows in pages(desk.plan):
            _write_page(desk, write, rows, prove=desk.plan.coverage == CASES)
            last = rows[-1].leaf_index
            desk.on()
        if last != desk.plan.size - 1:
            _write_page(desk, write, [_seal()], prove=True)


def _seal() -> Any:
    found = tree.last_seal()
    if found is None:
        raise Conflict("The trail has no seal.")
    return found


def _write_page(
    desk: _Desk,
    write: Callable[[bytes], object],
    rows: list[Any],
    *,
    prove: bool,
) -> None:
    seen = [row for row in rows if row.entry is not None]
    write("".join(f"{row.entry}\n" for row in seen).encode())
    leaves = (
        f"{row.leaf_index}\n" if row.entry is not None else f"{row.leaf_index} {row.hash}\n"
        for row in rows
    )
    desk.spools["leaves.txt"].write("".join(leaves).encode())
    for row in seen:
        desk.gathered.take(row)
        if prove:
            _write_line(
                desk,
                "proofs.jsonl",
                {"index": row.leaf_index, "proof": [d.hex() for d in desk.prove(row.leaf_index)]},
            )
    # In the order of the events, whatever order their values were kept in.
    places = {(row.stream, row.seq): place for place, row in enumerate(seen)}
    disclosed = list(disclosures_at([row.id for row in seen]))
    for found in sorted(disclosed, key=lambda one: (places[one.stream, one.seq], one.field)):
        _write_line(desk, "disclosures.jsonl", vars(found))
    desk.events += len(seen)
    desk.withheld += len(rows) - len(seen)


def _write_line(desk: _Desk, name: str, told: dict[str, Any]) -> None:
    desk.spools[name].write(msgspec.json.encode(told) + b"\n")


def _write_proofs(desk: _Desk, grown: Tree) -> None:
    """Add what shows that the events are the log's, and that none was left out."""
    pour(desk.archive, desk.spools, "leaves.txt", "proofs.jsonl")
    first, last = desk.plan.first, desk.plan.last
    if desk.plan.coverage == RANGE:
        told = {
            "first": first,
            "last": last,
            "left": [peak.hex() for peak in Tree(first).frontier().peaks],
            "proof": [digest.hex() for digest in grown.consistency(last)],
        }
        desk.archive.put("range.json", msgspec.json.encode(told) + b"\n")
    for line in heads(desk.plan):
        _write_line(desk, "heads.jsonl", line)
    pour(desk.archive, desk.spools, "heads.jsonl", "disclosures.jsonl")


def _write_papers(desk: _Desk, scope: Scope, newest: Checkpoint) -> None:
    """Add what decisions rest on, and what makes it readable."""
    papers.write_definitions(desk.archive, desk.gathered)
    if scope.documents:
        papers.write_submissions(desk.archive, desk.gathered, desk.on)
        papers.write_documents(desk.archive, desk.gathered, desk.on)
        papers.write_letters(desk.archive, desk.gathered, desk.on)
    papers.write_people(desk.archive, desk.gathered)
    if not desk.gathered.many and scope.kind != "period":
        write_dossiers(desk.archive, sorted(desk.gathered.cases), newest, desk.on)
    desk.archive.put("verify.py", verifier().encode())
