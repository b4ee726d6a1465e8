"""Charges that were made are due of themselves: paid first, kept beside any schedule, settled and waived."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db import db
from app.errors import Conflict
from app.repayments.compose.changing import Change
from app.repayments.compose.charging import LATE_CHARGE, WAIVER
from app.repayments.compose.drafts import REPAYMENT, RESTRUCTURING, WRITE_OFF, Money
from app.repayments.queries import owing
from app.trail.models import OutboxEntry
from tests.audit.bundles import made
from tests.factories import Days, last_event
from tests.repayments.lateness import DAY, ZONE, charged, cost, done, first, late, stood
from tests.repayments.lending import act, approve, begin, loan_of, receive, swept, work
from tests.repayments.returning import returned
from tests.world import World

pytestmark = pytest.mark.one_database


def test_a_charge_is_due_at_once_and_paid_first_by_the_next_receipt(
    world: World, days: Days
) -> None:
    reference = late(world, days)
    before = owing.loan(loan_of(world, reference)).owed(DAY).due.total
    done(world, reference, LATE_CHARGE)
    amount = cost(first(world, reference), 10)
    assert owing.loan(loan_of(world, reference)).owed(DAY).due.total == before + amount
    assert (stood(world, reference).overdue_charge_minor, stood(world, reference).days) == (0, 10)
    days.noon("2027-01-10", ZONE)
    swept()
    found = stood(world, reference)
    assert (found.overdue_charge_minor, found.days, found.instalments) == (amount, 11, 1)
    assert found.overdue_minor == before + amount
    receive(world, reference, str(amount + 1), "2027-01-10")
    kept = {place[1:3]: paid for place, paid in owing.kept(loan_of(world, reference)).items()}
    assert kept == {(-1, "charge"): amount, (1, "interest"): 1}


def test_credit_pays_a_charge_on_its_day(world: World, days: Days) -> None:
    reference = late(world, days)
    given = Money("40,000,000", DAY, "FT1", confirmed=True)
    act(world, reference, begin(world, reference, REPAYMENT, given, world.maker), "confirm", world.checker)  # fmt: skip
    credit = stood(world, reference).credit_minor
    done(world, reference, LATE_CHARGE)
    assert stood(world, reference).credit_minor == credit - cost(first(world, reference), 10)


def test_a_bundle_with_a_charge_and_a_waiver_is_proved(
    world: World, days: Days, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = late(world, days)
    done(world, reference, LATE_CHARGE)
    done(world, reference, WAIVER)
    found = made(world, tmp_path, "auditor.vn", kind="cases", cases=reference)
    code, report = found.verdict(capsys)
    assert (code, "VERDICT: PROVED" in report, "BROKEN" in report) == (0, True, False), report


def test_charges_live_on_after_a_restructuring(world: World, days: Days) -> None:
    reference = late(world, days)
    done(world, reference, LATE_CHARGE)
    amount = cost(first(world, reference), 10)
    receive(world, reference, str(amount - 5), "2027-01-09")
    before = owing.kept(loan_of(world, reference))
    change = Change(36, date(2027, 3, 15), "equal_principal")
    number = begin(world, reference, RESTRUCTURING, change, world.desk)
    approve(world, reference, number)
    act(world, reference, number, "agree", world.applicant)
    loan = owing.loan(loan_of(world, reference))
    assert owing.kept(loan_of(world, reference)) == before
    assert (loan.owed(DAY).due.charge, loan.owed(DAY).due.total) == (5, 5)
    assert loan.instalments[-1].due_on > DAY
    assert loan.agreed["late_rate_pct"] == "7.3"
    # What is repaid anew is late from its new days alone.
    with pytest.raises(Conflict, match="nothing that was not charged before"):
        begin(world, reference, LATE_CHARGE, None, world.desk)
    days.noon("2027-03-25", ZONE)
    swept()
    done(world, reference, LATE_CHARGE)
    due = owing.loan(loan_of(world, reference)).instalments[1].amounts.total
    assert charged(world, reference)[1] == ("charge", cost(due, 10), 0)


def test_a_charge_is_in_what_settles_a_loan_and_moves_no_interest(world: World, days: Days) -> None:
    reference = late(world, days)
    before = owing.loan(loan_of(world, reference)).quote(DAY)
    done(world, reference, LATE_CHARGE)
    after = owing.loan(loan_of(world, reference)).quote(DAY)
    amount = cost(first(world, reference), 10)
    assert (after.arrears.charge, after.total) == (amount, before.total + amount)
    assert after.accrued == before.accrued > 0


def test_a_loan_is_repaid_once_its_charges_are_paid_or_waived(world: World, days: Days) -> None:
    reference = late(world, days)
    world.tranche_to(reference, 2, "paid")
    events = select(OutboxEntry.event_id).where(OutboxEntry.duty == "schedule")
    work(max(db.session.scalars(events)))
    done(world, reference, LATE_CHARGE)
    (charge,) = owing.charges(loan_of(world, reference))
    loan = owing.loan(loan_of(world, reference))
    owed = loan.owed(DAY).to_come.total + loan.owed(DAY).due.total
    days.noon("2028-12-31", ZONE)
    receive(world, reference, str(owed - 1_000), "2028-12-29")
    found = stood(world, reference)
    assert (found.owed_minor, found.repaid_on) == (1_000, None)
    assert charge.amount_minor > 1_000
    # Everything else that lateness has cost since is charged and waived.
    done(world, reference, LATE_CHARGE)
    done(world, reference, WAIVER)
    receive(world, reference, "1,000", "2028-12-31", "FT2")
    found = stood(world, reference)
    assert (found.owed_minor, found.repaid_on) == (0, date(2028, 12, 31))
    for kind in (LATE_CHARGE, WAIVER):
        with pytest.raises(Conflict, match="Nothing is owed any more"):
            begin(world, reference, kind, None, world.desk)


def test_a_waiver_takes_what_is_unpaid_and_no_more_than_was_approved(
    world: World, days: Days
) -> None:
    reference = late(world, days)
    with pytest.raises(Conflict, match="No late-payment charge is unpaid"):
        begin(world, reference, WAIVER, None, world.desk)
    done(world, reference, LATE_CHARGE)
    amount = cost(first(world, reference), 10)
    number = begin(world, reference, WAIVER, None, world.desk)
    assert last_event(reference).record["detail"]["terms"] == {
        "rows": [{"number": 1, "kind": "charge", "amount": amount}]
    }
    with pytest.raises(Conflict, match="being decided already"):
        begin(world, reference, WAIVER, None, world.desk)
    receive(world, reference, "1,000", "2027-01-09")
    days.noon("2027-01-19", ZONE)
    done(world, reference, LATE_CHARGE)
    approve(world, reference, number)
    made, later = charged(world, reference)
    assert (made, later[2]) == (("charge", amount, amount - 1_000), 0)
    done(world, reference, WAIVER)
    assert [one[1] - one[2] for one in charged(world, reference)] == [1_000, 0]
    assert stood(world, reference).overdue_charge_minor == 0


def test_charges_that_are_paid_meanwhile_are_not_waived(world: World, days: Days) -> None:
    reference = late(world, days)
    done(world, reference, LATE_CHARGE)
    number = begin(world, reference, WAIVER, None, world.desk)
    receive(world, reference, str(first(world, reference)), "2027-01-09")
    with pytest.raises(Conflict, match="paid meanwhile"):
        approve(world, reference, number)


def test_charges_alone_are_waived_and_nothing_else_is_changed(world: World, days: Days) -> None:
    reference = late(world, days)
    done(world, reference, LATE_CHARGE)
    returned(world, reference, 1, "2027-01-09")
    assert stood(world, reference).owed_minor == charged(world, reference)[0][1]
    for kind in (LATE_CHARGE, WRITE_OFF):
        with pytest.raises(Conflict):
            begin(world, reference, kind, None, world.desk)
    done(world, reference, WAIVER)
    assert (stood(world, reference).owed_minor, stood(world, reference).repaid_on) == (0, None)
