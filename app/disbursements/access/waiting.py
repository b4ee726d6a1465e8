"""The payments that wait to be prepared, as a page or the interface shows them to one person."""

from collections import defaultdict
from dataclasses import dataclass

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.queries import awarded, tranche
from app.disbursements.commands.batches import Chosen
from app.disbursements.commands.turning import Seen, all_seen
from app.disbursements.compose import payee
from app.disbursements.queries import batches as queries
from app.disbursements.queries import payable
from app.disbursements.queries.batches import Waiting
from workflows.facts import Failure
from workflows.machine import options


@dataclass(frozen=True)
class Due:
    """A payment that waits: what is paid from which account to whom, and every rule that speaks against preparing it now."""

    waiting: Waiting
    amount: int
    payee: dict[str, str]
    account: dict[str, str]
    failures: tuple[Failure, ...]

    @property
    def name(self) -> str:
        """Return how refusals name the payment."""
        return f"{self.waiting.application.reference}-T{self.waiting.tranche.number}"

    @property
    def value(self) -> str:
        """Return what a form sends of the payment: case, tranche, and the version of the case that is shown."""
        application = self.waiting.application
        return f"{application.reference}/{self.waiting.tranche.number}/{application.version}"

    @property
    def reasons(self) -> list[Failure]:
        """Return what is worth telling of the failures: that the person has another duty is plain."""
        return [failure for failure in self.failures if failure.rule != "duty"]


@dataclass(frozen=True)
class Group:
    """Payments that may go into one file: from one account, in one currency, grants or loans."""

    currency: str
    account: dict[str, str]
    loans: bool
    payments: list[Due]


def waiting(person: Person, after: int) -> tuple[list[Group], int]:
    """Return a page of the payments that wait, in groups that may go into one file, and what the next page begins after."""
    rows, more = queries.waiting(person, after)
    chosen_ = [(row.application, row.award, row.tranche.number) for row in rows]
    paying: dict[tuple[int, str], dict[str, str]] = {}
    groups: dict[tuple[str, str, bool], list[Due]] = defaultdict(list)
    for row, found in zip(rows, all_seen(chosen_, person), strict=True):
        place = (row.application.scheme_id, row.award.currency)
        if place not in paying:
            scheme = row.application.scheme
            paying[place] = accounts.paying_account(scheme.agency, scheme.code, row.award.currency)
        due = _due(row, paying[place], found)
        key = (row.award.currency, due.account.get("number", ""), _loan(row.application))
        groups[key].append(due)
    listed = [
        Group(currency, of_group[0].account, loans, of_group)
        for (currency, _, loans), of_group in sorted(groups.items(), key=lambda item: item[0])
    ]
    return listed, rows[-1].tranche.id if more else 0


def _loan(application: Application) -> bool:
    return applications.terms(application).loan is not None


def _due(row: Waiting, account: dict[str, str], found: Seen) -> Due:
    return Due(
        waiting=row,
        amount=payable(row.tranche),
        payee=payee(found.kept),
        account=account,
        failures=next(
            option.failures
            for option in options(found.workflow, row.tranche.state, found.facts)
            if option.act.name == row.act
        ),
    )


def chosen(reference: str, number: int, version: int | None, person: Person) -> Chosen:
    """Return a payment as it was chosen, with the act that prepares it; raises ``Missing`` for a case or tranche that is none."""
    application = applications.find(reference, actor=person)
    state = tranche(awarded(application), number).state
    act = queries.act_for(application.scheme.tranche_digest, state, "prepare")
    return Chosen(reference, number, act or "prepare", version)
