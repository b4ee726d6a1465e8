"""Demands for money back: their instalments, how each stands, and what of an award may still be demanded."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.models import Award
from app.db import db
from app.errors import Invalid
from app.proceedings import queries as proceedings
from app.proceedings.models import Proceeding
from app.recoveries.models import ClawbackInstalment
from app.recoveries.queries import CLAWBACK, incoming, local_day
from workflows.clawback import Demand, Instalment, Receipt, Standing, Waiver, standing

PROPOSED, DEMANDED, WAIVER, WAIVED = "proposed", "demanded", "waiver", "waived"
# The states in which the enterprise owes what is outstanding.
OWED = (DEMANDED, WAIVER)
DROPPED = "refused"


@dataclass(frozen=True)
class Owing:
    """A demand as it stands today: its proceeding, its instalments with what came in, and the next day to pay by."""

    row: Proceeding
    standing: Standing
    next_due: date | None


def instalments(found: Proceeding) -> tuple[Instalment, ...]:
    """Return the instalments of a demand that was made, empty before."""
    rows = select(ClawbackInstalment).where(ClawbackInstalment.proceeding_id == found.id)
    kept = db.session.scalars(rows.order_by(ClawbackInstalment.number))
    return tuple(Instalment(row.number, row.due_on, row.amount_minor) for row in kept)


def how_it_stands(found: Proceeding, on: date) -> Standing:
    """Return how a demand stands at the end of a local day: what came in pays the oldest instalment first."""
    parts = instalments(found)
    made = Demand(sum(part.amount for part in parts), found.application.currency, "", parts)
    receipts = [Receipt(row.received_on, row.amount_minor) for row in incoming(found)]
    ended = local_day(found)
    waived = None
    if found.state == WAIVED and ended is not None:
        waived = Waiver("approver", ended, "as the event says")
    return standing(made, receipts, on, waived)


def demanded(application: Application, award: Award, without: Proceeding | None = None) -> int:
    """Return what of an award is demanded back or proposed to be, in minor units, without what was waived."""
    total = 0
    for row in proceedings.proceedings(application):
        if row.kind != CLAWBACK or row.award_id != award.id or row.state == DROPPED:
            continue
        if without is not None and row.id == without.id:
            continue
        came = row.state == WAIVED
        total += sum(one.amount_minor for one in incoming(row)) if came else row.amount_minor or 0
    return total


def demand_to_pay(application: Application, number: int | None) -> Proceeding:
    """Return the demand that a payment is on: the one of a number, or the only one that is owed; raises ``Invalid``."""
    owed = [row for row in proceedings.open_ones(application, CLAWBACK) if row.state in OWED]
    if number is not None:
        owed = [row for row in owed if row.number == number]
    if len(owed) != 1:
        said = (
            "There is no demand of this number to pay."
            if number
            else "Say on which demand it came in."
        )
        raise Invalid({"demand": [said]})
    return owed[0]


def owing(actor: Person) -> list[Owing]:
    """Return the demands that are owed in the cases a person may see, the longest overdue first."""
    seen = applications.visible(actor).with_only_columns(Application.id)
    rows = select(Proceeding).where(
        Proceeding.kind == CLAWBACK, Proceeding.state.in_(OWED), Proceeding.application_id.in_(seen)
    )
    found = [_owing(row) for row in db.session.scalars(rows.order_by(Proceeding.id))]
    return sorted(found, key=lambda one: (one.next_due or date.max, one.row.id))


def _owing(row: Proceeding) -> Owing:
    found = how_it_stands(row, applications.today(row.application))
    due = next((one.instalment.due_on for one in found.rows if one.outstanding), None)
    return Owing(row, found, due)
