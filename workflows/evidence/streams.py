"""The events, one after another: each in its stream, on the one before it, and as its workflow allows."""

from datetime import datetime, timedelta

from workflows.evidence.archive import Bundle, understood
from workflows.evidence.cases import Case, Event, Told
from workflows.evidence.disclosed import Disclosures, Papers
from workflows.evidence.legality import stepped
from workflows.evidence.notices import LOG_STREAM, migrated, noticed
from workflows.evidence.report import CHAIN, COMPLETE, KINDS, Report

SEAL = "seal"
# Two machines that write to one stream may not agree on the time to the second.
APART = timedelta(minutes=5)
FORMS = (1, 2)
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)


class Streams:
    """Every stream of which events are shown, as far as it has been read."""

    def __init__(self, bundle: Bundle, report: Report) -> None:
        self.report = report
        self.cases: dict[str, Case] = {}
        self.told = Told(report)
        self.papers = Papers(bundle, report)
        self.disclosures = Disclosures(bundle, report)
        self.named = frozenset(bundle.manifest.get("streams", ()))
        self.begins_late = bundle.manifest.get("first", 0) > 0
        self.ranged = bundle.manifest["coverage"] == "range"
        self.seal: Event | None = None
        self.count = 0

    def take(self, entry: bytes, digest: bytes, line: int) -> None:
        """Read an event."""
        told = self.told
        told.stream, told.seq, told.line = "?", 0, line
        try:
            event = understood(entry)
            told.stream, told.seq = event["stream"], event["seq"]
            case = self.cases.get(told.stream) or self._begun(event)
            self._chained(case, event, digest.hex())
            if event["v"] not in FORMS:
                told.wrong(KINDS, f"this verifier does not know the form {event['v']} of an event")
                return
            self._understood(case, event)
        except UNREADABLE as error:
            told.wrong(KINDS, f"this is not an event as the log writes it: {error!r}"[:200])

    def take_seal(self, entry: bytes) -> None:
        """Read the last event of the tree, which stands alone, apart from its stream."""
        try:
            self.seal = understood(entry)
        except UNREADABLE:
            self.seal = None

    def close(self) -> None:
        """Report what shows only at the end."""
        self.told.close()
        self.report.held(CHAIN, self.count)
        self.disclosures.close(self.cases)
        self.papers.close()
        for case in self.cases.values():
            if case.late and case.name != LOG_STREAM:
                said = (
                    f"{case.name}: what happened before event {case.first}, parts and votes of then"
                )
                self.report.absent(COMPLETE, said)

    def _begun(self, event: Event) -> Case:
        case = Case(event["stream"], event.get("agency", ""))
        self.cases[case.name] = case
        return case

    def _chained(self, case: Case, event: Event, digest: str) -> None:
        seq, previous = event["seq"], event["prev"]
        if case.seq == 0:
            self._first(case, seq, previous)
        elif seq > case.seq + 1 and case.name == LOG_STREAM and self.ranged:
            # Not everybody may see what happened to the log itself, only its seals; the tree shows that all is there.
            self.report.withheld(CHAIN, f"{case.name}: events {case.seq + 1} to {seq - 1}")
        elif seq != case.seq + 1:
            gap = f"event {case.seq + 1} is missing" if seq > case.seq else "it is there twice"
            self.told.wrong(CHAIN, f"{gap}: event {case.seq} comes before it")
        elif previous != case.hash:
            self.told.wrong(CHAIN, f"it does not follow the event {case.seq} that is shown")
        if event["v"] > 1 and event["agency"] != case.agency:
            self.told.wrong(CHAIN, f"it is of {event['agency']}, and the stream of {case.agency}")
        self._timed(case, event["at"])
        case.seq, case.hash = seq, digest
        self.count += 1

    def _first(self, case: Case, seq: int, previous: str) -> None:
        case.first = seq
        if seq == 1 and previous != "":
            self.told.wrong(CHAIN, "it is the first of its stream, and names one before it")
        elif seq != 1 and not self.begins_late and not (self.ranged and case.name == LOG_STREAM):
            self.told.wrong(CHAIN, f"events 1 to {seq - 1} of the stream are missing")

    def _timed(self, case: Case, at: str) -> None:
        if at < case.at and _moment(case.at) - _moment(at) > APART:
            self.told.wrong(CHAIN, f"it was recorded at {at}, before the event before it")
        else:
            case.at = at

    def _understood(self, case: Case, event: Event) -> None:
        committed, disclosures = event["committed"], self.disclosures
        if committed or disclosures.stream == case.name:
            disclosures.take(case, event["seq"], committed)
        self.papers.take(case, event, self.told)
        definitions = self.papers.definitions
        if "migration" in event:
            migrated(case, definitions.get(event["workflow"]["sha256"]), event, self.told)
        elif "from" in event:
            stepped(case, definitions.get(event["workflow"]["sha256"]), event, self.told)
        else:
            noticed(case, event, self.told)
            if event["type"] == SEAL and case.name == LOG_STREAM:
                self.seal = event


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
