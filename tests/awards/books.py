"""What must hold of all money at any moment, whatever was done: awards, tranches, payments and budgets against one another."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select

from app.applications.models import Application
from app.awards.models import Award, AwardVersion, Movement, Tranche
from app.budgets.models import Budget, BudgetTransfer
from app.claims.models import COSTS, Claim, ClaimFinding, ClaimSettlement
from app.db import db
from app.disbursements.models import Disbursement, PaymentInstruction, PaymentReturn
from app.disbursements.queries import payable
from app.proceedings.models import Proceeding
from app.recoveries.models import ClawbackInstalment, Incoming
from tests.awards.owed import of_claims, of_demands
from workflows.bridge import PLACES, Bridge, replay, wrong
from workflows.bridge import Movement as Moved

# Which place of its award the money of a tranche is in, by the state of the tranche.
WITH_THE_AGENCY = ("verified", "prepared", "checked", "rejected", "returned")
PLACE_OF = {
    "planned": "undrawn",
    "claimed": "claimed",
    "requested": "claimed",
    **dict.fromkeys(WITH_THE_AGENCY, "verified"),
    **dict.fromkeys(("released", "unknown", "found"), "instructed"),
    "paid": "paid",
    "cancelled": "",
}
MONEY = (Award, AwardVersion, Tranche, Movement, Budget, BudgetTransfer)
PAID = (PaymentInstruction, Disbursement, PaymentReturn)
OWED = (Claim, ClaimFinding, ClaimSettlement, Proceeding, ClawbackInstalment, Incoming)


def written() -> list[tuple[Any, ...]]:
    """Return every row that tells of money, and where each case and its trail stand: an act that is refused leaves it as it is."""
    db.session.rollback()
    cases = (Application.reference, Application.state, Application.version, Application.trail_seq)
    rows: list[tuple[Any, ...]] = [tuple(row) for row in db.session.execute(select(*cases))]
    for model in (*MONEY, *PAID, *OWED):
        rows += [tuple(row) for row in db.session.execute(select(*model.__table__.columns))]
    db.session.rollback()
    return rows


def problems() -> list[str]:
    """Return everything that does not agree, as sentences; nothing when the books are right."""
    db.session.rollback()
    awards = list(db.session.scalars(select(Award).execution_options(populate_existing=True)))
    found = [told for award in awards for told in _of_award(award)]
    found += [*_of_budgets(awards), *_of_payments()]
    db.session.rollback()
    return found


def _of_award(award: Award) -> Iterator[str]:
    name = f"Award {award.id}"
    places = {place: getattr(award, f"{place}_minor") for place in PLACES}
    if sum(places.values()) != award.amount_minor:
        yield f"{name}: its places sum to {sum(places.values())}, not {award.amount_minor}."
    bridge = _replayed(award)
    counted = {place: bridge.at(place) for place in PLACES}
    if (counted, bridge.returned) != (places, award.returned_minor):
        yield f"{name}: its movements come to {counted}, its row says {places}."
    yield from (f"{name}: {told}" for told in wrong(bridge))
    yield from (f"{name}: {told}" for told in _of_tranches(award, places))
    yield from (f"{name}: {told}" for told in _of_versions(award))
    yield from (f"{name}: {told}" for told in (*of_claims(award), *of_demands(award)))


def _replayed(award: Award) -> Bridge:
    rows = db.session.scalars(
        select(Movement).where(Movement.award_id == award.id).order_by(Movement.id)
    )
    moves = [Moved(row.source, row.target, row.amount_minor, row.event_id) for row in rows]
    return replay(moves, Bridge(award.currency))


def _tranches(award: Award) -> list[Tranche]:
    found = select(Tranche).where(Tranche.award_id == award.id).order_by(Tranche.number)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def _of_tranches(award: Award, places: dict[str, int]) -> Iterator[str]:
    """Compare an award that has not ended with its tranches: each unit is in the place where its tranche stands."""
    if award.ended_at is not None:
        left = {place: minor for place, minor in places.items() if minor and place != "released"}
        yield from (f"it has ended and holds {minor} {place}" for place, minor in left.items())
        return
    sums: Counter[str] = Counter()
    for row in _tranches(award):
        minor = row.amount_minor if row.state == "planned" else payable(row)
        sums[PLACE_OF[row.state]] += row.claimed_minor or minor if row.state in ASKED else minor
    expected = {
        "undrawn": places["undrawn"] + places["reserved"],
        "paid": places["paid"] + places["clawed_back"],
        **{place: places[place] for place in ("claimed", "verified", "instructed")},
    }
    for place, minor in expected.items():
        # What costs came to less than their tranche is undrawn, and in no tranche until it is planned again.
        loose = place == "undrawn" and sums[place] < minor and _by_costs(award)
        if sums[place] != minor and not loose:
            yield f"tranches say {sums[place]} is {place}, the award {minor}."


ASKED = ("claimed", "requested")


def _by_costs(award: Award) -> bool:
    """Tell whether something of an award was claimed by costs."""
    found = select(Claim.id).join(Tranche, Tranche.id == Claim.tranche_id)
    mine = found.where(Tranche.award_id == award.id, Claim.kind == COSTS)
    return db.session.scalar(mine.limit(1)) is not None


def _of_versions(award: Award) -> Iterator[str]:
    """Compare what was agreed last with what stands: a version is written with each change of the size."""
    if award.ended_at is not None:
        return
    found = select(AwardVersion).where(AwardVersion.award_id == award.id)
    versions = list(db.session.scalars(found.order_by(AwardVersion.number)))
    if [row.number for row in versions] != [*range(1, len(versions) + 1)]:
        yield f"its versions are numbered {[row.number for row in versions]}."
    size, last = award.amount_minor - award.released_minor, versions[-1]
    if last.size_minor != size:
        yield f"its newest version says {last.size_minor}, its size is {size}."
    planned = sum(line["amount"] for line in last.tranches)
    if planned != last.size_minor:
        yield f"the tranches of its newest version sum to {planned}, not {last.size_minor}."


def _of_budgets(awards: list[Award]) -> Iterator[str]:
    budgets = list(db.session.scalars(select(Budget).execution_options(populate_existing=True)))
    for budget in budgets:
        name = f"Budget of the {budget.level} {budget.code}"
        if min(_amounts(budget)) < 0 or (budget.left_minor or 0) < 0:
            yield f"{name} is below zero: {_amounts(budget)}."
        below = sum(row.amount_minor or 0 for row in budgets if row.parent_id == budget.id)
        given = sum(row.allocated_minor for row in budgets if row.parent_id == budget.id)
        expected = {"call": 0, "scheme": below, "facility": given}[budget.level]
        if budget.allocated_minor != expected:
            yield f"{name} allotted {budget.allocated_minor}, below it is {expected}."
        mine = [award for award in awards if award.budget_id == budget.id]
        for said, (counted, minor) in _spent(budget, mine).items():
            if counted != minor:
                yield f"{name} says {minor} is {said}, its awards {counted}."


def _amounts(budget: Budget) -> tuple[int, ...]:
    return (
        budget.amount_minor or 0,
        budget.allocated_minor,
        budget.reserved_minor,
        budget.committed_minor,
        budget.paid_minor,
    )


def _spent(budget: Budget, awards: list[Award]) -> dict[str, tuple[int, int]]:
    """Return what awards come to and what their budget says, by what became of it."""

    def summed(of: Callable[[Award], int]) -> int:
        return sum(map(of, awards))

    open_ = summed(
        lambda a: a.undrawn_minor + a.claimed_minor + a.verified_minor + a.instructed_minor
    )
    return {
        "reserved": (summed(lambda a: a.reserved_minor), budget.reserved_minor),
        "committed": (open_, budget.committed_minor),
        "paid": (summed(lambda a: a.paid_minor + a.clawed_back_minor), budget.paid_minor),
    }


def _of_payments() -> Iterator[str]:
    """Compare what awards hold as disbursed with the payments: each end-to-end id is paid once, each tranche once at a time."""
    rows = db.session.execute(
        select(Tranche.award_id, Tranche.id, PaymentInstruction.end_to_end_id, Disbursement)
        .join(PaymentInstruction, PaymentInstruction.tranche_id == Tranche.id)
        .join(Disbursement, Disbursement.instruction_id == PaymentInstruction.id)
    ).all()
    back = set(db.session.scalars(select(PaymentReturn.disbursement_id)))
    numbers = Counter(name for _, _, name, _ in rows)
    yield from (f"{name} was paid {times} times." for name, times in numbers.items() if times > 1)
    held = Counter(number for _, number, _, paid in rows if paid.id not in back)
    yield from (f"Tranche {one} is paid {times} times." for one, times in held.items() if times > 1)
    for award in db.session.scalars(select(Award)):
        mine = [paid for owner, _, _, paid in rows if owner == award.id]
        gross = sum(paid.amount_minor for paid in mine)
        returned = sum(paid.amount_minor for paid in mine if paid.id in back)
        if (award.disbursed_minor, award.returned_minor) != (gross - returned, returned):
            yield (
                f"Award {award.id} says {award.disbursed_minor} is disbursed and {award.returned_minor} returned, "
                f"its payments {gross - returned} and {returned}."
            )
