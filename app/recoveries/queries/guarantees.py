"""What a guarantee covers and costs, what was paid on a claim under it, and how what came in later is shared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
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
from app.schemes.compose.funding import ASKED_COVER, GUARANTEE, GUARANTOR
from app.submissions import queries as submissions
from workflows.guarantees import Cover, Payout, fees
from workflows.money import from_minor, payable, share, to_minor
from workflows.schedule import Drawdown, Terms, due_date, repayment_schedule

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

    Share and fee are those that were frozen with the terms of the award when it was approved; for one of before that, by the
    version of the scheme that the case is under and what was submitted. At most that share of the loan is paid. Interest
    that was not paid is not covered: no scheme says for how long.
    """
    agreed = award.terms.get(GUARANTEE) or _by_scheme(application)
    loan = award.amount_minor - award.released_minor
    if agreed is None or loan <= 0 or not agencies_of(application, GUARANTOR):
        return None
    return covering(award.currency, loan, agreed)


def covering(currency: str, loan: int, agreed: Mapping[str, str]) -> Cover:
    """Return the cover of a loan in minor units, by the share and the fee that were agreed."""
    pct = Decimal(agreed["cover_pct"])
    return Cover(currency, loan, pct, share(loan, pct), fee_pct=Decimal(agreed["fee_pct"]))


def _by_scheme(application: Application) -> Mapping[str, str] | None:
    terms = applications.terms(application).guarantee
    if terms is None:
        return None
    found = submissions.submissions(application)
    answers = found[-1].frozen.get("answers", {}) if found else {}
    return terms.agreed(answers.get(ASKED_COVER))


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
