"""What two versions of a workflow differ in: in words, and drawn as one diagram.

What was renamed is a guess by likeness and says so. A state that was renamed is not told again wherever it is used.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from workflows.definition import Act, Branch, Decision, State, Strand, Switch, Workflow
from workflows.entries import entry
from workflows.vocabulary import STAY

GROUPS = ("head", "states", "acts", "decisions", "strands", "switches")
HEAD = (
    "name",
    "version",
    "title",
    "initial",
    "kind",
    "duties",
    "institutions",
    "see",
    "confined",
)
ARROW = " → "


@dataclass(frozen=True)
class Difference:
    """One thing that differs: ``kind`` is "added", "removed", "renamed" or "changed", ``place`` where it is in the file."""

    group: str
    kind: str
    place: str
    sentence: str

    def told(self) -> str:
        """Return the difference as a line."""
        return f"{self.place}: {self.sentence}"


def differences(old: Workflow, new: Workflow) -> tuple[Difference, ...]:
    """Return what differs, in the order of the groups and of the files; empty when nothing but the text does."""
    names = renamed(old.states, new.states)
    moved = _carried(old, names)
    found = [*_head(moved, new)]
    found += _group("states", old.states, new.states, names, (old, new))
    for group in ("acts", "decisions", "strands", "switches"):
        before, after = getattr(moved, group), getattr(new, group)
        found += _group(group, before, after, renamed(before, after), (old, new))
    return tuple(found)


def renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Guess which records that went are among those that came: the most alike first, each once."""
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    pairs = sorted(
        (-_likeness(old[before], new[after]), n, m, before, after)
        for n, before in enumerate(gone)
        for m, after in enumerate(come)
    )
    found: dict[str, str] = {}
    for likeness, _, _, before, after in pairs:
        if likeness and before not in found and after not in found.values():
            found[before] = after
    return found


def _likeness(one: Any, other: Any) -> int:
    """Count by how many signs two records are the same; what any two may have in common is no sign."""
    signs = _SIGNS[type(one)]
    return sum(all(getattr(one, name) == getattr(other, name) for name in sign) for sign in signs)


# What two records are known by, the one as well as the other.
_SIGNS: dict[type, tuple[tuple[str, ...], ...]] = {
    State: (("officer",), ("applicant", "stage", "holder", "clock", "end")),
    Act: (("label",), ("event",), ("sources", "branches", "by")),
    Decision: (("title",), ("bands",)),
    Strand: (("label",), ("state", "steps")),
    Switch: (("sentence",), ("clause",)),
}


def _carried(old: Workflow, names: Mapping[str, str]) -> Workflow:
    """Return the old version with renamed states called as in the new one, wherever they are used."""

    def called(state: str) -> str:
        return names.get(state, state)

    def branch(one: Branch) -> Branch:
        return replace(one, state=called(one.state))

    acts = {
        name: replace(
            act, sources=tuple(map(called, act.sources)), branches=tuple(map(branch, act.branches))
        )
        for name, act in old.acts.items()
    }
    strands = {name: replace(s, state=called(s.state)) for name, s in old.strands.items()}
    return replace(old, initial=called(old.initial), acts=acts, strands=strands)


def _head(old: Workflow, new: Workflow) -> Iterator[Difference]:
    for name in HEAD:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            said = f"{entry(before, old)}{ARROW}{entry(after, new)}"
            yield Difference("head", "changed", name, said)


def _group(
    group: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    names: Mapping[str, str],
    both: tuple[Workflow, Workflow],
) -> Iterator[Difference]:
    came_from = {after: before for before, after in names.items()}
    for name, record in old.items():
        if name not in new and name not in names:
            yield Difference(group, "removed", f"{group}.{name}", f"removed ({_title(record)})")
    for name, record in new.items():
        place, before = f"{group}.{name}", came_from.get(name, name)
        if before not in old:
            yield Difference(group, "added", place, f"added ({_title(record)})")
            continue
        if before != name:
            said = f"renamed from {before}, as far as can be told by likeness"
            yield Difference(group, "renamed", place, said)
        for said in _changes(old[before], record, both):
            yield Difference(group, "changed", place, said)


def _changes(old: Any, new: Any, both: tuple[Workflow, Workflow]) -> Iterator[str]:
    for name in (field.name for field in fields(new) if field.name != "name"):
        before, after = getattr(old, name), getattr(new, name)
        if before == after:
            continue
        if name in _LISTS:
            yield f"{_LABELS.get(name, name)} {_list(before, after, both)}"
        else:
            yield f"{_LABELS.get(name, name)} {entry(before, both[0])}{ARROW}{entry(after, both[1])}"


def _list(before: Sequence[Any], after: Sequence[Any], both: tuple[Workflow, Workflow]) -> str:
    """Tell what came into a list and what went out of it; only the order when nothing else changed."""
    out = [f"- {entry(item, both[0])}" for item in before if item not in after]
    came = [f"+ {entry(item, both[1])}" for item in after if item not in before]
    return ", ".join((*out, *came)) or "in another order"


# How an entry is called in a sentence, where the key of the file says it better than the record.
_LABELS = {
    "sources": "from",
    "branches": "to",
    "before": "before it is reached",
    "officer": "for officers",
    "applicant": "for the applicant",
    "step_from": "step from",
    "step_to": "step to",
}
_LISTS = frozenset({"sources", "guards", "bands", "veto"})


def _title(record: Any) -> str:
    for name in ("label", "title", "officer", "sentence"):
        if hasattr(record, name):
            return f"“{getattr(record, name)}”"
    raise AssertionError(f"A {type(record).__name__} has no title.")


# The diagram.

_CLASSES = """
    classDef added fill:#d5f0dd,stroke:#00703c,stroke-width:3px
    classDef removed fill:#f9d6d3,stroke:#b3261e,stroke-dasharray:5 5
    classDef changed fill:#fff3cd,stroke:#8a6100
"""


def diagram(old: Workflow, new: Workflow) -> str:
    """Return both versions as one Mermaid diagram: what came is green and led by +, what went red and led by -.

    An act that changed but goes where it went is led by ~.
    """
    names = renamed(old.states, new.states)
    moved = _carried(old, names)
    came_from = {after: before for before, after in names.items()}
    gone = {
        name: s for name, s in old.states.items() if name not in new.states and name not in names
    }
    keys = {name: f"s{n}" for n, name in enumerate((*new.states, *gone))}
    lines = ["stateDiagram-v2", _CLASSES.strip("\n")]
    for name, state in {**new.states, **gone}.items():
        stood = gone.get(name) or old.states.get(came_from.get(name, name))
        lines.append(_node(keys[name], stood, None if name in gone else state))
    lines.append(f"    [*] --> {keys[new.initial]}")
    before = _arrows(moved, renamed(moved.acts, new.acts))
    after = _arrows(new, {})
    for key, act in {**before, **after}.items():
        mark = _mark(before=key in before, after=key in after)
        if before.get(key, act) != act:
            mark = "~ "
        lines.append(f"    {keys[key[0]]} --> {keys[key[1]]}: {mark}{_safe(act.label)}")
    return "\n".join(lines) + "\n"


def _node(key: str, before: State | None, after: State | None) -> str:
    shown = after or before
    if shown is None:
        raise AssertionError("A state of neither version was drawn.")
    mark = _mark(before=before is not None, after=after is not None)
    label = f'    state "{mark}{_safe(shown.officer)}" as {key}'
    if before is None or after is None:
        return f"{label}\n    class {key} {'removed' if after is None else 'added'}"
    return (
        label if replace(before, name=after.name) == after else f"{label}\n    class {key} changed"
    )


def _mark(*, before: bool, after: bool) -> str:
    return {(True, False): "- ", (False, True): "+ "}.get((before, after), "")


def _arrows(workflow: Workflow, names: Mapping[str, str]) -> dict[tuple[str, str, str], Act]:
    """Return the act of each arrow by where it starts and ends and what it is called; ``names`` are renamed acts.

    Where an act goes is told by its arrows, so acts are compared without it.
    """
    found = {}
    for act in workflow.acts.values():
        name = names.get(act.name, act.name)
        alone = replace(act, name=name, sources=(), branches=())
        for source in act.sources:
            for branch in act.branches:
                target = source if branch.state == STAY else branch.state
                found[source, target, name] = alone
    return found


def _safe(label: str) -> str:
    """Write what Mermaid would take for its own signs as it asks for: by name or number between # and ;."""
    signs = {
        "#": "#35;",
        ";": "#59;",
        '"': "#quot;",
        "<": "#lt;",
        ">": "#gt;",
        ":": "#58;",
        "\n": " ",
    }
    return "".join(signs.get(sign, sign) for sign in label)
