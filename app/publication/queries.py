"""What anyone may fetch of the tree: tiles by the paths of C2SP tlog-tiles, and proofs that it only grew."""

import re
from dataclasses import dataclass

from app.checkpoints import compose, export, queries
from app.checkpoints.models import Checkpoint
from app.errors import Invalid, Missing

_PATH = re.compile(r"((?:x\d{3}/)*)(\d{3})(?:\.p/([1-9]\d{0,2}))?")
# A number of more digits than this is no place in any tree.
_MOST_GROUPS = 4


@dataclass(frozen=True)
class Growth:
    """The proof that the tree of the first ``old`` events is the beginning of that of ``new`` events."""

    old: int
    new: int
    proof: tuple[str, ...]


def newest() -> Checkpoint:
    """Return the newest checkpoint; raises ``Missing`` while there is none."""
    found = queries.newest()
    if found is None:
        raise Missing("No checkpoint was signed yet.")
    return found


def checkpoint(size: int) -> Checkpoint:
    """Return the checkpoint on a number of events; raises ``Missing``."""
    found = queries.checkpoint(size)
    if found is None:
        raise Missing("No checkpoint was signed on that number of events.")
    return found


def key() -> str | None:
    """Return the verifier key of the log, ``None`` before anything was published."""
    here = compose.log()
    if here.signer is not None:
        return str(here.signer.verifier)
    return export.published_key(here.folder) if here.folder is not None else None


def growth(old: int, new: int | None) -> Growth:
    """Return how the tree grew from a size to another, that of the newest checkpoint when none is named.

    Raises ``Invalid`` when there is no such proof, ``Missing`` while nothing is signed.
    """
    size = newest().size
    new = size if new is None else new
    if not 0 < new <= size:
        raise Invalid({"new": [f"Name a size from 1 to {size}, or leave it out."]})
    if not 0 < old <= new:
        raise Invalid({"old": [f"Name the size of your checkpoint, from 1 to {new}."]})
    proof = queries.Tree(new).consistency(old)
    return Growth(old, new, tuple(digest.hex() for digest in proof))


def tile(storey: int, path: str) -> bytes:
    """Return the hashes of a tile by its path, such as ``x001/x234/067`` or ``000.p/12``; raises ``Missing``."""
    number, width = _place(path)
    size = newest().size
    known = (size >> queries.HEIGHT * storey) - number * queries.WIDTH
    if not 0 < width <= known:
        raise Missing("The tree has no such tile.")
    hashes = queries.Tree(size).tile(storey, number)
    return b"".join(hashes[:width])


def _place(path: str) -> tuple[int, int]:
    """Return number and width of a tile; raises ``Missing`` for any path but the one spelling it has."""
    found = _PATH.fullmatch(path)
    if found is None or found[1].count("x") >= _MOST_GROUPS or found[1].startswith("x000/"):
        raise Missing("The tree has no such tile.")
    number = int(found[1].replace("x", "").replace("/", "") + found[2])
    width = int(found[3]) if found[3] else queries.WIDTH
    if found[3] and width >= queries.WIDTH:
        raise Missing("The tree has no such tile.")
    return number, width
