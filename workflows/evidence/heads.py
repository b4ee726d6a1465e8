"""Completeness: the end of every stream as the seal has it, the last leaf of the tree that was signed."""

from typing import Any

from workflows.evidence.archive import HEADS, Bundle, exact, hashes, unhexed
from workflows.evidence.cases import Case
from workflows.evidence.chain import head_leaf
from workflows.evidence.merkle import Unproved, prove_inclusion, root
from workflows.evidence.notices import LOG_STREAM
from workflows.evidence.report import COMPLETE, Report
from workflows.evidence.streams import SEAL, Streams
from workflows.evidence.tree import places

FIELDS_OF_A_HEAD = {
    "agency": str,
    "stream": str,
    "seq": int,
    "hash": str,
    "index": int,
    "streams": int,
    "proof": list,
}


class Heads:
    """The heads of a bundle, measured against the seal and against the streams that are shown."""

    def __init__(self, bundle: Bundle, streams: Streams, size: int, report: Report) -> None:
        self.bundle, self.streams, self.report = bundle, streams, report
        self.whole: dict[str, list[tuple[str, int, bytes]]] = {
            agency: [] for agency in bundle.manifest["agencies"]
        }
        manifest = bundle.manifest
        self.ranged = manifest["coverage"] == "range"
        # A stream may go on after a range that ends before the tree does.
        self.ends_early = self.ranged and manifest["last"] < size - 1
        self.unseen: dict[str, str] = {}
        self.sealed = _sealed(streams.seal, size, report)

    def check(self) -> None:
        """Check every head; raises ``Damaged``."""
        for number, read in self.bundle.tables(HEADS):
            member = f"{HEADS}, line {number}"
            exact(read, member, FIELDS_OF_A_HEAD, optional="proof")
            unhexed(read["hash"], member)
            self._proved(read, member)
            self._compared(read, member)
        for agency, ends in self.whole.items():
            self._all(agency, ends)
        self._unseen()
        self._unsealed()

    def _proved(self, read: dict[str, Any], member: str) -> None:
        agency = read["agency"]
        leaf_of_it = head_leaf(read["stream"], read["seq"], read["hash"])
        known = self.sealed.get(agency)
        if known is None or known["streams"] != read["streams"]:
            self.report.broken(COMPLETE, member, f"the seal names no such streams of “{agency}”")
            return
        if agency in self.whole:
            self.whole[agency].append((read["stream"], read["index"], leaf_of_it))
            if "proof" not in read:
                return
        proof = hashes(read.get("proof", []), member)
        top = unhexed(known["root"], member)
        try:
            prove_inclusion(leaf_of_it, read["index"], read["streams"], proof, top)
        except Unproved as error:
            said = f"the seal has another end of {read['stream']}: {error}"
            self.report.broken(COMPLETE, member, said, stream=read["stream"])

    def _compared(self, read: dict[str, Any], member: str) -> None:
        name, seq = read["stream"], read["seq"]
        case = self.streams.cases.get(name)
        if case is None:
            self.unseen[name] = read["hash"]
            return
        if case.sealed:
            self.report.broken(COMPLETE, member, f"there are two heads of {name}", stream=name)
        case.sealed = True
        end = self._end(case)
        if end == (seq, read["hash"]):
            self.report.held(COMPLETE)
        elif seq > end[0] and self.ends_early:
            self.report.absent(COMPLETE, f"{name}: events {end[0] + 1} to {seq}, after the range")
        elif seq > end[0]:
            said = f"{name}: events {end[0] + 1} to {seq} are missing at its end"
            self.report.broken(COMPLETE, member, said, stream=name)
        else:
            said = f"{name}, event {end[0]}: the stream ends otherwise in the seal"
            self.report.broken(COMPLETE, member, said, stream=name)

    def _end(self, case: Case) -> tuple[int, str]:
        """Return where a stream ends; the seal itself, the last event of the log's own stream, does not know itself."""
        seal = self.streams.seal
        if case.name == LOG_STREAM and seal is not None and seal["seq"] == case.seq:
            return case.seq - 1, seal["prev"]
        return case.seq, case.hash

    def _all(self, agency: str, ends: list[tuple[str, int, bytes]]) -> None:
        """Check that the heads of an agency are all it has."""
        known = self.sealed.get(agency)
        if known is None:
            self.report.broken(COMPLETE, HEADS, f"the seal does not name the agency {agency}")
            return
        ends.sort()
        orderly = all(index == place for place, (_, index, _) in enumerate(ends))
        if known["streams"] != len(ends) or known["root"] != root(e[2] for e in ends).hex():
            said = f"the seal has {known['streams']} streams of {agency}, and these {len(ends)} are not all of them"
            self.report.broken(COMPLETE, HEADS, said)
        elif not orderly:
            self.report.broken(
                COMPLETE, HEADS, f"the streams of {agency} are not numbered in order"
            )
        else:
            self.report.held(COMPLETE, len(ends))
            self.report.says.append(f"Agency {agency}: all {len(ends):,} streams are accounted for")

    def _unseen(self) -> None:
        """Name the streams that the seal knows and nobody shows; in a whole range at least their leaves are there."""
        wanted = {digest: name for name, digest in self.unseen.items() if name != LOG_STREAM}
        named = frozenset(self.bundle.manifest.get("streams", ()))
        if self.ranged and wanted and not self.ends_early:
            for _, digest in places(self.bundle):
                name = wanted.pop(digest, "")
                if name:
                    self.report.withheld(COMPLETE, f"{name}: all its events, you may not see them")
        for name in wanted.values():
            if self.ranged and not self.ends_early and not self.streams.begins_late:
                said = f"{name}: the stream is missing, also among what is withheld"
                self.report.broken(COMPLETE, HEADS, said, stream=name)
            elif name not in named and not self.ranged:
                self.report.withheld(
                    COMPLETE,
                    f"{name}: all its events, they were not asked for or you may not see them",
                )

    def _unsealed(self) -> None:
        """Name the streams that are shown or promised, and have no head by which their end could be known."""
        for case in self.streams.cases.values():
            if not case.sealed and case.name != LOG_STREAM:
                said = f"{case.name}: there is no head, so that its end is not known"
                self.report.broken(COMPLETE, HEADS, said, stream=case.name)
        named = self.bundle.manifest.get("streams", ())
        for name in named:
            if name not in self.streams.cases:
                said = f"{name}: all its events are missing"
                self.report.broken(COMPLETE, "manifest.json", said, stream=name)
        if not self.ranged:
            for name in sorted(self.streams.cases.keys() - set(named) - {LOG_STREAM}):
                self.report.broken(COMPLETE, "manifest.json", f"{name} is shown, and not named")


def _sealed(seal: Any, size: int, report: Report) -> dict[str, dict[str, Any]]:
    """Return what the seal says of each agency, nothing where the last leaf is no seal."""
    try:
        detail = seal["detail"]
        if (seal["type"], seal["stream"], detail["size"]) == (SEAL, LOG_STREAM, size - 1):
            return {one["agency"]: one for one in detail["agencies"]}
    except (KeyError, TypeError, AttributeError):
        pass
    what = f"leaf {size - 1}, the last of the tree, is not a seal of all before it"
    report.broken(COMPLETE, "events.jsonl", what)
    return {}
