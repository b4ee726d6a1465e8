"""What is owed on a loan: what each receipt pays by the order of its facility, how it stands, and what settles it early."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.repayments.compose.basis import Plain, drawdowns_of, nothing_drawn, steps_of
from workflows.arrears import NOTICES, Limits, Notice, Standing, standing
from workflows.money import to_minor
from workflows.repaying import (
    COMPONENTS,
    Allocation,
    Amounts,
    Component,
    Due,
    Order,
    Outstanding,
    Quote,
    Repayment,
    outstanding,
    replay,
    settlement_quote,
    unpaid,
)
from workflows.schedule.row import Step

# Receipt, instalment (a charge by its number below zero), component and day: what an entry of an allocation is about.
Place = tuple[int, int, Component, date]


@dataclass(frozen=True)
class Received:
    """A receipt as it is booked: its number in the database, its local day, its amount in minor units."""

    id: int
    on: date
    amount: int


@dataclass(frozen=True)
class Charge:
    """A late-payment charge: its number in the loan, its kind, the local day it took effect, its amount less what was waived."""

    number: int
    kind: str
    due_on: date
    amount: int


@dataclass(frozen=True)
class Loan:
    """All that what is owed follows from: the schedule that stands, the charges for late payment, and everything received.

    Amounts are in minor units of a currency. Charges live on beside any schedule.
    """

    agreed: Mapping[str, Any]
    basis: Plain
    rows: Sequence[Plain]
    received: Sequence[Received]
    currency: str
    charges: Sequence[Charge] = ()

    @property
    def dues(self) -> tuple[Due, ...]:
        """Return what falls due: each instalment, and each charge that was not waived whole, numbered below zero."""
        charges = (
            Due(-one.number, one.due_on, Amounts(charge=one.amount))
            for one in self.charges
            if one.amount
        )
        return (*self.instalments, *charges)

    @property
    def instalments(self) -> tuple[Due, ...]:
        """Return what falls due with each instalment."""
        return tuple(
            Due(
                int(row["number"]),
                date.fromisoformat(row["due"]),
                Amounts(interest=int(row["interest"]), principal=int(row["principal"])),
            )
            for row in self.rows
        )

    def kind_of(self, number: int) -> str:
        """Return the kind of a charge by its number in the loan."""
        return next(one.kind for one in self.charges if one.number == number)

    @property
    def order(self) -> Order:
        """Return in which order a receipt pays what is due, as it was agreed."""
        chosen = self.agreed.get("order", {})
        return Order(
            by=chosen.get("by", "instalment"),
            components=tuple(chosen.get("components", COMPONENTS)),
            ahead=bool(chosen.get("ahead", False)),
        )

    @property
    def limits(self) -> Limits:
        """Return what the facility calls how far behind, as it was agreed."""
        return limits_of(self.agreed.get("arrears", {}))

    @property
    def repayments(self) -> list[Repayment]:
        """Return what was received, oldest first."""
        return [Repayment(one.on, one.amount) for one in self._oldest()]

    @property
    def begun(self) -> date | None:
        """Return the day of the first drawdown, ``None`` while all that was paid out is back with the bank."""
        if self._left:
            return date.fromisoformat(self._left["begun"])
        return min((drawdown.date for drawdown in drawdowns_of(self.basis)), default=None)

    @property
    def drawn(self) -> bool:
        """Tell whether there is anything to repay."""
        return not nothing_drawn(self.basis)

    @property
    def _left(self) -> Plain:
        return self.basis.get("restructured") or {}

    def left(self, on: date) -> tuple[Due, ...]:
        """Return every instalment and charge with what of it is unpaid at the end of a day."""
        return unpaid(self.dues, self.paid(on))

    def paid(self, on: date) -> tuple[Allocation, ...]:
        """Return what all receipts up to a day paid by its end."""
        return replay(self.dues, self.repayments, self.order, on).rows

    def owed(self, on: date) -> Outstanding:
        """Return what is still to be paid at the end of a day."""
        return outstanding(self.dues, self.repayments, self.order, on)

    def standing(self, on: date) -> Standing:
        """Return how the loan stands at the end of a day."""
        return standing(self.dues, self.paid(on), on, self.limits)

    def next_due(self, on: date) -> date | None:
        """Return the next day after a day on which something falls due, ``None`` when nothing does."""
        to_come = (due for due in self.left(on) if due.due_on > on and due.amounts.total)
        return min((due.due_on for due in to_come), default=None)

    def entries(self, on: date) -> "Counter[Place]":
        """Return what each receipt paid by the end of a day: the money that came first is used first."""
        purse = [[one.id, one.amount] for one in self._oldest() if one.on <= on]
        found: Counter[Place] = Counter()
        for row in self.paid(on):
            for receipt, amount in _taken(purse, row.amount):
                found[(receipt, row.number, row.component, row.on)] += amount
        return found

    def quote(self, on: date) -> Quote:
        """Return what settles it on a day, which lies after its first drawdown and before its last instalment.

        Interest runs by the convention of the schedule: rate and day count, on the principal still to come. Interest that was
        deferred, or left over by a restructuring, and is not due yet belongs to it.
        """
        begun = min((drawdown.date for drawdown in drawdowns_of(self.basis)), default=on)
        made = steps_of(self.basis, self.currency)
        share = _by_days if self.basis["terms"]["method"] == "flat" else _by_rate
        # Interest that is yet to join the balance is not owed before it has accrued.
        later = sum(to_minor(s.row.capitalised, self.currency) for s in made if s.row.due > on)

        def accrual(principal: int, start: date, end: date) -> Decimal:
            stretch = (max(start, begun), end)
            parts = (share(step, principal - later, stretch, self.currency) for step in made)
            return sum(parts, Decimal(0))

        quote = settlement_quote(self.dues, self.repayments, self.order, begun, accrual, on)
        aside = self._aside(made, on)
        return replace(quote, principal=quote.principal - later, accrued=quote.accrued + aside)

    def _aside(self, made: Sequence[Step], on: date) -> int:
        """Return interest of before that is owed but falls due after a day."""
        past = [step.row for step in made if step.row.due <= on]
        deferred = to_minor(past[-1].deferred, self.currency) if past else 0
        shown = next((step.row for step in made if step.row.total), None)
        waits = shown is not None and shown.due > on
        return deferred + (int(self._left.get("interest", 0)) if waits else 0)

    def _oldest(self) -> list[Received]:
        return sorted(self.received, key=lambda one: (one.on, one.id))


def limits_of(chosen: Mapping[str, Any]) -> Limits:
    """Return what a facility calls how far behind, by what it chose; raises ``ValueError`` for what cannot be."""
    usual = Limits()
    days = chosen.get("notices")
    notices = NOTICES if days is None else _notices(days)
    return Limits(
        buckets=tuple(chosen.get("buckets", usual.buckets)),
        # A scheme says 0 where it leaves a rule out.
        watch_days=chosen.get("watch_days", usual.watch_days) or None,
        watch_instalments=chosen.get("watch_instalments", usual.watch_instalments) or None,
        notices=notices,
    )


def _notices(days: Sequence[int]) -> tuple[Notice, ...]:
    if len(days) != len(NOTICES):
        raise ValueError(f"There are {len(NOTICES)} notices: give the day of each.")
    return tuple(Notice(one.key, day) for one, day in zip(NOTICES, days, strict=True))


def differing(kept: Mapping[Place, int], wanted: Mapping[Place, int]) -> dict[Place, int]:
    """Return what has to be written so that what is kept says what is wanted: below zero takes back."""
    places = sorted({*kept, *wanted}, key=lambda place: (place[3], place[0], place[1], place[2]))
    changes = {place: wanted.get(place, 0) - kept.get(place, 0) for place in places}
    return {place: change for place, change in changes.items() if change}


def left_over(loan: Loan, on: date) -> tuple[int, int, list[Plain]]:
    """Return what a restructuring on a day starts from: principal and interest owed, and the instalments of before as they were paid.

    An instalment that was paid ahead keeps what was paid of its principal, with the day of the restructuring; interest paid ahead
    is there again for the new instalments. Charges are no part of it.
    """
    quote, totals = loan.quote(on), _totals(loan.paid(on))
    closing = principal = quote.arrears.principal + quote.principal
    kept: list[Plain] = []
    for due in reversed(loan.instalments):
        repaid = totals[(due.number, "principal")]
        interest = totals[(due.number, "interest")] if due.due_on <= on else 0
        if due.due_on > on and not repaid:
            continue
        amounts = {"principal": repaid, "interest": interest, "total": repaid + interest}
        day = min(due.due_on, on).isoformat()
        kept.insert(0, {"number": due.number, "due": day, **amounts, "closing": closing})
        closing += repaid
    return principal, quote.arrears.interest + quote.accrued, kept


def _totals(paid: Iterable[Allocation]) -> "Counter[tuple[int, Component]]":
    totals: Counter[tuple[int, Component]] = Counter()
    for row in paid:
        totals[(row.number, row.component)] += row.amount
    return totals


def _taken(purse: list[list[int]], amount: int) -> Iterator[tuple[int, int]]:
    """Yield from which receipts an amount comes; the purse holds as much."""
    while amount:
        receipt, there = purse[0]
        part = min(there, amount)
        yield receipt, part
        amount -= part
        purse[0][1] -= part
        if not purse[0][1]:
            purse.pop(0)


def _within(step: Step, stretch: tuple[date, date]) -> tuple[date, date] | None:
    """Return the part of a stretch of days that lies in a period that bears interest, ``None`` for none."""
    since, until = max(stretch[0], step.period.start), min(stretch[1], step.period.due)
    return (since, until) if since < until and step.row.accrued else None


def _by_days(step: Step, _principal: int, stretch: tuple[date, date], currency: str) -> Decimal:
    """Return what of a flat charge falls on a stretch of days, in minor units: its share of the period."""
    within = _within(step, stretch)
    if within is None:
        return Decimal(0)
    days = (within[1] - within[0]).days
    return Decimal(to_minor(step.row.accrued, currency)) * days / step.period.days


def _by_rate(step: Step, principal: int, stretch: tuple[date, date], currency: str) -> Decimal:
    """Return the interest of a stretch of days on a principal, in minor units: by rate and day count of each part.

    What was drawn later in the period is left out before its day.
    """
    within = _within(step, stretch)
    if within is None:
        return Decimal(0)
    last, found = step.parts[-1].balance, Decimal(0)
    for part in step.parts:
        start, end = max(within[0], part.start), min(within[1], part.end)
        if start < end:
            less = to_minor(last - part.balance, currency)
            share, whole = step.period.year(start, end)
            found += (principal - less) * part.rate_pct * share / (100 * whole)
    return found
