"""What came in on the proceedings of a case, and whether a payment was recorded before."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.applications import queries as applications
from app.applications.models import Application
from app.db import db
from app.proceedings import queries as proceedings
from app.proceedings.models import Proceeding
from app.recoveries.models import Incoming

CLAWBACK, CLAWBACK_RECEIPT = "clawback", "clawback_receipt"
CLAIM, FEE, RECOVERY = "guarantee_claim", "guarantee_fee", "guarantee_recovery"
RECORDED, STRUCK = "recorded", "struck"


def incoming(found: Proceeding) -> list[Incoming]:
    """Return what came in on a demand or a claim and was confirmed, by the days on which it came."""
    rows = select(Incoming).where(Incoming.on_id == found.id)
    return list(db.session.scalars(rows.order_by(Incoming.received_on, Incoming.proceeding_id)))


def waiting(application: Application, kind: str) -> int:
    """Return what of a kind was recorded and not confirmed yet, in minor units."""
    return sum(row.amount_minor or 0 for row in proceedings.open_ones(application, kind))


def known_payment(application: Application, reference: str) -> bool:
    """Tell whether a payment with a reference of the bank is recorded in a case already, and not struck out."""
    return any(
        row.terms.get("bank_reference") == reference and row.state != STRUCK
        for row in proceedings.proceedings(application)
    )


def local_day(found: Proceeding) -> date | None:
    """Return the local day on which a proceeding came to its end, ``None`` while it has not."""
    if found.ended_at is None:
        return None
    zone = ZoneInfo(applications.zone_of(found.application))
    return found.ended_at.astimezone(zone).date()
