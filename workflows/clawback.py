"""A demand to pay back money that was disbursed: its instalments, what came in, and when it is closed.

Amounts are integer minor units of one currency; days are local days of the agency.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from workflows.money import formatted, payable, to_minor
from workflows.schedule import due_date


@dataclass(frozen=True)
class Instalment:
    """A part of a demand and the local day by which it is to be paid."""

    number: int
    due_on: date
    amount: int


@dataclass(frozen=True)
class Demand:
    """What is demanded back, why, and by when: the instalments sum to the amount."""

    amount: int
    currency: str
    reason: str
    instalments: tuple[Instalment, ...]


@dataclass(frozen=True)
class Receipt:
    """Money received on a demand, on a local day."""

    on: date
    amount: int


@dataclass(frozen=True)
class Waiver:
    """The rest of a demand given up on a local day: by whom and why. Raises ``ValueError`` where it does not say so."""

    by: str
    on: date
    reason: str

    def __post_init__(self) -> None:
        """Refuse to drop a demand in silence."""
        if not self.by.strip() or not self.reason.strip():
            raise ValueError("A waiver names the person who waives, and the reason.")


@dataclass(frozen=True)
class Owed:
    """An instalment and what of it was received: received + outstanding = amount."""

    instalment: Instalment
    received: int
    outstanding: int


@dataclass(frozen=True)
class Standing:
    """How a demand stands: received + waived + outstanding = amount; ``over`` came in beyond that and is returned.

    ``rows`` have what was received on each instalment; what was waived is outstanding there. ``overdue`` is what of the
    outstanding was due before the day. The demand is closed when nothing is outstanding.
    """

    rows: tuple[Owed, ...]
    received: int
    waived: int
    outstanding: int
    overdue: int
    over: int

    @property
    def closed(self) -> bool:
        """Tell whether everything is received, or the rest waived."""
        return not self.outstanding


@dataclass(frozen=True)
class Terms:
    """What is to be demanded: an amount, its currency and reason, in so many monthly instalments from a first due date."""

    amount: int
    currency: str
    reason: str
    instalments: int
    first_due: date


def wrong(terms: Terms, paid: int, clawed_back: int, today: date) -> tuple[str, ...]:
    """Return everything that keeps a demand from being made, as sentences.

    ``paid`` is what the enterprise was paid, ``clawed_back`` what was demanded of that before and not waived.
    """
    return tuple(_wrong(terms, paid - clawed_back, today))


def demand(terms: Terms, paid: int, clawed_back: int, today: date) -> Demand:
    """Return the demand with its instalments: equal, in amounts that can be paid; the last takes the rest.

    They fall due monthly, counted from the first (31 January, 28 February, 31 March). Raises ``ValueError`` with every
    sentence of ``wrong``.
    """
    refusals = wrong(terms, paid, clawed_back, today)
    if refusals:
        raise ValueError(" ".join(refusals))
    part = _part(terms)
    amounts = [part] * (terms.instalments - 1)
    amounts.append(terms.amount - sum(amounts))
    parts = (
        Instalment(number, due_date(terms.first_due, number - 1), amount)
        for number, amount in enumerate(amounts, 1)
    )
    return Demand(terms.amount, terms.currency, terms.reason, tuple(parts))


def standing(
    made: Demand, receipts: Iterable[Receipt], on: date, waiver: Waiver | None = None
) -> Standing:
    """Return how a demand stands at the end of a day: money received pays the oldest instalment first.

    A waiver gives up what was outstanding at the end of its day. Receipts and a waiver after ``on`` do not count.
    Raises ``ValueError`` for a receipt that is not more than zero.
    """
    until = [receipt for receipt in receipts if receipt.on <= on]
    if any(receipt.amount <= 0 for receipt in until):
        raise ValueError("An amount received must be more than zero.")
    received = sum(receipt.amount for receipt in until)
    waived = 0
    if waiver and waiver.on <= on:
        before = sum(receipt.amount for receipt in until if receipt.on <= waiver.on)
        waived = max(made.amount - before, 0)
    kept = min(received, made.amount - waived)
    rows = tuple(_rows(made.instalments, kept))
    late = sum(row.outstanding for row in rows if row.instalment.due_on < on)
    outstanding = made.amount - waived - kept
    return Standing(rows, kept, waived, outstanding, min(late, outstanding), received - kept)


def _rows(instalments: Sequence[Instalment], received: int) -> Iterator[Owed]:
    left = received
    for instalment in instalments:
        taken = min(left, instalment.amount)
        left -= taken
        yield Owed(instalment, taken, instalment.amount - taken)


def _part(terms: Terms) -> int:
    """Return the equal part of all instalments but the last, rounded down to an amount that can be paid."""
    unit = to_minor(payable(terms.currency), terms.currency)
    return terms.amount // (unit * terms.instalments) * unit


def _wrong(terms: Terms, kept: int, today: date) -> Iterator[str]:
    if terms.amount <= 0:
        yield "The amount demanded must be more than zero."
    if terms.amount > kept:
        told, most = (formatted(amount, terms.currency) for amount in (terms.amount, max(kept, 0)))
        yield f"{told} is demanded, but only {most} was paid and not demanded back before."
    if not terms.reason.strip():
        yield "Give the reason for demanding money back."
    if terms.first_due <= today:
        yield f"The first instalment is due on {terms.first_due}: leave the enterprise time to pay."
    if terms.instalments < 1:
        yield "There must be at least one instalment."
    elif terms.amount > 0 and not _part(terms):
        yield f"The amount is too small for {terms.instalments} instalments."
