"""Workflow definitions as the verifier reads them: what of a TOML file says which step is legal, and nothing else."""

import hashlib
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# ISO 4217: minor units of the currencies in which there are amounts; two where none is named.
WHOLE_CURRENCIES = frozenset({"VND"})
SYSTEM = "system"
HERE = "stay"
# Acts that say by their name what the program does beside moving the case.
VOTES_BY_NAME = {"approve": "for", "decline": "against"}
NAMED_EFFECTS = frozenset({"submit", "resubmit", "assess", "recommend", "accept"})


@dataclass(frozen=True, slots=True)
class Tier:
    """One row of an authority matrix, its amounts in minor units; ``up_to`` ``None`` is without limit."""

    above: int
    up_to: int | None
    by: str
    body: str
    members: int
    needed: int | str
    present: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who decides: rows by currency and scheme, duties with a veto, what an equal vote means, whose agencies vote."""

    tiers: dict[tuple[str, str], list[Tier]]
    veto: frozenset[str]
    tie: str
    per: str = ""

    def tier(self, amount: int | None, currency: str, scheme: str) -> Tier | None:
        """Return the row for an amount; those of the scheme itself go before those of any scheme."""
        for asked in ((currency, scheme), (currency, ""), ("", scheme), ("", "")):
            if rows := self.tiers.get(asked):
                break
        else:
            return None
        if amount is None:
            return rows[0]
        fits = (t for t in rows if t.above < amount and (t.up_to is None or amount <= t.up_to))
        return next(fits, None)


@dataclass(frozen=True, slots=True)
class Way:
    """One destination of an act: where it leads, what must hold, which outcome must be chosen, and its letter."""

    state: str
    when: str | None
    outcome: str | None
    letter: str | None


@dataclass(frozen=True, slots=True)
class Verb:
    """An act: from where, where to, by which duties, standing in which part, under which guards."""

    name: str
    sources: frozenset[str]
    ways: tuple[Way, ...]
    by: tuple[str, ...]
    part: str | None
    guards: list[str]
    outcomes: frozenset[str]
    reasons: bool
    note: bool
    does: str
    letter: str | None
    decision: str | None
    vote: str | None
    institution: str
    strand: str | None
    step_from: tuple[str, ...]
    step_to: str | None
    extends: bool

    @property
    def automatic(self) -> bool:
        """Tell whether the system takes it, and nobody else."""
        return self.by == (SYSTEM,)

    def letter_to(self, target: str) -> str | None:
        """Return the letter it causes when it leads to a state."""
        for way in self.ways:
            if way.letter and way.state == target:
                return way.letter
        return self.letter


@dataclass(frozen=True, slots=True)
class Stand:
    """A state: whether the case ends there, whether money may move, the strands of work in it, what its clock does."""

    end: bool
    money: bool
    strands: dict[str, tuple[str, ...]]
    expires: str | None


@dataclass(frozen=True, slots=True)
class Definition:
    """A workflow version, named by the digest of its file; ``final`` are the ends that no act ever leaves."""

    title: str
    digest: str
    kind: str
    initial: str
    states: dict[str, Stand]
    verbs: dict[str, Verb]
    matrices: dict[str, Matrix]
    stranded: bool
    final: frozenset[str]

    @property
    def tranche(self) -> bool:
        """Tell whether this is the life of a tranche."""
        return self.kind == "tranche"

    @property
    def proceeding(self) -> bool:
        """Tell whether this is the life of something that is proposed about an award."""
        return self.kind == "proceeding"

    def begun(self, state: str) -> dict[str, str]:
        """Return where the strands of a state are when a case enters it."""
        return {name: steps[0] for name, steps in self.states[state].strands.items()}


def read_definition(source: bytes) -> Definition:
    """Return the definition in a file; raises ``ValueError``, ``KeyError`` or ``TypeError`` when it is none."""
    read = tomllib.loads(source.decode())
    strands = read.get("strands", {})
    verbs = {name: _verb(name, table) for name, table in read["acts"].items()}
    left = frozenset[str]().union(*(verb.sources for verb in verbs.values()))
    ends = {name for name, table in read["states"].items() if table.get("end")}
    return Definition(
        title=f"{read['name']} version {read['version']}",
        digest=hashlib.sha256(source).hexdigest(),
        kind=read.get("kind", "application"),
        initial=read["initial"],
        states={name: _stand(name, table, strands) for name, table in read["states"].items()},
        verbs=verbs,
        matrices={name: _matrix(table) for name, table in read.get("decisions", {}).items()},
        stranded=bool(strands),
        final=frozenset(ends) - left,
    )


def _stand(name: str, table: dict[str, Any], strands: dict[str, Any]) -> Stand:
    clock = table["clock"]
    own = {key: _several(one["steps"]) for key, one in strands.items() if one["state"] == name}
    expires = clock.get("expires") if isinstance(clock, dict) else None
    return Stand(table.get("end", False), table.get("money", False), own, expires)


def _verb(name: str, table: dict[str, Any]) -> Verb:
    by = _several(table["by"])
    ways = _ways(table["to"])
    step = table.get("step", {})
    does = table.get("does") or _does(name, table)
    return Verb(
        name=name,
        sources=frozenset(_several(table["from"])),
        ways=ways,
        by=by,
        part=None if by == (SYSTEM,) else table.get("part") or by[0],
        guards=[*_several(table.get("guards", ()))],
        outcomes=frozenset(way.outcome for way in ways if way.outcome),
        reasons=table.get("reasons") == "required",
        note=table.get("note") == "required",
        does=does,
        letter=table.get("letter"),
        decision=table.get("decision"),
        vote=table.get("vote") or (VOTES_BY_NAME.get(name) if does == "decide" else None),
        institution=table.get("institution", ""),
        strand=table.get("strand"),
        step_from=_several(step.get("from", ())),
        step_to=step.get("to"),
        extends=table.get("clock") == "extend",
    )


def _does(name: str, table: dict[str, Any]) -> str:
    if table.get("decision") or table.get("vote"):
        return "decide"
    if table.get("voids"):
        return "void"
    if name in VOTES_BY_NAME:
        return "decide"
    return name if name in NAMED_EFFECTS else "move"


def _ways(to: Any) -> tuple[Way, ...]:
    if isinstance(to, str):
        return (Way(to, None, None, None),)
    return tuple(
        Way(way["state"], way.get("when"), way.get("outcome"), way.get("letter")) for way in to
    )


def _several(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _matrix(table: dict[str, Any]) -> Matrix:
    rows: dict[tuple[str, str], list[Tier]] = {}
    for band in table["bands"]:
        currency = band.get("currency", "")
        tier = Tier(
            above=_minor(band.get("above", "0"), currency) or 0,
            up_to=_minor(band.get("up_to"), currency),
            by=band["by"],
            body=band.get("body", ""),
            members=band.get("of", 1),
            needed=band.get("needed", 1),
            present=band.get("present", 1),
        )
        rows.setdefault((currency, band.get("scheme", "")), []).append(tier)
    for found in rows.values():
        found.sort(key=lambda tier: tier.above)
    veto = frozenset(_several(table.get("veto", ())))
    return Matrix(rows, veto, table.get("tie", "against"), table.get("per", ""))


def _minor(amount: str | None, currency: str) -> int | None:
    if amount is None:
        return None
    return int(Decimal(amount).scaleb(0 if currency in WHOLE_CURRENCIES else 2))
