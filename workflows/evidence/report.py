"""What the verifier found: per check what is proved, broken, withheld, not included or was never recorded."""

from dataclasses import dataclass, field

PROVED, BROKEN, WITHHELD = "PROVED", "BROKEN", "WITHHELD"
ABSENT, UNRECORDED = "NOT INCLUDED", "not recorded"
# Of a check that nothing in the bundle asked for.
NOTHING = "nothing here"
# A broken bundle can break in every event; what is beyond this is counted.
MOST_TOLD = 200
COLUMN = 14
INDENT = " " * COLUMN

SIGNATURES, GROWTH, INCLUSION = "Signatures", "Growth", "Inclusion"
CHAIN, COMPLETE, COMMITMENTS = "Chains", "Completeness", "Disclosures"
FILES, SUBMISSIONS, DOCUMENTS = "Files", "Submissions", "Documents"
LETTERS, DEFINITIONS = "Letters", "Definitions"
STEPS, PEOPLE, HANDS = "Steps", "Duties", "Separation of duties"
AUTHORITY, QUORUM, REASONS = "Authority", "Quorum", "Reasons"
CLOCK, KINDS, MIGRATIONS = "Clock", "Kinds of events", "Migrations"

QUESTIONS = {
    FILES: "each file is the one that the manifest names, and there is no other",
    SIGNATURES: "the checkpoint is signed by the log",
    GROWTH: "the log has only grown since the older checkpoint",
    INCLUSION: "the events are in the tree that was signed",
    CHAIN: "each event follows the one before it in its stream",
    COMPLETE: "nothing is left out of what was asked for",
    COMMITMENTS: "the disclosed values are those that the events committed to",
    DEFINITIONS: "workflows and schemes are those that the events name",
    SUBMISSIONS: "frozen submissions are those that the events name",
    DOCUMENTS: "documents are those that the events name",
    LETTERS: "letters are those that the events name",
    KINDS: "each event is of a known kind, by whom it may be",
    STEPS: "each step exists, starts where the case stands and leads where it may",
    PEOPLE: "each step was taken under a duty, and by an institution, that may take it",
    HANDS: "nobody stands on two sides of a case, or acts in spite of an interest",
    AUTHORITY: "each vote for lies within an authority, the recommendation and the request",
    QUORUM: "each decision is what the votes come to",
    REASONS: "reasons and notes are given where they must be",
    CLOCK: "what a clock does is done by the system, and not before its time",
    MIGRATIONS: "a case moved to another version only by a recorded migration",
}


@dataclass
class Check:
    """What became of one check: how often it held, and what is to be said line by line."""

    held: int = 0
    told: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def tell(self, word: str, line: str) -> None:
        """Keep a line under a word of the report."""
        self.counts[word] = self.counts.get(word, 0) + 1
        lines = self.told.setdefault(word, [])
        if len(lines) < MOST_TOLD and line not in lines[-1:]:
            lines.append(line)


class Report:
    """All checks, in the order in which a person reads them."""

    def __init__(self) -> None:
        self.checks = {name: Check() for name in QUESTIONS}
        self.says: list[str] = []
        self.streams: list[str] = []
        self.broken_streams: dict[str, int] = {}

    def held(self, check: str, times: int = 1) -> None:
        """Count what a check has shown."""
        self.checks[check].held += times

    def broken(self, check: str, where: str, what: str, *, stream: str = "") -> None:
        """Name what does not hold, and where."""
        self.checks[check].tell(BROKEN, f"{where}: {what}")
        if stream:
            self.broken_streams[stream] = self.broken_streams.get(stream, 0) + 1

    def withheld(self, check: str, line: str) -> None:
        """Name what this reader does not see."""
        self.checks[check].tell(WITHHELD, line)

    def absent(self, check: str, line: str) -> None:
        """Name what is not in the bundle and need not be."""
        self.checks[check].tell(ABSENT, line)

    def unrecorded(self, check: str, line: str) -> None:
        """Count what an earlier form of the events did not say, so that it could not be checked."""
        self.checks[check].tell(UNRECORDED, line)

    def count(self, word: str) -> int:
        """Return how often a word was used in all checks."""
        return sum(check.counts.get(word, 0) for check in self.checks.values())

    @property
    def whole(self) -> bool:
        """Tell whether nothing is broken."""
        return not self.count(BROKEN)

    def lines(self) -> list[str]:
        """Return the report of the checks."""
        found = []
        for name, check in self.checks.items():
            found += self._told(name, check)
        return found

    def verdict(self) -> str:
        """Return the last line."""
        broken = self.count(BROKEN)
        if broken:
            return f"VERDICT: BROKEN in {times(broken, 'place')}. Do not rely on this bundle."
        left = [
            f"{self.count(word)} {word.lower()}"
            for word in (WITHHELD, ABSENT, UNRECORDED)
            if self.count(word)
        ]
        said = f" ({', '.join(left)}: see above)" if left else ""
        return f"VERDICT: PROVED{said}."

    def _told(self, name: str, check: Check) -> list[str]:
        word = BROKEN if check.told.get(BROKEN) else PROVED
        if word is PROVED and not check.held:
            word = NOTHING
        count = f" ({check.held:,})" if check.held else ""
        found = [f"{word:{COLUMN}}{name}: {QUESTIONS[name]}{count}"]
        for told, lines in check.told.items():
            found += [f"{INDENT}{told}: {line}" for line in lines]
            more = check.counts[told] - len(lines)
            if more > 0 and told is not UNRECORDED:
                found.append(f"{INDENT}{told}: and {more:,} more of these")
            elif more > 0:
                found.append(f"{INDENT}{told}: {times(check.counts[told], 'time')} in all")
        return found


def times(count: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
