"""What a clawback does: its instalments are kept once it is demanded, and what comes in moves out of what the enterprise holds."""

from datetime import date

from app.applications import queries as applications
from app.awards.commands.moving import move
from app.db import db
from app.errors import Conflict
from app.proceedings import queries as proceedings
from app.proceedings.commands import pass_on
from app.proceedings.compose import Entered
from app.recoveries.commands.receipts import keep
from app.recoveries.models import ClawbackInstalment
from app.recoveries.queries import demands
from workflows.money import formatted

CLOSE = "enforce"


def make_demand(entered: Entered) -> None:
    """Keep the instalments of a demand; one whose waiver was refused stands as it did.

    Raises ``Conflict`` where its first day is over by now, or so much is not with the enterprise any more.
    """
    row, award = entered.proceeding, entered.award
    if demands.instalments(row):
        return
    plan = row.terms["plan"]
    first = date.fromisoformat(plan[0]["due_on"])
    if first <= applications.today(entered.application):
        told = first.strftime("%-d %B %Y")
        raise Conflict(
            f"The first instalment is due on {told}: refuse this and propose later days."
        )
    left = award.disbursed_minor - demands.demanded(entered.application, award, without=row)
    if (row.amount_minor or 0) > left:
        raise Conflict(f"Only {formatted(left, award.currency)} can still be demanded back.")
    db.session.add_all(
        ClawbackInstalment(
            proceeding_id=row.id,
            number=part["number"],
            due_on=date.fromisoformat(part["due_on"]),
            amount_minor=part["amount"],
        )
        for part in plan
    )


def receive(entered: Entered) -> None:
    """Take what came in on a demand: the oldest instalment is paid first, and with the last of it the demand is closed."""
    row, application = entered.proceeding, entered.application
    found = proceedings.proceeding(application, row.terms["demand"])
    left = demands.how_it_stands(found, applications.today(application)).outstanding
    amount = row.amount_minor or 0
    if found.state not in demands.OWED or amount > left:
        told = formatted(left, application.currency)
        raise Conflict(f"Only {told} is outstanding on the demand: strike the receipt out.")
    keep(entered, on=found)
    move(entered.award, "paid", "clawed_back", amount, entered.recorded)
    db.session.flush()
    if amount == left:
        pass_on(found, CLOSE)
