"""Charges for late payment: what lateness has cost that was not charged before, what of the charges is unpaid, their names."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.models import Award
from app.errors import Invalid
from app.proceedings.compose import Draft
from app.proceedings.models import Proceeding
from app.proceedings.queries import open_ones
from app.repayments.compose.basis import Plain
from app.repayments.compose.drafts import closed
from app.repayments.compose.owing import Loan, Place
from app.repayments.compose.pricing import words_of
from app.repayments.models import LateCharge
from app.repayments.queries import owing
from app.schemes.compose.funding import SALE
from workflows.arrears import late_charges
from workflows.money import formatted
from workflows.sale import RECIPIENTS, WORDS

LATE_CHARGE, WAIVER = "late_charge", "charge_waiver"
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "charge": "Late-payment charge",
        "compensation": WORDS["late-payment charge"].capitalize(),
        "penalty": WORDS["penalty"].capitalize(),
    }
)
NONE_AGREED = "No charge for late payment was agreed."
NOTHING_LATE = "Lateness has cost nothing that was not charged before."
NOTHING_UNPAID = "No late-payment charge is unpaid."
_DECIDED = "This is being decided already; wait until it is."

# What lateness of an instalment cost: the kind of the amount, the number of the instalment and its due date.
_Late = tuple[str, int, str]


@dataclass(frozen=True)
class Told:
    """A charge as a page tells it, amounts in minor units; ``recipient`` is "" where it is no matter of two recipients."""

    name: str
    on: date
    amount: int
    waived: int
    unpaid: int
    recipient: str


def rates(agreed: Mapping[str, Any]) -> dict[str, Decimal]:
    """Return what lateness costs by the terms of a loan: the kind of each amount, and its rate a year in per cent."""
    sale = agreed.get(SALE, {})
    found = {
        "charge": None if sale else agreed.get("late_rate_pct"),
        "compensation": sale.get("compensation_pct"),
        "penalty": sale.get("penalty_pct"),
    }
    return {kind: Decimal(rate) for kind, rate in found.items() if rate is not None}


def uncharged(loan: Loan, charged: Iterable[LateCharge], on: date) -> list[Plain]:
    """Return what lateness has cost up to the end of a day and was not charged before, an amount for each kind.

    Each is ``kind``, ``amount`` in minor units and ``covers``: of which instalments it is. What was waived was charged.
    """
    before = ({"kind": row.kind, "covers": row.covers} for row in charged)
    return _rows(_cost(loan, on) - _amounts(before))


def at_most(found: Sequence[Plain], approved: Sequence[Plain]) -> list[Plain]:
    """Return what was found, for each kind and instalment no more than was approved."""
    return _rows(_amounts(found) & _amounts(approved))


def unpaid(loan: Loan, on: date) -> list[Plain]:
    """Return ``number``, ``kind`` and ``amount`` of what of each charge is unpaid at the end of a day, in minor units."""
    left = {due.number: due.amounts.charge for due in loan.left(on)}
    return [
        {"number": one.number, "kind": one.kind, "amount": left[-one.number]}
        for one in loan.charges
        if left.get(-one.number)
    ]


def _cost(loan: Loan, on: date) -> "Counter[_Late]":
    """Return what lateness of every instalment has cost up to the end of a day; one that was paid late as well."""
    paid, found = loan.paid(on), Counter[_Late]()
    days = {due.number: due.due_on.isoformat() for due in loan.instalments}
    for kind, rate in rates(loan.agreed).items():
        for cost in late_charges(loan.instalments, paid, rate, on, loan.currency):
            found[(kind, cost.number, days[cost.number])] = cost.amount
    return found


def _amounts(rows: Iterable[Mapping[str, Any]]) -> "Counter[_Late]":
    found: Counter[_Late] = Counter()
    for row in rows:
        for one in row["covers"]:
            found[(row["kind"], one["number"], one["due"])] += one["amount"]
    return found


def _rows(found: "Counter[_Late]") -> list[Plain]:
    """Return one row for each kind, oldest instalments first: two amounts with two recipients are never one."""
    covers: dict[str, list[Plain]] = {kind: [] for kind in NAMES}
    for (kind, number, due), amount in sorted(found.items(), key=lambda one: one[0]):
        covers[kind].append({"number": number, "due": due, "amount": amount})
    return [
        {"kind": kind, "amount": sum(one["amount"] for one in each), "covers": each}
        for kind, each in covers.items()
        if each
    ]


def settled(loan: Loan) -> str:
    """Return why a loan that was settled early is charged no more, "" for one that was not."""
    left = loan.basis.get("restructured") or {}
    return "It is settled early: nothing more is charged." if left.get("settled") else ""


def open_to_charge(application: Application, award: Award) -> str:
    """Return why lateness cannot be charged now: each day of it is charged once."""
    if award.terms and not rates(award.terms):
        return NONE_AGREED
    why = closed(award) or (_DECIDED if open_ones(application, LATE_CHARGE) else "")
    if why:
        return why
    loan, today = owing.loan(award), applications.today(application)
    found = uncharged(loan, owing.charges(award), today)
    return settled(loan) or ("" if found else NOTHING_LATE)


def open_to_waiver(application: Application, award: Award) -> str:
    """Return why no charge can be waived now."""
    why = closed(award) or (_DECIDED if open_ones(application, WAIVER) else "")
    if why:
        return why
    return "" if unpaid(owing.loan(award), applications.today(application)) else NOTHING_UNPAID


def late_charge(application: Application, award: Award, _given: None, _actor: Person) -> Draft:
    """Draw the charge of all that lateness has cost up to today and that was not charged before."""
    today = applications.today(application)
    rows = uncharged(owing.loan(award), owing.charges(award), today)
    return _drawn({"until": today.isoformat(), "rows": rows}, NOTHING_LATE)


def waiver(application: Application, award: Award, _given: None, _actor: Person) -> Draft:
    """Draw the waiver of all that is unpaid of charges today."""
    rows = unpaid(owing.loan(award), applications.today(application))
    return _drawn({"rows": rows}, NOTHING_UNPAID)


def _drawn(terms: Plain, nothing: str) -> Draft:
    amount = sum(row["amount"] for row in terms["rows"])
    if not amount:
        raise Invalid({"": [nothing]})
    return Draft(terms, amount=amount)


def told_charge(found: Proceeding) -> list[tuple[str, str]]:
    """Return what lateness has cost, by kind and instalment, and up to which day."""
    currency, day = found.application.currency, date.fromisoformat(found.terms["until"])
    rows = [("Lateness up to", f"{day.day} {day:%B %Y}")]
    for row in found.terms["rows"]:
        each = (
            f"{formatted(one['amount'], currency)} for instalment {one['number']}"
            for one in row["covers"]
        )
        most = f"at most {formatted(row['amount'], currency)}"
        rows.append((NAMES[row["kind"]], f"{most}: {', '.join(each)}"))
    return rows


def told_waiver(found: Proceeding) -> list[tuple[str, str]]:
    """Return the most that is waived of each charge."""
    currency = found.application.currency
    return [
        (named(row["kind"], row["number"]), f"at most {formatted(row['amount'], currency)}")
        for row in found.terms["rows"]
    ]


def told(loan: Loan, charged: Iterable[LateCharge], on: date) -> list[Told]:
    """Return the charges of a loan as a page tells them, by what of each is unpaid at the end of a day."""
    left = {row["number"]: row["amount"] for row in unpaid(loan, on)}
    return [
        Told(
            named(row.kind, row.number),
            row.due_on,
            row.amount_minor,
            row.waived_minor,
            left.get(row.number, 0),
            RECIPIENTS.get(row.kind, ""),
        )
        for row in charged
    ]


def named(kind: str, number: int) -> str:
    """Return what a charge is called: "Late-payment charge 1"."""
    return f"{NAMES[kind]} {number}"


def paid_for(loan: Loan, place: Place) -> str:
    """Return what an entry of an allocation pays for, in the words of the loan: "Interest of instalment 1"."""
    _, number, component, _ = place
    if number < 0:
        return named(loan.kind_of(-number), -number)
    words = words_of(loan.agreed)
    return f"{words.get(component, component).capitalize()} of instalment {number}"
