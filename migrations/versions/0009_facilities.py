"""Eleven facilities and the regional fund: rates, registry facts, consents, referrals, paper, kept eligibility checks."""

import sqlalchemy as sa
from alembic import op

from migrations.keys import refers
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
    "application ADD COLUMN consent_id INTEGER CONSTRAINT fk_application_consent_id_consent REFERENCES consent (id)",
    "application ADD COLUMN rate_id INTEGER CONSTRAINT fk_application_rate_id_exchange_rate REFERENCES exchange_rate (id)",
    "application ADD COLUMN exclusive VARCHAR(120)",
    "agency ADD COLUMN kind VARCHAR(20) DEFAULT 'agency' NOT NULL "
    "CONSTRAINT ck_agency_kind CHECK (kind IN ('agency', 'service_centre'))",
    "scheme ADD COLUMN status_note TEXT DEFAULT '' NOT NULL",
    "participation ADD COLUMN confined BOOLEAN DEFAULT false NOT NULL",
    "ballot ADD COLUMN agency VARCHAR(40) DEFAULT '' NOT NULL",
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
        refers("certificate", "enterprise_id", "enterprise"),
        refers("certificate", "recorded_by", "person"),
        refers("certificate", "revoked_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("issuer", "number", name=op.f("uq_certificate_issuer_number")),
    )
    op.create_index("ix_certificate_enterprise", "certificate", ["enterprise_id", "course"])
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
        refers("consent", "agency_id", "agency"),
        refers("consent", "enterprise_id", "enterprise"),
        refers("consent", "given_by", "person"),
        refers("consent", "withdrawn_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_agency", "consent", ["agency_id", "enterprise_id"])
    op.create_index("ix_consent_enterprise", "consent", ["enterprise_id"])
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
        refers("registry_check", "checked_by", "person"),
        refers("registry_check", "enterprise_id", "enterprise"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_check")),
    )
    op.create_index("ix_registry_check_enterprise", "registry_check", ["enterprise_id", "id"])
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
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("application", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "state = 'sent' OR answered_by IS NOT NULL", name=op.f("ck_referral_answered")
        ),
        sa.CheckConstraint(
            "state IN ('sent', 'accepted', 'declined', 'closed')", name=op.f("ck_referral_state")
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR closed_by IS NOT NULL", name=op.f("ck_referral_closed")
        ),
        sa.CheckConstraint("from_agency_id <> to_agency_id", name=op.f("ck_referral_two_agencies")),
        refers("referral", "answered_by", "person"),
        refers("referral", "closed_by", "person"),
        refers("referral", "consent_id", "consent"),
        refers("referral", "enterprise_id", "enterprise"),
        refers("referral", "from_agency_id", "agency"),
        refers("referral", "made_by", "person"),
        refers("referral", "to_agency_id", "agency"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index("ix_referral_enterprise", "referral", ["enterprise_id"])
    op.create_index("ix_referral_from", "referral", ["from_agency_id", "id"])
    op.create_index("ix_referral_to", "referral", ["to_agency_id", "id"])
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
        refers("import_batch", "agency_id", "agency"),
        refers("import_batch", "asked_by", "person"),
        refers("import_batch", "call_id", "call"),
        refers("import_batch", "event_id", "event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index("ix_import_batch_agency", "import_batch", ["agency_id", "id"])
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
        refers("eligibility_check", "application_id", "application"),
        refers("eligibility_check", "event_id", "event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_check")),
        sa.UniqueConstraint("event_id", name=op.f("uq_eligibility_check_event_id")),
    )
    op.create_index(
        "ix_eligibility_check_application", "eligibility_check", ["application_id", "id"]
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
        refers("paper_filing", "application_id", "application"),
        refers("paper_filing", "batch_id", "import_batch"),
        refers("paper_filing", "call_id", "call"),
        refers("paper_filing", "lodged_by", "person"),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_paper_filing")),
        sa.UniqueConstraint(
            "call_id", "paper_reference", name=op.f("uq_paper_filing_call_id_paper_reference")
        ),
    )
    for column in COLUMNS:
        op.execute(f"ALTER TABLE {column}")
    op.add_column("scheme", sa.Column("status_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ux_application_exclusive", "application", ["exclusive"], unique=True)
    voted = sa.text("agency <> ''")
    op.create_index(
        "ux_ballot_agency",
        "ballot",
        ["application_id", "decision", "round", "agency"],
        unique=True,
        postgresql_where=voted,
        sqlite_where=voted,
    )
    protect(UNCHANGEABLE, UNDELETABLE)


def downgrade():
    op.drop_index("ux_application_exclusive", "application")
    op.drop_index("ux_ballot_agency", "ballot")
    op.drop_column("ballot", "agency")
    op.drop_column("participation", "confined")
    with rebuilding("application") as batch:
        for name in ("exclusive", "rate_id", "consent_id", "adviser_id"):
            batch.drop_column(name)
    with rebuilding("agency") as batch:
        batch.drop_constraint(op.f("ck_agency_kind"), type_="check")
        batch.drop_column("kind")
    op.drop_column("scheme", "status_since")
    op.drop_column("scheme", "status_note")
    for table in TABLES:
        op.drop_table(table)
