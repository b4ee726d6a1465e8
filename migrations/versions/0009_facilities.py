"""Eleven facilities and the regional fund: rates, registry facts, consents, referrals, paper, kept eligibility checks."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect, rebuilding

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UNCHANGEABLE = ("exchange_rate", "registry_check", "eligibility_check", "paper_filing")
UNDELETABLE = ("certificate", "consent", "referral", "import_batch")
# Written so that no table is rebuilt: both databases add such columns where the table stands.
COLUMNS = (
    "application ADD COLUMN adviser_id INTEGER CONSTRAINT fk_application_adviser_id_person REFERENCES person (id)",
    "application ADD COLUMN rate_id INTEGER CONSTRAINT fk_application_rate_id_exchange_rate REFERENCES exchange_rate (id)",
    "application ADD COLUMN exclusive VARCHAR(120)",
    "agency ADD COLUMN kind VARCHAR(20) DEFAULT 'agency' NOT NULL "
    "CONSTRAINT ck_agency_kind CHECK (kind IN ('agency', 'service_centre'))",
    "scheme ADD COLUMN status_note TEXT DEFAULT '' NOT NULL",
)
TABLES = (
    "paper_filing",
    "eligibility_check",
    "import_batch",
    "referral",
    "registry_check",
    "consent",
    "certificate",
    "exchange_rate",
)


def upgrade():
    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("units", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
        sa.UniqueConstraint("currency", "on_day", name=op.f("uq_exchange_rate_currency_on_day")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_why", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "expires_on IS NULL OR expires_on >= issued_on", name=op.f("ck_certificate_period")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.id"],
            name=op.f("fk_certificate_enterprise_id_enterprise"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_certificate_recorded_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["person.id"], name=op.f("fk_certificate_revoked_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("issuer", "number", name=op.f("uq_certificate_issuer_number")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(
            "ix_certificate_enterprise", ["enterprise_id", "course"], unique=False
        )

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_consent_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_consent_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["person.id"], name=op.f("fk_consent_given_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["person.id"], name=op.f("fk_consent_withdrawn_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_agency", ["agency_id", "enterprise_id"], unique=False)
        batch_op.create_index("ix_consent_enterprise", ["enterprise_id"], unique=False)

    op.create_table(
        "registry_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('verified', 'not_found', 'struck_off')",
            name=op.f("ck_registry_check_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["person.id"], name=op.f("fk_registry_check_checked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.id"],
            name=op.f("fk_registry_check_enterprise_id_enterprise"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_check")),
    )
    with op.batch_alter_table("registry_check", schema=None) as batch_op:
        batch_op.create_index("ix_registry_check_enterprise", ["enterprise_id", "id"], unique=False)

    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("from_agency_id", sa.Integer(), nullable=False),
        sa.Column("to_agency_id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("scheme_code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("application", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "state = 'sent' OR answered_by IS NOT NULL", name=op.f("ck_referral_answered")
        ),
        sa.CheckConstraint(
            "state IN ('sent', 'accepted', 'declined', 'closed')", name=op.f("ck_referral_state")
        ),
        sa.CheckConstraint("from_agency_id <> to_agency_id", name=op.f("ck_referral_two_agencies")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_referral_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_referral_consent_id_consent")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_referral_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(
            ["from_agency_id"], ["agency.id"], name=op.f("fk_referral_from_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_referral_made_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["to_agency_id"], ["agency.id"], name=op.f("fk_referral_to_agency_id_agency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index("ix_referral_enterprise", ["enterprise_id"], unique=False)
        batch_op.create_index("ix_referral_from", ["from_agency_id", "id"], unique=False)
        batch_op.create_index("ix_referral_to", ["to_agency_id", "id"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'imported', 'refused', 'failed')",
            name=op.f("ck_import_batch_state"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_import_batch_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_import_batch_asked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_import_batch_call_id_call")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_import_batch_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index("ix_import_batch_agency", ["agency_id", "id"], unique=False)

    op.create_table(
        "eligibility_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "occasion IN ('submission', 'disbursement')", name=op.f("ck_eligibility_check_occasion")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_eligibility_check_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_eligibility_check_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_check")),
        sa.UniqueConstraint("event_id", name=op.f("uq_eligibility_check_event_id")),
    )
    with op.batch_alter_table("eligibility_check", schema=None) as batch_op:
        batch_op.create_index(
            "ix_eligibility_check_application", ["application_id", "id"], unique=False
        )

    op.create_table(
        "paper_filing",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("paper_reference", sa.String(length=60), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archive", sa.Text(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("lodged_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_paper_filing_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_paper_filing_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call.id"], name=op.f("fk_paper_filing_call_id_call")
        ),
        sa.ForeignKeyConstraint(
            ["lodged_by"], ["person.id"], name=op.f("fk_paper_filing_lodged_by_person")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_paper_filing")),
        sa.UniqueConstraint(
            "call_id", "paper_reference", name=op.f("uq_paper_filing_call_id_paper_reference")
        ),
    )
    for column in COLUMNS:
        op.execute(f"ALTER TABLE {column}")
    op.create_index("ux_application_exclusive", "application", ["exclusive"], unique=True)
    protect(UNCHANGEABLE, UNDELETABLE)


def downgrade():
    op.drop_index("ux_application_exclusive", "application")
    with rebuilding("application") as batch:
        for name in ("exclusive", "rate_id", "adviser_id"):
            batch.drop_column(name)
    with rebuilding("agency") as batch:
        batch.drop_constraint(op.f("ck_agency_kind"), type_="check")
        batch.drop_column("kind")
    op.drop_column("scheme", "status_note")
    for table in TABLES:
        op.drop_table(table)
