"""The tree over the whole trail: roots, inclusion and consistency proofs as RFC 6962, section 2.1, defines them.

Hashes are 32 bytes; a leaf is SHA-256(0x00 ‖ entry), an inner node SHA-256(0x01 ‖ left ‖ right). Indices count from 0.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

WIDTH = 32

Node = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree at (level, number): it covers the leaves number·2^level and 2^level - 1 more."""


class Unproved(Exception):
    """A proof does not show what it should; the text says why."""


def leaf(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def join(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """A tree that only grows: its size, and the roots of its complete subtrees, the largest first (at most 64)."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, digest: bytes) -> None:
        """Add the hash of the next leaf."""
        size = self.size
        while size & 1:
            digest = join(self.peaks.pop(), digest)
            size >>= 1
        self.peaks.append(digest)
        self.size += 1

    def root(self) -> bytes:
        """Return the root; that of no leaves is SHA-256 of nothing."""
        if not self.peaks:
            return hashlib.sha256().digest()
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = join(peak, found)
        return found


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over the hashes of leaves."""
    tree = Frontier()
    for digest in leaves:
        tree.append(digest)
    return tree.root()


def nodes(leaves: Sequence[bytes]) -> Node:
    """Return what gives the complete subtrees over the hashes of leaves, all computed once."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([join(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return lambda level, number: levels[level][number]


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """Return the proof that the leaf at an index is in the tree of a size, lowest hash first."""
    if not 0 <= index < size:
        raise ValueError(f"The tree of size {size} has no leaf {index}.")
    return _path(index, 0, size, node)


def consistency(old: int, new: int, node: Node) -> list[bytes]:
    """Return the proof that the tree of size ``old`` is the beginning of the tree of size ``new``."""
    if not 0 < old <= new:
        raise ValueError(f"A tree of size {new} has no beginning of size {old}.")
    return _subproof(old, 0, new, node, whole=True)


def prove_inclusion(
    digest: bytes, index: int, size: int, proof: Sequence[bytes], top: bytes
) -> None:
    """Check an inclusion proof (RFC 9162, section 2.1.3.2); raises ``Unproved``."""
    if not 0 <= index < size:
        raise Unproved(f"the tree of size {size} has no leaf {index}")
    _whole(digest, *proof, top)
    found = digest
    for sibling, left in _sides(index, size - 1, proof):
        found = join(sibling, found) if left else join(found, sibling)
    if found != top:
        raise Unproved("the proof leads to another root")


def prove_consistency(
    old: int, new: int, proof: Sequence[bytes], before: bytes, after: bytes
) -> None:
    """Check a consistency proof (RFC 9162, section 2.1.4.2); raises ``Unproved``.

    It is defined from size 1 on: a tree of size 0 proves nothing.
    """
    if not 0 < old <= new:
        raise Unproved(f"a tree of size {new} cannot be shown to begin with one of size {old}")
    if old == new:
        if proof or before != after:
            raise Unproved("the roots of one size are not the same")
        return
    _whole(before, *proof, after)
    if _both(old, new, before, proof) != (before, after):
        raise Unproved("the older tree is not the beginning of the newer one")


def _both(old: int, new: int, before: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the roots of the older and the newer tree that a consistency proof leads to."""
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, before)
    if not path:
        raise Unproved("the proof is too short")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for sibling, left in _sides(place, last, path[1:]):
        first = join(sibling, first) if left else first
        second = join(sibling, second) if left else join(second, sibling)
    return first, second


def _sides(place: int, last: int, proof: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Go up from a place among the nodes up to the last of its level: each sibling, and whether it is to the left."""
    for sibling in proof:
        if last == 0:
            raise Unproved("the proof is too long")
        left = bool(place & 1) or place == last
        yield sibling, left
        while left and place and not place & 1:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if last:
        raise Unproved("the proof is too short")


def _whole(*digests: bytes) -> None:
    if any(len(digest) != WIDTH for digest in digests):
        raise Unproved(f"a hash of the proof does not have {WIDTH} bytes")


def _split(width: int) -> int:
    """Return the largest power of two below a width."""
    return 1 << (width - 1).bit_length() - 1


def _range(start: int, width: int, node: Node) -> bytes:
    """Return the root over a range of leaves that begins at a multiple of a power of two at least as wide."""
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, start >> level)
    half = _split(width)
    return join(_range(start, half, node), _range(start + half, width - half, node))


def _path(index: int, start: int, width: int, node: Node) -> list[bytes]:
    if width == 1:
        return []
    half = _split(width)
    if index < start + half:
        return [*_path(index, start, half, node), _range(start + half, width - half, node)]
    return [*_path(index, start + half, width - half, node), _range(start, half, node)]


def _subproof(old: int, start: int, width: int, node: Node, *, whole: bool) -> list[bytes]:
    if old == width:
        return [] if whole else [_range(start, width, node)]
    half = _split(width)
    if old <= half:
        right = _range(start + half, width - half, node)
        return [*_subproof(old, start, half, node, whole=whole), right]
    rest = _subproof(old - half, start + half, width - half, node, whole=False)
    return [*rest, _range(start, half, node)]
