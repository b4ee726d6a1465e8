"""What the database refuses, on both databases: to change what is written once, and to delete what a decision rests on."""

from collections.abc import Sequence

from alembic import op


def protect(unchangeable: Sequence[str], undeletable: Sequence[str]) -> None:
    """Let the database refuse to change or delete rows of tables; a table that is protected already stays so.

    On PostgreSQL the function ``saluran_refuse`` of an earlier migration does it.
    """
    postgresql = op.get_bind().dialect.name == "postgresql"
    refusals = [(table, act) for table in unchangeable for act in ("UPDATE", "DELETE")]
    refusals += [(table, "DELETE") for table in undeletable]
    if postgresql:
        refusals += [(table, "TRUNCATE") for table in (*unchangeable, *undeletable)]
    for table, act in refusals:
        if postgresql:
            op.execute(
                f"CREATE OR REPLACE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION saluran_refuse()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never {act.lower()}d'); END"
            )
