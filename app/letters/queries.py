"""Issued letters of a case, and what letters say of proceedings, guarantees and how money is repaid."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import defer

from app.accounts import queries as accounts
from app.applications.models import Application
from app.applications.queries.taking import agencies_of
from app.awards import queries as awards
from app.awards.models import Award
from app.db import db
from app.letters.models import IssuedLetter
from app.letters.render import (
    ArrearsNotice,
    ChangeOffer,
    Demand,
    Guarantee,
    Instalment,
    LoanTerms,
    Overdue,
    SaleTerms,
    WaitingList,
)
from app.proceedings import queries as proceedings
from app.proceedings.compose import KINDS
from app.recoveries.queries.guarantees import covering
from app.repayments import queries as repayments
from app.repayments.compose.charging import named, rates
from app.repayments.compose.pricing import sale_of
from app.schemes.compose.funding import GUARANTEE, GUARANTOR, SALE
from app.trail.queries import Fact
from workflows.guarantees import fees, guaranteed
from workflows.money import from_minor, paid
from workflows.sale import PRINCIPLES, selling_price
from workflows.schedule.conventions import frequency_text


def letters(application: Application) -> list[IssuedLetter]:
    """Return the letters of a case, oldest first, without their bytes."""
    found = (
        select(IssuedLetter)
        .where(IssuedLetter.application_id == application.id)
        .options(defer(IssuedLetter.pdf))
        .order_by(IssuedLetter.id)
    )
    return list(db.session.scalars(found))


def letter(application: Application, letter_id: int) -> IssuedLetter | None:
    """Return one letter of a case with its bytes."""
    found = select(IssuedLetter).where(
        IssuedLetter.application_id == application.id, IssuedLetter.id == letter_id
    )
    return db.session.scalars(found).first()


def demand(application: Application, fact: Fact, _zone: ZoneInfo) -> Demand:
    """Return what the letter of a clawback says: its terms are in the event, its reason is what was proposed."""
    detail, currency = fact.record["detail"], application.currency
    row = proceedings.proceeding(application, detail["proceeding"])
    account = application.scheme.agency.account
    return Demand(
        amount=from_minor(detail["amount"], currency),
        currency=currency,
        decimals=paid(currency),
        reason=row.private.get("reason", ""),
        instalments=tuple(
            (
                part["number"],
                date.fromisoformat(part["due_on"]),
                from_minor(part["amount"], currency),
            )
            for part in detail["terms"]["plan"]
        ),
        account=(account["name"], account["number"], account["bic"]),
    )


def arrears_notice(application: Application, fact: Fact, _zone: ZoneInfo) -> ArrearsNotice:
    """Return what a letter about arrears says: its terms are in the event."""
    said, currency = fact.record["detail"]["terms"], application.currency
    return ArrearsNotice(
        level=said["level"],
        on=date.fromisoformat(said["on"]),
        days=said["days"],
        currency=currency,
        decimals=paid(currency),
        overdue=tuple(
            Overdue(
                row["number"],
                date.fromisoformat(row["due"]),
                from_minor(row["principal"], currency),
                from_minor(row["interest"], currency),
            )
            for row in said["instalments"]
        ),
        charges=tuple(
            (
                named(row["kind"], row["number"]),
                date.fromisoformat(row["due"]),
                from_minor(row["amount"], currency),
            )
            for row in said.get("charges", ())
        ),
        sale=said.get("sale", False),
    )


def loan(
    application: Application, detail: Mapping[str, Any]
) -> tuple[LoanTerms | None, tuple[Instalment, ...]]:
    """Return how what is offered is repaid, with its indicative schedule; nothing for a grant."""
    agreed = detail.get("terms")
    if not agreed:
        return None, ()
    award = awards.awarded(application)
    schedule = tuple(
        Instalment(row.number, row.due, row.principal, row.interest, row.total, row.closing)
        for row in repayments.indicative(award, award.offered_on)
    )
    terms = LoanTerms(
        rate_pct=Decimal(agreed["rate_pct"]),
        instalments=agreed["instalments"],
        method=agreed["method"],
        day_count=agreed["day_count"],
        grace=agreed["grace_principal"],
        often=frequency_text(int(agreed.get("every", 1)), agreed.get("unit", "months")),
        late_rate_pct=rates(agreed).get("charge"),
        sale=_sale(award, agreed, schedule),
    )
    return terms, schedule


def _sale(
    award: Award, agreed: Mapping[str, Any], schedule: Sequence[Instalment]
) -> SaleTerms | None:
    """Return what an offer says of the sale, ``None`` for a loan."""
    said = agreed.get(SALE)
    if said is None:
        return None
    sale = sale_of(agreed, [repayments.whole(award, award.offered_on)], award.currency)
    price = from_minor(selling_price(sale), award.currency)
    late = rates(agreed)
    return SaleTerms(
        contract=PRINCIPLES[said["principle"]],
        price=price,
        ceiling_rate_pct=sale.ceiling_rate_pct,
        rebate=price - sum(row.total for row in schedule),
        compensation_pct=late.get("compensation"),
        penalty_pct=late.get("penalty"),
    )


def guarantee(application: Application, detail: Mapping[str, Any]) -> Guarantee | None:
    """Return what an offer says of the guarantee of a loan, ``None`` where its event tells of none."""
    agreed = detail.get("terms", {}).get(GUARANTEE)
    if agreed is None:
        return None
    loan, currency = detail["amount"], application.currency
    cover = covering(currency, loan, agreed)
    guarantor = accounts.agency_by_code(next(iter(agencies_of(application, GUARANTOR)), ""))
    return Guarantee(
        guarantor=guarantor.name if guarantor else "The guarantor",
        cover_pct=cover.cover_pct,
        most=from_minor(guaranteed(loan, cover), currency),
        fee_pct=cover.fee_pct,
        first_fee=from_minor(fees([loan], cover)[0], currency),
    )


def change_offer(application: Application, fact: Fact, _zone: ZoneInfo) -> ChangeOffer:
    """Return what the letter of an offered change says: in the words of its kind, to be agreed to while its clock runs."""
    detail = fact.record["detail"]
    row = proceedings.proceeding(application, detail["proceeding"])
    kind = KINDS[detail["kind"]]
    return ChangeOffer(
        title=kind.title,
        changes=tuple(kind.words(row)),
        agree_by=date.fromisoformat(fact.record["clock"]["started"]["due_on"]),
    )


def waiting_list(application: Application, fact: Fact, zone: ZoneInfo) -> WaitingList:
    """Return what the letter of the waiting list says: of which call, and since which local day."""
    return WaitingList(application.call.title, fact.at.astimezone(zone).date())
