"""Personal data can be erased, and only then: disclosures under keys, what an erasure may blank, who looked at what."""

import secrets

import sqlalchemy as sa
from alembic import op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from migrations.protection import UNLESS, protect, refuse, release, unless, unless_no_more

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Written once; rows go only with an erasure of their case, or when they are old.
UNCHANGEABLE = ("disclosure", "disclosure_key", "access_entry")
UNDELETABLE = ("erasure_proposal",)
# What an erasure blanks, and with what; everything else of these rows is written once.
PAYLOADS = {
    "submission": ("frozen", "'{}'", ("id", "application_id", "number", "digest", "at")),
    "letter": (
        "pdf",
        "''",
        ("id", "event_id", "application_id", "kind", "language", "sha256", "made_with", "issued_at"),
    ),
    "assessment": (
        "comment",
        "''",
        ("id", "application_id", "assessor_id", "scores", "total", "event_id", "at"),
    ),
    "recommendation": (
        "note",
        "''",
        ("id", "application_id", "officer_id", "outcome", "amount_minor", "tranches", "event_id", "at"),
    ),
    "document": (
        "filename",
        "''",
        ("id", "sha256", "size", "media_type", "pages", "uploaded_by", "uploaded_at"),
    ),
}  # fmt: skip
# A row may go, or be blanked, once this holds; {old} is the row as it stands.
OF_THE_CASE = "EXISTS (SELECT 1 FROM erasure WHERE application_id = {old}.application_id)"
OF_THE_STREAM = (
    "EXISTS (SELECT 1 FROM erasure JOIN application ON application.id = erasure.application_id "
    "WHERE application.reference = {stream})"
)
OF_EVERY_CASE = (
    "EXISTS (SELECT 1 FROM attachment WHERE document_id = {old}.id) AND NOT EXISTS (SELECT 1 FROM attachment "
    "WHERE document_id = {old}.id AND application_id NOT IN (SELECT application_id FROM erasure))"
)
ON_EVENT = OF_THE_STREAM.format(stream="(SELECT stream FROM event WHERE id = {old}.event_id)")
DELETABLE = {
    "disclosure": ON_EVENT,
    "disclosure_key": OF_THE_STREAM.format(stream="{old}.stream"),
}
OLD_ENOUGH = {
    "sqlite": "{old}.at < datetime('now', '-1 year')",
    "postgresql": "{old}.at < now() - interval '1 year'",
}
HELD = "EXISTS (SELECT 1 FROM legal_hold WHERE application_id = NEW.application_id AND lifted_at IS NULL)"
BY_TWO = (
    "EXISTS (SELECT 1 FROM erasure_proposal WHERE application_id = NEW.application_id "
    "AND outcome = 'open' AND proposed_by <> NEW.erased_by)"
)


def upgrade():
    op.create_table(
        "erasure_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=10), nullable=False),
        sa.Column("law", sa.String(length=200), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ground IN ('retention', 'request')", name=op.f("ck_erasure_proposal_ground")
        ),
        sa.CheckConstraint(
            "outcome <> 'carried_out' OR decided_by <> proposed_by",
            name=op.f("ck_erasure_proposal_four_eyes"),
        ),
        sa.CheckConstraint(
            "outcome = 'open' OR decided_by IS NOT NULL", name=op.f("ck_erasure_proposal_decided")
        ),
        sa.CheckConstraint(
            "outcome IN ('open', 'carried_out', 'withdrawn')",
            name=op.f("ck_erasure_proposal_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_erasure_proposal_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_erasure_proposal_decided_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_erasure_proposal_proposed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_proposal")),
    )
    op.create_index(
        "ux_erasure_proposal_open",
        "erasure_proposal",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("outcome = 'open'"),
        sqlite_where=sa.text("outcome = 'open'"),
    )
    op.add_column("application", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("application", sa.Column("erased_under", sa.String(length=200), nullable=True))
    for name, length in (("agency", 20), ("asked", 500)):
        column = sa.Column(name, sa.String(length=length), server_default="", nullable=False)
        op.add_column("access_entry", column)
    op.create_index("ix_access_entry_agency", "access_entry", ["agency", "id"])
    _seal()
    protect((), UNDELETABLE)
    refuse([("disclosure", "UPDATE"), ("disclosure_key", "UPDATE")])
    if _postgresql():
        refuse([(table, "TRUNCATE") for table in UNCHANGEABLE])
    _guard()


def _seal():
    """Keep what is disclosed under a key for each stream, in place of the plain text."""
    op.add_column("disclosure", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    connection, keys, last = op.get_bind(), {}, 0
    page = sa.text(
        "SELECT disclosure.id, field, salt, value, stream, hash FROM disclosure "
        "JOIN event ON event.id = event_id WHERE disclosure.id > :last ORDER BY disclosure.id LIMIT 1000"
    )
    kept = sa.text("UPDATE disclosure SET sealed = :sealed WHERE id = :id")
    while rows := connection.execute(page, {"last": last}).all():
        for row in rows:
            key = keys.setdefault(row.stream, AESGCM.generate_key(256))
            nonce, plain = secrets.token_bytes(12), bytes.fromhex(row.salt) + row.value.encode()
            place = f"{row.hash}:{row.field}".encode()
            sealed = nonce + AESGCM(key).encrypt(nonce, plain, place)
            connection.execute(kept, {"id": row.id, "sealed": sealed})
        last = rows[-1].id
    if keys:
        made = sa.text("INSERT INTO disclosure_key (stream, key) VALUES (:stream, :key)")
        connection.execute(made, [{"stream": s, "key": k} for s, k in keys.items()])
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.alter_column("sealed", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_column("value")
        batch_op.drop_column("salt")


def _guard():
    """Let go what an erasure erases, and let no erasure be recorded under a hold or by one person alone."""
    deletable = {
        **DELETABLE,
        "access_entry": OLD_ENOUGH["postgresql" if _postgresql() else "sqlite"],
    }
    if _postgresql():
        op.execute(UNLESS)
        op.execute(_ERASING)
        for table in ("erasure", "legal_hold"):
            op.execute(
                f"CREATE TRIGGER {table}_alone BEFORE INSERT ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION saluran_erasing()"
            )
    else:
        for name, wrong, said in (
            ("erasure_held", HELD, "a legal hold stands"),
            ("erasure_by_two", f"NOT {BY_TWO}", "an erasure takes two people"),
        ):
            op.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON erasure WHEN {wrong} "
                f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
    for table, holds in deletable.items():
        unless(table, "DELETE", holds)
    for table, (payload, blank, others) in PAYLOADS.items():
        release(table, "UPDATE")
        named = ", ".join(others)
        if _postgresql():
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {named} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION saluran_refuse()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_UPDATE BEFORE UPDATE OF {named} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never updated'); END"
            )
        cast = "::text" if payload == "frozen" and _postgresql() else ""
        holds = OF_EVERY_CASE if table == "document" else OF_THE_CASE
        unless(table, "UPDATE", f"{{new}}.{payload}{cast} = {_blank(payload, blank)} AND {holds}")


def _blank(payload, blank):
    if payload != "pdf":
        return blank
    return "''::bytea" if _postgresql() else "X''"


# The lock lets a hold and an erasure that begin at the same moment see each other.
_ERASING = f"""
CREATE FUNCTION saluran_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM application WHERE id = NEW.application_id FOR NO KEY UPDATE;
  IF TG_TABLE_NAME = 'erasure' THEN
    IF {HELD} THEN
      RAISE EXCEPTION 'a legal hold stands' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT {BY_TWO} THEN
      RAISE EXCEPTION 'an erasure takes two people' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$
"""


def _postgresql():
    return op.get_bind().dialect.name == "postgresql"


def _drop(table, trigger):
    op.execute(f"DROP TRIGGER {trigger}" + (f" ON {table}" if _postgresql() else ""))


def downgrade():
    _unguard()
    _unseal()
    op.drop_index("ix_access_entry_agency", "access_entry")
    for name in ("asked", "agency"):
        op.drop_column("access_entry", name)
    for name in ("erased_under", "erased_at"):
        op.drop_column("application", name)
    op.drop_table("erasure_proposal")
    refuse([(table, "UPDATE") for table in PAYLOADS])


def _unguard():
    for table in PAYLOADS:
        unless_no_more(table, "UPDATE")
        release(table, "UPDATE")
    for table in (*DELETABLE, "access_entry"):
        unless_no_more(table, "DELETE")
    for table in DELETABLE:
        release(table, "UPDATE")
    if _postgresql():
        for table in ("erasure", "legal_hold"):
            _drop(table, f"{table}_alone")
        for table in UNCHANGEABLE:
            release(table, "TRUNCATE")
        op.execute("DROP FUNCTION saluran_unless()")
        op.execute("DROP FUNCTION saluran_erasing()")
    else:
        _drop("erasure", "erasure_held")
        _drop("erasure", "erasure_by_two")


def _unseal():
    """Keep what is disclosed as plain text again."""
    op.add_column("disclosure", sa.Column("salt", sa.String(length=64), nullable=True))
    op.add_column("disclosure", sa.Column("value", sa.Text(), nullable=True))
    connection = op.get_bind()
    found = sa.text(
        "SELECT disclosure.id, field, sealed, key, hash FROM disclosure JOIN event ON event.id = event_id "
        "JOIN disclosure_key ON disclosure_key.stream = event.stream"
    )
    kept = sa.text("UPDATE disclosure SET salt = :salt, value = :value WHERE id = :id")
    for row in connection.execute(found).all():
        place, sealed = f"{row.hash}:{row.field}".encode(), bytes(row.sealed)
        plain = AESGCM(bytes(row.key)).decrypt(sealed[:12], sealed[12:], place)
        values = {"id": row.id, "salt": plain[:32].hex(), "value": plain[32:].decode()}
        connection.execute(kept, values)
    op.execute("DELETE FROM disclosure_key")
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.alter_column("salt", existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column("value", existing_type=sa.Text(), nullable=False)
        batch_op.drop_column("sealed")
