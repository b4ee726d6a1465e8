"""What must hold of claims with cost lines and of money demanded back: what each comes to, against the award."""

from collections.abc import Iterator

from sqlalchemy import func, select

from app.applications.queries import by_id, today
from app.awards.models import Award, Tranche
from app.claims.models import ADVANCE, Claim
from app.claims.queries import kept_back, owed_back, settlement
from app.db import db
from app.proceedings.models import Proceeding
from app.recoveries.models import Incoming
from app.recoveries.queries import CLAWBACK
from app.recoveries.queries.demands import OWED, how_it_stands


def of_claims(award: Award) -> Iterator[str]:
    """Yield what does not agree of the claims of an award: sums of each, advances, and what was kept back."""
    rows = (
        select(Claim, Tranche)
        .join(Tranche, Tranche.id == Claim.tranche_id)
        .where(Tranche.award_id == award.id)
    )
    cleared = advanced = 0
    for claim, tranche in db.session.execute(rows.order_by(Claim.id)):
        if claim.kind == ADVANCE and claim.sent_back_at is None:
            advanced += claim.amount_minor
        settled = settlement(claim)
        if settled is None:
            continue
        cleared += settled.cleared_minor
        if settled.accepted_minor + settled.refused_minor != claim.cost_minor:
            yield f"claim {claim.number} is of {claim.cost_minor}, found was another cost."
        parts = settled.cleared_minor + settled.retained_minor + settled.payable_minor
        if parts != settled.share_minor:
            yield f"claim {claim.number} has the share {settled.share_minor}, its parts are {parts}."
        if settled.payable_minor != tranche.verified_minor:
            yield f"claim {claim.number} comes to {settled.payable_minor}, verified is another amount."
    if cleared > advanced:
        yield f"{cleared} of advances is accounted for, {advanced} was advanced."
    yield from _of_retention(award)


def _of_retention(award: Award) -> Iterator[str]:
    if award.ended_at is not None:
        return
    kept, owed = kept_back(by_id(award.application_id), award), owed_back(award)
    if kept != owed or kept > award.undrawn_minor:
        yield f"{owed} was kept back of its claims, {kept} is planned, {award.undrawn_minor} undrawn."


def of_demands(award: Award) -> Iterator[str]:
    """Yield what does not agree of the demands for money of an award: instalments, receipts and what was waived."""
    found = select(Proceeding).where(Proceeding.award_id == award.id, Proceeding.kind == CLAWBACK)
    received = 0
    for row in db.session.scalars(found.order_by(Proceeding.number)):
        stands = how_it_stands(row, today(row.application))
        received += stands.received
        if not stands.rows:
            continue
        told = (
            f"{stands.received} came in, {stands.waived} was waived, {stands.outstanding} is open"
        )
        if stands.received + stands.waived + stands.outstanding != row.amount_minor:
            yield f"{row.amount_minor} is demanded by proceeding {row.number}: {told}."
        if (stands.outstanding > 0) != (row.state in OWED):
            yield f"proceeding {row.number} is {row.state}: {told}."
    booked = select(func.sum(Incoming.amount_minor)).join(
        Proceeding, Proceeding.id == Incoming.on_id
    )
    mine = db.session.scalar(booked.where(Proceeding.award_id == award.id)) or 0
    if not received == mine == award.clawed_back_minor:
        yield f"{mine} came in on its demands, they say {received}, its row {award.clawed_back_minor}."
