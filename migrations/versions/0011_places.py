"""Every unit of an award in one place, with the movements that brought it there."""

from itertools import pairwise

import sqlalchemy as sa
from alembic import op

from migrations.keys import refers
from migrations.protection import protect, rebuilding

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

UNCHANGEABLE = ("movement",)

PLACES = (
    "reserved",
    "undrawn",
    "claimed",
    "verified",
    "instructed",
    "paid",
    "clawed_back",
    "released",
)
# Where the money of a tranche is by its state in the lives shipped until now; in any other it is undrawn.
STATES = {
    "claimed": "claimed",
    "requested": "claimed",
    "verified": "verified",
    "prepared": "verified",
    "checked": "verified",
    "rejected": "verified",
    "released": "instructed",
    "unknown": "instructed",
}
# The way money went to each place, from outside.
ROADS = {
    "reserved": ("outside", "reserved"),
    "undrawn": ("outside", "reserved", "undrawn"),
    "claimed": ("outside", "reserved", "undrawn", "claimed"),
    "verified": ("outside", "reserved", "undrawn", "claimed", "verified"),
    "instructed": ("outside", "reserved", "undrawn", "claimed", "verified", "instructed"),
    "paid": ("outside", "reserved", "undrawn", "claimed", "verified", "instructed", "paid"),
}
AWARD = sa.table(
    "award", sa.column("id"), sa.column("budget_id"), *(sa.column(f"{p}_minor") for p in PLACES)
)


def upgrade():
    op.create_table(
        "movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("tranche_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("target", sa.String(length=12), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_movement_amount")),
        sa.CheckConstraint("source <> target", name=op.f("ck_movement_two_places")),
        refers("movement", "award_id", "award"),
        refers("movement", "event_id", "event"),
        refers("movement", "tranche_id", "tranche"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
    )
    op.create_index("ix_movement_award", "movement", ["award_id", "id"])
    with rebuilding("award") as batch:
        for place in (*PLACES, "returned"):
            batch.add_column(
                sa.Column(f"{place}_minor", sa.BigInteger(), nullable=False, server_default="0")
            )
        batch.add_column(sa.Column("budget_id", sa.Integer(), nullable=True))
    _place()
    with rebuilding("award") as batch:
        batch.drop_constraint(op.f("ck_award_within"), type_="check")
        batch.drop_column("disbursed_minor")
        for place in (*PLACES, "returned"):
            batch.alter_column(f"{place}_minor", existing_type=sa.BigInteger(), server_default=None)
        batch.alter_column("budget_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(op.f("fk_award_budget_id_budget"), "budget", ["budget_id"], ["id"])
        batch.create_check_constraint(
            op.f("ck_award_not_negative"),
            "reserved_minor >= 0 AND undrawn_minor >= 0 AND claimed_minor >= 0 AND verified_minor >= 0 "
            "AND instructed_minor >= 0 AND paid_minor >= 0 AND clawed_back_minor >= 0 "
            "AND released_minor >= 0 AND returned_minor >= 0",
        )
        batch.create_check_constraint(
            op.f("ck_award_adds_up"),
            "reserved_minor + undrawn_minor + claimed_minor + verified_minor + instructed_minor "
            "+ paid_minor + clawed_back_minor + released_minor = amount_minor",
        )
        batch.create_index(op.f("ix_award_budget_id"), ["budget_id"])
    protect(UNCHANGEABLE, ())


def _rows(text, **values):
    return op.get_bind().execute(sa.text(text), values).mappings().all()


def _place():
    """Put every unit of each award where it is by the states of its tranches, with the movements that brought it there."""
    awards = _rows(
        "SELECT award.*, budget.id AS charged FROM award "
        "JOIN application ON application.id = award.application_id "
        "JOIN call ON call.id = application.call_id "
        "JOIN budget ON budget.level = 'call' AND budget.code = call.code ORDER BY award.id"
    )
    for award in awards:
        places = _places(award)
        budget = award["charged"]
        values = {f"{place}_minor": places[place] for place in PLACES} | {"budget_id": budget}
        op.get_bind().execute(sa.update(AWARD).where(AWARD.c.id == award["id"]).values(values))
        held = sum(places[place] for place in ("undrawn", "claimed", "verified", "instructed"))
        op.get_bind().execute(
            sa.text(
                "UPDATE budget SET reserved_minor = reserved_minor - :held, "
                "committed_minor = committed_minor + :held WHERE id = :id"
            ),
            {"held": held, "id": budget},
        )
        _note(award, places)


def _places(award):
    places = dict.fromkeys(PLACES, 0) | {"paid": award["disbursed_minor"]}
    tranches = _rows("SELECT state, amount_minor FROM tranche WHERE award_id = :id", id=award["id"])
    for tranche in tranches:
        place = STATES.get(tranche["state"])
        if place and (place == "instructed" or award["ended_at"] is None):
            places[place] += tranche["amount_minor"]
    rest = award["amount_minor"] - sum(places.values())
    waiting = "undrawn" if award["accepted_at"] is not None else "reserved"
    places["released" if award["ended_at"] is not None else waiting] += rest
    return places


def _note(award, places):
    roads = {place: ROADS[place] for place in ROADS}
    accepted = ("outside", "reserved", "undrawn", "released")
    roads["released"] = (
        accepted if award["accepted_at"] is not None else ("outside", "reserved", "released")
    )
    flows = {}
    for place, road in roads.items():
        for step in pairwise(road):
            flows[step] = flows.get(step, 0) + places[place]
    for (source, target), amount in flows.items():
        if amount:
            op.get_bind().execute(
                sa.text(
                    "INSERT INTO movement (award_id, source, target, amount_minor, event_id) "
                    "VALUES (:award, :source, :target, :amount, :event)"
                ),
                {
                    "award": award["id"],
                    "source": source,
                    "target": target,
                    "amount": amount,
                    "event": award["event_id"],
                },
            )


def downgrade():
    with rebuilding("award") as batch:
        batch.add_column(
            sa.Column("disbursed_minor", sa.BigInteger(), nullable=False, server_default="0")
        )
    op.execute("UPDATE award SET disbursed_minor = paid_minor + clawed_back_minor")
    with rebuilding("award") as batch:
        batch.alter_column("disbursed_minor", existing_type=sa.BigInteger(), server_default=None)
        batch.drop_index(op.f("ix_award_budget_id"))
        batch.drop_constraint(op.f("ck_award_adds_up"), type_="check")
        batch.drop_constraint(op.f("ck_award_not_negative"), type_="check")
        batch.drop_constraint(op.f("fk_award_budget_id_budget"), type_="foreignkey")
        batch.drop_column("budget_id")
        for place in (*PLACES, "returned"):
            batch.drop_column(f"{place}_minor")
        batch.create_check_constraint(
            op.f("ck_award_within"), "disbursed_minor >= 0 AND disbursed_minor <= amount_minor"
        )
    op.execute(
        "UPDATE budget SET reserved_minor = reserved_minor + committed_minor, committed_minor = 0"
    )
    op.drop_table("movement")
