"""What can be asked of the tree: the newest checkpoint, proofs, and the heads of streams."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app import clock
from app.checkpoints.models import Checkpoint, Cosignature, StreamHead, Tile
from app.db import db
from app.trail.models import Event
from workflows.evidence import merkle
from workflows.evidence.chain import head_leaf, leaf_hash
from workflows.evidence.note import Note, read_note

WIDTH = 256
HEIGHT = 8
MOST_TILES = 512
# How many events are hashed again each time; a whole number of tiles.
REREAD = 512


def newest() -> Checkpoint | None:
    """Return the newest checkpoint, ``None`` while nothing is signed."""
    return db.session.scalars(select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1)).first()


def checkpoint(size: int) -> Checkpoint | None:
    """Return the checkpoint on a number of events, if one was signed."""
    return db.session.get(Checkpoint, size)


def note(found: Checkpoint) -> str:
    """Return a checkpoint as it is published: with the signatures of the log and of its witnesses."""
    lines = select(Cosignature.line).where(Cosignature.size == found.size)
    signed = read_note(found.note)
    witnessed = db.session.scalars(lines.order_by(Cosignature.witness)).all()
    return str(Note(signed.text, signed.signatures)) + "".join(f"{line}\n" for line in witnessed)


def covering(index: int) -> Checkpoint | None:
    """Return the first checkpoint that was signed with a place of the tree under it."""
    found = select(Checkpoint).where(Checkpoint.size > index).order_by(Checkpoint.size).limit(1)
    return db.session.scalars(found).first()


def witnessed(size: int | None = None) -> dict[str, int]:
    """Return the largest checkpoint each witness signed, by its verifier key; or who signed the one on a size."""
    found = select(Cosignature.witness, func.max(Cosignature.size)).group_by(Cosignature.witness)
    if size is not None:
        found = found.where(Cosignature.size == size)
    return dict(db.session.execute(found).all())


def waiting() -> int:
    """Return how many events are not in the tree yet."""
    found = select(func.count()).select_from(Event).where(Event.leaf_index.is_(None))
    return db.session.scalar(found) or 0


def waiting_since(moment: datetime) -> bool:
    """Tell whether an event recorded before a moment is not in the tree yet."""
    found = select(Event.id).where(Event.leaf_index.is_(None), Event.at < moment).limit(1)
    return db.session.scalar(found) is not None


def leaf_index(event_id: int) -> int | None:
    """Return the place of an event in the tree, ``None`` while it has none."""
    return db.session.scalar(select(Event.leaf_index).where(Event.id == event_id))


class Tree:
    """The tree over the first ``size`` events, read tile by tile; the last tiles are kept in memory."""

    def __init__(self, size: int) -> None:
        """Look at the tree of a size that was sequenced."""
        self.size = size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def node(self, level: int, number: int) -> bytes:
        """Return the hash of a complete subtree; ``LookupError`` when the tree has no such."""
        storey, above = divmod(level, HEIGHT)
        first = number << above
        hashes = self.tile(storey, first // WIDTH)
        start = first % WIDTH
        found = hashes[start : start + (1 << above)]
        if len(found) != 1 << above:
            raise LookupError(f"The tree of size {self.size} has no node {number} at {level}.")
        return merkle.root(found)

    def root(self) -> bytes:
        """Return the root, computed from what is stored."""
        return self.frontier().root()

    def frontier(self) -> merkle.Frontier:
        """Return the tree as far as it must be known to let it grow."""
        peaks, start = [], 0
        for level in reversed(range(self.size.bit_length())):
            if self.size >> level & 1:
                peaks.append(self.node(level, start >> level))
                start += 1 << level
        return merkle.Frontier(self.size, peaks)

    def inclusion(self, index: int) -> list[bytes]:
        """Return the proof that the event at an index is in the tree."""
        return merkle.inclusion(index, self.size, self.node)

    def consistency(self, old: int) -> list[bytes]:
        """Return the proof that the tree of the first ``old`` events is the beginning of this one."""
        return merkle.consistency(old, self.size, self.node)

    def tile(self, storey: int, number: int) -> list[bytes]:
        """Return the hashes of a tile, fewer than 256 at the right edge."""
        found = self._tiles.get((storey, number))
        if found is None:
            found = self._read(storey, number)
            if len(self._tiles) >= MOST_TILES:
                self._tiles.pop(next(iter(self._tiles)))
            self._tiles[storey, number] = found
        return found

    def _read(self, storey: int, number: int) -> list[bytes]:
        kept = select(Tile.hashes).where(Tile.level == storey, Tile.number == number)
        stored = db.session.scalar(kept)
        first = number * WIDTH
        last = min(self.size >> HEIGHT * storey, first + WIDTH)
        if stored is not None:
            width = merkle.WIDTH
            return [stored[i * width : (i + 1) * width] for i in range(last - first)]
        if storey == 0:
            leaves = select(Event.hash).where(Event.leaf_index >= first, Event.leaf_index < last)
            rows = db.session.scalars(leaves.order_by(Event.leaf_index)).all()
            return [bytes.fromhex(row) for row in rows]
        below = select(Tile.root).where(
            Tile.level == storey - 1, Tile.number >= first, Tile.number < last
        )
        return list(db.session.scalars(below.order_by(Tile.number)))


def reread(size: int) -> str:
    """Hash a part of the events again that are in the tree, another part each minute; returns what is wrong, "" for nothing.

    The tree itself has only hashes: a record that was changed under its hash is so found before long.
    """
    if not size:
        return ""
    part = int(clock.now().timestamp() // 60) % -(-size // REREAD)
    first, last = part * REREAD, min(size, (part + 1) * REREAD)
    found = select(Event.stream, Event.seq, Event.entry, Event.hash)
    within = found.where(Event.leaf_index >= first, Event.leaf_index < last)
    rows = db.session.execute(within.order_by(Event.leaf_index)).all()
    for row in rows:
        if leaf_hash(row.entry) != row.hash:
            return f"Event {row.seq} of {row.stream} does not match its hash."
    tree, numbers = Tree(size), range(first // WIDTH, -(-last // WIDTH))
    signed = [digest for number in numbers for digest in tree.tile(0, number)]
    if signed != [bytes.fromhex(row.hash) for row in rows]:
        return f"The events {first} to {last - 1} of the tree are not those that were signed."
    return ""


@dataclass(frozen=True)
class Head:
    """The end of a stream at a seal: its last event, and the proof that the seal knows it as the last.

    ``index`` is its place among the ``streams`` of the agency; ``proof`` leads to the agency's root.
    """

    agency: str
    stream: str
    seq: int
    hash: str
    index: int
    streams: int
    proof: tuple[str, ...]


def ends(agency: str) -> list[tuple[str, int, str]]:
    """Return name, length and last hash of every sequenced stream of an agency, in the order of the seal."""
    found = select(StreamHead.stream, StreamHead.seq, StreamHead.hash)
    rows = db.session.execute(found.where(StreamHead.agency == agency)).all()
    # Not by the database: its order of letters depends on where it was installed.
    return sorted((row.stream, row.seq, row.hash) for row in rows)


def heads(agency: str, streams: Sequence[str] | None = None) -> list[Head]:
    """Return the heads of streams of an agency with their proofs, all of them when none are named."""
    known = ends(agency)
    node = merkle.nodes([head_leaf(*end) for end in known])
    wanted = None if streams is None else set(streams)
    return [
        Head(
            agency,
            *end,
            index,
            len(known),
            tuple(digest.hex() for digest in merkle.inclusion(index, len(known), node)),
        )
        for index, end in enumerate(known)
        if wanted is None or end[0] in wanted
    ]


def agencies_since(index: int) -> list[str]:
    """Return the agencies with an event at or after a place in the tree."""
    found = select(Event.agency).where(Event.leaf_index >= index).distinct()
    return list(db.session.scalars(found))


def last_seal() -> Event | None:
    """Return the newest seal that is in the tree: the event on the log's own stream that names the heads."""
    found = select(Event).where(Event.stream == "log", Event.kind == "seal")
    return db.session.scalars(found.order_by(Event.seq.desc()).limit(1)).first()


def seal_due() -> bool:
    """Tell whether no seal was made yet on this day (UTC)."""
    last = last_seal()
    return last is None or last.at.date() < clock.now().date()


def sealed(size: int) -> bool:
    """Tell whether the last event under a checkpoint is a seal."""
    last = last_seal()
    return last is not None and last.leaf_index == size - 1
