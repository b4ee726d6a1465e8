"""Keeping what came in once a second person has confirmed it."""

from datetime import date

from app.db import db
from app.proceedings.compose import Entered
from app.proceedings.models import Proceeding
from app.recoveries.models import Incoming


def keep(entered: Entered, on: Proceeding | None = None, guarantor: int | None = None) -> Incoming:
    """Keep a receipt on a demand or a claim; of what came in on a claim ``guarantor`` minor units are the guarantor's."""
    row = entered.proceeding
    found = Incoming(
        proceeding_id=row.id,
        application_id=row.application_id,
        on_id=on.id if on else None,
        amount_minor=row.amount_minor,
        guarantor_minor=guarantor,
        received_on=date.fromisoformat(row.terms["received_on"]),
        bank_reference=row.terms["bank_reference"],
        event_id=entered.recorded.id,
    )
    db.session.add(found)
    db.session.flush()
    return found
