"""Who looks after payments."""

from app.accounts import queries as accounts
from app.accounts.access import actor
from app.accounts.models import Person
from app.delegations import queries as delegations
from app.disbursements.commands.answers import TAKER
from app.errors import Forbidden
from app.submissions.queries import masked

READERS = frozenset({TAKER, "releaser", "auditor"})


def reader() -> Person:
    """Return the person who asks, of a payment duty or acting under one; raises ``Forbidden`` for anybody else."""
    person = actor()
    if READERS.isdisjoint(person.duties) and not _stands_in(person):
        raise Forbidden("Payments are for payment officers, releasers and auditors.")
    return person


def _stands_in(person: Person) -> bool:
    today = accounts.day_of(person)
    return any(
        found.taker_id == person.id
        and found.duty in READERS
        and delegations.as_fact(found, "").in_force(today)
        for found in delegations.delegations(person)
    )


def takes(person: Person) -> bool:
    """Tell whether a person takes in files of the bank and settles their lines: a payment officer."""
    return TAKER in accounts.acting(person)


def taker() -> Person:
    """Return the person who asks, a payment officer; raises ``Forbidden`` for anybody else."""
    person = actor()
    if not takes(person):
        raise Forbidden("Files of the bank are taken in by payment officers.")
    return person


def account(held: dict[str, str]) -> dict[str, str]:
    """Return an account as it is shown: its name, and its number masked."""
    number = held.get("number", "")
    return {"name": held.get("name", ""), "number": masked(number) if number else ""}
