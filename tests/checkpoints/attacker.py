"""What somebody can do who administers the database: everything but sign, unless the key was stolen too."""

import json
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update

from app.checkpoints import compose, queries
from app.checkpoints.models import Checkpoint, StreamHead, Tile
from app.db import db, transaction
from app.trail.models import Event
from workflows.evidence import merkle
from workflows.evidence.chain import canonical, leaf_hash
from workflows.evidence.note import Checkpoint as Statement

TABLES = ("event", "tile", "checkpoint", "stream_head")


def unguard() -> None:
    """Take away what makes the database refuse to change or delete."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        for table in TABLES:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    kept = text("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    for name, table in connection.execute(kept).all():
        if table in TABLES:
            connection.execute(text(f"DROP TRIGGER {name}"))


def edit(stream: str, seq: int) -> None:
    """Write another outcome into an event, and nothing else."""
    with transaction():
        unguard()
        found = _event(stream, seq)
        entry = found.entry.replace('"to":"declined"', '"to":"approved"')
        db.session.execute(update(Event).where(Event.id == found.id).values(entry=entry))


def remove(stream: str, seq: int) -> None:
    """Take an event out, and nothing else."""
    with transaction():
        unguard()
        db.session.execute(delete(Event).where(Event.stream == stream, Event.seq == seq))


def cut(count: int) -> None:
    """Take the last leaves away with everything over them, so that an older state stands there as it once was."""
    with transaction():
        unguard()
        size = (db.session.scalar(select(func.max(Event.leaf_index))) or 0) + 1 - count
        db.session.execute(delete(Event).where(Event.leaf_index >= size))
        db.session.execute(delete(Checkpoint).where(Checkpoint.size > size))
        _continue_heads()


def rewrite(stream: str, seq: int) -> None:
    """Write another outcome into an event, and recompute every hash there is."""
    edit(stream, seq)
    with transaction():
        _recompute()


def insert_before(stream: str, seq: int) -> None:
    """Put an event in before another, as old as that one, and recompute every hash there is."""
    with transaction():
        unguard()
        found = _event(stream, seq)
        _make_room(Event.leaf_index, select(Event.id).where(Event.leaf_index >= found.leaf_index))
        later = select(Event.id).where(Event.stream == stream, Event.seq >= seq)
        _make_room(Event.seq, later)
        entry = found.entry.replace('"to":"declined"', '"to":"approved"')
        more = {"entry": entry, "hash": leaf_hash(entry)}
        row = {name: value for name, value in found._mapping.items() if name != "id"}
        db.session.execute(insert(Event).values(**(row | more)))
        _recompute()


def sign_again() -> None:
    """With the stolen key: sign what the tree has become, and take away what was signed before."""
    with transaction():
        unguard()
        tree = _tree()
        signer = compose.signer()
        assert signer is not None
        at = db.session.scalar(select(func.max(Checkpoint.at)))
        db.session.execute(delete(Checkpoint))
        note = signer.sign(Statement(signer.verifier.name, tree.size, tree.root()))
        db.session.execute(insert(Checkpoint).values(note=str(note), at=at, **_columns(tree)))


def _event(stream: str, seq: int) -> Any:
    found = select(Event.__table__).where(Event.stream == stream, Event.seq == seq)
    return db.session.execute(found).one()


def _make_room(column: Any, rows: Any) -> None:
    """Count a column of rows up by one, the last first: no two may ever have the same."""
    for number in db.session.scalars(rows.order_by(column.desc())).all():
        moved = update(Event).where(Event.id == number).values({column: column + 1})
        db.session.execute(moved)


def _recompute() -> None:
    """Chain every stream anew; make heads, tiles and the columns of the newest checkpoint fit: only its note cannot."""
    ends: dict[str, tuple[int, str]] = {}
    for row in _leaves():
        seq, previous = ends.get(row.stream, (0, ""))
        entry = canonical({**json.loads(row.entry), "seq": seq + 1, "prev": previous})
        ends[row.stream] = (seq + 1, leaf_hash(entry))
        again = update(Event).where(Event.id == row.id)
        db.session.execute(again.values(entry=entry, hash=leaf_hash(entry)))
    _continue_heads()
    tree = _tree()
    last = queries.newest()
    assert last is not None
    note, at = last.note, last.at
    db.session.execute(delete(Checkpoint))
    db.session.execute(delete(Tile))
    db.session.execute(insert(Checkpoint).values(note=note, at=at, **_columns(tree)))
    db.session.expunge_all()


def _continue_heads() -> None:
    ends = {row.stream: row for row in _leaves()}
    for stream in db.session.scalars(select(StreamHead.stream)).all():
        here = StreamHead.stream == stream
        if stream in ends:
            values = {"seq": ends[stream].seq, "hash": ends[stream].hash}
            db.session.execute(update(StreamHead).where(here).values(**values))
        else:
            db.session.execute(delete(StreamHead).where(here))


def _leaves() -> list[Any]:
    columns = select(Event.id, Event.stream, Event.seq, Event.hash, Event.entry)
    placed = columns.where(Event.leaf_index.is_not(None)).order_by(Event.leaf_index)
    return list(db.session.execute(placed).all())


def _tree() -> merkle.Frontier:
    tree = merkle.Frontier()
    for row in _leaves():
        tree.append(bytes.fromhex(row.hash))
    return tree


def _columns(tree: merkle.Frontier) -> dict[str, Any]:
    peaks = [peak.hex() for peak in tree.peaks]
    return {"size": tree.size, "root": tree.root().hex(), "peaks": peaks}
