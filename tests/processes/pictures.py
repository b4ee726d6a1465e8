"""A database as it stood at a moment, put back as often as it is wanted; nobody else may be using it."""

import sqlite3
from pathlib import Path
from typing import Self

from sqlalchemy import URL, create_engine, text

from app.db import db


class Picture:
    """What the database of this process holds when the context is entered."""

    def __enter__(self) -> Self:
        """Take it."""
        self._url: URL = db.engine.url
        _let_go()
        if self._on_a_server:
            self._copy(self._name, self._kept)
        else:
            file = sqlite3.connect(self._file)
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            file.close()
            self._bytes = self._file.read_bytes()
        return self

    def __exit__(self, *exception: object) -> None:
        """Throw it away."""
        if self._on_a_server:
            self._tell(f"DROP DATABASE {self._kept}")

    def put_back(self) -> None:
        """Let the database hold again what it held; what was killed in it has no say any more."""
        _let_go()
        if self._on_a_server:
            self._tell(f"DROP DATABASE {self._name} WITH (FORCE)")
            self._copy(self._kept, self._name)
            return
        for ending in ("-wal", "-shm"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
        self._file.write_bytes(self._bytes)

    @property
    def _on_a_server(self) -> bool:
        return self._url.get_backend_name() == "postgresql"

    @property
    def _file(self) -> Path:
        return Path(str(self._url.database))

    @property
    def _name(self) -> str:
        return str(self._url.database)

    @property
    def _kept(self) -> str:
        return f"{self._name}_kept"

    def _copy(self, source: str, target: str) -> None:
        self._tell(f"CREATE DATABASE {target} TEMPLATE {source}")

    def _tell(self, statement: str) -> None:
        engine = create_engine(self._url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()
