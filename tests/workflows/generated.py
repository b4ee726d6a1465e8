"""Definitions made by chance, of any size: valid for the loader and, unless asked otherwise, sound by how they are built.

The states stand in a row. From each there is a way to the next, so that each is reached and from each an end is reached;
every further act leads anywhere. Parallel work, decisions and clocks sit in the row; without ``sound`` the row is cut.
"""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st

PEOPLE = ("applicant", "desk_officer", "assessor", "approver", "chair", "auditor")
GUARDS = ("call_open", "eligible", "within_budget", "not_yet_assessed", "switch:extra")
CHOICES = ("last_assessment", "last_condition")


def definition(states: int, acts: int, seed: int, *, sound: bool = True) -> str:
    """Return a definition as TOML text; ``acts`` is at least twice ``states`` for every kind of act to have room."""
    if states < 2 or acts < 2 * states:
        raise ValueError("At least two states, and two acts for each.")
    return _Maker(by_chance(seed), states, acts, sound).text()


def by_chance(seed: int) -> Random:
    """Return chance that can be repeated; nothing secret comes of it."""
    return Random(seed)  # noqa: S311 - not for secrets


def definitions(*, sound: bool = True) -> st.SearchStrategy[str]:
    """Return small definitions for property tests."""
    sizes = st.tuples(st.integers(2, 9), st.integers(0, 14), st.integers(0, 2**32 - 1))
    return sizes.map(lambda s: definition(s[0], 2 * s[0] + s[1], s[2], sound=sound))


@dataclass
class _Maker:
    chance: Random
    states: int
    acts: int
    sound: bool
    tables: list[str] = field(default_factory=list)

    @property
    def cut(self) -> frozenset[int]:
        """Return the states from which the way onwards is left out."""
        return frozenset() if self.sound else frozenset(range(0, self.going, 3))

    def __post_init__(self) -> None:
        self.ends = max(1, self.states // 10)
        self.going = self.states - self.ends
        kinds = ["plain"] * 5 + ["strands", "decision", "clock"]
        self.kinds = [self.chance.choice(kinds) for _ in range(self.going)]

    def text(self) -> str:
        """Return the whole text."""
        left = self.acts
        for n in range(self.going):
            if n not in self.cut:
                left -= self.onwards(n)
        for n in range(self.going + 1, self.states if self.sound else 0):
            self.act([self.chance.randrange(self.going)], {"to": _state(n)})
            left -= 1
        for n in self.cut:
            # The loader wants a way out of every state: here it leads back in.
            self.act([n], {"to": "stay"})
            left -= 1
        for _ in range(left):
            self.anywhere()
        found = [self.state(n) for n in range(self.states)]
        return "\n\n".join([self.head(), *found, *self.tables]) + "\n"

    def head(self) -> str:
        text = "\n".join(self.tables)
        duties = {"auditor": "auditor of the programme"} if '"auditor"' in text else {}
        institutions = {"partner": "the partner"} if '"partner"' in text else {}
        extra = {"extra": {"sentence": "Not switched on.", "clause": "Scheme: extra"}}
        lines = {
            "name": "generated",
            "version": 1,
            "title": "A definition made by chance",
            "initial": _state(0),
            "duties": duties,
            "institutions": institutions,
            "switches": extra if "switch:extra" in text else {},
        }
        return _table("", {key: value for key, value in lines.items() if value})

    def state(self, n: int) -> str:
        end = n >= self.going
        lines: dict[str, Any] = {
            "officer": f"State {n}",
            "applicant": f"Place {n}",
            "before": f"Place {n} to come",
            "stage": f"Stage {n // 4}",
            "holder": "nobody" if end else self.chance.choice(["applicant", "agency"]),
            "clock": "none",
        }
        if end:
            lines |= {"end": True, "outcome": "withdrawn" if n % 2 else "completed"}
        elif self.kinds[n] == "clock":
            lines["clock"] = {
                "days": 9,
                "unit": "working",
                "warn": 2,
                "escalate": "chair",
                "extension": 4,
            }
            if n not in self.cut:
                lines["clock"]["expires"] = f"expire_{n}"
        return _table(f"states.{_state(n)}", lines)

    def onwards(self, n: int) -> int:
        """Write the way from a state to the next one; returns how many acts that took."""
        following, kind = _state(n + 1), self.kinds[n]
        if kind == "clock":
            self.write(f"expire_{n}", [n], {"to": following, "by": "system"})
            return 1
        if kind == "strands":
            return self.parallel(n, following)
        if kind == "decision":
            return self.decision(n, following)
        self.act([n], {"to": following})
        return 1

    def parallel(self, n: int, following: str) -> int:
        join = [{"state": following, "when": "strands_done"}, {"state": "stay"}]
        for name in (f"left_{n}", f"right_{n}"):
            lines = {"label": name, "state": _state(n), "steps": ["begun", "done"]}
            self.tables.append(_table(f"strands.{name}", lines))
            step = {"from": ["begun"], "to": "done"}
            self.write(f"end_{name}", [n], {"to": join, "strand": name, "step": step})
        return 2

    def decision(self, n: int, following: str) -> int:
        name = f"decision_{n}"
        of = self.chance.randint(1, 3)
        band = {
            "by": "approver",
            "of": of,
            "needed": self.chance.randint(1, of),
            "present": self.chance.randint(1, of),
        }
        tie = self.chance.choice(["against", "approver"])
        lines = {"title": f"Decision {n}", "tie": tie, "bands": [band]}
        self.tables.append(_table(f"decisions.{name}", lines))
        lost = _state(self.chance.randrange(self.states))
        ways = [
            {"state": following, "when": "decided_for"},
            {"state": lost, "when": "decided_against"},
            {"state": "stay"},
        ]
        for vote in ("for", "against"):
            verb = {"to": ways, "by": "approver", "does": "decide", "decision": name, "vote": vote}
            verb |= {} if vote == "for" else {"reasons": "required"}
            self.write(f"vote_{vote}_{n}", [n], verb)
        return 2

    def anywhere(self) -> None:
        """Write an act from anywhere to anywhere."""
        sources = self.chance.sample(range(self.going), min(self.going, self.chance.randint(1, 3)))
        one, two = (_state(self.chance.randrange(self.states)) for _ in range(2))
        choice = self.chance.choice(CHOICES)
        ways: list[Any] = [
            one,
            one,
            "stay",
            [{"state": one, "when": choice}, {"state": two}],
            [{"state": one, "outcome": "yes"}, {"state": two, "outcome": "no"}],
            [
                {"state": one, "when": choice, "outcome": "yes"},
                {"state": "stay", "outcome": "yes"},
                {"state": two, "outcome": "no"},
            ],
        ]
        verb: dict[str, Any] = {"to": self.chance.choice(ways)}
        verb["guards"] = self.chance.sample(GUARDS, self.chance.choice([0, 0, 1, 2]))
        verb["reasons"] = self.chance.choice(["none", "optional", "required"])
        verb["note"] = self.chance.choice(["optional", "optional", "required"])
        verb["institution"] = self.chance.choice(["", "", "", "partner"])
        if self.chance.random() < 0.1:
            verb["attachments"] = {"minute": "The minute"}
        if self.kinds[sources[0]] == "clock" and self.chance.random() < 0.3:
            sources, verb = sources[:1], {**verb, "to": "stay", "clock": "extend"}
        self.act(sources, verb)

    def act(self, sources: list[int], verb: dict[str, Any]) -> None:
        by = self.chance.sample(PEOPLE, self.chance.choice([1, 1, 1, 2]))
        if any(self.kinds[n] == "strands" for n in sources):
            verb = {"cancels": True, **verb}
        part = {"part": min(by)} if len(by) > 1 else {}
        self.write(f"act_{len(self.tables)}", sources, {"by": by, **part, **verb})

    def write(self, name: str, sources: list[int], verb: dict[str, Any]) -> None:
        given = {"by": self.chance.choice(PEOPLE), **{k: v for k, v in verb.items() if v}}
        lines = {
            "label": f"Do {name}",
            "event": f"Did {name}",
            "from": [_state(n) for n in sources],
        }
        self.tables.append(_table(f"acts.{name}", {**lines, **given}))


def _state(n: int) -> str:
    return f"s{n}"


def _table(name: str, lines: dict[str, Any]) -> str:
    head = [f"[{name}]"] if name else []
    return "\n".join([*head, *(f"{key} = {_value(value)}" for key, value in lines.items())])


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_value(v)}" for key, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value)
