"""How a migration names what a column refers to, by the convention of the models."""

import sqlalchemy as sa
from alembic import op


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """Return the foreign key of a column to the id of another table."""
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)
