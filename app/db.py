"""The database: the model base, the column types, and ``transaction()``, the only place that commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, event, text
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator


class Model(DeclarativeBase):
    """Base of every table; constraint names are fixed so that migrations can name them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Model, session_options={"expire_on_commit": False})

committed: list[Callable[[list[tuple[int, str]]], None]] = []
"""Called after a commit with id and duty of the outbox entries it wrote; failures there must not reach the person."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC on both databases: SQLite would otherwise drop the offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment: a closing time is a legal fact."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without its time zone cannot be stored.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - as SQLAlchemy calls it
    ) -> datetime | None:
        """Give the moment back aware, in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit everything done inside, or nothing; then wake the workers. Never nested."""
    session = db.session
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        session.info.pop("outbox", None)
        raise
    written: list[tuple[int, str]] = session.info.pop("outbox", [])
    if written:
        for hook in committed:
            hook(written)


@contextmanager
def apart() -> Iterator[Session]:
    """Commit something small beside a unit of work that goes on reading, such as a download that has begun."""
    session = Session(db.engine, join_transaction_mode="create_savepoint")
    with session, session.begin():
        yield session


def read_only() -> None:
    """Say that this unit of work only reads, so that SQLite does not take its write lock."""
    db.session.connection(execution_options={"read_only": True})


def snapshot() -> None:
    """Say that this unit of work reads one state of the database, whatever is committed meanwhile.

    It is the first thing the unit of work does. SQLite reads like that anyway.
    """
    connection = db.session.connection(execution_options={"read_only": True})
    # Within a savepoint the transaction around it has chosen already.
    if connection.dialect.name == "postgresql" and not connection.in_nested_transaction():
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def prepare(engine: Engine) -> None:
    """Make an embedded SQLite safe for many processes: WAL, full durability, foreign keys, one writer at a time."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            # NORMAL may lose the last commits on power loss: not acceptable for a decision.
            "synchronous=FULL",
            "foreign_keys=ON",
            # What is erased is overwritten in the file, not only taken off its list.
            "secure_delete=ON",
            "busy_timeout=15000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        reads = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
