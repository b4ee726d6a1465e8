"""Writing a workflow of another system in our format, so that no state, act or role is lost.

How its words become ours: a role is a declared duty; roles that share an act are one part, for the source does not keep them
apart; what applicants and officers may both do is two acts. An event without a role is by the system where the description
names roles at all, and by "somebody" where it has no place for them. Alternatives of one event that a person takes are
outcomes; any other guard is a switch. A command that changes no state stays. A state without a way out is an end.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from tests.foreign.reading import NOBODY, SOMEBODY, Foreign, Move, Raw, Spot, read
from workflows.definition import Workflow
from workflows.format.loading import load
from workflows.vocabulary import DUTIES, OFFICERS, STAY

APPLICANT, SYSTEM = "applicant", "system"
LONGEST = 40
RESERVED = frozenset({STAY, SYSTEM, OFFICERS, "against", "none"})
# How an end ended, by the words other systems use for it.
ENDED = {
    "declined": re.compile(r"declin|reject|dismiss|denied|not_approved|refus"),
    "withdrawn": re.compile(r"withdr"),
    "lapsed": re.compile(r"laps|expire"),
    "cancelled": re.compile(r"cancel|revok|abandon|terminat"),
}
Way = tuple[str, tuple[str, ...]]


class Names:
    """Names of ours for names of theirs: each of theirs has one of ours, and no two share one."""

    def __init__(self) -> None:
        self.ours: dict[str, str] = {}

    def add(self, theirs: str) -> str:
        """Return our name."""
        if theirs not in self.ours:
            self.ours[theirs] = free(slug(theirs), {*self.ours.values(), *RESERVED})
        return self.ours[theirs]


@dataclass(frozen=True)
class Converted:
    """A definition of ours with the way back: ``acts`` gives for an event of theirs the names of our acts."""

    text: str
    workflow: Workflow
    states: dict[str, str]
    duties: dict[str, str]
    switches: dict[str, str]
    acts: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Verb:
    event: str
    roles: tuple[str, ...]
    ways: tuple[Way, ...]
    sources: tuple[str, ...]


def slug(text: str) -> str:
    """Return a name in small letters, digits and underscores."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    found = re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_") or "unnamed"
    return f"n{found}" if found[0].isdigit() else found


def free(wanted: str, taken: Collection[str], *hints: str) -> str:
    """Return a name nobody has, not longer than ours may be: as wanted, else with a hint, else with a number."""
    hinted = (f"{wanted}_{hint}" for hint in hints)
    numbered = (f"{wanted[: LONGEST - 4]}_{n}" for n in range(2, len(taken) + 3))
    wishes = [wanted[:LONGEST], *(name for name in hinted if len(name) <= LONGEST), *numbered]
    return next(name for name in wishes if name not in taken)


def convert(raw: Raw) -> Converted:
    """Convert a description and load it with the loader every definition goes through."""
    return _Writer(read(raw)).converted()


class _Writer:
    def __init__(self, foreign: Foreign) -> None:
        self.foreign = foreign
        self.states, self.duties, self.switches = Names(), Names(), Names()
        for name in foreign.spots:
            self.states.add(name)
        for role in (*foreign.roles, *self._named_in_permissions()):
            self.duties.add(role)
        self.verbs = _verbs(foreign.moves, self.is_applicant)
        # Guards that a person chooses between somewhere are chosen everywhere.
        self.chosen = {
            guards
            for verb in self.verbs
            for _, guards in verb.ways
            if len(verb.ways) > 1 and guards and verb.roles
        }
        self.parts = _parts(self.verbs, self.is_applicant)

    def is_applicant(self, role: str) -> bool:
        return slug(role) == APPLICANT

    def converted(self) -> Converted:
        acts: dict[str, list[str]] = defaultdict(list)
        tables: list[str] = []
        taken: set[str] = set()
        for verb in self.verbs:
            name = free(slug(verb.event), taken, *self.hints(verb))
            taken.add(name)
            acts[verb.event].append(name)
            tables.append(self.act(name, verb))
        text = "\n\n".join([self.head(), *map(self.state, self.foreign.spots.values()), *tables])
        text += "\n\n" + "\n\n".join(map(self.switch, self.switches.ours))
        return Converted(
            text=text,
            workflow=load(text, name=self.foreign.title),
            states=self.states.ours,
            duties=self.duties.ours,
            switches=self.switches.ours,
            acts={event: tuple(found) for event, found in acts.items()},
        )

    def hints(self, verb: _Verb) -> list[str]:
        """Return what tells an act from another of the same event: who takes it, where it leads, where it begins."""
        namesakes = [other for other in self.verbs if slug(other.event) == slug(verb.event)]
        alike = [other for other in namesakes if other.roles == verb.roles]
        by = [] if len(alike) > 1 else [f"by_{self.duties.ours[role]}" for role in verb.roles[:1]]
        target = verb.ways[0][0]
        to = [f"to_{self.states.ours[target]}"] if len(verb.ways) == 1 and target != STAY else []
        return [*by, *to, f"from_{self.states.ours[verb.sources[0]]}"]

    def head(self) -> str:
        ours = self.duties.ours
        labels = {our: _read_as(their) for their, our in ours.items() if our not in DUTIES}
        acting = {role for verb in self.verbs for role in verb.roles}
        # A role that does nothing looks on, as every officer does.
        idle = [our for their, our in ours.items() if their not in acting and our in labels]
        return "\n".join(
            (
                f"# {self.foreign.source}",
                _line("name", free(slug(self.foreign.title), ())),
                "version = 1",
                _line("title", self.foreign.title),
                _line("initial", self.states.ours[self.foreign.initial]),
                *([_line("see.answers", [APPLICANT, OFFICERS, *idle])] if idle else []),
                *(["[duties]"] if labels else []),
                *(_line(duty, label) for duty, label in labels.items()),
            )
        )

    def state(self, spot: Spot) -> str:
        end = not any(m.source == spot.name != m.target for m in self.foreign.moves)
        lines = [
            f"[states.{self.states.ours[spot.name]}]",
            _line("officer", spot.display),
            _line("applicant", spot.public or spot.display),
            *([_line("before", spot.future)] if spot.future else []),
            *([_line("stage", spot.stage)] if spot.stage else []),
            _line("holder", "nobody" if end else self.holder(spot)),
            _line("clock", "none"),
        ]
        if end:
            said = slug(f"{spot.name} {spot.display}")
            how = (outcome for outcome, words in ENDED.items() if words.search(said))
            lines += ["end = true", _line("outcome", next(how, "completed"))]
        return "\n".join([*lines, *self.rights(spot)])

    def holder(self, spot: Spot) -> str:
        onwards = {m.role for m in self.foreign.moves if m.source == spot.name != m.target}
        own = all(self.is_applicant(role) for role in onwards)
        return APPLICANT if own or spot.permissions.startswith("applicant_edit") else "agency"

    def rights(self, spot: Spot) -> list[str]:
        """Write who sees and edits: by the words of a named set of permissions, or by the commands that look."""
        lines, words = [], spot.permissions
        everyone = list(self.duties.ours.values())
        editor = _before(words, "_edit")
        if editor or words.startswith("no_"):
            lines.append(_line("edit.answers", [self.duties.ours[r] for r in self._meant(editor)]))
        hidden = words.removeprefix("hidden_from_").split("_")[0] if "hidden_from_" in words else ""
        if hidden:
            lines.append(_line("see.answers", [d for d in everyone if d != hidden]))
        if _before(words, "_review"):
            readers = [self.duties.ours[r] for r in self._meant(_before(words, "_review"))]
            lines.append(_line("see.assessments", [*readers, OFFICERS]))
        if spot.name in self.foreign.sees:
            seers = [self.duties.ours[role] for role in self.foreign.sees[spot.name]]
            lines.append(_line("see.answers", seers))
        return lines

    def act(self, name: str, verb: _Verb) -> str:
        by = [self.duties.ours[role] for role in verb.roles] or [SYSTEM]
        lines = [
            f"[acts.{name}]",
            _line("label", verb.event),
            _line("event", verb.event),
            _line("from", [self.states.ours[state] for state in verb.sources]),
            f"to = {self.to(verb)}",
            _line("by", by),
            _line("does", "move"),
        ]
        if verb.roles:
            lines.append(_line("part", self.duties.ours[self.parts[verb.roles[0]]]))
        guards = [] if self.by_outcome(verb) else verb.ways[0][1]
        if guards:
            lines.append(_line("guards", [f"switch:{self.switches.add(g)}" for g in guards]))
        return "\n".join(lines)

    def by_outcome(self, verb: _Verb) -> bool:
        return len(verb.ways) > 1 or (bool(verb.roles) and verb.ways[0][1] in self.chosen)

    def to(self, verb: _Verb) -> str:
        states = [self.states.ours.get(target, target) for target, _ in verb.ways]
        if not self.by_outcome(verb):
            return json.dumps(states[0])
        outcomes: list[str] = []
        for state, (_, guards) in zip(states, verb.ways, strict=True):
            wanted = slug(" and ".join(guards) or state)
            outcomes.append(free(wanted, outcomes, state))
        branches = zip(states, outcomes, strict=True)
        return "[" + ", ".join(f'{{state = "{s}", outcome = "{o}"}}' for s, o in branches) + "]"

    def switch(self, theirs: str) -> str:
        ours = self.switches.ours[theirs]
        sentence = f"The condition “{theirs}” does not hold."
        return "\n".join(
            (f"[switches.{ours}]", _line("sentence", sentence), _line("clause", f"Guard {theirs}"))
        )

    def _named_in_permissions(self) -> list[str]:
        found = []
        for spot in self.foreign.spots.values():
            for kind in ("_edit", "_review"):
                word = _before(spot.permissions, kind)
                found += self._meant(word)
        return found

    def _meant(self, word: str) -> list[str]:
        """Return the role a word of a permission's name means: one that is known, or the word itself."""
        if not word:
            return []
        return [next((role for role in self.foreign.roles if slug(role) == word), word)]


def _verbs(moves: list[Move], is_applicant: Callable[[str], bool]) -> list[_Verb]:
    """Put together what one event does: by who may take it, and by where it leads from each state."""
    who: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = defaultdict(list)
    for move in moves:
        target = STAY if move.target == move.source else move.target
        who[move.event, move.source, target, move.guards].append(move.role)
    fans: dict[tuple[str, str, tuple[str, ...]], list[Way]] = defaultdict(list)
    for (event, source, target, guards), roles in who.items():
        for side in _sides(roles, is_applicant):
            fans[event, source, side].append((target, guards))
    verbs: dict[tuple[str, tuple[str, ...], tuple[Way, ...]], list[str]] = defaultdict(list)
    for (event, source, side), ways in fans.items():
        # Nobody chooses for the system: each alternative is an act of its own.
        for some in [tuple(ways)] if side else [(way,) for way in ways]:
            verbs[event, side, some].append(source)
    return [_Verb(e, roles, ways, tuple(found)) for (e, roles, ways), found in verbs.items()]


def _sides(roles: list[str], is_applicant: Callable[[str], bool]) -> list[tuple[str, ...]]:
    """Part applicants, officers and the system: each side has an act of its own."""
    applicants = tuple(sorted({role for role in roles if role and is_applicant(role)}))
    officers = tuple(sorted({role for role in roles if role and not is_applicant(role)}))
    system = [()] if NOBODY in roles else []
    return [side for side in (applicants, officers) if side] + system


def _parts(verbs: list[_Verb], is_applicant: Callable[[str], bool]) -> dict[str, str]:
    """Return for each role the first role of those it shares acts with, directly or through others."""
    part: dict[str, str] = {}
    for verb in verbs:
        for role in verb.roles:
            part.setdefault(role, role)
        joined = {part[role] for role in verb.roles}
        for role in [role for role, first in part.items() if first in joined]:
            part[role] = min(joined)
    return part


def _before(words: str, kind: str) -> str:
    return words.split(kind, maxsplit=1)[0] if kind in words else ""


def _read_as(role: str) -> str:
    return "somebody whom the source does not name" if role == SOMEBODY else role


def _line(key: str, value: Any) -> str:
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"
