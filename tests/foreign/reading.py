"""Reading workflow descriptions of other systems by their shape, never by the name of a file.

What is understood, in any mixture: ``transitions`` as a list (event, source, target, guard under their usual names; a list
of sources, or "*" for every state), roles beside a transition, roles by event (any table called ``..._by_event``),
``permissions`` by state and role with the commands a role may give, ``parents`` whose transitions children inherit,
states as names, as records, or as a table with ``on``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

Raw = dict[str, Any]
EVENT = ("event", "trigger", "command", "action_name", "label", "name")
SOURCE = ("source", "from", "sources", "src")
TARGET = ("target", "to", "dest", "destination")
GUARD = ("guard", "guards", "condition", "conditions", "cond")
ROLES = ("roles", "role", "permission", "privilege", "actors", "by")
SEEING = ("see-", "see_", "view-", "view_", "read-", "read_")
# Who acts where a description has no place for roles at all, and where it has one but names nobody.
SOMEBODY, NOBODY = "somebody", ""


@dataclass(frozen=True)
class Move:
    """One thing that one role may do in one state."""

    event: str
    source: str
    target: str
    guards: tuple[str, ...]
    role: str


@dataclass(frozen=True)
class Spot:
    """A state as the source describes it."""

    name: str
    display: str
    public: str
    future: str
    stage: str
    permissions: str


@dataclass
class Foreign:
    """A description taken in: ``sees`` are the roles that may look at a case in a state."""

    title: str
    source: str
    initial: str
    spots: dict[str, Spot]
    moves: list[Move] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    sees: dict[str, list[str]] = field(default_factory=dict)


def read(raw: Raw) -> Foreign:
    """Take in a description."""
    moves = list(_moves(raw))
    spots = {spot.name: spot for spot in _spots(raw, moves)}
    moves = [move for one in moves for move in _everywhere(one, spots)]
    moves += _inherited(moves, _parents(raw))
    source = str(raw.get("source") or raw.get("id") or "unknown")
    path = re.split(r"[\s(]", source)[0]
    title = str(raw.get("name") or raw.get("title") or PurePath(path).stem)
    initial = str(raw.get("initial") or next(iter(spots)))
    found = Foreign(title, source, initial, spots, list(dict.fromkeys(moves)))
    found.sees = {
        state: [role for role, commands in table.items() if any(map(_seeing, commands))]
        for state, table in raw.get("permissions", {}).items()
    }
    found.roles = _roles(raw, found)
    return found


def _one(table: Raw, keys: tuple[str, ...]) -> Any:
    return next((table[key] for key in keys if table.get(key) not in (None, "", [])), None)


def _many(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _moves(raw: Raw) -> Iterator[Move]:
    peopled = _peopled(raw)
    by_event = {
        event: roles
        for key in raw
        if key.endswith("_by_event")
        for event, roles in raw[key].items()
    }
    for table in _transitions(raw):
        event = str(_one(table, EVENT) or f"to {_one(table, TARGET)}")
        roles = _many(_one(table, ROLES) or by_event.get(event))
        if not roles:
            roles = [NOBODY if peopled or _entry(event) else SOMEBODY]
        unless = [f"not {guard}" for guard in _many(table.get("unless"))]
        guards = (*_many(_one(table, GUARD)), *unless)
        for source in _many(_one(table, SOURCE)):
            target = str(_one(table, TARGET) or source)
            yield from (Move(event, source, target, guards, role) for role in roles)
    yield from _commands(raw)


def _commands(raw: Raw) -> Iterator[Move]:
    """Go through a table of commands by state and role; a command that changes no state stays."""
    leads = raw.get("state_changing_commands", {})
    for state, roles in raw.get("permissions", {}).items():
        for role, commands in roles.items():
            for command in commands:
                if not _seeing(command):
                    yield Move(command, state, leads.get(command, state), (), role)


def _transitions(raw: Raw) -> Iterator[Raw]:
    found = raw.get("transitions", [])
    if isinstance(found, dict):
        found = [{"event": event, **one} for event, all_ in found.items() for one in _tables(all_)]
    yield from found
    for name, table, _ in _nested(raw.get("states"), None):
        for event, value in (table.get("on") or {}).items():
            for one in _tables(value):
                yield {"event": event, "source": name, **one}


def _tables(value: Any) -> list[Raw]:
    items = value if isinstance(value, list) else [value]
    return [item if isinstance(item, dict) else {"target": item} for item in items]


def _nested(states: Any, parent: str | None) -> Iterator[tuple[str, Raw, str | None]]:
    """Go through states given as a table, children after their parent."""
    if not isinstance(states, dict):
        return
    for name, given in states.items():
        table = given or {}
        yield name, table, parent
        yield from _nested(table.get("states"), name)


def _peopled(raw: Raw) -> bool:
    """Tell whether the description has a place where it says who acts."""
    if "permissions" in raw or any(key.endswith("_by_event") for key in raw):
        return True
    return any(_one(table, ROLES) for table in _transitions(raw))


def _entry(event: str) -> bool:
    """Tell whether an event only marks where a parent state begins."""
    return event.startswith("(")


def _seeing(command: str) -> bool:
    return command.startswith(SEEING)


def _spots(raw: Raw, moves: list[Move]) -> Iterator[Spot]:
    states = raw.get("states")
    listed = states if isinstance(states, list) else []
    for state in listed:
        yield _spot(state if isinstance(state, dict) else {"name": state})
    for name, table, _ in _nested(states, None):
        yield _spot({**table, "name": name})
    if not states:
        named = (name for move in moves for name in (move.source, move.target))
        yield from (_spot({"name": name}) for name in dict.fromkeys(named) if name != "*")


def _spot(table: Raw) -> Spot:
    def text(*keys: str) -> str:
        return str(_one(table, keys) or "")

    name = text("name", "id")
    return Spot(
        name=name,
        display=text("display", "label", "title") or name,
        public=text("public"),
        future=text("future"),
        stage=text("stage", "phase"),
        permissions=text("permissions"),
    )


def _everywhere(move: Move, spots: dict[str, Spot]) -> list[Move]:
    if move.source != "*":
        return [move]
    return [Move(move.event, name, move.target, move.guards, move.role) for name in spots]


def _parents(raw: Raw) -> dict[str, str]:
    nested = {name: parent for name, _, parent in _nested(raw.get("states"), None) if parent}
    return {**nested, **raw.get("parents", {})}


def _inherited(moves: list[Move], parents: dict[str, str]) -> list[Move]:
    """Give children what their parents may do; what a child says of an event goes before its parents."""
    own: dict[str, dict[str, list[Move]]] = {}
    for move in moves:
        own.setdefault(move.source, {}).setdefault(move.event, []).append(move)
    found = []
    for child in parents:
        known = set(own.get(child, {}))
        above = parents.get(child)
        while above is not None:
            for event, given in own.get(above, {}).items():
                if event not in known and not _entry(event):
                    found += [Move(m.event, child, m.target, m.guards, m.role) for m in given]
            known |= set(own.get(above, {}))
            above = parents.get(above)
    return found


def _roles(raw: Raw, found: Foreign) -> list[str]:
    """Return every role that is named anywhere, in order, each once."""
    named = [move.role for move in found.moves if move.role]
    named += [role for key in raw if key.endswith("_by_event") for role in raw[key].values()]
    named += [role for table in raw.get("permissions", {}).values() for role in table]
    return list(dict.fromkeys(named))
