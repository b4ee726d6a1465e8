"""Payment files with many payments and several releasers, what banks send back, and the accounts that are paid from."""

import json

import sqlalchemy as sa
from alembic import op

from migrations.keys import refers
from migrations.protection import protect, rebuilding

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

UNCHANGEABLE = ("payment_release", "payment_return")
UNDELETABLE = ("payment_batch", "paying_account")
LIVE = sa.text("rejected_at IS NULL AND returned_at IS NULL")


def _at(name, *, missing=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=missing)


def upgrade():
    op.create_table(
        "paying_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("scheme_code", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("account", sa.JSON(), nullable=False),
        refers("paying_account", "agency_id", "agency"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paying_account")),
        sa.UniqueConstraint(
            "agency_id",
            "scheme_code",
            "currency",
            name=op.f("uq_paying_account_agency_id_scheme_code_currency"),
        ),
    )
    op.create_table(
        "payment_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=35), nullable=False),
        sa.Column("account", sa.JSON(), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("execution_on", sa.Date(), nullable=False),
        sa.Column("payments", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=False),
        _at("prepared_at"),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        _at("released_at", missing=True),
        _at("voided_at", missing=True),
        sa.Column("voided_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "checked_by IS NULL OR checked_by <> prepared_by", name=op.f("ck_payment_batch_checker")
        ),
        sa.CheckConstraint(
            "released_at IS NULL OR checked_by IS NOT NULL",
            name=op.f("ck_payment_batch_checked_first"),
        ),
        sa.CheckConstraint(
            "released_at IS NULL OR voided_at IS NULL",
            name=op.f("ck_payment_batch_released_or_voided"),
        ),
        sa.CheckConstraint(
            "total_minor > 0 AND payments > 0 AND needed > 0",
            name=op.f("ck_payment_batch_positive"),
        ),
        refers("payment_batch", "agency_id", "agency"),
        refers("payment_batch", "checked_by", "person"),
        refers("payment_batch", "prepared_by", "person"),
        refers("payment_batch", "voided_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batch")),
        sa.UniqueConstraint("id", "prepared_by", "checked_by", name="uq_payment_batch_hands"),
        sa.UniqueConstraint("message_id", name=op.f("uq_payment_batch_message_id")),
    )
    op.create_index("ix_payment_batch_agency", "payment_batch", ["agency_id", "id"])
    op.create_table(
        "payment_release",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=True),
        _at("at"),
        sa.CheckConstraint(
            "person_id <> prepared_by AND person_id <> checked_by",
            name=op.f("ck_payment_release_third_hand"),
        ),
        refers("payment_release", "authority_id", "authority"),
        refers("payment_release", "person_id", "person"),
        sa.ForeignKeyConstraint(
            ["batch_id", "prepared_by", "checked_by"],
            ["payment_batch.id", "payment_batch.prepared_by", "payment_batch.checked_by"],
            name="fk_payment_release_hands",
        ),
        sa.PrimaryKeyConstraint("batch_id", "person_id", name=op.f("pk_payment_release")),
    )
    op.create_table(
        "payment_return",
        sa.Column("disbursement_id", sa.Integer(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("bank_reference", sa.String(length=80), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        refers("payment_return", "disbursement_id", "disbursement"),
        refers("payment_return", "event_id", "event"),
        sa.PrimaryKeyConstraint("disbursement_id", name=op.f("pk_payment_return")),
        sa.UniqueConstraint("event_id", name=op.f("uq_payment_return_event_id")),
    )
    _batches()
    _tranches()
    with rebuilding("disbursement") as batch:
        batch.drop_constraint(op.f("uq_disbursement_tranche_id"), type_="unique")
        batch.create_index("ix_disbursement_tranche", ["tranche_id"])
    protect(UNCHANGEABLE, UNDELETABLE)


def _batches():
    """Give every payment file that was made until now a batch of its own."""
    with rebuilding("payment_instruction") as batch:
        batch.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("payee", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(_at("returned_at", missing=True))
        batch.add_column(sa.Column("found", sa.JSON(), nullable=True))
    bind = op.get_bind()
    rows = bind.execute(
        sa.text(
            "SELECT i.*, a.agency_id, g.account FROM payment_instruction i "
            "JOIN tranche t ON t.id = i.tranche_id JOIN award w ON w.id = t.award_id "
            "JOIN application a ON a.id = w.application_id JOIN agency g ON g.id = a.agency_id ORDER BY i.id"
        )
    )
    for row in rows.mappings().all():
        account = row["account"]
        values = {
            **{name: row[name] for name in ("agency_id", "currency", "file", "sha256")},
            **{name: row[name] for name in ("prepared_by", "prepared_at", "checked_by")},
            "id": row["id"],
            "message_id": row["end_to_end_id"],
            "account": account if isinstance(account, str) else json.dumps(account),
            "total": row["amount_minor"],
            "released_at": row["released_at"],
            "day": str(row["prepared_at"])[:10],
        }
        bind.execute(
            sa.text(
                "INSERT INTO payment_batch (id, agency_id, message_id, account, format, currency, execution_on, payments, "
                "total_minor, file, sha256, needed, prepared_by, prepared_at, checked_by, released_at) VALUES (:id, :agency_id, "
                ":message_id, :account, 'pain.001.001.09', :currency, :day, 1, :total, :file, :sha256, 1, :prepared_by, "
                ":prepared_at, :checked_by, :released_at)"
            ),
            values,
        )
        if row["released_by"] is not None:
            bind.execute(
                sa.text(
                    "INSERT INTO payment_release (batch_id, person_id, prepared_by, checked_by, at) "
                    "VALUES (:id, :person, :prepared_by, :checked_by, :released_at)"
                ),
                {**values, "person": row["released_by"]},
            )
    op.execute("UPDATE payment_instruction SET batch_id = id")
    if bind.dialect.name == "postgresql":
        last = "SELECT coalesce(max(id), 0) + 1 FROM payment_batch"
        op.execute(f"SELECT setval(pg_get_serial_sequence('payment_batch', 'id'), ({last}), false)")
    with rebuilding("payment_instruction") as batch:
        for name in ("checker", "releaser", "checked_first"):
            batch.drop_constraint(op.f(f"ck_payment_instruction_{name}"), type_="check")
        for name in ("checked_by", "prepared_by", "released_by"):
            batch.drop_constraint(op.f(f"fk_payment_instruction_{name}_person"), type_="foreignkey")
        for name in ("file", "sha256", "prepared_by", "prepared_at", "checked_by"):
            batch.drop_column(name)
        batch.drop_column("released_by")
        batch.drop_column("released_at")
        batch.alter_column("batch_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("payee", existing_type=sa.JSON(), server_default=None)
        batch.create_foreign_key(
            op.f("fk_payment_instruction_batch_id_payment_batch"),
            "payment_batch",
            ["batch_id"],
            ["id"],
        )
        batch.create_index("ix_payment_instruction_batch", ["batch_id"])
        batch.create_index(
            "ux_payment_instruction_live",
            ["tranche_id"],
            unique=True,
            postgresql_where=LIVE,
            sqlite_where=LIVE,
        )


def _tranches():
    with rebuilding("tranche") as batch:
        batch.add_column(sa.Column("claimed_minor", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("verified_minor", sa.BigInteger(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_tranche_claimed"), "claimed_minor > 0 AND claimed_minor <= amount_minor"
        )
        batch.create_check_constraint(
            op.f("ck_tranche_verified"), "verified_minor > 0 AND verified_minor <= claimed_minor"
        )
    op.execute("UPDATE tranche SET claimed_minor = amount_minor WHERE state <> 'planned'")
    op.execute(
        "UPDATE tranche SET verified_minor = amount_minor "
        "WHERE state NOT IN ('planned', 'claimed', 'requested')"
    )


def downgrade():
    with rebuilding("tranche") as batch:
        for name in ("verified", "claimed"):
            batch.drop_constraint(op.f(f"ck_tranche_{name}"), type_="check")
            batch.drop_column(f"{name}_minor")
    with rebuilding("disbursement") as batch:
        batch.drop_index("ix_disbursement_tranche")
        batch.create_unique_constraint(op.f("uq_disbursement_tranche_id"), ["tranche_id"])
    _apart()
    for table in ("payment_return", "payment_release", "payment_batch", "paying_account"):
        op.drop_table(table)


def _apart():
    """Put what the batch of a payment says back into its instruction."""
    with rebuilding("payment_instruction") as batch:
        batch.add_column(sa.Column("file", sa.LargeBinary(), nullable=False, server_default=""))
        batch.add_column(sa.Column("sha256", sa.String(64), nullable=False, server_default=""))
        for name in ("prepared_by", "checked_by", "released_by"):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
        for name in ("prepared_at", "released_at"):
            batch.add_column(_at(name, missing=True))
    named = ("file", "sha256", "prepared_by", "prepared_at", "checked_by", "released_at")
    batches = sa.table("payment_batch", sa.column("id"), *map(sa.column, named))
    releases = sa.table("payment_release", sa.column("batch_id"), sa.column("person_id"))
    paid = sa.table(
        "payment_instruction",
        sa.column("batch_id"),
        sa.column("released_by"),
        *map(sa.column, named),
    )
    first = sa.select(sa.func.min(releases.c.person_id)).where(
        releases.c.batch_id == paid.c.batch_id
    )
    values = {
        name: sa.select(batches.c[name]).where(batches.c.id == paid.c.batch_id).scalar_subquery()
        for name in named
    }
    op.execute(sa.update(paid).values({**values, "released_by": first.scalar_subquery()}))
    with rebuilding("payment_instruction") as batch:
        batch.drop_index("ux_payment_instruction_live")
        batch.drop_index("ix_payment_instruction_batch")
        batch.drop_constraint(
            op.f("fk_payment_instruction_batch_id_payment_batch"), type_="foreignkey"
        )
        for name in ("batch_id", "payee", "returned_at", "found"):
            batch.drop_column(name)
        batch.alter_column("file", existing_type=sa.LargeBinary(), server_default=None)
        batch.alter_column("sha256", existing_type=sa.String(64), server_default=None)
        batch.alter_column("prepared_by", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("prepared_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        for name in ("checked_by", "prepared_by", "released_by"):
            batch.create_foreign_key(
                op.f(f"fk_payment_instruction_{name}_person"), "person", [name], ["id"]
            )
        batch.create_check_constraint(
            op.f("ck_payment_instruction_checker"),
            "checked_by IS NULL OR checked_by <> prepared_by",
        )
        batch.create_check_constraint(
            op.f("ck_payment_instruction_releaser"),
            "released_by IS NULL OR (released_by <> prepared_by AND released_by <> checked_by)",
        )
        batch.create_check_constraint(
            op.f("ck_payment_instruction_checked_first"),
            "released_by IS NULL OR checked_by IS NOT NULL",
        )
