"""Rows into tables in bulk, past the program: COPY on PostgreSQL, one statement for many rows on SQLite."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Flask

from app.db import db
from benchmarks.moulds import TABLES

# In an order that foreign keys allow.
ORDER = ("enterprise", "person", "event", "disclosure_key", "disclosure", *TABLES)
# So many rows are held in memory before they are written.
HELD = 100_000


class Sink:
    """Holds rows and writes them table by table; whatever the program does on this database meanwhile has to wait."""

    def __init__(self, app: Flask) -> None:
        """Open a connection of its own, as careless as a benchmark may be."""
        with app.app_context():
            engine = db.engine
        self.on_postgresql = engine.dialect.name == "postgresql"
        self._connection: Any = engine.raw_connection()
        self._cursor: Any = self._connection.cursor()
        self._columns = {name: [c.name for c in db.metadata.tables[name].c] for name in ORDER}
        self._rows: dict[str, list[Sequence[Any]]] = {name: [] for name in ORDER}
        self._held = 0
        careless = (
            ("SET synchronous_commit = off",)
            if self.on_postgresql
            else ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -200000")
        )
        for statement in careless:
            self._cursor.execute(statement)

    def moment(self, at: datetime) -> str:
        """Return a moment as this database keeps it."""
        text = at.isoformat(sep=" ", timespec="microseconds")
        return text if self.on_postgresql else text.removesuffix("+00:00")

    def next_id(self, table: str) -> int:
        """Return the first number that no row of a table has."""
        self._cursor.execute(f'SELECT coalesce(max(id), 0) + 1 FROM "{table}"')  # noqa: S608
        first: int = self._cursor.fetchone()[0]
        return first

    def add(self, table: str, row: Sequence[Any]) -> None:
        """Take a row with a value for every column, in the order of the model."""
        self._rows[table].append(row)
        self._held += 1

    def flush(self, *, least: int = HELD) -> None:
        """Write what is held once it is so many rows."""
        if self._held < least:
            return
        if not self.on_postgresql:
            self._cursor.execute("BEGIN IMMEDIATE")
        for table in ORDER:
            self._write(table, self._rows[table])
            self._rows[table].clear()
        self._connection.commit()
        self._held = 0

    def _write(self, table: str, rows: list[Sequence[Any]]) -> None:
        names = ", ".join(f'"{name}"' for name in self._columns[table])
        if self.on_postgresql:
            with self._cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(self._columns[table]))
        self._cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608

    def close(self) -> None:
        """Write the rest, let new rows be numbered after these, and give the connection up."""
        self.flush(least=0)
        if self.on_postgresql:
            for table in ORDER:
                if "id" in self._columns[table]:
                    self._cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM \"{table}\""  # noqa: S608
                    )
            # As its autovacuum would have by the time that so much was written; SQLite never looks by itself.
            self._cursor.execute("ANALYZE")
            self._connection.commit()
        # Not back to the pool: the next to use it would be as careless.
        self._connection.invalidate()
        self._connection.close()
