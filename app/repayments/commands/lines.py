"""Money that a file of the bank says came in: its line recorded as a receipt of a loan, and settled, in one go."""

import re
from datetime import date

from app.accounts.models import Person
from app.applications import queries as applications
from app.disbursements.commands.answers import settle
from app.disbursements.models import BankLine
from app.disbursements.queries import answers
from app.errors import Conflict, Missing
from app.proceedings.commands import pass_on, propose
from app.proceedings.queries import count, proceeding
from app.repayments.compose.drafts import REPAYMENT, Money
from app.trail.commands import Recorded
from workflows.banking.answers import RECEIVED

SYSTEM = "system:bank"
_REFERENCE = re.compile(r"[A-Z][A-Z0-9-]*-[0-9]{5}(?![0-9])", re.ASCII)


def record_from_line(line_id: int, reference: str, *, actor: Person) -> Recorded:
    """Record a line of a bank's file as a receipt of the loan of a case, and settle the line.

    Where the payer named the case in the payment, the bank and the officer say the same and the receipt is booked at once;
    else a second payment officer confirms it. Raises ``Conflict`` for a line that says nothing of money that came in or was
    settled before, ``Invalid`` for what does not fit the loan, ``Missing`` for a line or a case that is not for the person.
    """
    if not answers.may_settle(line_id, actor):
        raise Missing("There is no such line, or not for you.")
    line = answers.line(line_id)
    if line.outcome != RECEIVED or line.state != "open":
        raise Conflict("This line is not of money that came in and waits for a person.")
    given = money_of(line)
    note = f"Line {line.position} of a file of the bank."
    recorded = propose(reference, REPAYMENT, given, note, version=None, actor=actor)
    settle(line_id, f"Recorded as a receipt of {reference}.", actor=actor)
    application = applications.find(reference, actor=actor)
    if not names(line, reference):
        return recorded
    row = proceeding(application, count(application))
    return pass_on(row, "enforce", SYSTEM) or recorded


def money_of(line: BankLine) -> Money:
    """Return what a line says came in; raises ``Conflict`` where the bank left out the amount, the day or its reference."""
    told = line.told
    day = told.get("booked_on") or told.get("reported_on")
    reference = str(told.get("bank_reference") or line.end_to_end_id)[:80]
    if not (told.get("amount") and told.get("currency") and day and reference):
        raise Conflict(
            "The bank left out the amount, the day or its reference. Record the receipt by hand and settle the line."
        )
    amount = f"{told['currency']} {told['amount']}"
    place = (line.id, line.report.sha256, line.position)
    return Money(amount, date.fromisoformat(day), reference, confirmed=True, line=place)


def named(line: BankLine) -> str:
    """Return what looks like the reference of a case in what the payer wrote, "" where nothing does."""
    found = _REFERENCE.search(_said(line).upper())
    return found[0] if found else ""


def names(line: BankLine, reference: str) -> bool:
    """Tell whether the payer named a case in the payment, however it was written."""
    return _letters(reference) in _letters(_said(line))


def _said(line: BankLine) -> str:
    return " ".join(str(line.told.get(name, "")) for name in ("creditor_reference", "remittance"))


def _letters(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())
