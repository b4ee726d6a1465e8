"""Delegation, votes, clocks with warnings and extensions, other institutions, publication of workflows by two people."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Written once, for ever; and what moves through its life but is never deleted.
UNCHANGEABLE = ("ballot", "voiding")
UNDELETABLE = ("delegation", "workflow_proposal", "workflow_migration", "participation")
# On SQLite these are rebuilt, which loses their triggers.
REBUILT_UNCHANGEABLE = ("decision", "workflow_version")
REBUILT_UNDELETABLE = (
    "agency", "application", "attachment", "authority", "award", "interest", "part", "tranche",
)  # fmt: skip


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

    op.create_table(
        "ballot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("vote", sa.String(length=10), nullable=False),
        sa.Column("duties", sa.JSON(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=True),
        sa.Column("delegation_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "vote IN ('for', 'against', 'abstain', 'recuse')", name=op.f("ck_ballot_vote")
        ),
        sa.CheckConstraint("round > 0", name=op.f("ck_ballot_round")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_ballot_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_ballot_authority_id_authority")
        ),
        sa.ForeignKeyConstraint(
            ["delegation_id"], ["delegation.id"], name=op.f("fk_ballot_delegation_id_delegation")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_ballot_event_id_event")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["person.id"], name=op.f("fk_ballot_on_behalf_of_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_ballot_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint(
            "application_id",
            "decision",
            "round",
            "person_id",
            name=op.f("uq_ballot_application_id_decision_round_person_id"),
        ),
        sa.UniqueConstraint("event_id", name=op.f("uq_ballot_event_id")),
    )
    op.create_table(
        "participation",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("institution", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_participation_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_participation_application_id_application"),
        ),
        sa.PrimaryKeyConstraint("application_id", "agency_id", name=op.f("pk_participation")),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participation_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "voiding",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_voiding_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_voiding_event_id_event")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_voiding")),
    )
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("trail_seq", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("trail_hash", sa.String(length=64), server_default="", nullable=False)
        )

    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("strands", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("clock_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("clock_unit", sa.String(length=10), nullable=True))
        batch_op.add_column(
            sa.Column("clock_extended", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("warn_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("warned_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("escalated_to", sa.String(length=40), nullable=True))
        batch_op.alter_column(
            "state",
            existing_type=sa.VARCHAR(length=30),
            type_=sa.String(length=60),
            existing_nullable=False,
        )
        batch_op.alter_column(
            "clock_state",
            existing_type=sa.VARCHAR(length=30),
            type_=sa.String(length=60),
            existing_nullable=True,
        )
        batch_op.create_index("ix_application_warn", ["warn_on"], unique=False)

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("act", sa.String(length=40), server_default="", nullable=False)
        )

    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("duty", sa.String(length=40), server_default="approver", nullable=False)
        )
        batch_op.add_column(
            sa.Column("body", sa.String(length=80), server_default="", nullable=False)
        )

    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_award_application_id"), type_="unique")
        batch_op.create_index("ix_award_application", ["application_id"], unique=False)
        batch_op.create_index(
            "ux_award_standing",
            ["application_id"],
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("name", sa.String(length=40), server_default="award", nullable=False)
        )
        batch_op.add_column(sa.Column("round", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("delegation_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_decision_application_id"), type_="unique")
        batch_op.create_index(
            batch_op.f("ix_decision_application_id"), ["application_id"], unique=False
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_decision_application_id_name_round"), ["application_id", "name", "round"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_decision_delegation_id_delegation"),
            "delegation",
            ["delegation_id"],
            ["id"],
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

    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.alter_column(
            "part",
            existing_type=sa.VARCHAR(length=30),
            type_=sa.String(length=40),
            existing_nullable=False,
        )

    with op.batch_alter_table("tranche", schema=None) as batch_op:
        batch_op.add_column(sa.Column("clock_state", sa.String(length=60), nullable=True))
        batch_op.add_column(
            sa.Column("clock_used", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("clock_started_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("clock_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("clock_unit", sa.String(length=10), nullable=True))
        batch_op.add_column(
            sa.Column("clock_extended", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("warn_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("calendar", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("warned_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("escalated_to", sa.String(length=40), nullable=True))
        batch_op.alter_column(
            "state",
            existing_type=sa.VARCHAR(length=30),
            type_=sa.String(length=60),
            existing_nullable=False,
        )
        batch_op.create_index("ix_tranche_due", ["due_on"], unique=False)

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
    _protect(UNCHANGEABLE + REBUILT_UNCHANGEABLE, UNDELETABLE + REBUILT_UNDELETABLE)
    if op.get_bind().dialect.name == "postgresql":
        for table in UNCHANGEABLE + UNDELETABLE:
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION saluran_refuse()"
            )


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

    with op.batch_alter_table("tranche", schema=None) as batch_op:
        batch_op.drop_index("ix_tranche_due")
        batch_op.alter_column(
            "state",
            existing_type=sa.String(length=60),
            type_=sa.VARCHAR(length=30),
            existing_nullable=False,
        )
        batch_op.drop_column("escalated_to")
        batch_op.drop_column("warned_on")
        batch_op.drop_column("calendar")
        batch_op.drop_column("warn_on")
        batch_op.drop_column("due_on")
        batch_op.drop_column("clock_extended")
        batch_op.drop_column("clock_unit")
        batch_op.drop_column("clock_days")
        batch_op.drop_column("clock_started_on")
        batch_op.drop_column("clock_used")
        batch_op.drop_column("clock_state")

    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.alter_column(
            "part",
            existing_type=sa.String(length=40),
            type_=sa.VARCHAR(length=30),
            existing_nullable=False,
        )

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

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_decision_delegation_id_delegation"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("uq_decision_application_id_name_round"), type_="unique"
        )
        batch_op.drop_index(batch_op.f("ix_decision_application_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_decision_application_id"), ["application_id"]
        )
        batch_op.drop_column("delegation_id")
        batch_op.drop_column("round")
        batch_op.drop_column("name")

    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.drop_index(
            "ux_award_standing",
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_award_application")
        batch_op.create_unique_constraint(batch_op.f("uq_award_application_id"), ["application_id"])

    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.drop_column("body")
        batch_op.drop_column("duty")

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_column("act")

    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index("ix_application_warn")
        batch_op.alter_column(
            "clock_state",
            existing_type=sa.String(length=60),
            type_=sa.VARCHAR(length=30),
            existing_nullable=True,
        )
        batch_op.alter_column(
            "state",
            existing_type=sa.String(length=60),
            type_=sa.VARCHAR(length=30),
            existing_nullable=False,
        )
        batch_op.drop_column("escalated_to")
        batch_op.drop_column("warned_on")
        batch_op.drop_column("warn_on")
        batch_op.drop_column("clock_extended")
        batch_op.drop_column("clock_unit")
        batch_op.drop_column("clock_days")
        batch_op.drop_column("strands")

    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.drop_column("trail_hash")
        batch_op.drop_column("trail_seq")

    op.drop_table("voiding")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participation_agency_id"))

    op.drop_table("participation")
    op.drop_table("ballot")
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
    _protect(REBUILT_UNCHANGEABLE, REBUILT_UNDELETABLE)


def _protect(unchangeable, undeletable):
    refusals = [(table, act) for table in unchangeable for act in ("UPDATE", "DELETE")]
    refusals += [(table, "DELETE") for table in undeletable]
    for table, act in refusals:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never {act.lower()}d'); END"
            )
        else:
            op.execute(
                f"CREATE OR REPLACE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION saluran_refuse()"
            )
