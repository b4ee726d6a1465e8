"""Late-payment charges as dues of their own, what of them was waived, and what of them is overdue."""

import sqlalchemy as sa
from alembic import op

from migrations.keys import refers
from migrations.protection import protect, rebuilding

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UNCHANGEABLE = ("late_charge", "charge_waiver")


def _whole(name):
    return sa.Column(name, sa.Integer(), nullable=False)


def _minor(name):
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade():
    op.create_table(
        "late_charge",
        _whole("id"),
        _whole("award_id"),
        _whole("proceeding_id"),
        _whole("number"),
        sa.Column("kind", sa.String(length=12), nullable=False),
        _minor("amount_minor"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("covers", sa.JSON(), nullable=False),
        _whole("event_id"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_late_charge_amount")),
        refers("late_charge", "award_id", "award"),
        refers("late_charge", "proceeding_id", "proceeding"),
        refers("late_charge", "event_id", "event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_charge")),
        sa.UniqueConstraint("award_id", "number", name=op.f("uq_late_charge_award_id_number")),
    )
    op.create_table(
        "charge_waiver",
        _whole("id"),
        _whole("charge_id"),
        _whole("proceeding_id"),
        _minor("amount_minor"),
        _whole("event_id"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_charge_waiver_amount")),
        refers("charge_waiver", "charge_id", "late_charge"),
        refers("charge_waiver", "proceeding_id", "proceeding"),
        refers("charge_waiver", "event_id", "event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_waiver")),
        sa.UniqueConstraint(
            "proceeding_id", "charge_id", name=op.f("uq_charge_waiver_proceeding_id_charge_id")
        ),
    )
    op.create_index(op.f("ix_charge_waiver_charge_id"), "charge_waiver", ["charge_id"])
    with rebuilding("loan_standing") as batch:
        batch.add_column(
            sa.Column("overdue_charge_minor", sa.BigInteger(), nullable=False, server_default="0")
        )
    with rebuilding("loan_standing") as batch:
        batch.alter_column(
            "overdue_charge_minor", existing_type=sa.BigInteger(), server_default=None
        )
    protect(UNCHANGEABLE, ())


def downgrade():
    with rebuilding("loan_standing") as batch:
        batch.drop_column("overdue_charge_minor")
    for table in ("charge_waiver", "late_charge"):
        op.drop_table(table)
