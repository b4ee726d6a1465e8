"""What auditors ask: the events of cases they may see, and whether the trail holds."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, literal, or_, select, union_all

from app.accounts import queries as accounts
from app.accounts.models import Agency, Interest, Person
from app.applications import queries as applications
from app.applications.models import Application
from app.audit.models import Bundle
from app.checkpoints import compose, export
from app.checkpoints.models import Checkpoint, StreamHead, Tile
from app.checkpoints.queries import WIDTH
from app.db import db
from app.errors import Forbidden, Missing
from app.trail import queries as trail
from app.trail.models import Event, OutboxEntry
from app.trail.queries import PAGE, Break, Fact
from workflows.evidence import merkle
from workflows.evidence.note import Checkpoint as Statement
from workflows.evidence.note import (
    Garbled,
    Verifier,
    read_checkpoint,
    read_note,
    read_verifier,
)

SHOWN = 25


def events(actor: Person, reference: str = "") -> Iterator[Fact]:
    """Return the events of one case, or of all the cases a person may see and of the agency itself, as they were recorded."""
    if reference:
        return iter(trail.events_of(applications.find(reference, actor=actor).reference))
    # A query within the query: an agency may have more cases than a list of values can name.
    cases = applications.visible(actor).with_only_columns(Application.reference)
    own = select(literal(actor.agency.reference if actor.agency else ""))
    streams = union_all(cases, own).subquery()
    return trail.events_in_order(select(streams.c[0]))


def verify() -> list[Break]:
    """Return every place where the trail does not hold, as ``breaks`` finds them."""
    return list(breaks())


def breaks() -> Iterator[Break]:
    """Check every chain, every disclosed value, the ends of all trails, the tree, and each checkpoint; page by page."""
    yield from trail.breaks({**applications.heads(), **accounts.heads()})
    yield from _wrong_heads()
    yield from _Walk().breaks()


def _wrong_heads() -> Iterator[Break]:
    """Compare the heads of streams as last sequenced with the events that are in the tree."""
    last = and_(Event.stream == StreamHead.stream, Event.seq == StreamHead.seq)
    astray = or_(
        Event.id.is_(None),
        Event.leaf_index.is_(None),
        Event.hash != StreamHead.hash,
        Event.agency != StreamHead.agency,
    )
    ends = select(StreamHead.stream, StreamHead.seq).outerjoin(Event, last).where(astray)
    for row in db.session.execute(ends.order_by(StreamHead.stream)):
        yield Break(row.stream, row.seq, "the head of the stream is another event")
    beyond = or_(StreamHead.stream.is_(None), Event.seq > StreamHead.seq)
    later = (
        select(Event.stream, Event.seq)
        .outerjoin(StreamHead, StreamHead.stream == Event.stream)
        .where(Event.leaf_index.is_not(None), beyond)
    )
    for row in db.session.execute(later.order_by(Event.stream, Event.seq)):
        yield Break(row.stream, row.seq, "the event lies beyond the head of its stream")


class _Walk:
    """One walk over the leaves: the tree is built again, and compared with tiles and checkpoints on the way."""

    def __init__(self) -> None:
        self.tree = merkle.Frontier()
        self.verifier = verifier()
        # The hashes of each storey that are not a whole tile yet, and how many tiles it has had.
        self.storeys: list[list[bytes]] = [[]]
        self.tiles: list[int] = [0]

    def breaks(self) -> Iterator[Break]:
        """Return what does not hold: leaves, tiles, checkpoints, and the checkpoint that was published."""
        signed = _checkpoints()
        outside = _published()
        following = next(signed, None)
        for row in _leaves():
            if row.leaf_index != self.tree.size:
                yield Break(row.stream, row.seq, f"leaf {self.tree.size} of the tree is not there")
                return
            yield from _misnamed(row)
            self.tree.append(bytes.fromhex(row.hash))
            yield from self._tiled(0, bytes.fromhex(row.hash))
            if following is not None and following.size == self.tree.size:
                yield from self._signed(following)
                following = next(signed, None)
            if outside is not None and outside.size == self.tree.size:
                yield from self._agrees("published checkpoint", outside.root)
        for beyond in (following, outside):
            if beyond is not None and beyond.size > self.tree.size:
                what = f"it was signed, but only {self.tree.size} events are there"
                yield Break(f"checkpoint on {beyond.size}", 0, what)

    def _tiled(self, storey: int, digest: bytes) -> Iterator[Break]:
        """Add a hash to a storey; compare the tile that becomes whole by it, and go on above."""
        hashes = self.storeys[storey]
        hashes.append(digest)
        if len(hashes) < WIDTH:
            return
        number, root = self.tiles[storey], merkle.root(hashes)
        kept = db.session.get(Tile, (storey, number))
        if kept is None or (kept.hashes, kept.root) != (b"".join(hashes), root):
            yield Break(f"tile {storey}/{number}", 0, "it is not what its events come to")
        if kept is not None:
            db.session.expunge(kept)
        hashes.clear()
        self.tiles[storey] += 1
        if storey + 1 == len(self.storeys):
            self.storeys.append([])
            self.tiles.append(0)
        yield from self._tiled(storey + 1, root)

    def _signed(self, found: Checkpoint) -> Iterator[Break]:
        where = f"checkpoint on {found.size}"
        yield from self._agrees(where, bytes.fromhex(found.root))
        try:
            statement = read_checkpoint(read_note(found.note).text)
            if self.verifier is not None:
                compose.opened(found.note, self.verifier)
        except Garbled as error:
            yield Break(where, 0, f"it cannot be relied on: {error}")
            return
        if (statement.size, statement.root.hex()) != (found.size, found.root):
            yield Break(where, 0, "its columns are not what was signed")

    def _agrees(self, where: str, root: bytes) -> Iterator[Break]:
        if root != self.tree.root():
            yield Break(where, 0, f"the first {self.tree.size} events have another root")


def _misnamed(row: Any) -> Iterator[Break]:
    """Compare the column by which an event belongs to an agency with its record; older records do not name it."""
    if json.loads(row.entry).get("agency", row.agency) != row.agency:
        yield Break(row.stream, row.seq, "the column of the agency does not match the record")


def _leaves() -> Iterator[Any]:
    """Return the events that are in the tree, by their place, page by page."""
    columns = (Event.leaf_index, Event.stream, Event.seq, Event.hash, Event.agency, Event.entry)
    last = -1
    while True:
        page = select(*columns).where(Event.leaf_index > last).order_by(Event.leaf_index)
        rows = db.session.execute(page.limit(PAGE)).all()
        yield from rows
        if len(rows) < PAGE:
            return
        last = rows[-1].leaf_index


def _checkpoints() -> Iterator[Checkpoint]:
    """Return all checkpoints, the smallest first, page by page."""
    last = -1
    while True:
        page = select(Checkpoint).where(Checkpoint.size > last).order_by(Checkpoint.size)
        rows = db.session.scalars(page.limit(PAGE)).all()
        yield from rows
        if len(rows) < PAGE:
            return
        last = rows[-1].size


def verifier() -> Verifier | None:
    """Return the key that checkpoints are signed with, as this process or the store knows it."""
    here = compose.log()
    if here.signer is not None:
        return here.signer.verifier
    key = export.published_key(here.folder) if here.folder else None
    return read_verifier(key) if key else None


def _published() -> Statement | None:
    """Return what the published checkpoint says, ``None`` when nothing was published."""
    folder = compose.log().folder
    note = export.published(folder) if folder else None
    return read_checkpoint(read_note(note).text) if note else None


def today(actor: Person) -> date:
    """Return the local day at the agency of an auditor."""
    if actor.agency is None:
        raise Forbidden("Auditors belong to an agency.")
    return accounts.day_at(actor.agency)


def bundles(actor: Person) -> list[Bundle]:
    """Return the evidence bundles a person asked for, the newest first, no more than a page of them."""
    found = select(Bundle).where(Bundle.person_id == actor.id).order_by(Bundle.id.desc())
    return list(db.session.scalars(found.limit(SHOWN)))


def bundle(number: int, *, actor: Person) -> Bundle:
    """Return an evidence bundle of a person; raises ``Missing`` for that of another."""
    found = db.session.get(Bundle, number)
    if found is None or found.person_id != actor.id:
        raise Missing("There is no such bundle, or not for you.")
    return found


def bundle_of(event_id: int) -> Bundle:
    """Return the evidence bundle that an event asked for."""
    return db.session.scalars(select(Bundle).where(Bundle.event_id == event_id)).one()


def kept_before(event_id: int) -> list[Bundle]:
    """Return the bundles asked for before an event that lie in the store, or are still to be made."""
    before = select(Bundle).where(
        Bundle.event_id < event_id, Bundle.removed_at.is_(None), Bundle.state != "failed"
    )
    return list(db.session.scalars(before.order_by(Bundle.id)))


def given_up() -> list[int]:
    """Return the numbers of the bundles that no worker will try again."""
    found = (
        select(Bundle.id)
        .join(OutboxEntry, OutboxEntry.event_id == Bundle.event_id)
        .where(Bundle.state == "waiting", OutboxEntry.state == "dead")
    )
    return list(db.session.scalars(found))


def ready_before(moment: datetime) -> list[int]:
    """Return the numbers of the bundles that lie in the store since before a moment."""
    old = select(Bundle.id).where(
        Bundle.state == "ready", Bundle.removed_at.is_(None), Bundle.ready_at < moment
    )
    return list(db.session.scalars(old.order_by(Bundle.id)))


def waiting(actor: Person) -> int:
    """Return how many bundles a person asked for are still to be made."""
    found = select(func.count(Bundle.id)).where(
        Bundle.person_id == actor.id, Bundle.state == "waiting"
    )
    return db.session.scalar(found) or 0


def still_for(found: Bundle, *, actor: Person) -> None:
    """Raise ``Missing`` when a bundle may hold what is not for its auditor any more, or it was taken away.

    Who declared an interest, or lost a mandate, since asking for it asks again: for what is left.
    """
    if found.removed_at is not None:
        raise Missing(
            "The bundle was taken away: it was old, or data in it were erased since. Ask again."
        )
    since = select(Interest.id).where(
        Interest.person_id == actor.id, Interest.declared_at > found.asked_at
    )
    held, now = found.scope["codes"], accounts.audited(actor, today(actor))
    lost = now is not None and (held is None or not now.issuperset(held))
    if lost or db.session.scalar(since.limit(1)) is not None:
        raise Missing("What you may read has changed since you asked for this bundle. Ask again.")


def agencies(codes: frozenset[str] | None) -> list[Agency]:
    """Return the agencies of some codes, all for ``None``, by their codes."""
    found = select(Agency).order_by(Agency.code)
    return list(db.session.scalars(found if codes is None else found.where(Agency.code.in_(codes))))


def event(stream: str, seq: int) -> Event:
    """Return an event of a stream; raises ``Missing``."""
    found = select(Event).where(Event.stream == stream, Event.seq == seq)
    event_ = db.session.scalars(found).first()
    if event_ is None:
        raise Missing(f"{stream} has no event {seq}.")
    return event_


def places(stream: str) -> dict[int, int | None]:
    """Return the places of the events of a stream in the tree, by their numbers in it; ``None`` while one has none."""
    found = select(Event.seq, Event.leaf_index).where(Event.stream == stream)
    return dict(db.session.execute(found).all())
