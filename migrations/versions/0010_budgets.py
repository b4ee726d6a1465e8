"""Budgets by facility, scheme, call and fiscal year; every unit of an award in one place, with the movements between them."""

import tomllib
from itertools import pairwise

import sqlalchemy as sa
from alembic import op

from migrations.protection import protect, rebuilding

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

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
WHOLE_LIFE = 0
AWARD = sa.table(
    "award", sa.column("id"), sa.column("budget_id"), *(sa.column(f"{p}_minor") for p in PLACES)
)


def _minor(name):
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _to(name, column, table):
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(name))


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
        _to("fk_budget_agency_id_agency", "agency_id", "agency"),
        _to("fk_budget_parent_id_budget", "parent_id", "budget"),
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
        _to("fk_budget_transfer_agency_id_agency", "agency_id", "agency"),
        _to("fk_budget_transfer_decided_by_person", "decided_by", "person"),
        _to("fk_budget_transfer_proposed_by_person", "proposed_by", "person"),
        _to("fk_budget_transfer_source_id_budget", "source_id", "budget"),
        _to("fk_budget_transfer_target_id_budget", "target_id", "budget"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_transfer")),
    )
    op.create_index(op.f("ix_budget_transfer_agency_id"), "budget_transfer", ["agency_id"])
    op.create_table(
        "movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("tranche_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("target", sa.String(length=12), nullable=False),
        _minor("amount_minor"),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_movement_amount")),
        sa.CheckConstraint("source <> target", name=op.f("ck_movement_two_places")),
        _to("fk_movement_award_id_award", "award_id", "award"),
        _to("fk_movement_event_id_event", "event_id", "event"),
        _to("fk_movement_tranche_id_tranche", "tranche_id", "tranche"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
    )
    op.create_index("ix_movement_award", "movement", ["award_id", "id"])
    budgets = _budgets()
    with rebuilding("award") as batch:
        for place in (*PLACES, "returned"):
            batch.add_column(
                sa.Column(f"{place}_minor", sa.BigInteger(), nullable=False, server_default="0")
            )
        batch.add_column(sa.Column("budget_id", sa.Integer(), nullable=True))
    _place(budgets)
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
    with rebuilding("call") as batch:
        batch.drop_constraint(op.f("ck_call_not_negative"), type_="check")
        batch.drop_constraint(op.f("ck_call_within_budget"), type_="check")
        for column in ("budget_minor", "reserved_minor", "paid_minor"):
            batch.drop_column(column)
    protect(("movement",), ("budget", "budget_transfer"))


def _rows(text, **values):
    return op.get_bind().execute(sa.text(text), values).mappings().all()


def _budgets():
    """Give each call a budget for its whole life, under its scheme and its facility; returns them by call."""
    found = {}
    calls = _rows(
        "SELECT call.id, call.code, call.budget_minor, scheme.code AS scheme, scheme.currency, "
        "scheme.agency_id, scheme.source FROM call JOIN scheme ON scheme.id = call.scheme_id"
    )
    for call in calls:
        facility = tomllib.loads(call["source"])["facility"]
        above = _budget(call, "facility", facility, None, None)
        above = _budget(call, "scheme", call["scheme"], above, call["agency_id"])
        found[call["id"]] = _budget(call, "call", call["code"], above, call["agency_id"])
    return found


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


def _place(budgets):
    """Put every unit of each award where it is by the states of its tranches, with the movements that brought it there."""
    awards = _rows(
        "SELECT award.*, application.call_id FROM award "
        "JOIN application ON application.id = award.application_id ORDER BY award.id"
    )
    for award in awards:
        places = _places(award)
        budget = budgets[award["call_id"]]
        values = {f"{place}_minor": places[place] for place in PLACES} | {"budget_id": budget}
        op.get_bind().execute(sa.update(AWARD).where(AWARD.c.id == award["id"]).values(values))
        held = sum(places[place] for place in ("undrawn", "claimed", "verified", "instructed"))
        op.get_bind().execute(
            sa.text(
                "UPDATE budget SET reserved_minor = reserved_minor + :reserved, "
                "committed_minor = committed_minor + :held, paid_minor = paid_minor + :paid WHERE id = :id"
            ),
            {"reserved": places["reserved"], "held": held, "paid": places["paid"], "id": budget},
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
    for table in ("movement", "budget_transfer", "budget"):
        op.drop_table(table)
