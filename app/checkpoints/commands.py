"""Sequencing: events get their place in the tree, and what the tree has become is signed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, select, text, update

from app import clock
from app.checkpoints import compose, export, queries
from app.checkpoints.models import Checkpoint, Cosignature, StreamHead, Tile
from app.db import db
from app.errors import Conflict, Missing
from app.trail.commands import Entry, record
from app.trail.models import Event
from workflows.evidence import merkle
from workflows.evidence.chain import head_leaf, leaf_hash
from workflows.evidence.note import Checkpoint as Statement
from workflows.evidence.note import Garbled, Note, read_note

LOG = "log"
SEQUENCER = "system:sequencer"
# What the first seal of a day entails where mail can be sent.
MAIL = "checkpoint_mail"
# What one transaction takes in: more would hold up SQLite's other writers.
MOST = 5000
# Any number that nothing else in this database locks.
_LOCK = 0x5A1C4A17

Duties = tuple[tuple[str, dict[str, Any]], ...]

_WAITING = (
    select(Event.id, Event.stream, Event.agency, Event.seq, Event.entry, Event.hash)
    .where(Event.leaf_index.is_(None))
    .order_by(Event.id)
    .limit(MOST)
)
_PLACE = (
    update(Event)
    .where(Event.id == bindparam("event"), Event.leaf_index.is_(None))
    .values(leaf_index=bindparam("place"))
)


class Inconsistent(Conflict):
    """The trail is not what was signed before: nothing is signed any more until that is understood."""


@dataclass
class LogStream:
    """The log's own stream: what concerns the trail as a whole, such as seals."""

    trail_seq: int
    trail_hash: str
    reference: str = LOG
    agency_code: str = ""


def advance(*, seal: bool = False) -> Checkpoint | None:
    """Take waiting events into the tree and sign what it has become, in the caller's transaction.

    Returns the newest checkpoint, ``None`` while there is no event. With ``seal`` an event of the log's own is added that
    names the head of every stream, by which an export proves that it is complete. At most ``MOST`` events are taken in; a
    seal waits until none is left. Raises ``Inconsistent`` when the trail is not what was signed, ``Conflict`` without a key.
    """
    signer = compose.signer()
    if signer is None:
        raise Conflict("This process does not hold the key of the log and cannot sign.")
    _alone()
    last = queries.newest()
    tree = _continued(last, signer)
    _still_holds_what_was_published(tree.size, signer)
    if wrong := queries.reread(tree.size):
        raise Inconsistent(wrong)
    rows = db.session.execute(_WAITING).all()
    for row in rows:
        _checked(row)
    if rows:
        _grow(tree, rows)
    sealing = seal and tree.size and len(rows) < MOST and not _sealed(tree)
    if sealing:
        _seal(tree)
    if last is not None and tree.size == last.size:
        return last
    return _sign(signer, tree) if tree.size else None


def _alone() -> None:
    """Let nobody else sequence until the end of the transaction; SQLite has one writer at a time anyway."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _continued(last: Checkpoint | None, signer: compose.Signer) -> merkle.Frontier:
    """Return the tree that the last checkpoint was signed on, once everything stored of it agrees with that."""
    placed = db.session.scalar(select(func.max(Event.leaf_index)))
    size = 0 if last is None else last.size
    if (-1 if placed is None else placed) != size - 1:
        raise Inconsistent(f"The last checkpoint is on {size} events, but the tree has others.")
    if last is None:
        return merkle.Frontier()
    try:
        signed = compose.opened(last.note, signer.verifier)
    except Garbled as error:
        raise Inconsistent(f"The last checkpoint cannot be relied on: {error}.") from error
    kept = merkle.Frontier(last.size, [bytes.fromhex(peak) for peak in last.peaks])
    roots = {signed.root, kept.root(), _root(last.size), bytes.fromhex(last.root)}
    if len(roots) != 1 or signed.size != last.size:
        raise Inconsistent(f"The tree of {size} events no longer has the root that was signed.")
    return kept


def _still_holds_what_was_published(size: int, signer: compose.Signer) -> None:
    """Refuse to go on from a database that is an older copy of what was published, or another one."""
    folder = compose.log().folder
    note = export.published(folder) if folder else None
    if note is None:
        return
    try:
        outside = compose.opened(note, signer.verifier)
    except Garbled as error:
        raise Inconsistent(f"The checkpoint in {folder} cannot be relied on: {error}.") from error
    if outside.size > size:
        raise Inconsistent(
            f"A checkpoint on {outside.size} events was published in {folder}, but this database has signed {size} only: "
            "it is an older copy, or another database. Stop the workers and bring back the newest copy."
        )
    if outside.size and _root(outside.size) != outside.root:
        raise Inconsistent(
            f"The first {outside.size} events no longer have the root that was published in {folder}."
        )


def _root(size: int) -> bytes:
    """Return the root over the first events, from what is stored of the tree."""
    try:
        return queries.Tree(size).root()
    except LookupError as error:
        raise Inconsistent(f"Of the first {size} events not all are there.") from error


def _checked(row: Any) -> None:
    if leaf_hash(row.entry) != row.hash:
        raise Inconsistent(f"Event {row.seq} of {row.stream} does not match its hash.")


def _grow(tree: merkle.Frontier, rows: Sequence[Any]) -> None:
    """Give events their places, continue the heads of their streams, and keep what tiles became complete."""
    _continue_heads(rows)
    places = [{"event": row.id, "place": tree.size + n} for n, row in enumerate(rows)]
    connection = db.session.connection()
    connection.execute(_PLACE, places)
    start = tree.size
    for row in rows:
        tree.append(bytes.fromhex(row.hash))
    _keep_tiles(start, tree.size)


def _continue_heads(rows: Sequence[Any]) -> None:
    streams = {row.stream for row in rows}
    known = select(StreamHead.stream, StreamHead.seq, StreamHead.hash)
    found = db.session.execute(known.where(StreamHead.stream.in_(streams)))
    ends = {row.stream: (row.seq, row.hash) for row in found}
    agencies: dict[str, str] = {}
    new = streams - ends.keys()
    for row in rows:
        seq, previous = ends.get(row.stream, (0, ""))
        if row.seq != seq + 1 or json.loads(row.entry).get("prev") != previous:
            raise Inconsistent(f"Event {row.seq} of {row.stream} does not follow event {seq}.")
        ends[row.stream] = (row.seq, row.hash)
        agencies[row.stream] = row.agency
    heads = [
        {"name": name, "owner": agencies[name], "last": ends[name][0], "digest": ends[name][1]}
        for name in streams
    ]
    connection = db.session.connection()
    values: dict[str, Any] = {
        "agency": bindparam("owner"),
        "seq": bindparam("last"),
        "hash": bindparam("digest"),
    }
    if begun := [head for head in heads if head["name"] in new]:
        connection.execute(insert(StreamHead).values(stream=bindparam("name"), **values), begun)
    if longer := [head for head in heads if head["name"] not in new]:
        moved = update(StreamHead).where(StreamHead.stream == bindparam("name"))
        connection.execute(moved.values(**values), longer)


def _keep_tiles(start: int, size: int) -> None:
    """Keep the tiles that became complete between two sizes of the tree, the lowest first."""
    tree, width, storey = queries.Tree(size), queries.WIDTH, 0
    first, last = start // width, size // width
    while first < last:
        rows = []
        for number in range(first, last):
            hashes = tree.tile(storey, number)
            root = merkle.root(hashes)
            rows.append(
                {"level": storey, "number": number, "hashes": b"".join(hashes), "root": root}
            )
        db.session.connection().execute(insert(Tile), rows)
        storey, first, last = storey + 1, first // width, last // width


def _sealed(tree: merkle.Frontier) -> bool:
    """Tell whether the newest event of the tree is a seal: nothing happened that another would cover."""
    last = queries.last_seal()
    return last is not None and last.leaf_index == tree.size - 1


def _seal(tree: merkle.Frontier) -> None:
    """Record the heads of all streams on the log's own stream, and take that event into the tree at once."""
    before = queries.last_seal()
    known = json.loads(before.entry)["detail"]["agencies"] if before else []
    since = before.leaf_index if before and before.leaf_index is not None else 0
    found = {row["agency"]: row for row in known}
    for agency in queries.agencies_since(since):
        ends = queries.ends(agency)
        root = merkle.root(head_leaf(*end) for end in ends)
        found[agency] = {"agency": agency, "streams": len(ends), "root": root.hex()}
    detail = {"size": tree.size, "agencies": [found[code] for code in sorted(found)]}
    mailed = compose.log().smtp_url and queries.seal_due()
    duties: Duties = ((MAIL, {}),) if mailed else ()
    recorded = record(log_stream(), Entry("seal", SEQUENCER, {"detail": detail}, duties=duties))
    row = db.session.execute(_WAITING.where(Event.id == recorded.id)).one()
    _grow(tree, [row])


def log_stream() -> LogStream:
    """Return the log's own stream as it ends now; the caller sequences alone, or holds the lock that says so."""
    end = db.session.execute(
        select(Event.seq, Event.hash).where(Event.stream == LOG).order_by(Event.seq.desc()).limit(1)
    ).first()
    return LogStream(end.seq, end.hash) if end else LogStream(0, "")


def note_on_log(entry: Entry) -> None:
    """Record what concerns the trail as a whole on the log's own stream."""
    _alone()
    record(log_stream(), entry)


def keep_cosignatures(size: int, note: Note) -> list[str]:
    """Keep what witnesses known to this process signed under a checkpoint; returns the names of those new to it.

    Raises ``Missing`` when no such checkpoint was signed, ``Conflict`` when the note is another one or a signature on it
    is not the witness's.
    """
    _alone()
    found = queries.checkpoint(size)
    if found is None:
        raise Missing(f"No checkpoint on {size} events was signed here.")
    if read_note(found.note).text != note.text:
        raise Conflict(f"The checkpoint on {size} events reads otherwise here.")
    known = queries.witnessed(size)
    new = []
    for witness in compose.log().witnesses:
        try:
            line = compose.cosignature(note, witness.verifier)
        except Garbled as error:
            raise Conflict(f"The checkpoint cannot be kept: {error}.") from error
        name = str(witness.verifier)
        if line is not None and name not in known:
            db.session.add(Cosignature(size=size, witness=name, line=line, at=clock.now()))
            new.append(witness.verifier.name)
    db.session.flush()
    return new


def _sign(signer: compose.Signer, tree: merkle.Frontier) -> Checkpoint:
    note = signer.sign(Statement(signer.verifier.name, tree.size, tree.root()))
    found = Checkpoint(
        size=tree.size,
        root=tree.root().hex(),
        note=str(note),
        peaks=[peak.hex() for peak in tree.peaks],
        at=clock.now(),
    )
    db.session.add(found)
    db.session.flush()
    return found
