"""Charges for late payment in force: made on the day of the last approval, never more than was approved; and waived."""

from app.applications import queries as applications
from app.awards.models import Award
from app.db import db
from app.errors import Conflict
from app.proceedings.compose import Entered
from app.repayments.commands import reckon
from app.repayments.compose import charging
from app.repayments.compose.basis import Plain
from app.repayments.compose.drafts import closed
from app.repayments.models import ChargeWaiver, LateCharge
from app.repayments.queries import owing


def charge(entered: Entered) -> None:
    """Charge what lateness has cost up to today and was not charged before, for no instalment more than was approved.

    Each amount is due today, whatever was received until then. Raises ``Conflict`` where nothing is left to charge.
    """
    application, award = entered.application, entered.award
    _refuse(closed(award))
    loan, before = owing.loan(award), owing.charges(award)
    _refuse(charging.settled(loan))
    today = applications.today(application)
    found = charging.uncharged(loan, before, today)
    rows = charging.at_most(found, entered.proceeding.terms["rows"])
    if not rows:
        raise Conflict(
            "By what has been booked meanwhile, nothing is left to charge. Refuse this proposal."
        )
    db.session.add_all(
        LateCharge(
            award_id=award.id,
            proceeding_id=entered.proceeding.id,
            number=number,
            kind=row["kind"],
            amount_minor=row["amount"],
            due_on=today,
            covers=row["covers"],
            event_id=entered.recorded.id,
        )
        for number, row in enumerate(rows, len(before) + 1)
    )
    db.session.flush()
    reckon(application, award, entered.recorded.id)


def waive(entered: Entered) -> None:
    """Waive what of the charges is unpaid today, of none more than was approved; raises ``Conflict`` where all is paid."""
    application, award = entered.application, entered.award
    _refuse(closed(award))
    left = charging.unpaid(owing.loan(award), applications.today(application))
    amounts = _less(left, entered.proceeding.terms["rows"])
    if not amounts:
        raise Conflict("The charges have been paid meanwhile. Refuse this proposal.")
    _keep(award, amounts, entered)
    reckon(application, award, entered.recorded.id)


def _less(left: list[Plain], approved: list[Plain]) -> dict[int, int]:
    """Return what is waived of each charge, by its number."""
    most = {row["number"]: row["amount"] for row in approved}
    found = {row["number"]: min(row["amount"], most.get(row["number"], 0)) for row in left}
    return {number: amount for number, amount in found.items() if amount}


def _keep(award: Award, amounts: dict[int, int], entered: Entered) -> None:
    for row in owing.charges(award):
        if row.number in amounts:
            waiver = ChargeWaiver(
                proceeding_id=entered.proceeding.id,
                amount_minor=amounts[row.number],
                event_id=entered.recorded.id,
            )
            row.waivers.append(waiver)
    db.session.flush()


def _refuse(why: str) -> None:
    if why:
        raise Conflict(why)
