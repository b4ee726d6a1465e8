"""What a decision rests on is never changed or deleted: the database refuses it, on both databases."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Written once, for ever.
UNCHANGEABLE = (
    "event", "workflow_version", "submission", "assessment", "recommendation", "decision",
    "repayment_schedule", "letter", "disbursement", "document",
)  # fmt: skip
# These move through their life, but a decision or a payment rests on them.
UNDELETABLE = (
    "application", "attachment", "part", "scheme", "call", "award", "condition", "tranche",
    "payment_instruction", "outbox", "person", "enterprise", "agency", "authority", "interest",
)  # fmt: skip


def upgrade():
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(
            """
            CREATE FUNCTION saluran_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              RAISE EXCEPTION '% is never %d', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'restrict_violation';
            END $$
            """
        )
    for table, act in _refusals():
        if postgresql:
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION saluran_refuse()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never {act.lower()}d'); END"
            )
    if postgresql:
        for table in (*UNCHANGEABLE, *UNDELETABLE):
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION saluran_refuse()"
            )


def downgrade():
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table, act in _refusals():
        op.execute(f"DROP TRIGGER {table}_no_{act}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        for table in (*UNCHANGEABLE, *UNDELETABLE):
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        op.execute("DROP FUNCTION saluran_refuse()")


def _refusals():
    for table in UNCHANGEABLE:
        yield table, "UPDATE"
        yield table, "DELETE"
    for table in UNDELETABLE:
        yield table, "DELETE"
