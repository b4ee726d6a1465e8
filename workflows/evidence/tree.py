"""Whether the leaves of a bundle are in the tree that was signed: each by its own proof, or a whole range at once."""

from collections.abc import Iterator
from typing import Any

from workflows.evidence.archive import LEAVES, PROOFS, RANGE, Bundle, Damaged, exact, hashes
from workflows.evidence.merkle import WIDTH, Frontier, Unproved, prove_consistency, prove_inclusion
from workflows.evidence.note import Checkpoint
from workflows.evidence.report import COMPLETE, INCLUSION, Report

MOST_DIGITS_OF_A_PLACE = 15


class Range:
    """The leaves from ``first`` up to, and without, ``last``: rebuilt on the peaks of the tree before them."""

    def __init__(self, bundle: Bundle, signed: Checkpoint, report: Report) -> None:
        read: dict[str, Any] = {"first": 0, "last": 0, "left": [], "proof": []}
        if bundle.manifest["coverage"] == "range":
            read = bundle.json(RANGE)
            if not isinstance(read, dict):
                raise Damaged(RANGE, "this is not an object")
            exact(read, RANGE, {"first": int, "last": int, "left": list, "proof": list})
            said = (bundle.manifest["first"], bundle.manifest["last"])
            if said != (read["first"], read["last"]):
                raise Damaged(RANGE, f"it is not from {said[0]} to {said[1]} as the manifest says")
        self.first, self.last = read["first"], read["last"]
        if not 0 <= self.first <= self.last <= signed.size:
            raise Damaged(RANGE, f"the tree has no leaves from {self.first} to {self.last}")
        left = hashes(read["left"], RANGE)
        if len(left) != self.first.bit_count() or any(len(peak) != WIDTH for peak in left):
            raise Damaged(RANGE, f"these are not the peaks of a tree of {self.first} leaves")
        self.grown = Frontier(self.first, left)
        self.proof = hashes(read["proof"], RANGE)
        self.signed, self.report = signed, report

    def take(self, place: int, digest: bytes) -> None:
        """Add the next leaf of the range."""
        if place != self.grown.size:
            missing = f"leaf {self.grown.size} is missing: leaf {place} comes next"
            raise Damaged(LEAVES, missing)
        self.grown.append(digest)

    def close(self) -> None:
        """Check that the tree that was signed begins with the leaves of the range."""
        size = self.grown.size
        if size != self.last:
            self.report.broken(COMPLETE, LEAVES, f"leaves {size} to {self.last - 1} are missing")
            return
        if size == 0:
            return
        try:
            prove_consistency(
                size, self.signed.size, self.proof, self.grown.root(), self.signed.root
            )
        except Unproved as error:
            said = f"the leaves from {self.first} to {self.last - 1} are not those that were signed: {error}"
            self.report.broken(INCLUSION, RANGE, said)
            return
        self.report.held(INCLUSION, size - self.first)
        self.report.held(COMPLETE, size - self.first)


class Proofs:
    """Inclusion proofs, one for each leaf that is shown alone, in the order of the leaves."""

    def __init__(self, bundle: Bundle, signed: Checkpoint, report: Report) -> None:
        there = bundle.has(PROOFS)
        self.lines = bundle.tables(PROOFS) if there else iter(())
        self.signed, self.report = signed, report

    def take(self, place: int, digest: bytes) -> str:
        """Check the proof of a leaf; returns why it is not proved, or nothing."""
        number, read = next(self.lines, (0, {}))
        if not number:
            return f"there is no proof for leaf {place}"
        member = f"{PROOFS}, line {number}"
        exact(read, member, {"index": int, "proof": list})
        if read["index"] != place:
            return f"{member} is for leaf {read['index']}, not for leaf {place}"
        proof = hashes(read["proof"], member)
        try:
            prove_inclusion(digest, place, self.signed.size, proof, self.signed.root)
        except Unproved as error:
            return f"it is not the leaf {place} that was signed: {error}"
        self.report.held(INCLUSION)
        return ""

    def close(self) -> None:
        """Check that no proof is left over."""
        for number, _ in self.lines:
            self.report.broken(INCLUSION, f"{PROOFS}, line {number}", "no leaf is shown for it")


def places(bundle: Bundle) -> Iterator[tuple[int, str]]:
    """Return the place of each leaf and the hash of one that is withheld, in order; raises ``Damaged``."""
    last = -1
    for number, line in enumerate(bundle.lines(LEAVES), 1):
        if line == b"%d" % (last + 1):
            last += 1
            yield last, ""
            continue
        place, _, digest = line.decode("latin-1").partition(" ")
        plain = place.isascii() and place.isdigit() and len(place) <= MOST_DIGITS_OF_A_PLACE
        if not plain or (place[0] == "0" and place != "0") or (digest == "" and line[-1:] == b" "):
            raise Damaged(f"{LEAVES}, line {number}", "this is not the place of a leaf")
        found = int(place)
        if found <= last:
            raise Damaged(f"{LEAVES}, line {number}", f"leaf {found} comes after leaf {last}")
        last = found
        yield found, digest
