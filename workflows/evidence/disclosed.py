"""What is shown beside the events: disclosed values, submissions, documents, letters, definitions; each measured by its digest."""

from typing import Any

from workflows.evidence.archive import DISCLOSED, Bundle, exact, unhexed
from workflows.evidence.cases import Case, Event, Told
from workflows.evidence.chain import commitment
from workflows.evidence.definitions import Definition, read_definition
from workflows.evidence.report import (
    COMMITMENTS,
    DEFINITIONS,
    DOCUMENTS,
    LETTERS,
    SUBMISSIONS,
    Report,
    times,
)

UNNAMED = "no event that is shown names this file"
FIELDS = {"stream": str, "seq": int, "field": str, "salt": str, "value": str}


class Disclosures:
    """The disclosed values, read beside the events: their lines come in the order of the events."""

    def __init__(self, bundle: Bundle, report: Report) -> None:
        self.report = report
        self.lines = bundle.tables(DISCLOSED) if bundle.has(DISCLOSED) else iter(())
        self.number, self.next = 0, dict[str, Any]()
        self.stream, self.seq = "", 0
        self._on()

    def take(self, case: Case, seq: int, committed: dict[str, str]) -> None:
        """Compare what an event commits to with what is disclosed of it."""
        left = dict(committed)
        while self.seq == seq and self.stream == case.name:
            line = self.next
            if left.pop(line["field"], None) == commitment(line["salt"], line["value"]):
                self.report.held(COMMITMENTS)
            else:
                self._wrong("is not what the event committed to")
            self._on()
        case.hidden += len(left)

    def close(self, cases: dict[str, Case]) -> None:
        """Name what is disclosed of no event, and how many values of each stream are not shown."""
        if self.number:
            self._wrong("is disclosed of no event that is shown, or not in the order of the events")
        for case in cases.values():
            if case.hidden:
                why = f", erased under {case.erased}" if case.erased else ""
                said = f"{case.name}: {times(case.hidden, 'value')} that it commits to{why}"
                self.report.withheld(COMMITMENTS, said)

    def _wrong(self, what: str) -> None:
        where = f"{self.stream}, event {self.seq} ({DISCLOSED}, line {self.number})"
        said = f"the {self.next['field']} {what}"
        self.report.broken(COMMITMENTS, where, said, stream=self.stream)

    def _on(self) -> None:
        self.number, self.next = next(self.lines, (0, {}))
        self.stream, self.seq = "", 0
        if self.number:
            exact(self.next, f"{DISCLOSED}, line {self.number}", FIELDS)
            unhexed(self.next["salt"], f"{DISCLOSED}, line {self.number}")
            self.stream, self.seq = self.next["stream"], self.next["seq"]


class Papers:
    """The files whose digests the events name, and which of them are in the bundle."""

    def __init__(self, bundle: Bundle, report: Report) -> None:
        self.bundle, self.report = bundle, report
        self.definitions: dict[str, Definition] = {}
        for name in bundle.among("workflows"):
            found = self._definition(name)
            if found is not None:
                self.definitions[found.digest] = found
        self.schemes = {bundle.digest(name) for name in bundle.among("schemes")}
        self.used: set[str] = set()
        self.named: set[str] = set()
        self.missed: set[str] = set()

    def take(self, case: Case, event: Event, told: Told) -> None:
        """Look up what an event names by its digest."""
        if "from" in event and "scheme" in event:
            scheme, flow = event["scheme"]["sha256"], event["workflow"]["sha256"]
            self.used |= {scheme, flow}
            if scheme not in self.schemes:
                self._missing_scheme(scheme, told)
        kind, detail = event["type"], event["detail"]
        if "submission_sha256" in detail:
            self._submitted(case, detail, told)
        for document in detail.get("documents", ()):
            self._named("documents", document["sha256"], DOCUMENTS, told)
        if kind == "issue_letter" and "from" not in event:
            self._named("letters", detail["sha256"], LETTERS, told)

    def close(self) -> None:
        """Check that each file is what its name says, and that an event names it."""
        for name in (*self.bundle.among("documents"), *self.bundle.among("letters")):
            self._paper(name)
        for name in self.bundle.among("submissions"):
            if name not in self.named:
                self.report.broken(SUBMISSIONS, name, UNNAMED)
        for name in (*self.bundle.among("workflows"), *self.bundle.among("schemes")):
            if self.bundle.digest(name) in self.used:
                self.report.held(DEFINITIONS)
            else:
                said = f"{name}: no act that is shown names this file, and nothing proves it"
                self.report.absent(DEFINITIONS, said)

    def _paper(self, name: str) -> None:
        folder, _, digest = name.removesuffix(".pdf").partition("/")
        check = DOCUMENTS if folder == "documents" else LETTERS
        if self.bundle.digest(name) != digest:
            self.report.broken(check, name, "the file does not have the digest of its name")
        elif name not in self.named:
            self.report.broken(check, name, UNNAMED)
        else:
            self.report.held(check)

    def _definition(self, name: str) -> Definition | None:
        try:
            return read_definition(self.bundle.read(name))
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            self.report.broken(DEFINITIONS, name, f"this is not a definition: {error!r}")
            return None

    def _missing_scheme(self, scheme: str, told: Told) -> None:
        if scheme not in self.missed:
            self.missed.add(scheme)
            what = f"the scheme {scheme} that it names is not in the bundle"
            told.wrong(DEFINITIONS, what)

    def _submitted(self, case: Case, detail: dict[str, Any], told: Told) -> None:
        name = f"submissions/{case.name}-{detail['submission']}.json"
        if not self.bundle.has(name):
            said = f"{told.where}: {name}, of which the event has the digest"
            self.report.absent(SUBMISSIONS, said)
            return
        self.named.add(name)
        if self.bundle.digest(name) != detail["submission_sha256"]:
            told.wrong(SUBMISSIONS, f"{name} is not the submission that it names")
            return
        self.report.held(SUBMISSIONS)

    def _named(self, folder: str, digest: str, check: str, told: Told) -> None:
        name = f"{folder}/{digest}.pdf"
        if self.bundle.has(name):
            self.named.add(name)
        else:
            self.report.absent(check, f"{told.where}: {name}, of which the event has the digest")
