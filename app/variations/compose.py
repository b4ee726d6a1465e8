"""What a change may be, drawn from what a person entered, and how it is told."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.models import Award, Tranche
from app.claims import queries as claims
from app.claims.models import RETENTION
from app.disbursements.queries import payee_accounts
from app.errors import Invalid
from app.proceedings.compose import Draft
from app.proceedings.models import Proceeding
from app.proceedings.queries import open_ones
from app.schemes import queries as schemes
from app.schemes.compose.funding import SALE
from workflows.money import formatted
from workflows.sale import ONE_AMOUNT

VARIATION, CUT, ACCOUNT = "variation", "cut", "account_change"
_ONE_AT_A_TIME = "A change of this award is being decided already; wait until it is."


@dataclass(frozen=True)
class Line:
    """A tranche of a plan: what it is for, and its amount as typed."""

    purpose: str
    amount: str


@dataclass(frozen=True)
class Change:
    """A variation as it is asked for: the new size of the award as typed, the plan of what is undrawn, the last day for costs."""

    amount: str = ""
    tranches: tuple[Line, ...] = ()
    costs_to: date | None = None


def past(application: Application) -> str:
    """Return why nothing is changed any more of an award whose case has come to its end, "" before."""
    ended = applications.workflow(application).states[application.state].end
    return "The case has come to its end; its award is not changed any more." if ended else ""


def overtaken(application: Application, award: Award, terms: dict[str, Any]) -> str:
    """Return why a plan does not fit any more: a tranche was claimed or sent back since it was proposed; "" where it fits."""
    if "tranches" not in terms:
        return ""
    tranches = awards.tranches(award)
    free = {row.number for row in unasked(application, tranches)}
    taken = {row.number for row in tranches} - free
    undrawn = spare(application, award) + int(terms.get("more", 0)) - int(terms.get("less", 0))
    planned = sum(int(line["amount"]) for line in terms["tranches"])
    if planned == undrawn and taken.isdisjoint(int(line["number"]) for line in terms["tranches"]):
        return ""
    return "Tranches were claimed or sent back since this was proposed; propose it again with a plan of what is undrawn now."


def open_to_change(application: Application, _award: Award) -> str:
    """Return why a change of the award cannot be proposed now: before the end of the case, one at a time."""
    open_now = open_ones(application, VARIATION) + open_ones(application, CUT)
    return past(application) or (_ONE_AT_A_TIME if open_now else "")


def open_to_cut(application: Application, award: Award) -> str:
    """Return why the undrawn rest cannot be cut now."""
    if not spare(application, award):
        return "Nothing of this award is undrawn."
    return open_to_change(application, award)


def open_to_account(application: Application, _award: Award) -> str:
    """Return why another account cannot be entered now: one change at a time."""
    if any(row.usable_on is None for row in payee_accounts(application)):
        return "Another account has been entered already; confirm or drop it first."
    return ""


def variation(application: Application, award: Award, given: Change, _actor: Person) -> Draft:
    """Draw a variation; raises ``Invalid`` with everything that does not fit the award.

    Its size may be up to what was requested, and not below what is claimed, with the bank or paid. A plan splits exactly
    what is undrawn once the change is in force.
    """
    errors: dict[str, list[str]] = {}
    size = award.amount_minor - award.released_minor
    left = spare(application, award)
    new = _size(application, award, left, given.amount, errors)
    terms: dict[str, Any] = {"size": size}
    if new is not None and new != size:
        terms |= {"amount": new, ("more" if new > size else "less"): abs(new - size)}
    undrawn = left + int(terms.get("more", 0)) - int(terms.get("less", 0))
    if given.tranches:
        terms["tranches"] = _plan(application, award, given.tranches, undrawn, errors)
    elif len(terms) > 1 and not undrawn:
        terms["tranches"] = []
    elif len(terms) > 1:
        told = formatted(undrawn, award.currency)
        errors["tranches"] = [f"Say how the {told} that are then undrawn are split into tranches."]
    if given.costs_to is not None:
        errors |= _days(application, award, given.costs_to)
        terms["costs_to"] = given.costs_to.isoformat()
    if len(terms) == 1 and not errors:
        errors["amount"] = ["Enter what is to change: the amount, the tranches or the last day."]
    if errors:
        raise Invalid(errors)
    return Draft(terms, amount=new or size, more=int(terms.get("more", 0)))


def _size(
    application: Application, award: Award, left: int, text: str, errors: dict[str, list[str]]
) -> int | None:
    """Return the new size of an award as typed, ``None`` where nothing was, or what was cannot be.

    ``left`` is what a change may dispose of, in minor units.
    """
    try:
        new = applications.minor(application, "amount", text)
    except Invalid as error:
        errors |= error.errors
        return None
    outside = _outside(application, award, left, new) if new is not None else {}
    errors |= outside
    return None if outside else new


def _outside(application: Application, award: Award, left: int, new: int) -> dict[str, list[str]]:
    """Return what speaks against a new size of the award."""
    gone = award.amount_minor - award.released_minor - left
    if new <= 0 or new < gone:
        told = formatted(gone, award.currency)
        return {"amount": [f"{told} of the award are claimed, verified, with the bank or paid."]}
    asked = application.requested_minor
    if asked is not None and new > asked:
        return {"amount": [f"The enterprise requested {formatted(asked, award.currency)}."]}
    return {}


def _days(application: Application, award: Award, last: date) -> dict[str, list[str]]:
    if award.costs_from is None:
        return {"costs_to": ["The scheme sets no days for the costs of this award."]}
    if last < applications.today(application):
        return {"costs_to": ["Enter a day that is not over."]}
    return {}


def _plan(
    application: Application,
    award: Award,
    lines: tuple[Line, ...],
    undrawn: int,
    errors: dict[str, list[str]],
) -> list[dict[str, Any]]:
    """Return the plan with its amounts in minor units, numbered on from the tranches that were asked for already."""
    amounts = []
    for place, line in enumerate(lines):
        try:
            amounts.append(
                applications.minor(application, f"tranches.{place}.amount", line.amount) or 0
            )
        except Invalid as error:
            errors |= error.errors
            amounts.append(0)
    if any(amount <= 0 for amount in amounts) and not errors:
        errors["tranches"] = ["Each tranche needs an amount."]
    if not errors and sum(amounts) != undrawn:
        told, planned = formatted(undrawn, award.currency), formatted(sum(amounts), award.currency)
        errors["tranches"] = [f"The tranches sum to {planned}; {told} are then undrawn."]
    numbers = _numbers(application, award, len(lines))
    if SALE in award.terms and numbers != [1]:
        errors["tranches"] = [ONE_AMOUNT]
    return [
        {"number": number, "purpose": line.purpose, "amount": amount}
        for number, line, amount in zip(numbers, lines, amounts, strict=True)
    ]


def _numbers(application: Application, award: Award, wanted: int) -> list[int]:
    """Return the numbers of the tranches of a plan: those not asked for yet, then new ones."""
    tranches = awards.tranches(award)
    free = [row.number for row in unasked(application, tranches)]
    last = max((row.number for row in tranches), default=0)
    return [*free, *range(last + 1, last + 1 + wanted)][:wanted]


def unasked(application: Application, tranches: list[Tranche]) -> list[Tranche]:
    """Return the tranches that nobody has asked for yet, without the one of what was kept back of claims: that is owed."""
    initial = schemes.workflow(application.scheme.tranche_digest).initial
    standing = [row for row in tranches if row.state == initial]
    kinds = claims.kinds_of(application, standing)
    return [row for row in standing if kinds[row.id] != RETENTION]


def spare(application: Application, award: Award) -> int:
    """Return what of an award a change may dispose of, in minor units: what is undrawn and was not kept back of claims."""
    return award.undrawn_minor - claims.kept_back(application, award)


def cut(application: Application, award: Award, _given: Any, _actor: Person) -> Draft:
    """Draw the cut of all that is undrawn."""
    less = spare(application, award)
    terms = {"less": less, "size": award.amount_minor - award.released_minor}
    return Draft(terms, amount=less)


def account(
    application: Application, _award: Award, given: dict[str, str], _actor: Person
) -> Draft:
    """Draw another bank account: the event names its last four digits and commits to the rest."""
    enterprise = application.enterprise
    held = {
        **given,
        "town": enterprise.address.rsplit("\n", 1)[-1],
        "country": enterprise.country,
    }
    return Draft({"ending": given["number"][-4:]}, private=held)


def told_variation(found: Proceeding) -> list[tuple[str, str]]:
    """Return what a variation or a cut changes, as pairs of a label and a text."""
    terms, currency = found.terms, found.application.currency
    rows = [("Award until now", formatted(int(terms["size"]), currency))]
    if "amount" in terms:
        rows.append(("Award from then on", formatted(int(terms["amount"]), currency)))
    if "more" in terms:
        rows.append(("Raised by", formatted(int(terms["more"]), currency)))
    if "less" in terms:
        rows.append(("Given back to the budget", formatted(int(terms["less"]), currency)))
    for line in terms.get("tranches", ()):
        told = f"{formatted(int(line['amount']), currency)}: {line['purpose']}"
        rows.append((f"Tranche {line['number']}", told))
    if "costs_to" in terms:
        rows.append(
            ("Last day for costs", date.fromisoformat(terms["costs_to"]).strftime("%-d %B %Y"))
        )
    return rows


def told_account(found: Proceeding) -> list[tuple[str, str]]:
    """Return how a change of account is told: never more of the number than its end."""
    return [("Account", f"ending in {found.terms['ending']}")]
