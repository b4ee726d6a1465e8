"""What a proceeding about a loan says, as pairs of a label and a text."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.awards.models import Award
from app.proceedings.models import Proceeding
from app.repayments.compose.charging import NAMES, rates
from app.repayments.compose.pricing import sale_of, words_of
from app.repayments.queries import whole
from app.schemes.compose.funding import SALE
from workflows.money import formatted
from workflows.sale import PRINCIPLES, WORDS, selling_price
from workflows.schedule.conventions import frequency_text

METHODS = {
    "annuity": "equal instalments (annuity)",
    "equal_principal": "equal principal, falling instalments",
    "flat": "flat (add-on) interest",
    "bullet": "interest only, principal with the last instalment",
}
GRACES = {
    "principal": "only interest is due",
    "deferred": "interest is paid afterwards",
    "capitalised": "interest joins the balance",
    "waived": "no interest is charged",
}
LEVELS = {
    "first_reminder": "First reminder",
    "second_reminder": "Second reminder",
    "final_demand": "Final demand",
}
Words = list[tuple[str, str]]


def told_agreed(award: Award) -> Words:
    """Return how an award is repaid by its terms: nothing for a grant; of financing by sale the price and never interest."""
    agreed = award.terms
    if "rate_pct" not in agreed:
        return []
    words = words_of(agreed)
    rows = list(_sold(award)) if SALE in agreed else []
    counted = "" if SALE in agreed else f", counted by {agreed['day_count']}"
    rows.append((words["interest rate"].capitalize(), f"{agreed['rate_pct']} % a year{counted}"))
    rows.append(("Repayment", f"{_often(agreed)}, {METHODS[agreed['method']]}"))
    rows += [
        (NAMES[kind], f"{rate} % a year of what is overdue") for kind, rate in rates(agreed).items()
    ]
    return rows


def _often(agreed: dict[str, Any]) -> str:
    often = frequency_text(int(agreed.get("every", 1)), agreed.get("unit", "months"))
    if often == "every month":
        return f"{agreed['instalments']} monthly instalments"
    return f"{agreed['instalments']} instalments, {often}"


def _sold(award: Award) -> Iterator[tuple[str, str]]:
    """Tell of the sale: its contract, and its price while that is the one of the contract."""
    agreed = award.terms
    yield "Contract", f"{PRINCIPLES[agreed[SALE]['principle']]} (Shariah-compliant sale)"
    if "first_due" in agreed:
        return
    price = selling_price(sale_of(agreed, [whole(award, award.offered_on)], award.currency))
    yield WORDS["total repayable"].capitalize(), formatted(price, award.currency)


def told_repayment(found: Proceeding) -> Words:
    """Return what was received: the amount, the day, the reference of the bank."""
    terms = found.terms
    rows = [
        ("Amount", _money(found, "amount")),
        ("Received on", _day(terms["on"])),
        ("Reference of the bank", str(terms["bank_reference"])),
    ]
    if "settles" in terms:
        rows.append(("Settles it", "early, on that day"))
    if "line" in terms:
        rows.append(("From the bank's file", f"line {terms['line']}"))
    return rows


def told_restructuring(found: Proceeding) -> Words:
    """Return the new terms, and what was owed when they were proposed."""
    terms = found.terms
    words = words_of(terms)
    rows = [
        (f"{words['principal'].capitalize()} owed when proposed", _money(found, "owed")),
        (f"{words['interest'].capitalize()} owed when proposed", _money(found, "interest")),
        ("Instalments", str(terms["instalments"])),
        ("First due", _day(terms["first_due"])),
        ("Last due, as proposed", _day(terms["last_due"])),
        ("Repaid in", METHODS[terms["method"]]),
        ("Rate", "as it stands" if terms["rate_pct"] is None else f"{terms['rate_pct']} % a year"),
    ]
    if terms["grace"]:
        rows.append(("Grace", f"{terms['grace_periods']} periods: {GRACES[terms['grace']]}"))
    return rows


def told_rate(found: Proceeding) -> Words:
    """Return the rate of before and the new one."""
    terms = found.terms
    return [
        ("Rate until then", f"{terms['before']} % a year"),
        ("Rate from then on", f"{terms['rate_pct']} % a year"),
        ("From", f"{_day(terms['on'])}, or the day of the last approval if that is later"),
    ]


def told_write_off(found: Proceeding) -> Words:
    """Return the most that is written off."""
    return [("Written off", f"what is owed on the day, at most {_money(found, 'amount')}")]


def told_notice(found: Proceeding) -> Words:
    """Return what the letter is about."""
    terms = found.terms
    return [
        ("Letter", LEVELS[terms["level"]]),
        ("Overdue", _money(found, "overdue")),
        ("Instalments", str(len(terms["instalments"]))),
        ("Days past due", str(terms["days"])),
    ]


def _money(found: Proceeding, name: str) -> str:
    return formatted(int(found.terms[name]), found.application.currency)


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"
