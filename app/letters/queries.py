"""Issued letters of a case, and what letters about proceedings say."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import defer

from app.applications.models import Application
from app.db import db
from app.letters.models import IssuedLetter
from app.letters.render import ChangeOffer, Demand
from app.proceedings import queries as proceedings
from app.proceedings.compose import KINDS
from app.trail.queries import Fact
from workflows.money import from_minor, paid


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
