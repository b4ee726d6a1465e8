"""Budgets as people read them: the tree in its order, the fiscal years by their names, and what all calls have together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from app.budgets.models import WHOLE_LIFE, Budget
from app.countries.models import Country

WHOLE = 100


@dataclass(frozen=True)
class Line:
    """A budget in the tree: how ``deep`` it lies, 0 for a facility, and its ``period`` in words."""

    budget: Budget
    deep: int
    period: str

    @property
    def percent(self) -> int | None:
        """Return how much of it is spoken for, in whole per cent rounded down; ``None`` without a limit or an amount."""
        if not self.budget.amount_minor:
            return None
        return self.budget.used_minor * WHOLE // self.budget.amount_minor


@dataclass(frozen=True)
class Branch:
    """A facility in one currency with what lies below it, a fiscal year after the other."""

    facility: str
    currency: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Total:
    """What the budgets of calls in one currency come to together, in minor units."""

    currency: str
    amount: int
    reserved: int
    committed: int
    paid: int

    @property
    def left(self) -> int:
        """Return how much is neither reserved, committed nor paid."""
        return self.amount - self.reserved - self.committed - self.paid


def period(budget: Budget, home: Country) -> str:
    """Return what a budget is for: "fiscal year 2026/27" as the country names it, or "whole life of the call"."""
    if budget.year == WHOLE_LIFE:
        return f"whole life of {'the call' if budget.level == 'call' else 'its calls'}"
    return f"fiscal year {home.fiscal_year_named(budget.year)}"


def named(budget: Budget, home: Country) -> str:
    """Return how people tell a budget from others: "MY-BAP-2026, fiscal year 2026"."""
    return f"{budget.code}, {period(budget, home)}"


def branches(budgets: Iterable[Budget], home: Country) -> list[Branch]:
    """Return budgets as a tree: each followed by those below it, in the order given."""
    below: dict[int | None, list[Budget]] = {}
    for budget in budgets:
        below.setdefault(budget.parent_id, []).append(budget)

    def lines(budget: Budget, deep: int) -> Iterator[Line]:
        yield Line(budget, deep, period(budget, home))
        for lower in below.get(budget.id, []):
            yield from lines(lower, deep + 1)

    return [
        Branch(code, currency, tuple(line for root in roots for line in lines(root, 0)))
        for (code, currency), roots in groupby(below.get(None, []), _facility)
    ]


def _facility(budget: Budget) -> tuple[str, str]:
    return budget.code, budget.currency


def totals(budgets: Iterable[Budget]) -> list[Total]:
    """Return what the calls have together, by currency."""
    calls: dict[str, list[Budget]] = {}
    for budget in budgets:
        if budget.level == "call":
            calls.setdefault(budget.currency, []).append(budget)
    return [
        Total(
            currency,
            amount=sum(call.amount_minor or 0 for call in found),
            reserved=sum(call.reserved_minor for call in found),
            committed=sum(call.committed_minor for call in found),
            paid=sum(call.paid_minor for call in found),
        )
        for currency, found in sorted(calls.items())
    ]
