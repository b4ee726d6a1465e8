"""What a repayment pays: charges, fees, interest and principal of the instalments that are due, never more than is due.

Amounts are integer minor units of one currency. A repayment that comes early or is more than what is due is credit of
the borrower: it pays the next instalment on its due date, without anybody asking. On a Shariah-compliant facility
``interest`` holds the profit and ``principal`` the cost.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Literal

Component = Literal["charge", "fee", "interest", "principal"]
COMPONENTS: tuple[Component, ...] = ("charge", "fee", "interest", "principal")
# Interest in minor units, not rounded, on a principal in minor units from one day to another.
Accrual = Callable[[int, date, date], Decimal]
_Paid = Mapping[tuple[int, Component], int]


@dataclass(frozen=True)
class Amounts:
    """An amount by its components: ``charge`` is for late payment."""

    charge: int = 0
    fee: int = 0
    interest: int = 0
    principal: int = 0

    @property
    def total(self) -> int:
        """Return the sum of the components."""
        return self.charge + self.fee + self.interest + self.principal

    def of(self, component: Component) -> int:
        """Return one component."""
        return int(getattr(self, component))


@dataclass(frozen=True)
class Due:
    """What falls due with an instalment: its number, its local day, its amounts.

    A charge that is made later is a due of its own, with its own number and day: what was paid before stays paid.
    """

    number: int
    due_on: date
    amounts: Amounts

    @property
    def is_charge(self) -> bool:
        """Tell whether it is a charge alone, and no instalment."""
        return self.amounts.charge == self.amounts.total > 0


@dataclass(frozen=True)
class Order:
    """In which order a repayment pays what is due: a setting of the facility.

    ``by`` is "instalment" (the oldest whole, then the next) or "component" (the first component of all instalments, then
    the next); ``components`` is their order. A charge that is a due of its own comes before all instalments where charges
    are named before interest and principal, else by its day. ``ahead`` says that what is left pays instalments that are not
    due yet, in the order of their due dates; else it is kept as credit. Raises ``ValueError`` for any other order.
    """

    by: Literal["instalment", "component"] = "instalment"
    components: tuple[Component, ...] = COMPONENTS
    ahead: bool = False

    def __post_init__(self) -> None:
        """Refuse an order that leaves out a component or names it twice."""
        if self.by not in ("instalment", "component"):
            raise ValueError(f"The order by {self.by!r} is not known.")
        if sorted(self.components) != sorted(COMPONENTS):
            raise ValueError(f"The order names each once: {', '.join(COMPONENTS)}.")


@dataclass(frozen=True)
class Repayment:
    """Money received on a local day."""

    on: date
    amount: int


@dataclass(frozen=True)
class Allocation:
    """What a component of an instalment was paid with on a day."""

    number: int
    component: Component
    amount: int
    on: date


@dataclass(frozen=True)
class Allocated:
    """What an amount paid, and what is over: the two sum to the amount."""

    rows: tuple[Allocation, ...]
    over: int


@dataclass(frozen=True)
class Outstanding:
    """What is still to be paid: due by the day, due later, and the borrower's credit, which pays the next due date."""

    due: Amounts
    to_come: Amounts
    credit: int


@dataclass(frozen=True)
class Quote:
    """What settles a loan early on a day.

    total = arrears + principal + accrued - paid ahead - credit; below zero it is what the borrower gets back.
    ``arrears`` fell due by the day and is unpaid, ``principal`` is that of instalments to come, ``accrued`` its
    interest from the last due date to the day, ``paid_ahead`` interest, fees and charges of instalments to come that
    were paid already.
    """

    on: date
    arrears: Amounts
    principal: int
    accrued: int
    paid_ahead: int
    credit: int

    @property
    def total(self) -> int:
        """Return what settles the loan."""
        due = self.arrears.total + self.principal + self.accrued
        return due - self.paid_ahead - self.credit


def allocate(
    dues: Sequence[Due], paid: Iterable[Allocation], amount: int, order: Order, on: date
) -> Allocated:
    """Return what an amount pays on a day, after what was paid so far.

    Instalments due on the day or earlier come first. Raises ``ValueError`` for an amount below zero, and for more
    paid so far than is due.
    """
    before = _totals(paid)
    _refuse((*_wrong_dues(dues), *_wrong_paid(dues, before), *_wrong_amount(amount)))
    rows, left = [], amount
    for due, component in _in_order(dues, order, on):
        taken = min(left, due.amounts.of(component) - before.get((due.number, component), 0))
        if taken:
            rows.append(Allocation(due.number, component, taken, on))
            left -= taken
    return Allocated(tuple(rows), left)


def replay(
    dues: Sequence[Due], repayments: Sequence[Repayment], order: Order, on: date
) -> Allocated:
    """Return what all repayments received by a day paid, one after the other; ``over`` is the credit on that day.

    Credit pays on each due date what falls due, before money that is received the same day. So the result does not
    depend on when it is asked for: it is that of allocating each repayment on its day.
    """
    rows: list[Allocation] = []
    credit = 0
    for day, amount in _days(dues, repayments, on):
        if not credit + amount:
            continue
        found = allocate(dues, rows, credit + amount, order, day)
        rows.extend(found.rows)
        credit = found.over
    return Allocated(tuple(rows), credit)


def outstanding(
    dues: Sequence[Due], repayments: Sequence[Repayment], order: Order, on: date
) -> Outstanding:
    """Return what is still to be paid at the end of a day."""
    found = replay(dues, repayments, order, on)
    due = unpaid([due for due in dues if due.due_on <= on], found.rows)
    to_come = unpaid([due for due in dues if due.due_on > on], found.rows)
    return Outstanding(added(due), added(to_come), found.over)


def settlement_quote(
    dues: Sequence[Due],
    repayments: Sequence[Repayment],
    order: Order,
    drawn_on: date,
    accrual: Accrual,
    on: date,
) -> Quote:
    """Return what settles a loan on a day that was drawn on ``drawn_on``.

    ``accrual`` is the convention of the schedule (rate and day count). It is asked for each stretch of days on which
    the principal to come was the same, since the last due date of an instalment: a charge ends no period of interest. The
    sum is rounded once, down to a whole minor unit, so that the borrower pays no part of a unit that has not accrued.
    """
    found = replay(dues, repayments, order, on)
    arrears = added(unpaid([due for due in dues if due.due_on <= on], found.rows))
    to_come = [due for due in dues if due.due_on > on]
    left = added(unpaid(to_come, found.rows))
    full = added(to_come)
    paid_ahead = full.total - full.principal - (left.total - left.principal)
    past = (due.due_on for due in dues if due.due_on <= on and not due.is_charge)
    since = max(past, default=drawn_on)
    stretches = _stretches(to_come, found.rows, since, on)
    accrued = sum((accrual(*stretch) for stretch in stretches), Decimal(0))
    whole = int(accrued.to_integral_value(ROUND_FLOOR))
    return Quote(on, arrears, left.principal, whole, paid_ahead, found.over)


def unpaid(dues: Iterable[Due], paid: Iterable[Allocation]) -> tuple[Due, ...]:
    """Return the instalments with what is left of them to pay; one that is paid is left with nothing."""
    totals = _totals(paid)
    return tuple(replace(due, amounts=_less(due, totals)) for due in dues)


def added(dues: Iterable[Due]) -> Amounts:
    """Return the amounts of instalments together, by component."""
    amounts = [due.amounts for due in dues]
    return Amounts(*(sum(one.of(component) for one in amounts) for component in COMPONENTS))


def _less(due: Due, totals: _Paid) -> Amounts:
    left = (due.amounts.of(name) - totals.get((due.number, name), 0) for name in COMPONENTS)
    return Amounts(*left)


def _totals(paid: Iterable[Allocation]) -> dict[tuple[int, Component], int]:
    totals: dict[tuple[int, Component], int] = {}
    for row in paid:
        key = row.number, row.component
        totals[key] = totals.get(key, 0) + row.amount
    return totals


def _in_order(dues: Sequence[Due], order: Order, on: date) -> Iterator[tuple[Due, Component]]:
    oldest = sorted(dues, key=lambda due: (due.due_on, due.number))
    due = [one for one in oldest if one.due_on <= on]
    if order.by == "instalment":
        first = next(component for component in order.components if component != "fee")
        ranked = sorted(due, key=lambda one: not (one.is_charge and first == "charge"))
        yield from ((one, component) for one in ranked for component in order.components)
    else:
        yield from ((one, component) for component in order.components for one in due)
    if order.ahead:
        later = (one for one in oldest if one.due_on > on)
        yield from ((one, component) for one in later for component in order.components)


def _days(
    dues: Sequence[Due], repayments: Sequence[Repayment], on: date
) -> Iterator[tuple[date, int]]:
    """Yield each due date and each repayment up to a day, in their order; a due date brings no money."""
    due_dates = sorted({due.due_on for due in dues})
    happened = [(day, 0, 0) for day in due_dates] + [(one.on, 1, one.amount) for one in repayments]
    in_order = sorted(happened, key=lambda one: one[:2])
    yield from ((day, amount) for day, _, amount in in_order if day <= on)


def _stretches(
    to_come: Sequence[Due], paid: Sequence[Allocation], since: date, on: date
) -> Iterator[tuple[int, date, date]]:
    """Yield the principal to come and the days between which it was the same."""
    numbers = {due.number for due in to_come}
    ahead = [row for row in paid if row.component == "principal" and row.number in numbers]
    edges = sorted({since, on, *(row.on for row in ahead if since < row.on < on)})
    for start, end in pairwise(edges):
        before = sum(row.amount for row in ahead if row.on <= start)
        yield added(to_come).principal - before, start, end


def _wrong_dues(dues: Sequence[Due]) -> Iterator[str]:
    if len({due.number for due in dues}) < len(dues):
        yield "Each instalment has a number of its own."
    for due in dues:
        if min(due.amounts.of(component) for component in COMPONENTS) < 0:
            yield f"Instalment {due.number}: no amount due is below zero."


def _wrong_paid(dues: Sequence[Due], before: _Paid) -> Iterator[str]:
    owed = {(due.number, name): due.amounts.of(name) for due in dues for name in COMPONENTS}
    for (number, component), amount in before.items():
        if amount > owed.get((number, component), 0):
            yield f"Instalment {number}: more {component} was paid than is due."


def _wrong_amount(amount: int) -> Iterator[str]:
    if amount < 0:
        yield "A repayment is not below zero."


def _refuse(sentences: Sequence[str]) -> None:
    if sentences:
        raise ValueError(" ".join(sentences))
