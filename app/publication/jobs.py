"""What a worker does each minute: take in what waits, sign, publish."""

from app.checkpoints import commands as checkpoints
from app.checkpoints import queries
from app.db import db, read_only, transaction


def publish() -> int:
    """Sequence every waiting event, part by part, and publish the newest checkpoint; returns its size."""
    size = 0
    while True:
        with transaction():
            newest = checkpoints.advance()
            size = newest.size if newest else 0
        db.session.remove()
        read_only()
        waiting = queries.waiting()
        db.session.rollback()
        if not waiting:
            return size
