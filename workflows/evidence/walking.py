"""Leaves and events side by side, read once: what is hashed is what is understood."""

from workflows.evidence.archive import EVENTS, LEAVES, Bundle, Damaged, unhexed
from workflows.evidence.merkle import WIDTH, leaf
from workflows.evidence.note import Checkpoint
from workflows.evidence.notices import LOG_STREAM
from workflows.evidence.report import INCLUSION, Report
from workflows.evidence.streams import Streams
from workflows.evidence.tree import Proofs, Range, places


class Walk:
    """One way through a bundle; raises ``Damaged`` where leaves and events do not belong together."""

    def __init__(self, bundle: Bundle, now: Checkpoint, report: Report) -> None:
        self.bundle, self.report = bundle, report
        self.streams = Streams(bundle, report)
        self.range, self.proofs = Range(bundle, now, report), Proofs(bundle, now, report)
        self.line = self.hidden = 0
        # The seal is shown to everybody; where the log's own stream is not, it stands alone.
        self.seal = -1 if LOG_STREAM in self.streams.named else now.size - 1

    def through(self) -> Streams:
        """Go all the way, and return the streams as they were read."""
        first, last = self.range.first, self.range.last
        append, take = self.range.take, self.streams.take
        entries = self.bundle.lines(EVENTS)
        for place, withheld in places(self.bundle):
            within = first <= place < last
            if withheld:
                self._withheld(place, withheld, within=within)
                continue
            entry = next(entries, None)
            if entry is None:
                raise Damaged(EVENTS, f"the entry of leaf {place} is missing")
            self.line += 1
            digest = leaf(entry)
            if within:
                append(place, digest)
                take(entry, digest, self.line)
            else:
                self._alone(place, entry, digest)
        for _ in entries:
            raise Damaged(EVENTS, f"line {self.line + 1} belongs to no leaf")
        self._close()
        return self.streams

    def _withheld(self, place: int, withheld: str, *, within: bool) -> None:
        digest = unhexed(withheld, LEAVES)
        if not within or len(digest) != WIDTH:
            raise Damaged(LEAVES, f"leaf {place} is withheld, and is in no range")
        self.hidden += 1
        self.range.take(place, digest)

    def _alone(self, place: int, entry: bytes, digest: bytes) -> None:
        """Take a leaf that has a proof of its own."""
        wrong = self.proofs.take(place, digest)
        if place == self.seal:
            self.streams.take_seal(entry)
            where = f"the seal ({EVENTS}, line {self.line})"
        else:
            self.streams.take(entry, digest, self.line)
            where = self.streams.told.where
        if wrong:
            self.report.broken(INCLUSION, where, wrong, stream=self.streams.told.stream)

    def _close(self) -> None:
        self.range.close()
        self.proofs.close()
        self.streams.close()
        if self.hidden:
            said = f"the entries of {self.hidden:,} leaves of the range, which you may not see"
            self.report.withheld(INCLUSION, said)
