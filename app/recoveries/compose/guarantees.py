"""A claim under a guarantee, the fees for it, and what is recovered after the guarantor has paid."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.models import Award
from app.errors import Invalid
from app.proceedings.compose import Draft
from app.proceedings.models import Proceeding
from app.recoveries.compose.receipts import Came, came_in
from app.recoveries.queries import RECOVERY, incoming, waiting
from app.recoveries.queries.guarantees import as_paid, claims, cover_of, fees_of, paid_claim, payout
from workflows.guarantees import Default, covered, share_recovery, wrong
from workflows.money import formatted

AMOUNTS = ("principal", "interest", "recovered", "asked")
_NONE = "This case has no guarantee, or nothing was paid under its award."


@dataclass(frozen=True)
class Claimed:
    """A claim as the lender makes it: amounts as typed, local days of the demand and of the last step of recovery."""

    principal: str
    interest: str
    interest_days: int
    recovered: str
    demanded_on: date
    recovery_on: date
    asked: str


def open_to_claim(application: Application, award: Award) -> str:
    """Return why nothing can be claimed under a guarantee, "" where it can: once in a case."""
    if cover_of(application, award) is None or not award.disbursed_minor:
        return _NONE
    return "This guarantee has been claimed already." if claims(application) else ""


def claim(application: Application, award: Award, given: Claimed, _actor: Person) -> Draft:
    """Draw a claim: recover first, then claim. Raises ``Invalid`` with everything that keeps it from being paid."""
    errors: dict[str, list[str]] = {}
    minor = {name: _minor(application, name, given, errors) for name in AMOUNTS}
    cover = cover_of(application, award)
    if errors or cover is None:
        raise Invalid(errors)
    default = Default(
        principal=minor["principal"],
        interest=minor["interest"],
        interest_days=given.interest_days,
        recovered=minor["recovered"],
        demanded_on=given.demanded_on,
        recovery_on=given.recovery_on,
        claimed_on=applications.today(application),
        asked=minor["asked"],
    )
    against = wrong(default, cover)
    if against:
        raise Invalid({"asked": [*against]})
    loss = covered(default, cover).loss
    terms: dict[str, Any] = {
        **{name: amount for name, amount in minor.items() if name != "asked"},
        "interest_days": given.interest_days,
        "demanded_on": given.demanded_on.isoformat(),
        "recovery_on": given.recovery_on.isoformat(),
        "cover_pct": str(cover.cover_pct),
        "cap": cover.cap,
        "loss": loss,
    }
    return Draft(terms, amount=default.asked)


def _minor(
    application: Application, name: str, given: Claimed, errors: dict[str, list[str]]
) -> int:
    try:
        return applications.minor(application, name, getattr(given, name)) or 0
    except Invalid as error:
        errors |= error.errors
        return 0


def told_claim(found: Proceeding) -> list[tuple[str, str]]:
    """Return what is claimed and what was paid on it, as pairs of a label and a text."""
    terms, currency = found.terms, found.application.currency
    told = [
        ("Asked", formatted(found.amount_minor or 0, currency)),
        ("Principal outstanding", formatted(terms["principal"], currency)),
        (
            "Interest not paid",
            f"{formatted(terms['interest'], currency)}, of {terms['interest_days']} days",
        ),
        ("Recovered before", formatted(terms["recovered"], currency)),
        ("Loss", formatted(terms["loss"], currency)),
        ("Covered", f"{terms['cover_pct']} %, at most {formatted(terms['cap'], currency)}"),
        ("Payment demanded on", _day(terms["demanded_on"])),
        ("Last step of recovery on", _day(terms["recovery_on"])),
    ]
    paid = payout(found)
    if paid is None:
        return told
    came = incoming(found)
    told.append(("Paid out", f"{formatted(paid.amount_minor, currency)} on {_said(paid.paid_on)}"))
    told.append(("Reference of the bank", paid.bank_reference))
    if came:
        theirs = sum(row.guarantor_minor or 0 for row in came)
        ours = sum(row.amount_minor for row in came) - theirs
        told.append(("Recovered since, for the guarantor", formatted(theirs, currency)))
        told.append(("Recovered since, for the lender", formatted(ours, currency)))
    return told


def open_to_fee(application: Application, award: Award) -> str:
    """Return why no fee of a guarantee can come in, "" where one can."""
    cover = cover_of(application, award)
    if cover is None or not fees_of(application, award, cover).outstanding:
        return "No fee of a guarantee is outstanding in this case."
    return ""


def fee(application: Application, award: Award, given: Came, _actor: Person) -> Draft:
    """Draw a fee that came in; raises ``Invalid``, also for more than all that is outstanding."""
    errors: dict[str, list[str]] = {}
    amount, terms = came_in(application, given, errors)
    cover = cover_of(application, award)
    left = fees_of(application, award, cover).outstanding if cover else 0
    if amount > left and "amount" not in errors:
        errors["amount"] = [f"Only {formatted(left, award.currency)} of all fees is outstanding."]
    if errors:
        raise Invalid(errors)
    return Draft(terms, amount=amount)


def open_to_recovery(application: Application, _award: Award) -> str:
    """Return why nothing can be recovered for the guarantor, "" where something can."""
    return "" if paid_claim(application) else "Nothing was paid under a guarantee in this case."


def recovery(application: Application, award: Award, given: Came, _actor: Person) -> Draft:
    """Draw what was recovered after the guarantor has paid; raises ``Invalid``, also for more than was lost."""
    errors: dict[str, list[str]] = {}
    amount, terms = came_in(application, given, errors)
    found, cover = paid_claim(application), cover_of(application, award)
    if found is None or cover is None:
        raise Invalid({"demand": ["Nothing was paid under a guarantee in this case."]})
    row, paid = found
    before = sum(one.amount_minor for one in incoming(row)) + waiting(application, RECOVERY)
    if "amount" not in errors:
        try:
            share_recovery(as_paid(paid), before, amount, cover)
        except ValueError as error:
            errors["amount"] = [str(error)]
    if errors:
        raise Invalid(errors)
    return Draft({**terms, "claim": row.number}, amount=amount)


def _day(text: str) -> str:
    return _said(date.fromisoformat(text))


def _said(day: date) -> str:
    return day.strftime("%-d %B %Y")
