"""Keeping schedules, what receipts paid, and how loans stand: a new version of a schedule, the ones before it stay."""

from datetime import date

from sqlalchemy import insert

from app.applications import queries as applications
from app.applications.models import Application
from app.awards.models import Award
from app.db import db
from app.disbursements.models import Disbursement
from app.disbursements.queries import disbursements, sent_back
from app.repayments import queries
from app.repayments.compose.basis import Plain, basis_of, rows_of
from app.repayments.compose.changing import counted, less, priced, resumed
from app.repayments.compose.owing import Loan, differing
from app.repayments.models import AllocationEntry, LoanStanding, RepaymentSchedule
from app.repayments.queries import owing
from workflows.money import from_minor
from workflows.schedule import Drawdown

DRAWN, RETURNED = "drawn", "returned"
RESTRUCTURED, RATE_CHANGE, SETTLED = "restructured", "rate_change", "settled"
_ENTRY = insert(AllocationEntry)


def redraw(award: Award, event_id: int, kind: str = DRAWN) -> RepaymentSchedule:
    """Make the schedule anew from the terms and what is drawn, as the next version; a restructuring is kept."""
    return keep(award, following(award), event_id, kind)


def following(award: Award) -> Plain:
    """Return the basis of the schedule that follows from the terms and what is drawn now: paid out, and not sent back by the bank.

    A restructuring stays: its principal is less by what came back of it. After an early settlement nothing falls due but what
    was drawn since.
    """
    standing = queries.newest(award)
    left = standing.basis.get("restructured") if standing else None
    if standing is None or left is None:
        drawdowns = queries.paid_out(award)
        return basis_of(counted(award.terms, drawdowns), drawdowns)
    left = _still(award, left)
    later = [row for row in disbursements(award).values() if row.id not in left["drawn"]]
    if left.get("settled"):
        ended = basis_of(standing.basis["terms"], _drawn(award, left, []), left)
        if not later:
            return ended
        left = resumed(left, rows_of(ended, award.currency))
    drawdowns = _drawn(award, left, later)
    basis = basis_of(counted(award.terms, drawdowns), drawdowns, left)
    return priced(basis, award.currency)


def _still(award: Award, left: Plain) -> Plain:
    """Return what a restructuring left without what the bank has sent back of it since."""
    back = [row for row in sent_back(award) if row.id in left["drawn"]]
    if not back:
        return left
    gone = {row.id for row in back}
    drawn = [number for number in left["drawn"] if number not in gone]
    return less(left, drawn, sum(row.amount_minor for row in back))


def _drawn(award: Award, left: Plain, later: list[Disbursement]) -> list[Drawdown]:
    """Return what is repaid after a restructuring: what was owed then, and what was drawn later."""
    begun = date.fromisoformat(left["on"])
    since = sorted((max(row.paid_on, begun), row.amount_minor) for row in later)
    amounts = [(begun, int(left["principal"])), *since]
    return [Drawdown(day, from_minor(minor, award.currency)) for day, minor in amounts if minor]


def keep(award: Award, basis: Plain, event_id: int, kind: str) -> RepaymentSchedule:
    """Keep a schedule by its basis as the next version; raises ``Impossible`` for what cannot be repaid so."""
    schedule = RepaymentSchedule(
        award_id=award.id,
        version=queries.versions(award) + 1,
        kind=kind,
        basis=basis,
        rows=rows_of(basis, award.currency),
        event_id=event_id,
    )
    db.session.add(schedule)
    db.session.flush()
    return schedule


def reckon(application: Application, award: Award, event_id: int | None = None) -> LoanStanding:
    """Work out how a loan stands today, and write what its receipts pay by now.

    The entries are what a replay of all receipts says less what is kept already, so that doing it twice writes nothing. They
    name the event that changed something, or that of the last receipt where credit paid what fell due by itself.
    """
    today = applications.today(application)
    loan = owing.loan(award)
    booked = max((row.event_id for row in owing.receipts(award)), default=None)
    cause = event_id or booked
    if cause is not None:
        _write(award, loan, today, cause)
    return _stand(application, award, loan, today)


def _write(award: Award, loan: Loan, today: date, event_id: int) -> None:
    changes = differing(owing.kept(award), loan.entries(today))
    rows = [
        {
            "award_id": award.id,
            "receipt_id": receipt,
            "instalment": instalment,
            "component": component,
            "paid_on": day,
            "amount_minor": amount,
            "event_id": event_id,
        }
        for (receipt, instalment, component, day), amount in changes.items()
    ]
    if rows:
        db.session.connection().execute(_ENTRY, rows)


def _stand(application: Application, award: Award, loan: Loan, today: date) -> LoanStanding:
    row = owing.standing(award)
    if row is None:
        row = LoanStanding(
            award_id=award.id,
            application_id=application.id,
            agency_id=application.agency_id,
            currency=award.currency,
            zone=applications.zone_of(application),
            noticed="",
            written_off=False,
        )
        db.session.add(row)
    found, owed = loan.standing(today), loan.owed(today)
    row.as_of = today
    row.days, row.instalments, row.bucket = found.days, found.instalments, found.bucket
    row.overdue_principal_minor = found.overdue.principal
    row.overdue_charge_minor = found.overdue.charge
    row.overdue_interest_minor = found.overdue.interest + found.overdue.fee
    row.owed_minor, row.credit_minor = owed.due.total + owed.to_come.total, owed.credit
    row.watched, row.notice = found.watched, found.notice
    row.noticed = row.noticed if found.days else ""
    row.next_due_on = loan.next_due(today)
    row.written_off = owing.written_off(award) is not None
    over = not row.owed_minor and not award.left_minor
    row.repaid_on = (row.repaid_on or _last_paid(loan, today)) if over else None
    db.session.flush()
    return row


def _last_paid(loan: Loan, today: date) -> date:
    """Return the day on which the last of a loan was paid."""
    return max((row.on for row in loan.paid(today)), default=today)
