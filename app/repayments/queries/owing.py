"""What is owed on loans, from what is stored: the standing schedule, receipts, charges, and what was kept of the allocation."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.awards.models import Award
from app.db import db
from app.errors import Missing
from app.repayments.compose.owing import Charge, Loan, Place, Received
from app.repayments.models import (
    AllocationEntry,
    LateCharge,
    LoanStanding,
    Receipt,
    RepaymentSchedule,
    WriteOff,
)
from app.repayments.queries import newest
from workflows.repaying import COMPONENTS, Component

_NAMED: dict[str, Component] = {name: name for name in COMPONENTS}


def loan(award: Award) -> Loan:
    """Return what is owed on a loan; raises ``Missing`` for one that has not been drawn, and for a grant."""
    schedule = newest(award)
    if schedule is None:
        raise Missing("Nothing has been drawn here that has to be repaid.")
    return _made(award, schedule, receipts(award), charges(award))


@dataclass(frozen=True)
class Kept:
    """A drawn loan as it is stored: the schedule that stands, its receipts, its charges, and what is owed by all."""

    schedule: RepaymentSchedule
    receipts: Sequence[Receipt]
    charges: Sequence[LateCharge]
    loan: Loan


def loans(awards: Sequence[Award]) -> dict[int, Kept]:
    """Return each of some drawn loans as it is stored, by the number of the award in the database: the same few queries for all."""
    numbers = [award.id for award in awards]
    if not numbers:
        return {}
    latest = (
        select(RepaymentSchedule.award_id, func.max(RepaymentSchedule.version).label("version"))
        .where(RepaymentSchedule.award_id.in_(numbers))
        .group_by(RepaymentSchedule.award_id)
        .subquery()
    )
    standing = select(RepaymentSchedule).join(
        latest,
        (latest.c.award_id == RepaymentSchedule.award_id)
        & (latest.c.version == RepaymentSchedule.version),
    )
    schedules = {row.award_id: row for row in db.session.scalars(standing)}
    received: dict[int, list[Receipt]] = {number: [] for number in numbers}
    booked = select(Receipt).where(Receipt.award_id.in_(numbers))
    for row in db.session.scalars(booked.order_by(Receipt.received_on, Receipt.id)):
        received[row.award_id].append(row)
    charged: dict[int, list[LateCharge]] = {number: [] for number in numbers}
    for charge in _charged(numbers):
        charged[charge.award_id].append(charge)
    return {award.id: _kept(award, schedules, received, charged) for award in awards}


def _kept(
    award: Award,
    schedules: Mapping[int, RepaymentSchedule],
    received: Mapping[int, Sequence[Receipt]],
    charged: Mapping[int, Sequence[LateCharge]],
) -> Kept:
    found = schedules[award.id], received[award.id], charged[award.id]
    return Kept(*found, _made(award, *found))


def _made(
    award: Award,
    schedule: RepaymentSchedule,
    received: Sequence[Receipt],
    charged: Sequence[LateCharge],
) -> Loan:
    booked = [Received(row.id, row.received_on, row.amount_minor) for row in received]
    made = [
        Charge(row.number, row.kind, row.due_on, row.amount_minor - row.waived_minor)
        for row in charged
    ]
    return Loan(award.terms, schedule.basis, schedule.rows, booked, award.currency, made)


def charges(award: Award) -> list[LateCharge]:
    """Return what was charged for late payment of a loan, by number, each with what of it was waived."""
    return _charged([award.id])


def _charged(numbers: Sequence[int]) -> list[LateCharge]:
    found = select(LateCharge).where(LateCharge.award_id.in_(numbers))
    return list(db.session.scalars(found.order_by(LateCharge.award_id, LateCharge.number)))


def receipts(award: Award) -> list[Receipt]:
    """Return what was received for a loan, oldest first by its day."""
    found = select(Receipt).where(Receipt.award_id == award.id)
    return list(db.session.scalars(found.order_by(Receipt.received_on, Receipt.id)))


def kept(award: Award) -> "Counter[Place]":
    """Return what the entries of a loan say together: what each receipt paid."""
    found = (
        select(
            AllocationEntry.receipt_id,
            AllocationEntry.instalment,
            AllocationEntry.component,
            AllocationEntry.paid_on,
            func.sum(AllocationEntry.amount_minor),
        )
        .where(AllocationEntry.award_id == award.id)
        .group_by(
            AllocationEntry.receipt_id,
            AllocationEntry.instalment,
            AllocationEntry.component,
            AllocationEntry.paid_on,
        )
    )
    rows = db.session.execute(found).all()
    places = ((row[0], row[1], _NAMED[row[2]], row[3]) for row in rows)
    sums = (int(row[4]) for row in rows)
    return Counter({place: total for place, total in zip(places, sums, strict=True) if total})


def written_off(award: Award) -> WriteOff | None:
    """Return what was written off of a loan, ``None`` where nothing was."""
    return db.session.get(WriteOff, award.id)


def standing(award: Award) -> LoanStanding | None:
    """Return how a loan stood when that was last worked out."""
    return db.session.get(LoanStanding, award.id, populate_existing=True)


def zones() -> list[str]:
    """Return the time zones in which loans are at home."""
    return list(db.session.scalars(select(LoanStanding.zone).distinct()))


def outdated(zone: str, day: date, most: int) -> list[int]:
    """Return loans of a time zone whose standing is of before a day, by the number of the award: so many at most."""
    found = select(LoanStanding.award_id).where(
        LoanStanding.zone == zone, LoanStanding.as_of < day, LoanStanding.repaid_on.is_(None)
    )
    return list(db.session.scalars(found.order_by(LoanStanding.award_id).limit(most)))


def unseen(most: int) -> list[int]:
    """Return drawn loans whose standing was never worked out, by the number of the award: so many at most."""
    found = (
        select(RepaymentSchedule.award_id)
        .outerjoin(LoanStanding, LoanStanding.award_id == RepaymentSchedule.award_id)
        .where(LoanStanding.award_id.is_(None))
        .distinct()
    )
    return list(db.session.scalars(found.limit(most)))
