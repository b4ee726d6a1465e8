"""Whose budgets somebody reads, and who moves them."""

from app.accounts import queries as accounts
from app.accounts.access import actor
from app.accounts.compose import CENTRE
from app.accounts.models import Agency
from app.budgets.commands import DUTY
from app.errors import Forbidden, Missing


def readable() -> list[Agency]:
    """Return the agencies whose budgets the person may read: the own, and for auditors those of their mandates too.

    The person's own stands first. A service centre has no budgets.
    """
    person = actor()
    codes = accounts.audited(person, accounts.day_of(person))
    own = [person.agency] if person.agency else []
    if codes is None or codes:
        own += [agency for agency in accounts.agencies() if codes is None or agency.code in codes]
    return [agency for agency in dict.fromkeys(own) if agency.kind != CENTRE]


def chosen(agencies: list[Agency], code: str) -> Agency:
    """Return the agency that is asked for, the first without a code; raises ``Missing`` for one that is not readable."""
    for agency in agencies:
        if code in ("", agency.code):
            return agency
    raise Missing("There are no such budgets, or not for you.")


def moves() -> bool:
    """Tell whether the person may propose and decide about transfers."""
    return actor().agency is not None and DUTY in accounts.acting(actor())


def own() -> Agency:
    """Return the agency whose budgets the person moves; raises ``Forbidden`` for anybody but a budget officer."""
    agency = actor().agency
    if agency is None or not moves():
        raise Forbidden("Budgets are moved by budget officers.")
    return agency
