"""A definition in people's words: who acts, under which choice, with which clock. Pages and pictures share them."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workflows.definition import Act, Branch, Clock, Strand, Workflow
from workflows.rules import duty_label
from workflows.vocabulary import STAY, SWITCH

_WAYS = {
    "last_assessment": "with the last assessment",
    "last_condition": "with the last condition",
    "last_release": "with the last release it needs",
    "found_unpaid": "when it was not paid",
    "last_approval": "with the last approval it needs",
    "decided_for": "when the votes decide for",
    "decided_against": "when the votes decide against",
    "strands_done": "when the parallel work is done",
    "others_asked": "when others are to be asked",
    "through_facility": "when the money goes through the facility of the country",
}
_HOLDERS = {
    "applicant": "With the applicant",
    "agency": "With the agency",
    "institution": "With another institution",
    "bank": "With the bank",
    "nobody": "With nobody",
}
# Control characters and halves of characters, as Unicode files them; and what XML does not allow.
_UNSEEN = frozenset({"Cc", "Cs"})
_NO_LETTERS = frozenset("\ufffe\uffff")
# They would turn the words around them about, in a picture as in a page.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Arrow:
    """One way of an act from a state to a state, with who takes it and when it is this way ("": always).

    ``count`` is how often it was taken, ``None`` where that is not told.
    """

    act: Act
    source: str
    target: str
    who: str
    when: str
    count: int | None = None

    @property
    def words(self) -> str:
        """Return "Approve (approver), when the votes decide for"."""
        return _said(clean(self.act.label), self.who, self.when)


def clean(text: str) -> str:
    """Return a text on one line, without control characters and without marks that turn the direction of writing."""
    kept = (" " if char.isspace() else char for char in text if char.isspace() or _shown(char))
    return " ".join("".join(kept).split())


def _shown(char: str) -> bool:
    left_out = char in _TURNING or char in _NO_LETTERS
    return not left_out and unicodedata.category(char) not in _UNSEEN


def arrows(workflow: Workflow) -> tuple[Arrow, ...]:
    """Return every act, source and way of a workflow as an arrow, in the order of the file."""
    return tuple(
        Arrow(act, source, target, who(workflow, act), way_of(act, number))
        for act in workflow.acts.values()
        for source in act.sources
        for number, branch in enumerate(act.branches)
        for target in (source if branch.state == STAY else branch.state,)
    )


def together(found: Iterable[Arrow]) -> list[str]:
    """Return the words of arrows, those by the same people in the same case in one: "Approve / Decline (approver)".

    With how often each was taken where that is told: "Approve: 12 / Decline: 3 (approver)".
    """
    labels: dict[tuple[str, str], dict[str, int | None]] = {}
    for arrow in found:
        named = labels.setdefault((arrow.who, arrow.when), {})
        label = clean(arrow.act.label)
        named[label] = _summed(named.get(label), arrow.count)
    return [
        _said(" / ".join(counted(*one) for one in named.items()), *rest)
        for rest, named in labels.items()
    ]


def counted(words: str, count: int | None) -> str:
    """Return words with how often, where that is told."""
    return words if count is None else f"{words}: {count:,}"


def _summed(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other


def _said(label: str, people: str, when: str) -> str:
    return f"{label} ({people}), {when}" if when else f"{label} ({people})"


def way_of(act: Act, number: int) -> str:
    """Return when an act goes its nth way, counted from 0: "" where there is only one."""
    branch = act.branches[number]
    asked = list(_asked(branch))
    if asked:
        return " and ".join(asked)
    if len(act.branches) == 1:
        return ""
    if act.decision:
        return "while the votes are open"
    return "while other work is open" if act.strand else "otherwise"


def _asked(branch: Branch) -> Iterator[str]:
    if branch.outcome:
        yield f"with the outcome “{clean(branch.outcome).replace('_', ' ')}”"
    if branch.when and branch.when.startswith(SWITCH):
        yield f"where “{clean(branch.when.removeprefix(SWITCH)).replace('_', ' ')}” is switched on"
    elif branch.when:
        yield _WAYS.get(branch.when, f"when {branch.when.replace('_', ' ')}")


def who(workflow: Workflow, act: Act) -> str:
    """Return who takes an act: duties joined with "or", and the institution where it is not the agency."""
    duties = duties_of(workflow, act.by)
    if not act.institution:
        return duties
    label = clean(workflow.institutions.get(act.institution, act.institution))
    return f"{duties} of {label}"


def duties_of(workflow: Workflow, names: tuple[str, ...]) -> str:
    """Return duties as people read them."""
    return " or ".join(clean(duty_label(workflow, name)) for name in names)


def holder(name: str) -> str:
    """Return who has the ball, as a sentence begins."""
    return _HOLDERS.get(name, f"With {name}")


def days(clock: Clock) -> str:
    """Return the length of a clock, such as "10 working days"."""
    return f"{clock.days} {clock.unit} {_plural(clock.days, 'day')}"


def clock_words(workflow: Workflow, clock: Clock | None) -> str:
    """Return a clock in words: its length, when it warns, to whom it goes when late, what ends it, its extension."""
    if clock is None:
        return "none"
    said = [days(clock)]
    if clock.warn:
        said.append(f"warning {clock.warn} {_plural(clock.warn, 'day')} before")
    if clock.escalate:
        said.append(f"when late to the {clean(duty_label(workflow, clock.escalate))}")
    if clock.expires:
        said.append(f"then {_named(workflow, clock.expires)}")
    if clock.extension:
        said.append(f"one extension of {clock.extension} {_plural(clock.extension, 'day')}")
    return "; ".join(said)


def steps(strand: Strand) -> str:
    """Return a strand of parallel work with its steps in order."""
    return f"{clean(strand.label)}: {' → '.join(map(step, strand.steps))}"


def step(name: str) -> str:
    """Return a step of a strand as people read it."""
    return clean(name).replace("_", " ")


def _named(workflow: Workflow, act: str) -> str:
    known = workflow.acts.get(act)
    return f"“{clean(known.label)}”" if known else act


def _plural(number: int, word: str) -> str:
    return word if number == 1 else f"{word}s"
