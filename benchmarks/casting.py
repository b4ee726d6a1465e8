"""Casting: cases side by side, each in the form of its mould, event by event."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from app.budgets.models import Budget
from app.db import db, transaction
from app.schemes.models import Call
from app.trail.compose import Opened, new_key, place, seal
from benchmarks.moulds import Mould
from benchmarks.pouring import ORDER, Sink
from workflows.evidence.chain import leaf_hash, moment

SEED = 20261122
# How many cases are under way at a time, and how many cases an enterprise has.
SIDE_BY_SIDE, CASES_EACH = 2000, 3
UNNUMBERED = ("disclosure_key", "part")


@dataclass
class Owner:
    """An enterprise with its applicant, and how many cases it still has."""

    enterprise: int
    person: int
    registry: str
    name: str
    left: int = CASES_EACH


@dataclass
class Cast:
    """A case under way: cast from a mould, some of its events written.

    ``slots`` is what comes where its events differ from the mould's; ``ids``, ``hashes`` and ``at`` are those of the events so far.
    """

    mould: Mould
    owner: Owner
    frozen: list[str]
    slots: dict[str, str]
    ids: list[int] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    at: list[str] = field(default_factory=list)


class Foundry:
    """Casts cases from moulds, many side by side, event by event."""

    def __init__(self, found: list[Mould], sink: Sink) -> None:
        """Continue the numbers of the database of the present application; must be called in its context."""
        self._moulds, self._sink = found, sink
        self._chance = random.Random(SEED)  # noqa: S311 - the same log every time
        self._next = {name: sink.next_id(name) for name in ORDER if name not in UNNUMBERED}
        rows = db.session.execute(select(Call.code, Call.applications)).all()
        self._calls = {row.code: row.applications for row in rows}
        self._money = {mould.call_id: [0, 0, 0] for mould in found}
        self._owners: dict[str, Owner] = {}
        # SQLite has one writer at a time, and from here on it is the sink.
        db.session.remove()

    def pour(self, events: int, start: datetime, apart: timedelta) -> int:
        """Write events from a moment on, so far apart, until enough cases are complete."""
        begun = written = 0
        active: list[Cast] = []
        while begun < events or active:
            while begun < events and len(active) < SIDE_BY_SIDE:
                active.append(self._begin())
                begun += len(active[-1].mould.events)
            chosen = self._chance.randrange(len(active))
            self._write(active[chosen], start + apart * written)
            written += 1
            if len(active[chosen].ids) == len(active[chosen].mould.events):
                self._finish(active[chosen])
                active[chosen] = active[-1]
                active.pop()
        self._sink.flush(least=0)
        self._settle()
        return written

    def _begin(self) -> Cast:
        mould = self._chance.choice(self._moulds)
        self._calls[mould.call] += 1
        owner = self._owner(mould)
        slots = {
            "reference": f"{mould.call}-{self._calls[mould.call]:05d}",
            "enterprise": f'"enterprise:{owner.enterprise}"',
            "applicant": f'"applicant:{owner.person}"',
            "prev": "",
        }
        registry, name = mould.enterprise["registry_number"], mould.enterprise["name"]
        frozen = [
            copy.replace(registry, owner.registry).replace(name, owner.name)
            for copy in mould.frozen
        ]
        for number, copy in enumerate(frozen, 1):
            slots[f"digest-{number}"] = sha256(copy.encode()).hexdigest()
        return Cast(mould, owner, frozen, slots)

    def _owner(self, mould: Mould) -> Owner:
        """Return an enterprise of the mould's country that has cases left, a new one when none has."""
        owner = self._owners.get(mould.country)
        if owner is None or not owner.left:
            number = self._take("enterprise", 1).start
            registry = mould.enterprise["registry_number"]
            owner = Owner(
                number,
                self._take("person", 1).start,
                f"{registry[:3]}{number:0{len(registry) - 3}d}",
                f"{mould.enterprise['name']} {number}",
            )
            self._owners[mould.country] = owner
            known = {"id": number, "registry_number": owner.registry, "name": owner.name}
            self._sink.add("enterprise", list({**mould.enterprise, **known}.values()))
            email = f"applicant.{owner.person}@world.example"
            known = {"id": owner.person, "email": email, "enterprise_id": number}
            self._sink.add("person", list({**mould.person, **known}.values()))
        owner.left -= 1
        return owner

    def _take(self, table: str, number: int) -> range:
        first = self._next[table]
        self._next[table] += number
        return range(first, first + number)

    def _write(self, cast: Cast, at: datetime) -> None:
        """Write the next event of a case."""
        seq = len(cast.ids)
        cut, slots = cast.mould.events[seq], cast.slots
        slots["at"] = f'"{moment(at)}"'
        entry = "".join([slots.get(part, part) for part in cut.parts])
        slots["prev"] = leaf_hash(entry)
        number, stored = self._next["event"], self._sink.moment(at)
        self._next["event"] += 1
        cast.ids.append(number)
        cast.at.append(stored)
        cast.hashes.append(slots["prev"])
        actor = slots["applicant"][1:-1] if cut.actor == "applicant" else cut.actor
        row = (
            number,
            slots["reference"],
            cut.agency,
            seq + 1,
            cut.kind,
            stored,
            actor,
            entry,
            slots["prev"],
            None,
        )
        self._sink.add("event", row)

    def _finish(self, cast: Cast) -> None:
        """Write everything else that a complete case is."""
        mould = cast.mould
        groups: dict[str, Sequence[Any]] = {
            name: self._take(name, number) for name, number in mould.counts.items()
        }
        groups |= {
            "event": cast.ids,
            "at": cast.at,
            "enterprise": (cast.owner.enterprise,),
            "person": (cast.owner.person,),
            "trail_hash": (cast.slots["prev"],),
            "frozen": cast.frozen,
            "digest": [cast.slots[f"digest-{n}"] for n in range(1, len(cast.frozen) + 1)],
        }
        for row in mould.rows:
            values = list(row.values)
            for position, group, number in row.patches:
                values[position] = groups[group][number]
            for position in row.texts:
                values[position] = values[position].replace(
                    mould.reference, cast.slots["reference"]
                )
            self._sink.add(row.table, values)
        if mould.private:
            self._disclose(cast)
        taken = self._money[mould.call_id]
        self._money[mould.call_id] = [a + b for a, b in zip(taken, mould.money, strict=True)]
        self._sink.flush()

    def _disclose(self, cast: Cast) -> None:
        """Write what the events of a case only commit to, sealed under a key of its own."""
        key = new_key()
        self._sink.add("disclosure_key", (cast.slots["reference"], key))
        for number, said in zip(
            self._take("disclosure", len(cast.mould.private)), cast.mould.private, strict=True
        ):
            event = said.seq - 1
            where = place(cast.hashes[event], said.field)
            sealed = seal(key, where, Opened(said.salt, said.value))
            self._sink.add("disclosure", (number, cast.ids[event], said.field, sealed))

    def _settle(self) -> None:
        """Let the calls know what their new cases took."""
        with transaction():
            for call in db.session.scalars(select(Call)):
                call.applications = self._calls[call.code]
                reserved, committed, paid = self._money.get(call.id, (0, 0, 0))
                budget = _budget(call)
                budget.reserved_minor += reserved
                budget.committed_minor += committed
                budget.paid_minor += paid


def _budget(call: Call) -> Budget:
    of_call = select(Budget).where(Budget.level == "call", Budget.code == call.code)
    return db.session.scalars(of_call).one()
