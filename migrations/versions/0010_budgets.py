"""Budgets by facility, scheme, call and fiscal year, in the place of the one budget of a call."""

import tomllib

import sqlalchemy as sa
from alembic import op

from migrations.keys import refers
from migrations.protection import protect, rebuilding

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UNDELETABLE = ("budget", "budget_transfer")

WHOLE_LIFE = 0


def _minor(name):
    return sa.Column(name, sa.BigInteger(), nullable=False)


def upgrade():
    op.create_table(
        "budget",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        *map(_minor, ("allocated_minor", "reserved_minor", "committed_minor", "paid_minor")),
        sa.CheckConstraint(
            "(level = 'call' AND amount_minor IS NOT NULL AND allocated_minor = 0) OR "
            "(level <> 'call' AND reserved_minor + committed_minor + paid_minor = 0)",
            name=op.f("ck_budget_leaves_spend"),
        ),
        sa.CheckConstraint(
            "(level = 'facility') = (parent_id IS NULL)", name=op.f("ck_budget_parent")
        ),
        sa.CheckConstraint(
            "allocated_minor + reserved_minor + committed_minor + paid_minor <= amount_minor",
            name=op.f("ck_budget_within"),
        ),
        sa.CheckConstraint(
            "allocated_minor >= 0 AND reserved_minor >= 0 AND committed_minor >= 0 AND paid_minor >= 0",
            name=op.f("ck_budget_not_negative"),
        ),
        sa.CheckConstraint("level IN ('facility', 'scheme', 'call')", name=op.f("ck_budget_level")),
        refers("budget", "agency_id", "agency"),
        refers("budget", "parent_id", "budget"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
        sa.UniqueConstraint(
            "level", "code", "currency", "year", name=op.f("uq_budget_level_code_currency_year")
        ),
    )
    op.create_index("ix_budget_agency", "budget", ["agency_id", "level"])
    op.create_index(op.f("ix_budget_parent_id"), "budget", ["parent_id"])
    op.create_table(
        "budget_transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        _minor("amount_minor"),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("instrument", sa.String(length=200), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_budget_transfer_amount")),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by",
            name=op.f("ck_budget_transfer_four_eyes"),
        ),
        sa.CheckConstraint(
            "outcome = 'open' OR decided_by IS NOT NULL", name=op.f("ck_budget_transfer_decided")
        ),
        sa.CheckConstraint(
            "outcome IN ('open', 'made', 'refused')", name=op.f("ck_budget_transfer_outcome")
        ),
        sa.CheckConstraint("source_id <> target_id", name=op.f("ck_budget_transfer_two_budgets")),
        refers("budget_transfer", "agency_id", "agency"),
        refers("budget_transfer", "decided_by", "person"),
        refers("budget_transfer", "proposed_by", "person"),
        refers("budget_transfer", "source_id", "budget"),
        refers("budget_transfer", "target_id", "budget"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_transfer")),
    )
    op.create_index(op.f("ix_budget_transfer_agency_id"), "budget_transfer", ["agency_id"])
    _budgets()
    with rebuilding("call") as batch:
        batch.drop_constraint(op.f("ck_call_not_negative"), type_="check")
        batch.drop_constraint(op.f("ck_call_within_budget"), type_="check")
        for column in ("budget_minor", "reserved_minor", "paid_minor"):
            batch.drop_column(column)
    protect((), UNDELETABLE)


def _rows(text, **values):
    return op.get_bind().execute(sa.text(text), values).mappings().all()


def _budgets():
    """Give each call a budget for its whole life, under its scheme and its facility, with what is spoken for of it."""
    calls = _rows(
        "SELECT call.id, call.code, call.budget_minor, call.reserved_minor, call.paid_minor, scheme.code AS scheme, scheme.currency, "
        "scheme.agency_id, scheme.source FROM call JOIN scheme ON scheme.id = call.scheme_id"
    )
    for call in calls:
        facility = tomllib.loads(call["source"])["facility"]
        above = _budget(call, "facility", facility, None, None)
        above = _budget(call, "scheme", call["scheme"], above, call["agency_id"])
        number = _budget(call, "call", call["code"], above, call["agency_id"])
        spent = "UPDATE budget SET reserved_minor = :reserved, paid_minor = :paid WHERE id = :id"
        values = {"reserved": call["reserved_minor"], "paid": call["paid_minor"], "id": number}
        op.get_bind().execute(sa.text(spent), values)


def _budget(call, level, code, parent, agency):
    known = "SELECT id FROM budget WHERE level = :level AND code = :code AND currency = :currency AND year = :year"
    asked = {"level": level, "code": code, "currency": call["currency"], "year": WHOLE_LIFE}
    amount = call["budget_minor"] if level == "call" else None
    if not _rows(known, **asked):
        op.get_bind().execute(
            sa.text(
                "INSERT INTO budget (level, code, currency, year, parent_id, agency_id, amount_minor, "
                "allocated_minor, reserved_minor, committed_minor, paid_minor) "
                "VALUES (:level, :code, :currency, :year, :parent, :agency, :amount, 0, 0, 0, 0)"
            ),
            {**asked, "parent": parent, "agency": agency, "amount": amount},
        )
    number = _rows(known, **asked)[0]["id"]
    if level != "call":
        more = "UPDATE budget SET allocated_minor = allocated_minor + :more WHERE id = :id"
        op.get_bind().execute(sa.text(more), {"more": call["budget_minor"], "id": number})
    return number


def downgrade():
    with rebuilding("call") as batch:
        for column in ("budget_minor", "reserved_minor", "paid_minor"):
            batch.add_column(sa.Column(column, sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE call SET "
        "budget_minor = (SELECT coalesce(sum(amount_minor), 0) FROM budget WHERE level = 'call' AND budget.code = call.code), "
        "reserved_minor = (SELECT coalesce(sum(reserved_minor + committed_minor), 0) FROM budget WHERE level = 'call' AND budget.code = call.code), "
        "paid_minor = (SELECT coalesce(sum(paid_minor), 0) FROM budget WHERE level = 'call' AND budget.code = call.code)"
    )
    with rebuilding("call") as batch:
        for column in ("budget_minor", "reserved_minor", "paid_minor"):
            batch.alter_column(column, existing_type=sa.BigInteger(), server_default=None)
        batch.create_check_constraint(
            op.f("ck_call_not_negative"), "reserved_minor >= 0 AND paid_minor >= 0"
        )
        batch.create_check_constraint(
            op.f("ck_call_within_budget"), "reserved_minor + paid_minor <= budget_minor"
        )
    for table in ("budget_transfer", "budget"):
        op.drop_table(table)
