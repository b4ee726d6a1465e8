"""What each proceeding about a loan does once it has come to its state: a receipt is booked, other terms come into force."""

from datetime import date
from decimal import Decimal

from app.applications import queries as applications
from app.awards.commands.moving import agreed
from app.awards.models import Award
from app.db import db
from app.disbursements.queries import disbursements
from app.errors import Conflict
from app.proceedings.compose import Entered
from app.repayments import queries
from app.repayments.commands import (
    RATE_CHANGE,
    RESTRUCTURED,
    SETTLED,
    following,
    keep,
    reckon,
    redraw,
)
from app.repayments.compose.basis import nothing_drawn
from app.repayments.compose.changing import Change, restructured_basis, settled_basis, with_rate
from app.repayments.compose.drafts import NOTHING_DRAWN
from app.repayments.models import Receipt, WriteOff
from app.repayments.queries import owing
from workflows.money import formatted
from workflows.schedule import Impossible


def book(entered: Entered) -> None:
    """Book a receipt: kept for ever, with what it pays by the order of the facility. One that settles the loan ends its schedule."""
    terms = entered.proceeding.terms
    if terms.get("settles"):
        _settle(entered)
    receipt = Receipt(
        award_id=entered.award.id,
        proceeding_id=entered.proceeding.id,
        amount_minor=int(terms["amount"]),
        received_on=date.fromisoformat(terms["on"]),
        bank_reference=terms["bank_reference"],
        bank_line_id=terms.get("bank_line"),
        event_id=entered.recorded.id,
    )
    db.session.add(receipt)
    db.session.flush()
    reckon(entered.application, entered.award, entered.recorded.id)


def _settle(entered: Entered) -> None:
    """Let a loan be settled early: nothing falls due any more but what was owed; raises ``Conflict`` if more is owed by now."""
    award, terms = entered.award, entered.proceeding.terms
    loan, on = owing.loan(award), date.fromisoformat(terms["on"])
    owed = loan.quote(on).total
    if int(terms["amount"]) < owed:
        told = formatted(owed, award.currency)
        raise Conflict(f"{told} settles it on {on}. Strike this receipt out and record it anew.")
    _refuse_unfinished(award)
    drawn = [row.id for row in disbursements(award).values()]
    keep(award, settled_basis(loan, on, drawn), entered.recorded.id, SETTLED)


def restructure(entered: Entered) -> None:
    """Let new terms take effect today on what is owed today; raises ``Conflict`` where they cannot any more."""
    application, award = entered.application, entered.award
    given, today = Change.of(entered.proceeding.terms), applications.today(application)
    if given.first_due <= today:
        raise Conflict(
            f"The first due date, {given.first_due}, has passed. Propose the change anew."
        )
    _refuse_unfinished(award)
    drawn = [row.id for row in disbursements(award).values()]
    try:
        basis = restructured_basis(owing.loan(award), given, today, drawn)
        award.terms = basis["terms"]
        keep(award, basis, entered.recorded.id, RESTRUCTURED)
    except Impossible as error:
        raise Conflict(" ".join(error.sentences)) from error
    agreed(award, entered.recorded)
    reckon(application, award, entered.recorded.id)


def change_rate(entered: Entered) -> None:
    """Let another rate take effect from its day, or from today when that has passed: what fell due stays as it was."""
    application, award, terms = entered.application, entered.award, entered.proceeding.terms
    day = max(date.fromisoformat(terms["on"]), applications.today(application))
    _refuse_unfinished(award)
    award.terms = with_rate(award.terms, Decimal(terms["rate_pct"]), day)
    try:
        redraw(award, entered.recorded.id, RATE_CHANGE)
    except Impossible as error:
        raise Conflict(" ".join(error.sentences)) from error
    agreed(award, entered.recorded)
    reckon(application, award, entered.recorded.id)


def _refuse_unfinished(award: Award) -> None:
    """Refuse to go on from a schedule without what was last drawn or came back: a worker makes that one; and from nothing."""
    standing = queries.newest(award)
    if standing is None or standing.basis["drawdowns"] != following(award)["drawdowns"]:
        raise Conflict("The schedule of the last drawdown is being made. Try again in a minute.")
    if nothing_drawn(standing.basis):
        raise Conflict(NOTHING_DRAWN)


def write_off(entered: Entered) -> None:
    """Write off what would settle the loan today, and never more than was approved; its schedule stays."""
    application, award = entered.application, entered.award
    today = applications.today(application)
    owed = owing.loan(award).quote(today).total
    if owed <= 0:
        raise Conflict("Nothing is owed any more: there is nothing to write off.")
    row = WriteOff(
        award_id=award.id,
        proceeding_id=entered.proceeding.id,
        amount_minor=min(owed, int(entered.proceeding.terms["amount"])),
        written_off_on=today,
        event_id=entered.recorded.id,
    )
    db.session.add(row)
    db.session.flush()
    reckon(application, award)


def note_notice(entered: Entered) -> None:
    """Remember which letter about arrears was sent, so that each is sent once."""
    standing = owing.standing(entered.award)
    if standing is not None:
        standing.noticed = entered.proceeding.terms["level"]
