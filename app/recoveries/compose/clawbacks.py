"""A demand for money back, and what comes in on it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.models import Award
from app.errors import Invalid
from app.proceedings.compose import Draft
from app.proceedings.models import Proceeding
from app.proceedings.queries import open_ones
from app.recoveries.compose.receipts import Came, came_in
from app.recoveries.queries import CLAWBACK, CLAWBACK_RECEIPT, demands
from workflows.clawback import Owed, Terms, demand, wrong
from workflows.money import formatted


@dataclass(frozen=True)
class Clawback:
    """What is demanded back: the amount as typed, the reason as the enterprise reads it, monthly instalments from a day."""

    amount: str
    reason: str
    instalments: int
    first_due: date


def open_to_clawback(application: Application, award: Award) -> str:
    """Return why no money can be demanded back, "" where some can: for any reason, also after the end of a case."""
    if award.disbursed_minor > demands.demanded(application, award):
        return ""
    return "Nothing was paid that is not demanded back already."


def clawback(application: Application, award: Award, given: Clawback, _actor: Person) -> Draft:
    """Draw a demand with its instalments; raises ``Invalid`` with everything that speaks against it."""
    errors: dict[str, list[str]] = {}
    today, before = applications.today(application), demands.demanded(application, award)
    amount = 0
    try:
        amount = applications.minor(application, "amount", given.amount) or 0
    except Invalid as error:
        errors |= error.errors
    asked = Terms(amount, award.currency, given.reason, given.instalments, given.first_due)
    if given.first_due <= today:
        told = given.first_due.strftime("%-d %B %Y")
        errors["first_due"] = [f"Leave the enterprise time to pay: {told} is today or over."]
        asked = replace(asked, first_due=today + timedelta(days=1))
    against = wrong(asked, award.disbursed_minor, before, today)
    if against and "amount" not in errors:
        errors["amount"] = [*against]
    if errors:
        raise Invalid(errors)
    made = demand(asked, award.disbursed_minor, before, today)
    plan = [
        {"number": part.number, "due_on": part.due_on.isoformat(), "amount": part.amount}
        for part in made.instalments
    ]
    return Draft({"plan": plan}, private={"reason": given.reason}, amount=amount)


def open_to_receipt(application: Application, _award: Award) -> str:
    """Return why nothing can come in on a demand, "" where something can."""
    owed = [row for row in open_ones(application, CLAWBACK) if row.state in demands.OWED]
    return "" if owed else "No money is demanded back that is not paid."


def receipt(application: Application, award: Award, given: Came, _actor: Person) -> Draft:
    """Draw money that came in on a demand; raises ``Invalid``, also for more than is outstanding on it."""
    errors: dict[str, list[str]] = {}
    amount, terms = came_in(application, given, errors)
    try:
        found = demands.demand_to_pay(application, given.on)
    except Invalid as error:
        raise Invalid(errors | error.errors) from error
    left = outstanding(application, found)
    if amount > left and "amount" not in errors:
        told = formatted(left, award.currency)
        errors["amount"] = [f"Only {told} is outstanding and not recorded as paid already."]
    if errors:
        raise Invalid(errors)
    return Draft({**terms, "demand": found.number}, amount=amount)


def outstanding(application: Application, found: Proceeding) -> int:
    """Return what is outstanding on a demand, in minor units, without what is recorded and waits to be confirmed."""
    recorded: list[Proceeding] = open_ones(application, CLAWBACK_RECEIPT)
    waits = sum(
        row.amount_minor or 0 for row in recorded if row.terms.get("demand") == found.number
    )
    return demands.how_it_stands(found, applications.today(application)).outstanding - waits


def told_clawback(found: Proceeding) -> list[tuple[str, str]]:
    """Return what is demanded and how it stands, as pairs of a label and a text; overdue instalments are named."""
    currency, today = found.application.currency, applications.today(found.application)
    told = [
        ("Demanded back", formatted(found.amount_minor or 0, currency)),
        ("Why", found.private.get("reason", "")),
    ]
    if not demands.instalments(found):
        return told + [_planned(part, currency) for part in found.terms["plan"]]
    stands = demands.how_it_stands(found, today)
    told.append(("Came in", formatted(stands.received, currency)))
    if stands.waived:
        told.append(("Waived", formatted(stands.waived, currency)))
    told.append(("Outstanding", formatted(stands.outstanding, currency)))
    if stands.overdue:
        told.append(("Overdue", formatted(stands.overdue, currency)))
    owed = found.state in demands.OWED
    return told + [_stands(row, currency, today, owed=owed) for row in stands.rows]


def _planned(part: dict[str, Any], currency: str) -> tuple[str, str]:
    day = date.fromisoformat(part["due_on"])
    return _label(part["number"], day), formatted(part["amount"], currency)


def _stands(row: Owed, currency: str, today: date, *, owed: bool) -> tuple[str, str]:
    part = row.instalment
    said = formatted(part.amount, currency)
    if not row.outstanding:
        said += ": paid"
    elif row.received:
        said += f": {formatted(row.received, currency)} came in"
    late = owed and row.outstanding and part.due_on < today
    return _label(part.number, part.due_on), said + (", overdue" if late else "")


def _label(number: int, day: date) -> str:
    return f"Instalment {number}, by {day.strftime('%-d %B %Y')}"
