"""Reading a workflow definition from its TOML text: strictly, every mistake at once with its line, an unknown key is one."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from workflows.definition import Act, Branch, Clock, State, Strand, Switch, Workflow
from workflows.format.branching import branching
from workflows.format.decisions import decision
from workflows.format.grammar import FILE
from workflows.format.lines import DEEPEST, too_deep
from workflows.format.reading import Malformed, Reader, not_toml
from workflows.format.references import references
from workflows.format.usage import unused
from workflows.vocabulary import EFFECTS

SHIPPED = Path(__file__).parent.parent / "definitions"

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


def load(source: str, *, name: str = "definition") -> Workflow:
    """Read a definition; raises ``Malformed`` with all mistakes at once. An unknown key is a mistake."""
    reader = Reader()
    deep = too_deep(source)
    if deep is not None:
        raise Malformed(name, [f"A key has more than {DEEPEST} parts."], [deep])
    try:
        digest = hashlib.sha256(source.encode()).hexdigest()
        read = FILE.read(tomllib.loads(source), (), reader)
    except ValueError as error:
        raise not_toml(error, name, source) from error
    except RecursionError as error:
        raise Malformed(name, ["Lists or tables are nested too deep."], [1]) from error
    found = _workflow(read, reader, digest=digest, source=source)
    for check in (references, branching, unused):
        for place, sentence in check(found):
            reader.wrong(place, sentence)
    reader.refuse(name, source)
    return found


@cache
def shipped(name: str) -> Workflow:
    """Return a definition shipped with the program by its file name, without ending."""
    return load((SHIPPED / f"{name}.toml").read_text(encoding="utf-8"), name=name)


@cache
def published(source: str) -> Workflow:
    """Return the definition of a published source text, read once per process."""
    return load(source)


def _workflow(read: dict[str, Any], reader: Reader, *, digest: str, source: str) -> Workflow:
    """Return the record of a file that was read, with the same names."""
    return Workflow(
        **{
            **read,
            "states": {name: _state(name, table) for name, table in read["states"].items()},
            "acts": {name: _act(name, table, reader) for name, table in read["acts"].items()},
            "strands": {name: Strand(name, **table) for name, table in read["strands"].items()},
            "switches": {name: Switch(name, **table) for name, table in read["switches"].items()},
            "decisions": {
                name: decision(name, table, reader) for name, table in read["decisions"].items()
            },
        },
        digest=digest,
        source=source,
    )


def _state(name: str, read: dict[str, Any]) -> State:
    clock = read["clock"]
    return State(
        name=name, **{**read, "clock": Clock(**clock) if isinstance(clock, dict) else None}
    )


def _act(name: str, read: dict[str, Any], reader: Reader) -> Act:
    by = read["by"]
    does = read["does"] or _effect(name, read)
    step = read["step"] or {"from": (), "to": None}
    same = {key: value for key, value in read.items() if key not in {"from", "to", "step", "part"}}
    return Act(
        name=name,
        sources=read["from"],
        branches=_branches(read["to"]),
        part=_part(name, read, reader),
        step_from=step["from"],
        step_to=step["to"],
        **{
            **same,
            "by": by,
            "does": does,
            "vote": read["vote"] or (_VOTE.get(name) if does == "decide" else None),
        },
    )


def _effect(name: str, read: dict[str, Any]) -> str:
    """Return what an act does that does not say it: a vote decides, what makes a decision void voids; else by its name."""
    if read["decision"] or read["vote"]:
        return "decide"
    return "void" if read["voids"] else _DOES.get(name, "move")


def _branches(to: Any) -> tuple[Branch, ...]:
    if isinstance(to, str):
        return (Branch(to, None),)
    return tuple(Branch(**branch) for branch in to or ())


def _part(name: str, read: dict[str, Any], reader: Reader) -> str | None:
    """Return where a person stands by acting: by the duty, unless several duties may act; the system stands nowhere."""
    by, part = read["by"], read["part"]
    if by == ("system",):
        if part is not None:
            reader.wrong(("acts", name, "part"), "the system stands nowhere in a case.")
        return None
    if len(by) > 1 and part is None:
        reader.wrong(("acts", name, "part"), "missing; expected a part, as several duties may act.")
    return str(part) if part else next(iter(by), "")
