"""What banks answer: their files, and what became of each line."""

import sqlalchemy as sa
from alembic import op

from migrations.keys import refers
from migrations.protection import protect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

UNDELETABLE = ("bank_report", "bank_line")


def _at(name, *, missing=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=missing)


def upgrade():
    op.create_table(
        "bank_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.String(length=1000), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=False),
        _at("taken_at"),
        sa.Column("event_id", sa.Integer(), nullable=False),
        refers("bank_report", "agency_id", "agency"),
        refers("bank_report", "event_id", "event"),
        refers("bank_report", "taken_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_report")),
        sa.UniqueConstraint("agency_id", "sha256", name=op.f("uq_bank_report_agency_id_sha256")),
    )
    op.create_index("ix_bank_report_agency", "bank_report", ["agency_id", "id"])
    op.create_table(
        "bank_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("end_to_end_id", sa.String(length=35), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("instruction_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        _at("settled_at", missing=True),
        sa.CheckConstraint(
            "state <> 'settled' OR settled_by IS NOT NULL", name=op.f("ck_bank_line_settled")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'applied', 'noted', 'open', 'settled')",
            name=op.f("ck_bank_line_state"),
        ),
        refers("bank_line", "event_id", "event"),
        refers("bank_line", "instruction_id", "payment_instruction"),
        refers("bank_line", "report_id", "bank_report"),
        refers("bank_line", "settled_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint("report_id", "position", name=op.f("uq_bank_line_report_id_position")),
    )
    op.create_index("ix_bank_line_state", "bank_line", ["state", "id"])
    protect((), UNDELETABLE)


def downgrade():
    op.drop_table("bank_line")
    op.drop_table("bank_report")
