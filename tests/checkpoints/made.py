"""Events written straight into the table, and checkpoints over them."""

from sqlalchemy import insert

from app import clock
from app.checkpoints import commands
from app.checkpoints.models import Checkpoint
from app.db import db, transaction
from app.trail.models import Event
from workflows.evidence.chain import canonical, leaf_hash, moment

AGENCY = "MY-SMECORP"


def written(count: int, *, stream: str = "S-1", start: int = 0, prev: str = "") -> str:
    """Write events straight into the table, chained, and return the last hash."""
    rows = []
    for seq in range(start + 1, start + count + 1):
        at = clock.now()
        columns = {"stream": stream, "agency": AGENCY, "seq": seq, "actor": "officer:1"}
        record = {"type": "act", "at": moment(at), "prev": prev, "to": "declined"}
        entry = canonical({**columns, **record, "committed": {}})
        prev = leaf_hash(entry)
        rows.append({**columns, "kind": "act", "at": at, "entry": entry, "hash": prev})
    with transaction():
        db.session.execute(insert(Event), rows)
    return prev


def signed(*, seal: bool = False) -> Checkpoint:
    """Sequence what waits, and return the newest checkpoint."""
    with transaction():
        found = commands.advance(seal=seal)
    assert found is not None
    return found
