"""A payment that came in, as it is recorded: the amount, the local day, and the reference of the bank, once in a case."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.applications import queries as applications
from app.applications.models import Application
from app.db import db
from app.errors import Invalid
from app.proceedings.models import Proceeding
from app.recoveries.models import Incoming
from app.recoveries.queries import known_payment
from workflows.money import formatted


@dataclass(frozen=True)
class Came:
    """A payment as a person records it: the amount as typed, and the number of what it came in on, where that is said."""

    amount: str
    received_on: date
    bank_reference: str
    on: int | None = None


def came_in(
    application: Application, given: Came, errors: dict[str, list[str]]
) -> tuple[int, dict[str, Any]]:
    """Return the amount in minor units and the terms of a receipt; what is wrong is added to ``errors``."""
    amount = 0
    try:
        amount = applications.minor(application, "amount", given.amount) or 0
    except Invalid as error:
        errors |= error.errors
    if amount <= 0 and "amount" not in errors:
        errors["amount"] = ["Enter the amount that came in."]
    if given.received_on > applications.today(application):
        errors["received_on"] = ["Enter the day on which it came in; that day is to come."]
    if known_payment(application, given.bank_reference):
        errors["bank_reference"] = [
            "A payment with this reference is recorded in the case already."
        ]
    terms = {
        "received_on": given.received_on.isoformat(),
        "bank_reference": given.bank_reference,
    }
    return amount, terms


def told_receipt(found: Proceeding) -> list[tuple[str, str]]:
    """Return what a receipt says, as pairs of a label and a text."""
    terms = found.terms
    told = [
        ("Amount", formatted(found.amount_minor or 0, found.application.currency)),
        ("Came in on", date.fromisoformat(terms["received_on"]).strftime("%-d %B %Y")),
        ("Reference of the bank", terms["bank_reference"]),
    ]
    on = terms.get("demand") or terms.get("claim")
    if on:
        told.append(("On proceeding", str(on)))
    kept = db.session.get(Incoming, found.id)
    if kept is not None and kept.guarantor_minor is not None:
        ours = kept.amount_minor - kept.guarantor_minor
        currency = found.application.currency
        told.append(("The guarantor's share", formatted(kept.guarantor_minor, currency)))
        told.append(("The lender's share", formatted(ours, currency)))
    return told
