"""Delegation, related parties, and publication of workflows by two people."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Written once, for ever; and what moves through its life but is never deleted.
UNCHANGEABLE = ()
UNDELETABLE = ("delegation", "workflow_proposal", "workflow_migration")
# SQLite rebuilds these, which loses their triggers.
REBUILT_UNCHANGEABLE = ("workflow_version",)
REBUILT_UNDELETABLE = ("agency", "authority", "interest")


def upgrade():
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("taker_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("scheme_code", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(limit_minor IS NULL) = (currency IS NULL)", name=op.f("ck_delegation_limit_currency")
        ),
        sa.CheckConstraint("giver_id <> taker_id", name=op.f("ck_delegation_not_to_oneself")),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_delegation_period")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_delegation_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["person.id"], name=op.f("fk_delegation_giver_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["taker_id"], ["person.id"], name=op.f("fk_delegation_taker_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        sa.UniqueConstraint("event_id", name=op.f("uq_delegation_event_id")),
    )
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegation_giver_id"), ["giver_id"], unique=False)
        batch_op.create_index("ix_delegation_taker", ["taker_id", "valid_to"], unique=False)
    op.create_table(
        "workflow_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'published' OR decided_by <> author_id",
            name=op.f("ck_workflow_proposal_four_eyes"),
        ),
        sa.CheckConstraint(
            "outcome = 'open' OR decided_by IS NOT NULL", name=op.f("ck_workflow_proposal_decided")
        ),
        sa.CheckConstraint(
            "outcome IN ('open', 'published', 'rejected')",
            name=op.f("ck_workflow_proposal_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_workflow_proposal_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_workflow_proposal_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_workflow_proposal_decided_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_proposal")),
    )
    with op.batch_alter_table("workflow_proposal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workflow_proposal_agency_id"), ["agency_id"], unique=False
        )
    op.create_table(
        "workflow_migration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("from_digest", sa.String(length=64), nullable=False),
        sa.Column("to_digest", sa.String(length=64), nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carried_out_by", sa.Integer(), nullable=True),
        sa.Column("carried_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "carried_out_by IS NULL OR carried_out_by <> author_id",
            name=op.f("ck_workflow_migration_four_eyes"),
        ),
        sa.CheckConstraint(
            "from_digest <> to_digest", name=op.f("ck_workflow_migration_versions_differ")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_workflow_migration_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_workflow_migration_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["carried_out_by"],
            ["person.id"],
            name=op.f("fk_workflow_migration_carried_out_by_person"),
        ),
        sa.ForeignKeyConstraint(
            ["from_digest"],
            ["workflow_version.digest"],
            name=op.f("fk_workflow_migration_from_digest_workflow_version"),
        ),
        sa.ForeignKeyConstraint(
            ["to_digest"],
            ["workflow_version.digest"],
            name=op.f("fk_workflow_migration_to_digest_workflow_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_migration")),
    )
    with op.batch_alter_table("workflow_migration", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workflow_migration_agency_id"), ["agency_id"], unique=False
        )
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("trail_seq", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("trail_hash", sa.String(length=64), server_default="", nullable=False)
        )
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("duty", sa.String(length=40), server_default="approver", nullable=False)
        )
        batch_op.add_column(
            sa.Column("body", sa.String(length=80), server_default="", nullable=False)
        )
    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("case", sa.String(length=40), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("kind", sa.String(length=20), server_default="declared", nullable=False)
        )
        batch_op.drop_constraint(batch_op.f("uq_interest_person_id_enterprise_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_interest_person_id_enterprise_id_case"),
            ["person_id", "enterprise_id", "case"],
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_interest_kind"), "kind IN ('declared', 'related_party')"
        )
    with op.batch_alter_table("workflow_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agency_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("checker_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_workflow_version_author_id_person"), "person", ["author_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_workflow_version_checker_id_person"), "person", ["checker_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_workflow_version_agency_id_agency"), "agency", ["agency_id"], ["id"]
        )
    protect(UNCHANGEABLE + REBUILT_UNCHANGEABLE, UNDELETABLE + REBUILT_UNDELETABLE)


def downgrade():
    with op.batch_alter_table("workflow_version", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_workflow_version_agency_id_agency"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_workflow_version_checker_id_person"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_workflow_version_author_id_person"), type_="foreignkey"
        )
        batch_op.drop_column("published_at")
        batch_op.drop_column("checker_id")
        batch_op.drop_column("author_id")
        batch_op.drop_column("agency_id")
    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_interest_person_id_enterprise_id_case"), type_="unique"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_interest_person_id_enterprise_id"), ["person_id", "enterprise_id"]
        )
        batch_op.drop_constraint(batch_op.f("ck_interest_kind"), type_="check")
        batch_op.drop_column("kind")
        batch_op.drop_column("case")
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.drop_column("body")
        batch_op.drop_column("duty")
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_column("trail_hash")
        batch_op.drop_column("trail_seq")
    with op.batch_alter_table("workflow_migration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workflow_migration_agency_id"))
    op.drop_table("workflow_migration")
    with op.batch_alter_table("workflow_proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workflow_proposal_agency_id"))
    op.drop_table("workflow_proposal")
    with op.batch_alter_table("delegation", schema=None) as batch_op:
        batch_op.drop_index("ix_delegation_taker")
        batch_op.drop_index(batch_op.f("ix_delegation_giver_id"))
    op.drop_table("delegation")
    protect(REBUILT_UNCHANGEABLE, REBUILT_UNDELETABLE)
