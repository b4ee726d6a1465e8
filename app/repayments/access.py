"""Whose loans somebody reads: one loan with its case, and the list of an agency."""

from dataclasses import dataclass

from app.accounts import queries as accounts
from app.accounts.access import actor
from app.accounts.models import Agency
from app.applications import queries as cases
from app.applications.models import Application
from app.applications.queries.taking import part_of
from app.awards import queries as awards
from app.awards.models import Award
from app.errors import Forbidden, Missing

READERS = frozenset({"payment_officer", "auditor"})


@dataclass(frozen=True)
class Loaned:
    """A case with the loan that was awarded in it."""

    application: Application
    award: Award


def loaned(reference: str) -> Loaned:
    """Return the loan of a case; raises ``Missing`` for a grant, and for who may not see the award of the case."""
    application = cases.find(reference, actor=actor())
    found = part_of(application, actor())
    workflow = cases.workflow(application)
    sees = workflow.sees(application.state, "award", actor().reads_as)
    if (found is not None and found.confined) or not sees:
        raise Missing(f"There is no application {reference}, or not for you.")
    award = awards.awarded(application)
    if not award.terms:
        raise Missing("Nothing has to be repaid in this case.")
    return Loaned(application, award)


def readable() -> list[Agency]:
    """Return the agencies whose loans the person may list: the own first, and for auditors those of their mandates."""
    person = actor()
    codes = accounts.audited(person, accounts.day_of(person))
    own = [person.agency] if person.agency else []
    if codes is None or codes:
        own += [agency for agency in accounts.agencies() if codes is None or agency.code in codes]
    return list(dict.fromkeys(own))


def chosen(code: str) -> Agency:
    """Return the agency that is asked for, the first without a code; raises ``Missing`` for one that is not readable."""
    for agency in readable():
        if code in ("", agency.code):
            return agency
    raise Missing("There are no such loans, or not for you.")


def hands_over(code: str) -> Agency:
    """Return the agency whose loans are handed over; raises ``Forbidden`` for who is neither payment officer nor auditor."""
    if READERS.isdisjoint(accounts.acting(actor())):
        raise Forbidden("Loans are handed over by payment officers and auditors.")
    return chosen(code)
