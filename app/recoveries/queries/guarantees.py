"""What a guarantee covers and costs, what was paid on a claim under it, and how what came in later is shared."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.applications.queries.taking import agencies_of
from app.awards.models import Award
from app.db import db
from app.proceedings import queries as proceedings
from app.proceedings.models import Proceeding
from app.recoveries.models import GuaranteePayout, Incoming
from app.recoveries.queries import CLAIM, FEE
from app.submissions import queries as submissions
from workflows.guarantees import Cover, Payout, fees
from workflows.money import from_minor, payable, share, to_minor
from workflows.schedule import Drawdown, Terms, due_date, repayment_schedule

GUARANTOR = "guarantor"
# The question whose answer says which part of a loan is to be guaranteed, in per cent.
ASKED_COVER = "cover"
MONTHS = 12
REFUSED, WITHDRAWN, PAID = "refused", "withdrawn", "paid"


@dataclass(frozen=True)
class Fee:
    """The fee of a year of a guarantee, in minor units, due on a local day."""

    year: int
    due_on: date
    amount: int


@dataclass(frozen=True)
class Fees:
    """The fees of a guarantee by year, and what of them came in; ``due`` is what was due by today and did not come in."""

    rows: tuple[Fee, ...]
    received: int
    due: int

    @property
    def outstanding(self) -> int:
        """Return what of all fees did not come in yet."""
        return sum(fee.amount for fee in self.rows) - self.received


def cover_of(application: Application, award: Award) -> Cover | None:
    """Return what the guarantee of a loan covers, ``None`` where a scheme or a case has none.

    The share is the one the enterprise asked for where the form asks and the scheme allows it, else the least of the
    scheme; at most that share of the loan is paid. Interest that was not paid is not covered: no scheme says for how long.
    """
    terms = applications.terms(application).guarantee
    loan = award.amount_minor - award.released_minor
    if terms is None or loan <= 0 or not agencies_of(application, GUARANTOR):
        return None
    asked = _asked(application)
    allowed = asked is not None and terms.cover_min_pct <= asked <= terms.cover_max_pct
    pct = asked if asked is not None and allowed else terms.cover_min_pct
    return Cover(award.currency, loan, pct, share(loan, pct), fee_pct=terms.fee_pct)


def _asked(application: Application) -> Decimal | None:
    frozen = submissions.submissions(application)
    if not frozen:
        return None
    try:
        return Decimal(str(frozen[-1].frozen["answers"].get(ASKED_COVER, "")))
    except (InvalidOperation, KeyError):
        return None


def fees_of(application: Application, award: Award, cover: Cover) -> Fees:
    """Return the yearly fees of a guarantee, on what the plan of the loan has outstanding at the start of each year."""
    begun = _begun(application, award)
    amounts = fees(_balances(award, begun), cover)
    rows = tuple(
        Fee(number, due_date(begun, (number - 1) * MONTHS), amount)
        for number, amount in enumerate(amounts, 1)
        if amount
    )
    came = select(Incoming).where(Incoming.application_id == application.id)
    receipts = {row.id for row in proceedings.proceedings(application) if row.kind == FEE}
    received = sum(
        row.amount_minor for row in db.session.scalars(came) if row.proceeding_id in receipts
    )
    today = applications.today(application)
    owed = sum(fee.amount for fee in rows if fee.due_on <= today)
    return Fees(rows, received, max(owed - received, 0))


def _begun(application: Application, award: Award) -> date:
    """Return the local day on which the loan was accepted, or is offered."""
    if award.accepted_at is None:
        return award.offered_on
    return award.accepted_at.astimezone(ZoneInfo(applications.zone_of(application))).date()


def _balances(award: Award, begun: date) -> list[int]:
    """Return what is outstanding at the start of each year, in minor units, if the whole loan is drawn when it begins."""
    loan = award.amount_minor - award.released_minor
    if not award.terms:
        return [loan]
    drawn = Drawdown(begun, from_minor(loan, award.currency))
    rows = repayment_schedule(_terms(award.terms, award.currency), [drawn])
    found, year = [loan], 1
    while True:
        starts = due_date(begun, year * MONTHS)
        before = [row.closing for row in rows if row.due <= starts]
        left = to_minor(before[-1], award.currency) if before else loan
        if not left or len(before) == len(rows):
            return found
        found.append(left)
        year += 1


def _terms(agreed: dict[str, Any], currency: str) -> Terms:
    return Terms(
        method=agreed["method"],
        annual_rate_pct=Decimal(agreed["rate_pct"]),
        instalments=int(agreed["instalments"]),
        day_count=agreed["day_count"],
        money_step=payable(currency),
        grace_principal=int(agreed.get("grace_principal", 0)),
        every=int(agreed.get("every", 1)),
        unit=agreed.get("unit", "months"),
    )


def claims(application: Application) -> list[Proceeding]:
    """Return the claims of a case that were not refused or taken back, the newest first."""
    rows = proceedings.proceedings(application)
    return [row for row in rows if row.kind == CLAIM and row.state not in (REFUSED, WITHDRAWN)]


def open_claims(actor: Person) -> list[Proceeding]:
    """Return the claims that wait for somebody in the cases a person may see, the oldest first."""
    seen = applications.visible(actor).with_only_columns(Application.id)
    rows = select(Proceeding).where(
        Proceeding.kind == CLAIM, Proceeding.ended_at.is_(None), Proceeding.application_id.in_(seen)
    )
    return list(db.session.scalars(rows.order_by(Proceeding.id)))


def payout(found: Proceeding) -> GuaranteePayout | None:
    """Return what the guarantor paid on a claim, ``None`` before."""
    return db.session.get(GuaranteePayout, found.id)


def paid_claim(application: Application) -> tuple[Proceeding, GuaranteePayout] | None:
    """Return the claim of a case that was paid out, with the payout."""
    for row in claims(application):
        paid = payout(row)
        if paid is not None:
            return row, paid
    return None


def as_paid(found: GuaranteePayout) -> Payout:
    """Return a payout as the arithmetic takes it: what the guarantor paid of a loss, and what the lender bears."""
    borne = found.loss_minor - found.amount_minor
    return Payout(0, found.loss_minor, found.amount_minor, borne)
