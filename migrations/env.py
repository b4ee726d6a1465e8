"""How migrations run, on both databases."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, event

from app.db import Model, UTCDateTime, db

config = context.config


def run() -> None:
    """Bring the database of the running application forward."""
    engine = db.engine
    if engine.dialect.name != "sqlite":
        _forward(engine)
        return
    # Rebuilding a parent table with foreign keys on would take its children along. Whoever uses the database afterwards
    # in this process has them on again.
    event.listen(engine, "connect", _without_foreign_keys)
    engine.dispose()
    try:
        _forward(engine)
    finally:
        event.remove(engine, "connect", _without_foreign_keys)
        engine.dispose()


def _without_foreign_keys(connection, _record):
    connection.execute("PRAGMA foreign_keys=OFF")


def _forward(engine):
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            render_item=_named,
        )
        with context.begin_transaction():
            context.run_migrations()
        _check(connection)


def _named(kind: str, item: object, _context: object) -> str | bool:
    """Write our moment as the plain type: a migration must not depend on the program of a later day."""
    return (
        "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False
    )


def _check(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        wrong = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if wrong:
            raise RuntimeError(
                f"The migration left {len(wrong)} rows that point to nothing: {wrong[:3]}"
            )


with current_app.app_context():
    run()
