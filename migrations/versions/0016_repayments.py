"""Loans after the money is out: receipts, what each of them paid, write-offs, and how every loan stands."""

import sqlalchemy as sa
from alembic import op

from migrations.keys import refers
from migrations.protection import protect

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UNCHANGEABLE = ("receipt", "allocation", "write_off")
UNDELETABLE = ("loan_standing",)


def _number(name, kind=None, *, missing=False):
    return sa.Column(name, kind or sa.Integer(), nullable=missing)


def upgrade():
    op.create_table(
        "receipt",
        _number("id"),
        _number("award_id"),
        _number("proceeding_id"),
        _number("amount_minor", sa.BigInteger()),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("bank_reference", sa.String(length=80), nullable=False),
        _number("bank_line_id", missing=True),
        _number("event_id"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_receipt_amount")),
        refers("receipt", "award_id", "award"),
        refers("receipt", "bank_line_id", "bank_line"),
        refers("receipt", "event_id", "event"),
        refers("receipt", "proceeding_id", "proceeding"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint(
            "award_id", "bank_reference", name=op.f("uq_receipt_award_id_bank_reference")
        ),
        sa.UniqueConstraint("bank_line_id", name=op.f("uq_receipt_bank_line_id")),
        sa.UniqueConstraint("event_id", name=op.f("uq_receipt_event_id")),
        sa.UniqueConstraint("proceeding_id", name=op.f("uq_receipt_proceeding_id")),
    )
    op.create_table(
        "allocation",
        _number("id"),
        _number("award_id"),
        _number("receipt_id"),
        _number("instalment"),
        sa.Column("component", sa.String(length=10), nullable=False),
        _number("amount_minor", sa.BigInteger()),
        sa.Column("paid_on", sa.Date(), nullable=False),
        _number("event_id"),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_allocation_amount")),
        refers("allocation", "award_id", "award"),
        refers("allocation", "event_id", "event"),
        refers("allocation", "receipt_id", "receipt"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    op.create_index("ix_allocation_award", "allocation", ["award_id", "id"])
    op.create_table(
        "write_off",
        _number("award_id"),
        _number("proceeding_id"),
        _number("amount_minor", sa.BigInteger()),
        sa.Column("written_off_on", sa.Date(), nullable=False),
        _number("event_id"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_write_off_amount")),
        refers("write_off", "award_id", "award"),
        refers("write_off", "event_id", "event"),
        refers("write_off", "proceeding_id", "proceeding"),
        sa.PrimaryKeyConstraint("award_id", name=op.f("pk_write_off")),
        sa.UniqueConstraint("event_id", name=op.f("uq_write_off_event_id")),
        sa.UniqueConstraint("proceeding_id", name=op.f("uq_write_off_proceeding_id")),
    )
    op.create_table(
        "loan_standing",
        _number("award_id"),
        _number("application_id"),
        _number("agency_id"),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        _number("days"),
        _number("instalments"),
        sa.Column("bucket", sa.String(length=20), nullable=False),
        _number("overdue_principal_minor", sa.BigInteger()),
        _number("overdue_interest_minor", sa.BigInteger()),
        _number("owed_minor", sa.BigInteger()),
        _number("credit_minor", sa.BigInteger()),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("notice", sa.String(length=20), nullable=False),
        sa.Column("noticed", sa.String(length=20), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("written_off", sa.Boolean(), nullable=False),
        sa.Column("repaid_on", sa.Date(), nullable=True),
        refers("loan_standing", "agency_id", "agency"),
        refers("loan_standing", "application_id", "application"),
        refers("loan_standing", "award_id", "award"),
        sa.PrimaryKeyConstraint("award_id", name=op.f("pk_loan_standing")),
    )
    op.create_index("ix_loan_standing_agency", "loan_standing", ["agency_id", "days", "award_id"])
    op.create_index(op.f("ix_loan_standing_application_id"), "loan_standing", ["application_id"])
    op.create_index("ix_loan_standing_zone", "loan_standing", ["zone", "as_of"])
    protect(UNCHANGEABLE, UNDELETABLE)


def downgrade():
    for table in ("loan_standing", "write_off", "allocation", "receipt"):
        op.drop_table(table)
