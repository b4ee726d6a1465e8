"""A workflow definition: frozen records, and the strict reading of the TOML file they come from."""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from workflows.guards import CHOICES, GUARDS
from workflows.reading import Reader

SHIPPED = Path(__file__).parent / "definitions"

DUTIES = frozenset(
    {"applicant", "desk_officer", "assessor", "approver", "payment_officer", "releaser", "system"}
)
HOLDERS = frozenset({"applicant", "agency", "bank", "nobody"})
REASONS = frozenset({"none", "optional", "required"})
LETTERS = frozenset(
    {"acknowledgement", "information_request", "offer", "decline", "lapse", "disbursement_advice"}
)


@dataclass(frozen=True)
class Clock:
    """The time a state may take: ``days`` of ``unit`` "working" or "calendar" in the scheme's country.

    ``expires`` names the act the system takes when the time is over; ``None`` means that the case is only late.
    """

    days: int
    unit: str
    expires: str | None = None


@dataclass(frozen=True)
class State:
    """A place in the life of a case, with its name for officers, for the applicant, and before it is reached."""

    name: str
    officer: str
    applicant: str
    before: str
    stage: str
    holder: str
    clock: Clock | None
    end: bool


@dataclass(frozen=True)
class Branch:
    """One destination of an act; ``when`` names the choice that must hold, the last branch has none."""

    state: str
    when: str | None


@dataclass(frozen=True)
class Act:
    """A verb: from where to where, by which duty, standing in which part, under which guards.

    ``part`` is what the person becomes in this case by acting (one part per person and case keeps the sides apart).
    ``reasons`` says whether coded reasons are asked for; ``letter`` names the letter the step causes.
    """

    name: str
    label: str
    event: str
    sources: tuple[str, ...]
    branches: tuple[Branch, ...]
    by: str
    part: str | None
    guards: tuple[str, ...]
    reasons: str
    letter: str | None
    confirms: bool


@dataclass(frozen=True)
class Workflow:
    """A whole definition in one version; ``digest`` is the SHA-256 of the source text it was read from."""

    name: str
    version: int
    title: str
    initial: str
    states: dict[str, State]
    acts: dict[str, Act]
    digest: str
    source: str

    def acts_from(self, state: str) -> tuple[Act, ...]:
        """Return the acts that start in the state, in the order of the file."""
        return tuple(act for act in self.acts.values() if state in act.sources)

    @property
    def stages(self) -> tuple[str, ...]:
        """Return the stages in order, each once: what a person sees as the steps of the road."""
        return tuple(dict.fromkeys(state.stage for state in self.states.values() if state.stage))


class Malformed(ValueError):
    """A definition with mistakes: ``mistakes`` lists every one, with its place and what was expected."""

    def __init__(self, name: str, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        super().__init__(f"{name}: " + " ".join(mistakes))


def load(source: str, *, name: str = "definition") -> Workflow:
    """Read a definition; raises ``Malformed`` with all mistakes at once. An unknown key is a mistake."""
    try:
        raw = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise Malformed(name, [f"Not TOML: {error}."]) from error
    reader = _Reader()
    states = {key: reader.state(key, table) for key, table in reader.tables(raw, "states")}
    acts = {key: reader.act(key, table) for key, table in reader.tables(raw, "acts")}
    reader.known(raw, "the file", {"name", "version", "title", "initial", "states", "acts"})
    head = {key: reader.text(raw, key, "the file") for key in ("name", "title", "initial")}
    version = reader.number(raw, "version", "the file")
    reader.mistakes += _references(head["initial"], states, acts)
    if reader.mistakes:
        raise Malformed(name, reader.mistakes)
    digest = hashlib.sha256(source.encode()).hexdigest()
    return Workflow(
        head["name"], version, head["title"], head["initial"], states, acts, digest, source
    )


@cache
def shipped(name: str) -> Workflow:
    """Return a definition shipped with the program by its file name, without ending."""
    return load((SHIPPED / f"{name}.toml").read_text(encoding="utf-8"), name=name)


@cache
def published(source: str) -> Workflow:
    """Return the definition of a published source text, read once per process."""
    return load(source)


def _references(initial: str, states: dict[str, State], acts: dict[str, Act]) -> Iterator[str]:
    if initial not in states:
        yield f"initial: {initial!r} is not a state."
    for act in acts.values():
        yield from _act_references(act, states)
    left = {source for act in acts.values() for source in act.sources}
    for state in states.values():
        expires = state.clock.expires if state.clock else None
        if expires is not None and expires not in acts:
            yield f"states.{state.name}: the clock expires into {expires!r}, which is not an act."
        if not state.end and state.name not in left:
            yield f"states.{state.name}: no act leads out, and it is not an end."


def _act_references(act: Act, states: dict[str, State]) -> Iterator[str]:
    for state in (*act.sources, *(branch.state for branch in act.branches)):
        if state not in states:
            yield f"acts.{act.name}: {state!r} is not a state."
    if act.branches and act.branches[-1].when is not None:
        yield f"acts.{act.name}: the last destination must have no 'when'."


class _Reader(Reader):
    """Reads states, clocks and acts."""

    def state(self, name: str, table: dict[str, Any]) -> State:
        place = f"states.{name}"
        self.known(
            table, place, {"officer", "applicant", "before", "stage", "holder", "clock", "end"}
        )
        holder = self.text(table, "holder", place)
        return State(
            name=name,
            officer=self.text(table, "officer", place),
            applicant=self.text(table, "applicant", place),
            before=self.text(table, "before", place, default=""),
            stage=self.text(table, "stage", place, default=""),
            holder=self.choice(holder, HOLDERS, f"{place}.holder"),
            clock=self.clock(table.get("clock"), place),
            end=self.flag(table, "end", place),
        )

    def clock(self, value: Any, place: str) -> Clock | None:
        if value == "none":
            return None
        if not isinstance(value, dict):
            self.mistakes.append(
                f'{place}: clock must be "none" or {{days = N, unit = "working"}}.'
            )
            return None
        self.known(value, f"{place}.clock", {"days", "unit", "expires"})
        unit = self.text(value, "unit", f"{place}.clock")
        self.choice(unit, frozenset({"working", "calendar"}), f"{place}.clock.unit")
        expires = self.text(value, "expires", f"{place}.clock", default="")
        return Clock(self.number(value, "days", f"{place}.clock"), unit, expires or None)

    def act(self, name: str, table: dict[str, Any]) -> Act:
        place = f"acts.{name}"
        allowed = {
            "label",
            "event",
            "from",
            "to",
            "by",
            "part",
            "guards",
            "reasons",
            "letter",
            "confirms",
        }
        self.known(table, place, allowed)
        guards = self.names(table, "guards", place)
        self.mistakes += [f"{place}: no guard is called {g!r}." for g in guards if g not in GUARDS]
        by = self.choice(self.text(table, "by", place), DUTIES, f"{place}.by")
        sources = self.names(table, "from", place)
        if not sources:
            self.mistakes.append(f"{place}: from must name at least one state.")
        return Act(
            name=name,
            label=self.text(table, "label", place),
            event=self.text(table, "event", place),
            sources=sources,
            branches=self.branches(table.get("to"), place),
            by=by,
            part=self.text(table, "part", place, default=by) if by != "system" else None,
            guards=guards,
            reasons=self.choice(
                self.text(table, "reasons", place, default="none"), REASONS, f"{place}.reasons"
            ),
            letter=self.letter(table, place),
            confirms=self.flag(table, "confirms", place),
        )

    def letter(self, table: dict[str, Any], place: str) -> str | None:
        """Read which letter the act causes."""
        name = self.text(table, "letter", place, default="")
        return self.choice(name, LETTERS, f"{place}.letter") if name else None

    def branches(self, value: Any, place: str) -> tuple[Branch, ...]:
        if isinstance(value, str):
            return (Branch(value, None),)
        if not isinstance(value, list) or not value:
            self.mistakes.append(f"{place}: to must be a state or a list of {{state, when}}.")
            return ()
        found = []
        for item in value:
            if not isinstance(item, dict):
                self.mistakes.append(f"{place}: to must be a state or a list of {{state, when}}.")
                continue
            self.known(item, f"{place}.to", {"state", "when"})
            when = self.text(item, "when", f"{place}.to", default="") or None
            if when is not None and when not in CHOICES:
                self.mistakes.append(f"{place}: no choice is called {when!r}.")
            found.append(Branch(self.text(item, "state", f"{place}.to"), when))
        return tuple(found)
