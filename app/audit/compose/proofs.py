"""The proof of one event as C2SP tlog-proof has it (c2sp.org/tlog-proof): it can be checked without the rest of the trail."""

import base64

from app.checkpoints import queries as tree
from app.checkpoints.queries import Tree
from app.errors import Missing
from app.trail.models import Event

_HEADER = "c2sp.org/tlog-proof@v1"


def tlog_proof(event: Event) -> str:
    """Return the text that proves an event by the newest checkpoint; raises ``Missing`` while it is not under one."""
    newest = tree.newest()
    index = event.leaf_index
    if newest is None or index is None or index >= newest.size:
        raise Missing("The event is not signed yet. It will be within a minute or two.")
    hashes = [base64.b64encode(digest).decode() for digest in Tree(newest.size).inclusion(index)]
    return "\n".join([_HEADER, f"index {index}", *hashes, "", tree.note(newest)])
