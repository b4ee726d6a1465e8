"""Votes and voided decisions, other institutions, parallel work, and clocks that warn, extend and escalate."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Written once, for ever; and what moves through its life but is never deleted.
UNCHANGEABLE = ("ballot", "voiding")
UNDELETABLE = ("participation",)
# SQLite rebuilds these, which loses their triggers.
REBUILT_UNCHANGEABLE = ("decision",)
REBUILT_UNDELETABLE = ("application", "attachment", "award", "part", "tranche")


def upgrade():
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
        batch_op.create_index("ix_tranche_warn", ["warn_on"], unique=False)
    protect(UNCHANGEABLE + REBUILT_UNCHANGEABLE, UNDELETABLE + REBUILT_UNDELETABLE)


def downgrade():
    with op.batch_alter_table("tranche", schema=None) as batch_op:
        batch_op.drop_index("ix_tranche_warn")
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
    op.drop_table("voiding")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participation_agency_id"))
    op.drop_table("participation")
    op.drop_table("ballot")
    protect(REBUILT_UNCHANGEABLE, REBUILT_UNDELETABLE)
