"""What may be proposed about a loan that is drawn, from what a person entered: a receipt, other terms, another rate, a write-off."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.models import Award
from app.errors import Invalid
from app.proceedings.compose import Draft
from app.proceedings.queries import open_ones
from app.repayments.compose.basis import nothing_drawn, rows_of
from app.repayments.compose.changing import Change, current_rate, restructured_basis, with_rate
from app.repayments.compose.owing import Loan
from app.repayments.queries import newest, owing
from app.schemes.compose.funding import SALE
from workflows.money import formatted
from workflows.repaying import Due
from workflows.schedule import Impossible

REPAYMENT, RESTRUCTURING, RATE = "repayment", "restructuring", "rate_change"
WRITE_OFF, NOTICE = "write_off", "arrears_notice"
CHANGES = (RESTRUCTURING, RATE, WRITE_OFF)
NOTHING_DRAWN = "Nothing has been drawn here that has to be repaid."
MOST_RATE = 100


@dataclass(frozen=True)
class Money:
    """Money that came in, as it is recorded: the amount as typed, its local day, the bank's reference.

    ``confirmed`` says that it may be more than is owed, ``settles`` that it settles the loan early. ``line`` is the line of a bank's file it comes from, with the digest of the
    file and its place there.
    """

    amount: str
    on: date
    bank_reference: str
    confirmed: bool = False
    settles: bool = False
    line: tuple[int, str, int] | None = None


@dataclass(frozen=True)
class NewRate:
    """Another nominal rate a year in per cent, from a local day."""

    rate_pct: Decimal
    on: date


def open_to_repayment(_application: Application, award: Award) -> str:
    """Return why no money can be recorded for an award now, "" where it can."""
    return "" if award.terms and owing.standing(award) is not None else NOTHING_DRAWN


def closed(award: Award) -> str:
    """Return why nothing is owed on a loan, "" where something is: nothing is drawn, it is repaid, or written off."""
    found = owing.standing(award) if award.terms else None
    if found is None or (not found.owed_minor and not _drawn(award)):
        return NOTHING_DRAWN
    if found.repaid_on is not None:
        return "Nothing is owed any more."
    return "This has been written off." if found.written_off else ""


def _drawn(award: Award) -> bool:
    """Tell whether anything has to be repaid by the schedule that stands: charges alone are nothing to change."""
    schedule = newest(award)
    return schedule is not None and not nothing_drawn(schedule.basis)


def open_to_change(application: Application, award: Award) -> str:
    """Return why nothing can be changed about what is owed now: one change at a time, and nothing once it is repaid."""
    why = closed(award) or ("" if _drawn(award) else NOTHING_DRAWN)
    if why:
        return why
    if any(open_ones(application, kind) for kind in CHANGES):
        return "A change of what is owed is being decided already; wait until it is."
    return ""


def open_to_rate(application: Application, award: Award) -> str:
    """Return why the rate cannot change now: a flat charge is fixed, and so is the price of a sale."""
    if SALE in award.terms:
        return "The selling price is fixed: no other rate takes its place."
    if award.terms.get("method") == "flat":
        return "Flat interest is fixed for the whole term."
    return open_to_change(application, award)


def open_to_notice(_application: Application, award: Award) -> str:
    """Return why no letter about arrears can be sent now: each is sent once, on its day."""
    found = owing.standing(award) if award.terms else None
    if found is None:
        return NOTHING_DRAWN
    if found.written_off:
        return "This has been written off."
    if not found.notice or found.notice == found.noticed:
        return "No letter about arrears is due."
    return ""


def repayment(application: Application, award: Award, given: Money, _actor: Person) -> Draft:
    """Draw a receipt; raises ``Invalid`` with everything that speaks against it."""
    errors: dict[str, list[str]] = {}
    loan, amount = owing.loan(award), None
    try:
        amount = applications.minor(application, "amount", given.amount)
    except Invalid as error:
        errors |= error.errors
    if amount is not None:
        errors |= _too_much(application, loan, amount, confirmed=given.confirmed)
    errors |= _wrong_day(application, loan, given.on)
    errors |= _known(application, award, given.bank_reference)
    if given.settles and amount is not None and not errors:
        errors = _unsettled(award, loan, amount, given.on)
    if errors or amount is None:
        raise Invalid(errors)
    terms: dict[str, Any] = {
        "amount": amount,
        "on": given.on.isoformat(),
        "bank_reference": given.bank_reference,
    }
    if given.settles:
        terms["settles"] = True
    if given.line is not None:
        terms["bank_line"], terms["bank_report"], terms["line"] = given.line
    return Draft(terms, amount=amount)


def _too_much(
    application: Application, loan: Loan, amount: int, *, confirmed: bool
) -> dict[str, list[str]]:
    if amount <= 0:
        return {"amount": ["Enter an amount above zero."]}
    found = loan.owed(applications.today(application))
    waiting = sum(row.amount_minor or 0 for row in open_ones(application, REPAYMENT))
    owed = max(found.due.total + found.to_come.total - found.credit - waiting, 0)
    if amount <= owed or confirmed:
        return {}
    told = formatted(owed, loan.currency)
    return {"amount": [f"{told} is still owed. Mark that the rest is kept as credit, and say why."]}


def _unsettled(award: Award, loan: Loan, amount: int, on: date) -> dict[str, list[str]]:
    """Return why an amount does not settle a loan early on a day."""
    if award.left_minor:
        return {"settles": ["Money of this award can still be drawn: cut what is undrawn first."]}
    latest = max((one.on for one in loan.received), default=on)
    if on < latest:
        return {"on": [f"Money came in later, on {latest}: it was not settled before."]}
    quote = loan.quote(on)
    if quote.principal <= 0:
        return {"settles": ["Everything is due: there is nothing to settle early."]}
    if amount < quote.total:
        told = formatted(quote.total, award.currency)
        return {"amount": [f"{told} settles it on that day."]}
    return {}


def _wrong_day(application: Application, loan: Loan, day: date) -> dict[str, list[str]]:
    begun = loan.begun
    if day > applications.today(application):
        return {"on": ["Money that is still to come cannot be recorded."]}
    if begun is not None and day < begun:
        return {"on": [f"The first drawdown was on {begun}: enter a day from then on."]}
    return {}


def _known(application: Application, award: Award, reference: str) -> dict[str, list[str]]:
    """Refuse a reference of the bank that is booked for the loan, or waits to be."""
    booked = {row.bank_reference for row in owing.receipts(award)}
    waiting = {row.terms["bank_reference"] for row in open_ones(application, REPAYMENT)}
    if reference in booked | waiting:
        return {"bank_reference": ["This receipt has been recorded already."]}
    return {}


def restructuring(application: Application, award: Award, given: Change, _actor: Person) -> Draft:
    """Draw a restructuring of what is owed; raises ``Invalid`` where nothing can be repaid so.

    Who may approve it follows from the principal that is owed. The schedule is made when it comes into force, on what is owed
    then.
    """
    loan, today = owing.loan(award), applications.today(application)
    if given.first_due <= today:
        raise Invalid({"first_due": ["Enter a day that is still to come."]})
    try:
        basis = restructured_basis(loan, given, today, ())
        rows = rows_of(basis, award.currency)
    except Impossible as error:
        raise Invalid({"": list(error.sentences)}) from error
    left = basis["restructured"]
    if not left["principal"]:
        raise Invalid({"": ["No principal is owed any more: there is nothing to restructure."]})
    last = rows[-1]["due"]
    told: dict[str, Any] = {
        "owed": left["principal"],
        "interest": left["interest"],
        "last_due": last,
    }
    if SALE in award.terms:
        told[SALE] = True
    return Draft({**given.plain(), **told}, amount=left["principal"])


def rate_change(application: Application, award: Award, given: NewRate, _actor: Person) -> Draft:
    """Draw another rate; raises ``Invalid`` for one that is none, a day that is over, or one after the last instalment."""
    loan, today = owing.loan(award), applications.today(application)
    errors: dict[str, list[str]] = {}
    if not 0 <= given.rate_pct <= MOST_RATE:
        errors["rate_pct"] = ["Enter a rate from 0 to 100."]
    elif given.rate_pct == current_rate(loan.basis, given.on):
        errors["rate_pct"] = ["This is the rate of that day already."]
    if given.on < today:
        errors["on"] = ["Enter a day that is not over."]
    elif given.on >= loan.instalments[-1].due_on:
        errors["on"] = [f"The last instalment falls due on {loan.instalments[-1].due_on}."]
    if errors:
        raise Invalid(errors)
    try:
        basis = {**loan.basis, "terms": with_rate(loan.agreed, given.rate_pct, given.on)}
        rows_of(basis, award.currency)
    except Impossible as error:
        raise Invalid({"rate_pct": list(error.sentences)}) from error
    before = str(current_rate(loan.basis, given.on))
    terms = {"rate_pct": str(given.rate_pct), "on": given.on.isoformat(), "before": before}
    principal = sum(due.amounts.principal for due in loan.left(today))
    return Draft(terms, amount=principal or None)


def write_off(application: Application, award: Award, _given: None, _actor: Person) -> Draft:
    """Draw the write-off of all that would settle the loan today."""
    amount = owing.loan(award).quote(applications.today(application)).total
    if amount <= 0:
        raise Invalid({"": ["Nothing is owed any more."]})
    return Draft({"amount": amount}, amount=amount)


def notice(application: Application, award: Award, _given: None, _actor: Person) -> Draft:
    """Draw the letter that is due about what is overdue today."""
    loan, today = owing.loan(award), applications.today(application)
    found = loan.standing(today)
    late = [due for due in loan.left(today) if due.due_on < today and due.amounts.total]
    if not found.notice or not late:
        raise Invalid({"": ["No letter about arrears is due."]})
    owed = found.overdue
    charges = [due for due in late if due.is_charge]
    terms: dict[str, Any] = {
        "level": found.notice,
        "on": today.isoformat(),
        "days": found.days,
        "instalments": [
            {
                "number": due.number,
                "due": due.due_on.isoformat(),
                "principal": due.amounts.principal,
                "interest": due.amounts.total - due.amounts.principal,
            }
            for due in late
            if not due.is_charge
        ],
        "overdue": owed.total,
    }
    if charges:
        terms["charges"] = [_charged(loan, due) for due in charges]
    if SALE in award.terms:
        terms[SALE] = True
    return Draft(terms)


def _charged(loan: Loan, due: Due) -> dict[str, Any]:
    """Return a late-payment charge as a letter lists it, with what of it is unpaid."""
    kind = loan.kind_of(-due.number)
    day = due.due_on.isoformat()
    return {"number": -due.number, "kind": kind, "due": day, "amount": due.amounts.total}
