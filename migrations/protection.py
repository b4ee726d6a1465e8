"""What the database refuses, on both databases: to change what is written once, and to delete what a decision rests on."""

from collections.abc import Iterable, Sequence

from alembic import op


def protect(unchangeable: Sequence[str], undeletable: Sequence[str]) -> None:
    """Let the database refuse to change or delete rows of tables; a table that is protected already stays so.

    On PostgreSQL the function ``saluran_refuse`` of an earlier migration does it.
    """
    refusals = [(table, act) for table in unchangeable for act in ("UPDATE", "DELETE")]
    refusals += [(table, "DELETE") for table in undeletable]
    if _postgresql():
        refusals += [(table, "TRUNCATE") for table in (*unchangeable, *undeletable)]
    refuse(refusals)


def refuse(refusals: Iterable[tuple[str, str]]) -> None:
    """Let the database refuse each act (UPDATE, DELETE, TRUNCATE) on its table."""
    for table, act in refusals:
        if _postgresql():
            op.execute(
                f"CREATE OR REPLACE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION saluran_refuse()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never {act.lower()}d'); END"
            )


def release(table: str, act: str) -> None:
    """Let the database no longer refuse an act on a table."""
    _drop(table, f"{table}_no_{act}")


def given_once(table: str, columns: Sequence[str], place: str) -> None:
    """Let the database refuse to change the columns of a table, and let one more be given once and never taken back."""
    unset = f"OLD.{place} IS NOT NULL OR NEW.{place} IS NULL"
    named = ", ".join(columns)
    if _postgresql():
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {named} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION saluran_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_{place}_once BEFORE UPDATE ON {table} "
            f"FOR EACH ROW WHEN ({unset}) EXECUTE FUNCTION saluran_refuse()"
        )
        return
    refused = f"BEGIN SELECT RAISE(ABORT, '{table} is never updated'); END"
    op.execute(f"CREATE TRIGGER {table}_no_UPDATE BEFORE UPDATE OF {named} ON {table} {refused}")
    op.execute(
        f"CREATE TRIGGER {table}_{place}_once BEFORE UPDATE OF {place} ON {table} WHEN {unset} {refused}"
    )


def release_given(table: str, place: str) -> None:
    """Undo what ``given_once`` did."""
    _drop(table, f"{table}_no_UPDATE")
    _drop(table, f"{table}_{place}_once")


def _drop(table: str, trigger: str) -> None:
    op.execute(f"DROP TRIGGER {trigger}" + (f" ON {table}" if _postgresql() else ""))


def _postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
