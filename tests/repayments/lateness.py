"""A loan of the world for tests that is ten days late, what lateness costs of it, and charges that come into force."""

from datetime import date
from typing import Any

from app.db import transaction
from app.repayments.models import LoanStanding
from app.repayments.queries import owing
from tests.factories import Days
from tests.repayments.lending import approve, begin, drawn, loan_of, swept
from tests.world import World

ZONE = "Asia/Ho_Chi_Minh"
# Ten days after the first instalment of 30 December fell due.
DAY = date(2027, 1, 9)
LATE = {"late_rate_pct": "7.3"}
SALE = {"sale": {"principle": "murabahah", "ceiling_rate_pct": "9", "compensation_pct": "1", "penalty_pct": "7.3"}}  # fmt: skip


def late(world: World, days: Days, **agreed: Any) -> str:
    """Return a loan with other terms for lateness, ten days after its first instalment fell due."""
    reference = drawn(world)
    with transaction():
        award = loan_of(world, reference)
        award.terms = {**award.terms, **(agreed or LATE)}
    days.noon("2027-01-09", ZONE)
    swept()
    return reference


def first(world: World, reference: str) -> int:
    """Return what the first instalment comes to."""
    return owing.loan(loan_of(world, reference)).instalments[0].amounts.total


def cost(amount: int, days: int, per_mille: int = 73) -> int:
    """Return what lateness of an amount costs: by the day, at a rate a year of so many parts of a thousand."""
    return amount * days * per_mille // 365_000


def done(world: World, reference: str, kind: str) -> None:
    """Let a proceeding of a kind come into force."""
    approve(world, reference, begin(world, reference, kind, None, world.desk))


def charged(world: World, reference: str) -> list[tuple[str, int, int]]:
    """Return kind, amount and what was waived of each charge of a loan."""
    rows = owing.charges(loan_of(world, reference))
    return [(row.kind, row.amount_minor, row.waived_minor) for row in rows]


def stood(world: World, reference: str) -> LoanStanding:
    found = owing.standing(loan_of(world, reference))
    assert found is not None
    return found
