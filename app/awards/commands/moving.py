"""Moving the money of an award from one place to another: its row, the budget, and the movement with its event, together."""

from sqlalchemy import func, insert, select

from app.applications.models import Application
from app.awards.models import Award, AwardVersion, Movement, Tranche
from app.budgets.commands import shift
from app.db import db
from app.errors import Conflict
from app.schemes import queries as schemes
from app.trail.commands import Recorded
from workflows.bridge import OUTSIDE, possible
from workflows.money import formatted

# Where the budget of the call has what is in a place of an award; what is outside or released is free.
BUDGET = {
    "reserved": "reserved",
    "undrawn": "committed",
    "claimed": "committed",
    "verified": "committed",
    "instructed": "committed",
    "paid": "paid",
    # What came back is not given away again without an act of its own.
    "clawed_back": "paid",
}
# What an award that ends gives back: what is with the bank or paid is not there to be given.
HELD = ("reserved", "undrawn", "claimed", "verified")
_MOVEMENT = insert(Movement)
CANCELLED = "cancelled"


def move(
    award: Award,
    source: str,
    target: str,
    amount: int,
    recorded: Recorded,
    tranche: Tranche | None = None,
) -> None:
    """Move an amount in minor units, with the budget of the call where that changes.

    Raises ``Conflict`` when so much is not there: the database would refuse it, whoever asks.
    """
    if not amount:
        return
    if not possible(source, target):
        raise AssertionError(f"Money does not move from {source} to {target}.")
    _take(award, source, target, amount)
    shift(award.budget_id, BUDGET.get(source), BUDGET.get(target), amount)
    note(award.id, source, target, amount, recorded, tranche)


def note(
    award_id: int,
    source: str,
    target: str,
    amount: int,
    recorded: Recorded,
    tranche: Tranche | None = None,
) -> None:
    """Write a movement down."""
    row = {
        "award_id": award_id,
        "tranche_id": tranche.id if tranche else None,
        "source": source,
        "target": target,
        "amount_minor": amount,
        "event_id": recorded.id,
    }
    db.session.connection().execute(_MOVEMENT, row)


def agreed(award: Award, recorded: Recorded) -> AwardVersion:
    """Keep what is agreed now as the next version of an award; tranches that were cancelled are no part of it."""
    db.session.flush()
    application = db.session.get_one(Application, award.application_id)
    states = schemes.workflow(application.scheme.tranche_digest).states
    counted = select(func.count()).where(AwardVersion.award_id == award.id)
    tranches = select(Tranche).where(Tranche.award_id == award.id).order_by(Tranche.number)
    version = AwardVersion(
        award_id=award.id,
        number=(db.session.scalar(counted) or 0) + 1,
        size_minor=award.amount_minor - award.released_minor,
        tranches=[
            {"number": row.number, "purpose": row.purpose, "amount": row.bound_minor}
            for row in db.session.scalars(tranches)
            if states[row.state].outcome != CANCELLED
        ],
        terms=award.terms,
        costs_from=award.costs_from,
        costs_to=award.costs_to,
        event_id=recorded.id,
    )
    db.session.add(version)
    return version


def give_back(award: Award, recorded: Recorded) -> None:
    """Give back to the budget what an award holds that is neither with the bank nor paid."""
    for place in HELD:
        amount = getattr(award, f"{place}_minor")
        if place in ("claimed", "verified"):
            move(award, place, "undrawn", amount, recorded)
            place = "undrawn"  # noqa: PLW2901 - a claim that comes to nothing is first undrawn again
        move(award, place, "released", amount, recorded)


def _take(award: Award, source: str, target: str, amount: int) -> None:
    if source == OUTSIDE:
        award.amount_minor += amount
    else:
        there = getattr(award, f"{source}_minor")
        if amount > there:
            told = formatted(there, award.currency)
            raise Conflict(f"Only {told} of this award is {source.replace('_', ' ')}.")
        setattr(award, f"{source}_minor", there - amount)
    setattr(award, f"{target}_minor", getattr(award, f"{target}_minor") + amount)
