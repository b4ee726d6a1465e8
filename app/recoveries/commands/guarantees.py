"""What claims under guarantees do: the payout is recorded with the bank's reference, and recoveries after it are shared."""

from dataclasses import dataclass
from datetime import date

from app.accounts.models import Person
from app.applications import queries as applications
from app.db import db
from app.errors import Conflict, Invalid, Missing
from app.proceedings import queries as proceedings
from app.proceedings.commands import take
from app.proceedings.compose import Entered
from app.recoveries.commands.receipts import keep
from app.recoveries.models import GuaranteePayout
from app.recoveries.queries import CLAIM, incoming
from app.recoveries.queries.guarantees import as_paid, cover_of, paid_claim
from app.reviews.commands import Reasoned
from app.trail.commands import Recorded
from workflows.guarantees import share_recovery

ENFORCE, PAY_OUT = "enforce", "pay_out"


@dataclass(frozen=True)
class PaidOut:
    """That the guarantor has paid: the reference of its bank, the local day, and a note."""

    bank_reference: str
    paid_on: date
    note: str


def pay_out(
    reference: str, number: int, given: PaidOut, *, version: int | None, actor: Person
) -> Recorded:
    """Record that the guarantor has paid on a claim that it granted; raises ``Invalid`` for a day it cannot have paid on."""
    application = applications.find(reference, actor=actor, lock=True)
    row = proceedings.proceeding(application, number)
    if row.kind != CLAIM:
        raise Missing(f"Proceeding {number} is no claim under a guarantee.")
    today = applications.today(application)
    claimed = date.fromisoformat(row.terms["recovery_on"])
    if not claimed <= given.paid_on <= today:
        raise Invalid({"paid_on": [f"Enter a day from {claimed} to {today}."]})
    told = {"bank_reference": given.bank_reference, "paid_on": given.paid_on.isoformat()}
    row.terms = {**row.terms, **told}
    db.session.flush()
    said = Reasoned(note=given.note)
    return take(reference, number, said, act=PAY_OUT, version=version, actor=actor)


def keep_payout(entered: Entered) -> None:
    """Keep what the guarantor paid; it is no money of the award. Raises ``Conflict`` where nothing is said of the bank."""
    row = entered.proceeding
    if "bank_reference" not in row.terms:
        raise Conflict(
            "Record the payout on the page of the guarantee, with its day and reference."
        )
    payout = GuaranteePayout(
        proceeding_id=row.id,
        application_id=row.application_id,
        amount_minor=row.amount_minor,
        loss_minor=row.terms["loss"],
        currency=entered.application.currency,
        paid_on=date.fromisoformat(row.terms["paid_on"]),
        bank_reference=row.terms["bank_reference"],
        event_id=entered.recorded.id,
    )
    db.session.add(payout)


def keep_fee(entered: Entered) -> None:
    """Keep a fee of the guarantee that came in."""
    keep(entered)


def share(entered: Entered) -> None:
    """Keep what was recovered after the payout, with the guarantor's share: in proportion to what each bore of the loss."""
    found, cover = paid_claim(entered.application), cover_of(entered.application, entered.award)
    if found is None or cover is None:
        raise Conflict("Nothing was paid under a guarantee in this case.")
    row, paid = found
    before = sum(one.amount_minor for one in incoming(row))
    amount = entered.proceeding.amount_minor or 0
    shares = share_recovery(as_paid(paid), before, amount, cover)
    keep(entered, on=row, guarantor=shares.guarantor)
