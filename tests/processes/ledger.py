"""What must hold of all money, whatever was raced or killed: told as sentences about what does not."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, select

from app.audit import queries as audit
from app.awards.models import Award, Movement, Tranche
from app.budgets.models import Budget
from app.db import db
from app.disbursements.models import Disbursement, PaymentInstruction, PaymentReturn
from workflows import bridge
from workflows.bridge import PLACES, Bridge


def faults() -> list[str]:
    """Return everything that does not hold: payments, budgets, movements, and the trail."""
    db.session.remove()
    found = [*paid_twice(), *overdrawn(), *unequal(), *unbridged()]
    found += [f"{broken.stream} event {broken.seq}: {broken.what}" for broken in audit.verify()]
    db.session.remove()
    return found


def paid_twice() -> Iterator[str]:
    """Yield each payment that went out twice, by its end-to-end id, and each tranche, where nothing came back between."""
    by_name = (
        select(PaymentInstruction.end_to_end_id, func.count(Disbursement.id))
        .join(Disbursement, Disbursement.instruction_id == PaymentInstruction.id)
        .group_by(PaymentInstruction.end_to_end_id)
    )
    for name, count in db.session.execute(by_name):
        if count > 1:
            yield f"{name} is paid {count} times"
    by_tranche = (
        select(Disbursement.tranche_id, func.count(Disbursement.id))
        .outerjoin(PaymentReturn, PaymentReturn.disbursement_id == Disbursement.id)
        .where(PaymentReturn.disbursement_id.is_(None))
        .group_by(Disbursement.tranche_id)
    )
    for tranche, count in db.session.execute(by_tranche):
        if count > 1:
            yield f"the tranche {tranche} is paid {count} times"


def overdrawn() -> Iterator[str]:
    """Yield each budget of which more is spoken for than there is."""
    for budget in db.session.scalars(select(Budget)):
        if budget.left_minor is not None and budget.left_minor < 0:
            yield f"the budget {budget.code} is overdrawn by {-budget.left_minor}"


def unequal() -> Iterator[str]:
    """Yield each call whose budget is not what its awards hold, and each award that is not what was paid of it."""
    held: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for award in db.session.scalars(select(Award)):
        held[award.budget_id][0] += award.left_minor
        held[award.budget_id][1] += award.disbursed_minor
    for budget in db.session.scalars(select(Budget).where(Budget.level == "call")):
        spoken_for = [budget.reserved_minor + budget.committed_minor, budget.paid_minor]
        if spoken_for != held[budget.id]:
            yield f"the budget {budget.code} says {spoken_for}, its awards {held[budget.id]}"
    paid = _paid()
    for award in db.session.scalars(select(Award)):
        if award.disbursed_minor + award.returned_minor != paid.get(award.id, 0):
            yield f"the award {award.id} says {award.disbursed_minor}, not {paid.get(award.id, 0)}"


def _paid() -> dict[int, int]:
    rows = (
        select(Tranche.award_id, func.sum(Disbursement.amount_minor))
        .join(Disbursement, Disbursement.tranche_id == Tranche.id)
        .group_by(Tranche.award_id)
    )
    return {award: int(total) for award, total in db.session.execute(rows)}


def unbridged() -> Iterator[str]:
    """Yield each award whose places are not what its movements make of them."""
    moved: dict[int, list[bridge.Movement]] = defaultdict(list)
    for row in db.session.scalars(select(Movement).order_by(Movement.id)):
        moved[row.award_id].append(
            bridge.Movement(row.source, row.target, row.amount_minor, row.event_id)
        )
    for award in db.session.scalars(select(Award)):
        try:
            counted = bridge.replay(moved[award.id], Bridge(award.currency))
        except ValueError as error:
            yield f"the award {award.id}: {error}"
            continue
        stands = {place: getattr(award, f"{place}_minor") for place in (*PLACES, "returned")}
        if stands != {place: counted.at(place) for place in stands}:
            yield f"the award {award.id} stands at {stands}, its movements make {counted}"
        yield from bridge.wrong(counted)
