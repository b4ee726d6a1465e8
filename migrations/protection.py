"""What the database refuses, on both databases: to change what is written once, and to delete what a decision rests on."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations


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


@contextmanager
def rebuilding(table: str) -> Iterator[BatchOperations]:
    """Change a table that SQLite has to rebuild, with the triggers that look at it afterwards as they were before."""
    kept = [] if _postgresql() else _looking_at(table)
    for name, _ in kept:
        op.execute(f"DROP TRIGGER {name}")
    with op.batch_alter_table(table) as batch:
        yield batch
    for _, trigger in kept:
        op.execute(sa.text(trigger))


def _looking_at(table: str) -> list[tuple[str, str]]:
    """Return name and text of the triggers of a table, and of those of other tables that ask it."""
    found = sa.text(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "
        "AND (tbl_name = :table OR sql LIKE '%' || :table || '%')"
    )
    return [(row.name, row.sql) for row in op.get_bind().execute(found, {"table": table})]


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


UNLESS = """
CREATE FUNCTION saluran_unless() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE holds boolean;
BEGIN
  EXECUTE 'SELECT ' || TG_ARGV[0] INTO holds USING OLD, NEW;
  IF holds IS NOT TRUE THEN
    RAISE EXCEPTION '% is never %d', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$
"""
"""The function that ``unless`` needs on PostgreSQL."""


def unless(table: str, act: str, holds: str) -> None:
    """Let the database refuse an act on a row of a table unless a condition on it holds.

    In the condition ``{old}`` and ``{new}`` are the row as it stands and as it is to be.
    """
    name = f"{table}_{act}_unless"
    if _postgresql():
        condition = holds.replace("{old}", "($1)").replace("{new}", "($2)").replace("'", "''")
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION saluran_unless('{condition}')"
        )
        return
    condition = holds.replace("{old}", "OLD").replace("{new}", "NEW")
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN NOT ({condition}) "
        f"BEGIN SELECT RAISE(ABORT, '{table} is never {act.lower()}d'); END"
    )


def unless_no_more(table: str, act: str) -> None:
    """Undo what ``unless`` did."""
    _drop(table, f"{table}_{act}_unless")


def _drop(table: str, trigger: str) -> None:
    op.execute(f"DROP TRIGGER {trigger}" + (f" ON {table}" if _postgresql() else ""))


def _postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
