"""The tree over the trail and its checkpoints; auditors' mandates, bundles and samples; access log; retention."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import given_once, protect, refuse, release, release_given

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


# Written once, for ever; and what moves through its life but is never deleted.
UNCHANGEABLE = ("checkpoint", "tile", "cosignature", "sample", "erasure")
UNDELETABLE = ("stream_head", "mandate", "bundle", "legal_hold")
# Kept for its own time and then deleted, but never changed.
UNALTERABLE = ("access_entry",)
# All that an event is; only its place in the tree is given later, and once.
EVENT = ("id", "stream", "agency", "seq", "kind", "at", "actor", "entry", "hash")


def upgrade():
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("peaks", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "disclosure_key",
        sa.Column("stream", sa.String(length=60), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_disclosure_key")),
    )
    op.create_table(
        "stream_head",
        sa.Column("stream", sa.String(length=60), nullable=False),
        sa.Column("agency", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_stream_head")),
    )
    with op.batch_alter_table("stream_head", schema=None) as batch_op:
        batch_op.create_index("ix_stream_head_agency", ["agency"], unique=False)

    op.create_table(
        "tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_tile")),
    )
    op.create_table(
        "cosignature",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("witness", sa.String(length=200), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["size"], ["checkpoint.size"], name=op.f("fk_cosignature_size_checkpoint")
        ),
        sa.PrimaryKeyConstraint("size", "witness", name=op.f("pk_cosignature")),
    )
    op.create_table(
        "access_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("case", sa.String(length=40), server_default="", nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=60), server_default="", nullable=False),
        sa.Column("request", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_access_entry_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_entry")),
    )
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.create_index("ix_access_entry_at", ["at"], unique=False)
        batch_op.create_index("ix_access_entry_case", ["case", "id"], unique=False)
        batch_op.create_index("ix_access_entry_person", ["person_id", "id"], unique=False)

    op.create_table(
        "bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'failed')", name=op.f("ck_bundle_state")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_bundle_event_id_event")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_bundle_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle")),
    )
    with op.batch_alter_table("bundle", schema=None) as batch_op:
        batch_op.create_index("ix_bundle_person", ["person_id", "id"], unique=False)

    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("instrument", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_mandate_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mandate_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mandate_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("population_sha256", sa.String(length=64), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_sample_event_id_event")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sample_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
    )
    with op.batch_alter_table("sample", schema=None) as batch_op:
        batch_op.create_index("ix_sample_person", ["person_id", "id"], unique=False)

    op.create_table(
        "erasure",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("law", sa.String(length=200), nullable=False),
        sa.Column("erased_by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_erasure_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["erased_by"], ["person.id"], name=op.f("fk_erasure_erased_by_person")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_erasure_event_id_event")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_erasure")),
    )
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("law", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_legal_hold_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["person.id"], name=op.f("fk_legal_hold_lifted_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["placed_by"], ["person.id"], name=op.f("fk_legal_hold_placed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.create_index(
            "ux_legal_hold_standing",
            ["application_id"],
            unique=True,
            postgresql_where=sa.text("lifted_at IS NULL"),
            sqlite_where=sa.text("lifted_at IS NULL"),
        )

    op.add_column("decision", sa.Column("departs", sa.Boolean(), nullable=True))
    op.add_column("decision", sa.Column("late", sa.Boolean(), nullable=True))
    op.add_column("decision", sa.Column("at_limit", sa.Boolean(), nullable=True))

    release("event", "UPDATE")
    op.add_column(
        "event", sa.Column("agency", sa.String(length=20), server_default="", nullable=False)
    )
    op.add_column("event", sa.Column("leaf_index", sa.BigInteger(), nullable=True))
    _name_agencies()
    op.create_index("ix_event_agency", "event", ["agency", "leaf_index"], unique=False)
    op.create_index(
        "ix_event_waiting",
        "event",
        ["id"],
        unique=False,
        postgresql_where=sa.text("leaf_index IS NULL"),
        sqlite_where=sa.text("leaf_index IS NULL"),
    )
    op.create_index("ux_event_leaf", "event", ["leaf_index"], unique=True)

    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    protect(UNCHANGEABLE, UNDELETABLE)
    refuse([(table, "UPDATE") for table in UNALTERABLE])
    given_once("event", EVENT, "leaf_index")


def _name_agencies():
    """Say of events recorded before whose they are."""
    op.execute("UPDATE event SET agency = substr(stream, 8) WHERE stream LIKE 'agency:%'")
    op.execute(
        "UPDATE event SET agency = (SELECT agency.code FROM application "
        "JOIN agency ON agency.id = application.agency_id WHERE application.reference = event.stream) "
        "WHERE EXISTS (SELECT 1 FROM application WHERE application.reference = event.stream)"
    )


def downgrade():
    release_given("event", "leaf_index")
    op.drop_column("person", "erased_at")
    op.drop_index("ux_event_leaf", "event")
    op.drop_index("ix_event_waiting", "event")
    op.drop_index("ix_event_agency", "event")
    op.drop_column("event", "leaf_index")
    op.drop_column("event", "agency")
    for column in ("at_limit", "late", "departs"):
        op.drop_column("decision", column)
    with op.batch_alter_table("legal_hold", schema=None) as batch_op:
        batch_op.drop_index(
            "ux_legal_hold_standing",
            postgresql_where=sa.text("lifted_at IS NULL"),
            sqlite_where=sa.text("lifted_at IS NULL"),
        )

    op.drop_table("legal_hold")
    op.drop_table("erasure")
    with op.batch_alter_table("sample", schema=None) as batch_op:
        batch_op.drop_index("ix_sample_person")

    op.drop_table("sample")
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mandate_person_id"))

    op.drop_table("mandate")
    with op.batch_alter_table("bundle", schema=None) as batch_op:
        batch_op.drop_index("ix_bundle_person")

    op.drop_table("bundle")
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_access_entry_person")
        batch_op.drop_index("ix_access_entry_case")
        batch_op.drop_index("ix_access_entry_at")

    op.drop_table("access_entry")
    op.drop_table("cosignature")
    op.drop_table("tile")
    with op.batch_alter_table("stream_head", schema=None) as batch_op:
        batch_op.drop_index("ix_stream_head_agency")

    op.drop_table("stream_head")
    op.drop_table("disclosure_key")
    op.drop_table("checkpoint")
    protect(("event",), ())
