"""Reading a workflow definition from its TOML text: strictly, every mistake at once, an unknown key is one."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from workflows.choices import CHOICES
from workflows.decisions import DecisionReader
from workflows.definition import Act, Branch, Clock, State, Strand, Switch, Workflow
from workflows.guards import GUARDS
from workflows.reading import Malformed
from workflows.references import references
from workflows.rules import SWITCH
from workflows.vocabulary import (
    ASKED,
    CLOCK_EFFECTS,
    EDITABLE,
    EFFECTS,
    HOLDERS,
    KINDS,
    LETTERS,
    OUTCOMES,
    THINGS,
    UNITS,
    VOTES,
)

SHIPPED = Path(__file__).parent / "definitions"

# An act whose name says what it does need not say it again.
_DOES = {
    **{name: name for name in EFFECTS},
    "approve": "decide",
    "decline": "decide",
    "withdraw": "end",
    "cancel": "end",
    "claim": "ask",
    "draw_down": "ask",
}
_VOTE = {"approve": "for", "decline": "against"}

_HEAD = {
    "name",
    "version",
    "title",
    "kind",
    "initial",
    "duties",
    "institutions",
    "see",
    "states",
    "strands",
    "decisions",
    "switches",
    "acts",
}
_STATE = {
    "officer",
    "applicant",
    "before",
    "stage",
    "holder",
    "clock",
    "end",
    "outcome",
    "money",
    "see",
    "edit",
}
_CLOCK = {"days", "unit", "expires", "warn", "escalate", "extension"}
_ACT = {
    "label",
    "event",
    "from",
    "to",
    "by",
    "part",
    "guards",
    "reasons",
    "note",
    "attachments",
    "letter",
    "confirms",
    "does",
    "decision",
    "vote",
    "institution",
    "voids",
    "strand",
    "step",
    "cancels",
    "clock",
    "blind",
}


def load(source: str, *, name: str = "definition") -> Workflow:
    """Read a definition; raises ``Malformed`` with all mistakes at once. An unknown key is a mistake."""
    try:
        raw = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise Malformed(name, [f"Not TOML: {error}."]) from error
    reader = _Reader()
    found = reader.workflow(raw, source)
    for place, sentence in references(found):
        reader.wrong(place, sentence)
    if reader.mistakes:
        raise Malformed(name, reader.mistakes)
    return found


@cache
def shipped(name: str) -> Workflow:
    """Return a definition shipped with the program by its file name, without ending."""
    return load((SHIPPED / f"{name}.toml").read_text(encoding="utf-8"), name=name)


@cache
def published(source: str) -> Workflow:
    """Return the definition of a published source text, read once per process."""
    return load(source)


class _Reader(DecisionReader):
    """Reads the whole file, table by table."""

    def workflow(self, raw: dict[str, Any], source: str) -> Workflow:
        self.known(raw, "the file", _HEAD)
        return Workflow(
            name=self.text(raw, "name", "the file"),
            version=self.number(raw, "version", "the file"),
            title=self.text(raw, "title", "the file"),
            initial=self.text(raw, "initial", "the file"),
            states={key: self.state(key, table) for key, table in self.tables(raw, "states")},
            acts={key: self.act(key, table) for key, table in self.tables(raw, "acts")},
            digest=hashlib.sha256(source.encode()).hexdigest(),
            source=source,
            kind=self.option(raw, "kind", "the file", KINDS, "application"),
            duties=self.labels(raw, "duties", "the file"),
            institutions=self.labels(raw, "institutions", "the file"),
            decisions={
                key: self.decision(key, table)
                for key, table in self.tables(raw, "decisions", least=0)
            },
            strands={
                key: self.strand(key, table) for key, table in self.tables(raw, "strands", least=0)
            },
            switches={
                key: self.switch(key, table) for key, table in self.tables(raw, "switches", least=0)
            },
            see=self.rights(raw, "see", "the file", THINGS),
        )

    def state(self, name: str, table: dict[str, Any]) -> State:
        place = f"states.{name}"
        self.known(table, place, _STATE)
        holder = self.text(table, "holder", place)
        outcome = self.text(table, "outcome", place, default="")
        return State(
            name=name,
            officer=self.text(table, "officer", place),
            applicant=self.text(table, "applicant", place),
            before=self.text(table, "before", place, default=""),
            stage=self.text(table, "stage", place, default=""),
            holder=self.choice(holder, HOLDERS, f"{place}.holder"),
            clock=self.clock(table.get("clock"), place),
            end=self.flag(table, "end", place),
            outcome=self.choice(outcome, OUTCOMES, f"{place}.outcome") if outcome else None,
            money=self.flag(table, "money", place),
            see=self.rights(table, "see", place, THINGS),
            edit=self.rights(table, "edit", place, EDITABLE),
        )

    def clock(self, value: Any, place: str) -> Clock | None:
        if value == "none":
            return None
        place = f"{place}.clock"
        if not isinstance(value, dict):
            self.wrong(place, 'clock must be "none" or {days = N, unit = "working"}.')
            return None
        self.known(value, place, _CLOCK)
        return Clock(
            days=self.number(value, "days", place),
            unit=self.choice(self.text(value, "unit", place), UNITS, f"{place}.unit"),
            expires=self.text(value, "expires", place, default="") or None,
            warn=self.number(value, "warn", place, default=0),
            escalate=self.text(value, "escalate", place, default="") or None,
            extension=self.number(value, "extension", place, default=0),
        )

    def rights(
        self, table: dict[str, Any], key: str, place: str, things: frozenset[str]
    ) -> dict[str, tuple[str, ...]]:
        """Read who sees or edits which thing of a case."""
        value = table.get(key, {})
        if not isinstance(value, dict):
            self.wrong(place, f"{key} must be a table of things and duties.")
            return {}
        self.known(value, f"{place}.{key}", things)
        return {thing: self.names(value, thing, f"{place}.{key}") for thing in value}

    def strand(self, name: str, table: dict[str, Any]) -> Strand:
        place = f"strands.{name}"
        self.known(table, place, {"label", "state", "steps"})
        steps = self.names(table, "steps", place)
        if len(set(steps)) < max(len(steps), 2):
            self.wrong(place, "steps must name at least two different steps.")
        label = self.text(table, "label", place)
        return Strand(name, label, self.text(table, "state", place), steps)

    def switch(self, name: str, table: dict[str, Any]) -> Switch:
        place = f"switches.{name}"
        self.known(table, place, {"sentence", "clause"})
        sentence = self.text(table, "sentence", place)
        return Switch(name, sentence, self.text(table, "clause", place))

    def act(self, name: str, table: dict[str, Any]) -> Act:
        place = f"acts.{name}"
        self.known(table, place, _ACT)
        by = self.names(table, "by", place)
        does = self.option(table, "does", place, EFFECTS, _DOES.get(name, "move"))
        vote = self.text(
            table, "vote", place, default=_VOTE.get(name, "") if does == "decide" else ""
        )
        letter = self.text(table, "letter", place, default="")
        return Act(
            name=name,
            label=self.text(table, "label", place),
            event=self.text(table, "event", place),
            sources=self.names(table, "from", place),
            branches=self.branches(table.get("to"), place),
            by=by,
            part=self.part(table, by, place),
            guards=self.guards(table, place),
            reasons=self.option(table, "reasons", place, ASKED, "none"),
            letter=self.choice(letter, LETTERS, f"{place}.letter") if letter else None,
            confirms=self.flag(table, "confirms", place),
            does=does,
            note=self.option(table, "note", place, ASKED, "optional"),
            attachments=self.labels(table, "attachments", place),
            decision=self.text(table, "decision", place, default="") or None,
            vote=self.choice(vote, VOTES, f"{place}.vote") if vote else None,
            institution=self.text(table, "institution", place, default=""),
            voids=self.text(table, "voids", place, default="") or None,
            strand=self.text(table, "strand", place, default="") or None,
            **self.step(table.get("step"), place),
            cancels=self.flag(table, "cancels", place),
            clock=self.option(table, "clock", place, CLOCK_EFFECTS, "natural"),
            blind=self.flag(table, "blind", place),
        )

    def part(self, table: dict[str, Any], by: tuple[str, ...], place: str) -> str | None:
        """Read where a person stands by acting: by the duty, unless several duties may act."""
        if by == ("system",):
            return None
        if len(by) > 1 and "part" not in table:
            self.wrong(place, "part must be given where several duties may act.")
        return self.text(table, "part", place, default=by[0] if by else "")

    def guards(self, table: dict[str, Any], place: str) -> tuple[str, ...]:
        names = self.names(table, "guards", place)
        for name in names:
            if name not in GUARDS and not name.startswith(SWITCH):
                self.wrong(f"{place}.guards", f"no guard is called {name!r}.")
        return names

    def step(self, value: Any, place: str) -> dict[str, Any]:
        """Read which step of a strand an act ends and which it begins."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(place, "step must be {from = [...], to = ...}.")
            return {}
        self.known(value, f"{place}.step", {"from", "to"})
        sources = self.names(value, "from", f"{place}.step")
        return {"step_from": sources, "step_to": self.text(value, "to", f"{place}.step")}

    def branches(self, value: Any, place: str) -> tuple[Branch, ...]:
        if isinstance(value, str) and value:
            return (Branch(value, None),)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            value = []
        if not value:
            self.wrong(place, "to must be a state or a list of {state, when, outcome}.")
        return tuple(self.branch(item, f"{place}.to") for item in value)

    def branch(self, item: dict[str, Any], place: str) -> Branch:
        self.known(item, place, {"state", "when", "outcome"})
        when = self.text(item, "when", place, default="") or None
        if when is not None and when not in CHOICES:
            self.wrong(place, f"no choice is called {when!r}.")
        outcome = self.text(item, "outcome", place, default="") or None
        return Branch(self.text(item, "state", place), when, outcome)
