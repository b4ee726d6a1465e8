"""Money that comes back: instalments of a clawback, what a guarantor paid, and what came in."""

import sqlalchemy as sa
from alembic import op

from migrations.keys import refers
from migrations.protection import protect

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

UNCHANGEABLE = ("clawback_instalment", "guarantee_payout", "incoming")


def _whole(name, *, missing=False):
    return sa.Column(name, sa.Integer(), nullable=missing)


def _minor(name, *, missing=False):
    return sa.Column(name, sa.BigInteger(), nullable=missing)


def _day(name):
    return sa.Column(name, sa.Date(), nullable=False)


def _text(name, length):
    return sa.Column(name, sa.String(length=length), nullable=False)


def upgrade():
    op.create_table(
        "clawback_instalment",
        _whole("proceeding_id"),
        _whole("number"),
        _day("due_on"),
        _minor("amount_minor"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_clawback_instalment_amount")),
        refers("clawback_instalment", "proceeding_id", "proceeding"),
        sa.PrimaryKeyConstraint("proceeding_id", "number", name=op.f("pk_clawback_instalment")),
    )
    op.create_index(
        "ix_clawback_instalment_due", "clawback_instalment", ["due_on", "proceeding_id"]
    )
    op.create_table(
        "guarantee_payout",
        _whole("proceeding_id"),
        _whole("application_id"),
        _minor("amount_minor"),
        _minor("loss_minor"),
        _text("currency", 3),
        _day("paid_on"),
        _text("bank_reference", 80),
        _whole("event_id"),
        sa.CheckConstraint(
            "amount_minor > 0 AND amount_minor <= loss_minor",
            name=op.f("ck_guarantee_payout_amount"),
        ),
        refers("guarantee_payout", "proceeding_id", "proceeding"),
        refers("guarantee_payout", "application_id", "application"),
        refers("guarantee_payout", "event_id", "event"),
        sa.PrimaryKeyConstraint("proceeding_id", name=op.f("pk_guarantee_payout")),
        sa.UniqueConstraint("event_id", name=op.f("uq_guarantee_payout_event_id")),
    )
    op.create_index("ix_guarantee_payout_application", "guarantee_payout", ["application_id"])
    op.create_table(
        "incoming",
        _whole("proceeding_id"),
        _whole("application_id"),
        _whole("on_id", missing=True),
        _minor("amount_minor"),
        _minor("guarantor_minor", missing=True),
        _day("received_on"),
        _text("bank_reference", 80),
        _whole("event_id"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_incoming_amount")),
        sa.CheckConstraint(
            "guarantor_minor >= 0 AND guarantor_minor <= amount_minor",
            name=op.f("ck_incoming_share"),
        ),
        refers("incoming", "proceeding_id", "proceeding"),
        refers("incoming", "application_id", "application"),
        refers("incoming", "on_id", "proceeding"),
        refers("incoming", "event_id", "event"),
        sa.PrimaryKeyConstraint("proceeding_id", name=op.f("pk_incoming")),
        sa.UniqueConstraint("event_id", name=op.f("uq_incoming_event_id")),
        sa.UniqueConstraint(
            "application_id",
            "bank_reference",
            name=op.f("uq_incoming_application_id_bank_reference"),
        ),
    )
    op.create_index("ix_incoming_on", "incoming", ["on_id"])
    protect(UNCHANGEABLE, ())


def downgrade():
    for table in ("incoming", "guarantee_payout", "clawback_instalment"):
        op.drop_table(table)
