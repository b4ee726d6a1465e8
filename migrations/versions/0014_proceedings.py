"""Proceedings about awards, versions of what was agreed, other accounts to pay to, conditions after the first money."""

import sqlalchemy as sa
from alembic import op

from migrations.keys import refers
from migrations.protection import protect, rebuilding

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

UNCHANGEABLE = ("approval", "award_version")
UNDELETABLE = ("proceeding", "payee_account")

CLOCKED = (
    ("clock_state", sa.String(length=60), None),
    ("clock_used", sa.Integer(), "0"),
    ("clock_started_on", sa.Date(), None),
    ("clock_days", sa.Integer(), None),
    ("clock_unit", sa.String(length=10), None),
    ("clock_extended", sa.Boolean(), sa.false()),
    ("due_on", sa.Date(), None),
    ("warn_on", sa.Date(), None),
    ("calendar", sa.String(length=60), None),
    ("warned_on", sa.Date(), None),
    ("escalated_to", sa.String(length=40), None),
)


def _at(name, *, missing=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=missing)


def upgrade():
    op.create_table(
        "proceeding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("workflow_digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("private", sa.JSON(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        _at("proposed_at"),
        _at("ended_at", missing=True),
        *(
            sa.Column(name, kind, server_default=default, nullable=default is None)
            for name, kind, default in CLOCKED
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_proceeding_amount")),
        refers("proceeding", "application_id", "application"),
        refers("proceeding", "award_id", "award"),
        refers("proceeding", "proposed_by", "person"),
        sa.ForeignKeyConstraint(
            ["workflow_digest"],
            ["workflow_version.digest"],
            name=op.f("fk_proceeding_workflow_digest_workflow_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding")),
        sa.UniqueConstraint(
            "application_id", "number", name=op.f("uq_proceeding_application_id_number")
        ),
    )
    op.create_index(op.f("ix_proceeding_award_id"), "proceeding", ["award_id"])
    op.create_index("ix_proceeding_due", "proceeding", ["due_on"])
    op.create_index("ix_proceeding_warn", "proceeding", ["warn_on"])
    op.create_index("ix_proceeding_kind", "proceeding", ["kind", "state", "id"])
    op.create_table(
        "approval",
        sa.Column("proceeding_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        _at("at"),
        sa.CheckConstraint("person_id <> proposed_by", name=op.f("ck_approval_four_eyes")),
        refers("approval", "authority_id", "authority"),
        refers("approval", "event_id", "event"),
        refers("approval", "person_id", "person"),
        refers("approval", "proceeding_id", "proceeding"),
        sa.PrimaryKeyConstraint("proceeding_id", "person_id", name=op.f("pk_approval")),
        sa.UniqueConstraint("event_id", name=op.f("uq_approval_event_id")),
    )
    op.create_table(
        "payee_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.JSON(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        _at("entered_at"),
        sa.Column("usable_on", sa.Date(), nullable=True),
        _at("dropped_at", missing=True),
        sa.CheckConstraint(
            "usable_on IS NULL OR dropped_at IS NULL", name=op.f("ck_payee_account_used_or_dropped")
        ),
        refers("payee_account", "application_id", "application"),
        refers("payee_account", "entered_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee_account")),
    )
    op.create_index("ix_payee_account_application", "payee_account", ["application_id", "id"])
    op.create_table(
        "award_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size_minor", sa.BigInteger(), nullable=False),
        sa.Column("tranches", sa.JSON(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("costs_from", sa.Date(), nullable=True),
        sa.Column("costs_to", sa.Date(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        refers("award_version", "award_id", "award"),
        refers("award_version", "event_id", "event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_version")),
        sa.UniqueConstraint("award_id", "number", name=op.f("uq_award_version_award_id_number")),
    )
    with rebuilding("award") as batch:
        batch.add_column(sa.Column("costs_from", sa.Date(), nullable=True))
        batch.add_column(sa.Column("costs_to", sa.Date(), nullable=True))
    with rebuilding("condition") as batch:
        stage = sa.Column("stage", sa.String(length=12), nullable=False, server_default="precedent")
        batch.add_column(stage)
        batch.add_column(sa.Column("tranche", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("waived_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("authority_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_condition_waived_by_person"), "person", ["waived_by"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_condition_authority_id_authority"), "authority", ["authority_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_condition_stage"), "stage IN ('precedent', 'subsequent')"
        )
        batch.create_check_constraint(
            op.f("ck_condition_waived"), "waived_by IS NULL OR met_at IS NOT NULL"
        )
    # Written so that no table is rebuilt: both databases add such columns where the table stands.
    op.execute("ALTER TABLE person ADD COLUMN signs BOOLEAN DEFAULT false NOT NULL")
    op.add_column(
        "application", sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True)
    )
    protect(UNCHANGEABLE, UNDELETABLE)


def downgrade():
    op.drop_column("application", "waiting_since")
    op.drop_column("person", "signs")
    with rebuilding("condition") as batch:
        for name in ("waived", "stage"):
            batch.drop_constraint(op.f(f"ck_condition_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_condition_authority_id_authority"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_condition_waived_by_person"), type_="foreignkey")
        for name in ("authority_id", "waived_by", "due_on", "tranche", "stage"):
            batch.drop_column(name)
    with rebuilding("award") as batch:
        batch.drop_column("costs_to")
        batch.drop_column("costs_from")
    for table in ("award_version", "payee_account", "approval", "proceeding"):
        op.drop_table(table)
