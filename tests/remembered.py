"""A world whose cases travel once: a test that asks for the same case in the same database is given the same rows.

Each test stands in a savepoint and leaves nothing behind. So what the real commands did to an untouched database the first
time is all that they would do again; it is written down, and put back row by row where nothing else was written before.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, event, insert, select, update

from app import clock
from app.db import db, transaction
from app.documents.queries import path_of
from app.schemes import queries as schemes
from tests.answers import ASKED, GRANT, LOAN
from tests.factories import Days
from tests.world import World

WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP T", "TRUNCA", "COPY")
ZONES = ("Asia/Kuala_Lumpur", "Asia/Ho_Chi_Minh")
Rows = dict[tuple[Any, ...], tuple[Any, ...]]
_now, _terms = clock.now, schemes._terms


@dataclass(frozen=True)
class Trip:
    """What a case that travelled has left in the database: new rows by table, and of others what changed.

    ``until`` is what the clock of the test stood at then, ``None`` for that of the machine.
    """

    reference: str
    added: tuple[tuple[Table, list[dict[str, Any]]], ...]
    changed: tuple[tuple[Table, dict[str, Any], dict[str, Any]], ...]
    until: datetime | None

    @property
    def digests(self) -> list[str]:
        """Return the digests of the documents that the case needs on disk."""
        return [
            row["sha256"] for table, rows in self.added if table.name == "document" for row in rows
        ]


@dataclass
class Memory:
    """The trips of a run, by all that was asked for since the database was untouched."""

    trips: dict[tuple[Any, ...], Trip] = field(default_factory=dict)


class Remembering(World):
    """The world of one test."""

    memory: Memory
    asked: tuple[Any, ...] = ()
    written = False

    def __init__(self, *args: Any, memory: Memory, connection: Connection) -> None:
        """Stand on a connection on which nothing was written yet."""
        super().__init__(*args)
        self.memory = memory
        event.listen(connection, "before_cursor_execute", self._watch)

    def at(self, state: str, call: str = GRANT, **changed: str) -> str:
        """Return the reference of a case that travelled to a state by the real commands, now or before."""
        go = super().at
        return self._once(lambda: go(state, call, **changed), "at", state, call, changed)

    def draft(self, call: str = GRANT, **changed: str) -> str:
        """Return the reference of a draft with every answer and document."""
        go = super().draft
        return self._once(lambda: go(call, **changed), "draft", "", call, changed)

    def tranche_to(self, reference: str, number: int, state: str) -> None:
        """Let a tranche travel to a state, now or before."""
        go = super().tranche_to

        def travel() -> str:
            go(reference, number, state)
            return reference

        self._once(travel, f"tranche {number} of {reference}", state, "", {})

    def _watch(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.written = self.written or statement.startswith(WRITES)

    def _once(
        self, go: Callable[[], str], what: str, state: str, call: str, changed: dict[str, str]
    ) -> str:
        # A test that has written something, or has a clock or schemes of its own kind, gets the commands themselves.
        days = Days.ticking()
        own = (days is None and clock.now is not _now) or schemes._terms is not _terms
        if self.written or own or clock.days_ahead():
            return go()
        moment = days.at if days else tuple(clock.today(zone) for zone in ZONES)
        asked = (*self.asked, (what, state, call, tuple(sorted(changed.items())), moment))
        trip = self.memory.trips.get(asked)
        if trip is None:
            before = _everything()
            reference = go()
            until = days.at if days else None
            trip = self.memory.trips[asked] = _trip(reference, before, _everything(), until)
        elif self._is_whole(trip):
            if call:
                self.country = ASKED.get(call, ASKED[LOAN])[0]
            _put(trip)
            if days and trip.until:
                days.at = trip.until
        else:
            return go()
        self.asked, self.written = asked, False
        return trip.reference

    def _is_whole(self, trip: Trip) -> bool:
        store = self.app.extensions["saluran.settings"].storage_dir
        return all(path_of(store, digest).exists() for digest in trip.digests)


def _everything() -> dict[Table, Rows]:
    """Return every row of the database, by table and primary key."""
    db.session.flush()
    found = {}
    for table in db.metadata.sorted_tables:
        keys = [table.c.keys().index(column.name) for column in table.primary_key]
        rows = db.session.connection().execute(select(table).order_by(*table.primary_key)).all()
        found[table] = {tuple(row[key] for key in keys): tuple(row) for row in rows}
    db.session.rollback()
    return found


def _trip(
    reference: str, before: dict[Table, Rows], after: dict[Table, Rows], until: datetime | None
) -> Trip:
    added, changed = [], []
    for table, rows in after.items():
        names, known = table.c.keys(), before[table]
        if new := [dict(zip(names, rows[key], strict=True)) for key in rows if key not in known]:
            added.append((table, new))
        for key in rows.keys() & known.keys():
            both = zip(names, rows[key], known[key], strict=True)
            if values := {name: now for name, now, then in both if now != then}:
                whose = dict(zip(table.primary_key.columns.keys(), key, strict=True))
                changed.append((table, whose, values))
    return Trip(reference, tuple(added), tuple(changed), until)


def _put(trip: Trip) -> None:
    with transaction():
        connection = db.session.connection()
        for table, rows in trip.added:
            connection.execute(insert(table), rows)
        for table, whose, values in trip.changed:
            connection.execute(update(table).filter_by(**whose).values(values))
    db.session.expire_all()
