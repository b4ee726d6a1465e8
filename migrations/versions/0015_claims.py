"""Claims of grants: their lines with the invoices, what was found on each, and what is kept back."""

import sqlalchemy as sa
from alembic import op

from migrations.keys import refers
from migrations.protection import protect, unless

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OF_THE_CASE = "EXISTS (SELECT 1 FROM erasure WHERE application_id = {old}.application_id)"
# What an erasure blanks; everything else of these rows is written once.
PAYLOADS = {
    "claim": (
        ("salt",),
        (
            "id", "application_id", "tranche_id", "number", "kind", "cost_minor", "amount_minor", "share_pct",
            "advanced_minor", "lines_sha256", "event_id", "at",
        ),
    ),
    "claim_line": (
        ("supplier", "supplier_key", "invoice", "invoice_key", "description"),
        ("id", "claim_id", "application_id", "number", "dated", "cost_minor", "document_id"),
    ),
    "claim_finding": (
        ("reason",),
        ("line_id", "application_id", "outcome", "accepted_minor", "event_id"),
    ),
}  # fmt: skip
UNCHANGEABLE = ("claim_settlement", "retained_tranche")
UNDELETABLE = (*PAYLOADS, "claim_draft")


def _whole(name):
    return sa.Column(name, sa.Integer(), nullable=False)


def _minor(name):
    return sa.Column(f"{name}_minor", sa.BigInteger(), nullable=False)


def _text(name, length=None):
    kind = sa.String(length=length) if length else sa.Text()
    return sa.Column(name, kind, nullable=False)


def _at(name, *, missing=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=missing)


def upgrade():
    op.create_table(
        "claim_draft",
        _whole("tranche_id"),
        _whole("application_id"),
        sa.Column("lines", sa.JSON(), nullable=False),
        _at("saved_at"),
        refers("claim_draft", "tranche_id", "tranche"),
        refers("claim_draft", "application_id", "application"),
        sa.PrimaryKeyConstraint("tranche_id", name=op.f("pk_claim_draft")),
    )
    op.create_index(op.f("ix_claim_draft_application_id"), "claim_draft", ["application_id"])
    op.create_table(
        "claim",
        *(_whole(name) for name in ("id", "application_id", "tranche_id", "number")),
        _text("kind", 10),
        *(_minor(name) for name in ("cost", "amount", "advanced")),
        _text("share_pct", 20),
        _text("lines_sha256", 64),
        _text("salt", 64),
        _whole("event_id"),
        _at("at"),
        _at("sent_back_at", missing=True),
        sa.CheckConstraint(
            "kind IN ('costs', 'advance', 'retention')", name=op.f("ck_claim_kind")
        ),
        sa.CheckConstraint(
            "cost_minor >= 0 AND amount_minor > 0 AND advanced_minor >= 0",
            name=op.f("ck_claim_amounts"),
        ),
        refers("claim", "application_id", "application"),
        refers("claim", "tranche_id", "tranche"),
        refers("claim", "event_id", "event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_claim_application_id_number")),
        sa.UniqueConstraint("event_id", name=op.f("uq_claim_event_id")),
    )  # fmt: skip
    op.create_index("ix_claim_tranche", "claim", ["tranche_id", "id"])
    op.create_table(
        "claim_line",
        *(_whole(name) for name in ("id", "claim_id", "application_id", "number")),
        _text("supplier", 140),
        _text("supplier_key", 140),
        _text("invoice", 60),
        _text("invoice_key", 60),
        sa.Column("dated", sa.Date(), nullable=False),
        _text("description"),
        _minor("cost"),
        _whole("document_id"),
        sa.CheckConstraint("cost_minor > 0", name=op.f("ck_claim_line_cost")),
        refers("claim_line", "claim_id", "claim"),
        refers("claim_line", "application_id", "application"),
        refers("claim_line", "document_id", "document"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_line")),
        sa.UniqueConstraint("claim_id", "number", name=op.f("uq_claim_line_claim_id_number")),
    )
    op.create_index("ix_claim_line_invoice", "claim_line", ["supplier_key", "invoice_key"])
    op.create_index("ix_claim_line_application", "claim_line", ["application_id"])
    op.create_table(
        "claim_finding",
        _whole("line_id"),
        _whole("application_id"),
        _text("outcome", 10),
        _minor("accepted"),
        _text("reason"),
        _whole("event_id"),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'reduced', 'refused')", name=op.f("ck_claim_finding_outcome")
        ),
        sa.CheckConstraint("accepted_minor >= 0", name=op.f("ck_claim_finding_accepted")),
        refers("claim_finding", "line_id", "claim_line"),
        refers("claim_finding", "application_id", "application"),
        refers("claim_finding", "event_id", "event"),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_claim_finding")),
    )
    sums = ("accepted", "refused", "share", "capped", "cleared", "retained", "payable")
    op.create_table(
        "claim_settlement",
        _whole("claim_id"),
        *(_minor(name) for name in sums),
        _whole("event_id"),
        sa.CheckConstraint("payable_minor > 0", name=op.f("ck_claim_settlement_payable")),
        sa.CheckConstraint(
            "accepted_minor >= 0 AND refused_minor >= 0 AND share_minor >= 0 AND capped_minor >= 0 "
            "AND retained_minor >= 0 AND cleared_minor >= 0",
            name=op.f("ck_claim_settlement_not_negative"),
        ),
        sa.CheckConstraint(
            "cleared_minor + retained_minor + payable_minor = share_minor",
            name=op.f("ck_claim_settlement_adds_up"),
        ),
        refers("claim_settlement", "claim_id", "claim"),
        refers("claim_settlement", "event_id", "event"),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_claim_settlement")),
        sa.UniqueConstraint("event_id", name=op.f("uq_claim_settlement_event_id")),
    )
    op.create_table(
        "retained_tranche",
        *(_whole(name) for name in ("tranche_id", "award_id", "event_id")),
        refers("retained_tranche", "tranche_id", "tranche"),
        refers("retained_tranche", "award_id", "award"),
        refers("retained_tranche", "event_id", "event"),
        sa.PrimaryKeyConstraint("tranche_id", name=op.f("pk_retained_tranche")),
        sa.UniqueConstraint("event_id", name=op.f("uq_retained_tranche_event_id")),
    )
    op.create_index(op.f("ix_retained_tranche_award_id"), "retained_tranche", ["award_id"])
    protect(UNCHANGEABLE, UNDELETABLE)
    _guard()


def _guard():
    """Let an erasure of the case blank what a claim says of people, and let nothing else of it change."""
    for table, (blanked, others) in PAYLOADS.items():
        named = ", ".join(others)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {named} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION saluran_refuse()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_UPDATE BEFORE UPDATE OF {named} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never updated'); END"
            )
        same = " AND ".join(f"{{new}}.{name} = {{old}}.{name}" for name in blanked)
        gone = " AND ".join(f"{{new}}.{name} = ''" for name in blanked)
        unless(table, "UPDATE", f"(({same}) OR ({gone} AND {OF_THE_CASE}))")


def downgrade():
    for table in (
        "retained_tranche",
        "claim_settlement",
        "claim_finding",
        "claim_line",
        "claim",
        "claim_draft",
    ):
        op.drop_table(table)  # fmt: skip
