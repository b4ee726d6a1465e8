"""How far behind a loan is: days past due, what is overdue, its bucket, the watch-list, the next notice, late charges.

An instalment is past due from the day after its due date. Amounts are integer minor units of one currency; days are
calendar days. Every limit here is a setting of the facility; the buckets of 30 days are usual, and no law is meant.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from workflows.money import payable, to_minor
from workflows.repaying import Allocation, Amounts, Due, added, unpaid

# A rate a year in per cent, on so many days of 365.
_PER_CENT_DAYS = 365 * 100


@dataclass(frozen=True)
class Notice:
    """A letter to the borrower that is due from so many days past due."""

    key: str
    days: int


# First and second reminder, and final demand.
NOTICES = (Notice("first_reminder", 7), Notice("second_reminder", 30), Notice("final_demand", 60))


@dataclass(frozen=True)
class Limits:
    """What a facility calls how far behind.

    ``buckets`` are the last days of each bucket but the last, which is open. A loan is on the watch-list from
    ``watch_days`` past due or with ``watch_instalments`` unpaid; ``None`` leaves a rule out. Raises ``ValueError``,
    naming everything that is wrong, for limits that do not rise or are not more than zero.
    """

    buckets: tuple[int, ...] = (30, 60, 90)
    watch_days: int | None = 30
    watch_instalments: int | None = 2
    notices: tuple[Notice, ...] = NOTICES

    def __post_init__(self) -> None:
        """Refuse limits that no loan can be held to."""
        found = tuple(_wrong(self))
        if found:
            raise ValueError(" ".join(found))


@dataclass(frozen=True)
class Standing:
    """How a loan stands at the end of a day.

    ``days`` past due are those of the oldest unpaid instalment, ``instalments`` how many are past due. ``overdue`` is what is
    unpaid of them and of charges; a charge by itself never makes a loan past due. ``notice`` is the last notice whose day has
    come, "" before the first: a loan that is not past due has none.
    """

    days: int
    instalments: int
    overdue: Amounts
    bucket: str
    watched: bool
    notice: str


@dataclass(frozen=True)
class LateCharge:
    """What lateness of an instalment has cost up to a day, in minor units."""

    number: int
    amount: int


def standing(dues: Sequence[Due], paid: Iterable[Allocation], on: date, limits: Limits) -> Standing:
    """Return how a loan stands at the end of a day, by what was paid up to then."""
    until = [row for row in paid if row.on <= on]
    overdue = [due for due in unpaid(dues, until) if due.due_on < on]
    late = [due for due in overdue if due.amounts.total > due.amounts.charge]
    days = max(((on - due.due_on).days for due in late), default=0)
    return Standing(
        days=days,
        instalments=len(late),
        overdue=added(overdue),
        bucket=bucket(days, limits),
        watched=_reached(limits.watch_days, days) or _reached(limits.watch_instalments, len(late)),
        notice=next((one.key for one in reversed(limits.notices) if days >= one.days), ""),
    )


def bucket(days: int, limits: Limits) -> str:
    """Return the bucket of so many days past due: "current", "1 to 30", "31 to 60", "61 to 90", "over 90"."""
    if days <= 0:
        return "current"
    for before, last in pairwise((0, *limits.buckets)):
        if days <= last:
            return f"{before + 1} to {last}"
    return f"over {limits.buckets[-1]}" if limits.buckets else "past due"


def late_charges(
    dues: Sequence[Due],
    paid: Iterable[Allocation],
    annual_rate_pct: Decimal | None,
    on: date,
    currency: str,
) -> tuple[LateCharge, ...]:
    """Return what lateness has cost since each due date, up to a day; nothing where the facility has set no rate.

    The charge is simple: overdue fees, interest and principal x rate a year / 365 x days, each repayment counted from
    its day. Charges bear no charge, so nothing is ever compounded. Each instalment's charge is rounded down to the
    smallest amount that is paid: the borrower pays no part of a unit. Raises ``ValueError`` for a rate below zero.
    """
    if annual_rate_pct is None:
        return ()
    if not annual_rate_pct.is_finite() or annual_rate_pct < 0:
        raise ValueError("The rate of a late-payment charge must be zero or more.")
    until = [row for row in paid if row.on <= on]
    charges = (_charge(due, until, annual_rate_pct, on, currency) for due in dues)
    return tuple(charge for charge in charges if charge.amount)


def _charge(
    due: Due, paid: Iterable[Allocation], rate: Decimal, on: date, currency: str
) -> LateCharge:
    owed = due.amounts.total - due.amounts.charge
    amount_days = owed * max((on - due.due_on).days, 0)
    for row in paid:
        if row.number == due.number and row.component != "charge":
            amount_days -= row.amount * max((on - max(row.on, due.due_on)).days, 0)
    unit = to_minor(payable(currency), currency)
    return LateCharge(due.number, int(amount_days * rate // (_PER_CENT_DAYS * unit)) * unit)


def _reached(limit: int | None, number: int) -> bool:
    return limit is not None and number >= limit


def _wrong(limits: Limits) -> Iterator[str]:
    edges = (0, *limits.buckets)
    if any(last <= before for before, last in pairwise(edges)):
        yield "The buckets must rise from more than zero days."
    if any(later.days <= sooner.days for sooner, later in pairwise(limits.notices)):
        yield "Each notice must come later than the one before it."
    if any(notice.days < 1 for notice in limits.notices):
        yield "A notice needs at least one day past due."
    watched = (limits.watch_days, limits.watch_instalments)
    if any(limit is not None and limit < 1 for limit in watched):
        yield "The watch-list begins with at least one day or one instalment."
