"""The acts on one tranche, and its payment file."""

from flask import Response

from app.accounts.access import requires
from app.applications.access import Verb, not_erased
from app.applications.queries import find
from app.applications.schemas import Noted, Nothing
from app.awards.queries import awarded, tranche
from app.disbursements import commands, queries
from app.disbursements.access import reader
from app.disbursements.models import PaymentBatch
from app.disbursements.render import PROFILES
from app.disbursements.routes.blueprints import pages
from app.disbursements.schemas import ConfirmInput, DigestInput, FoundInput
from app.errors import Missing
from app.reviews.schemas import ReasonedInput

VERBS = (
    Verb("tranche:prepare", Nothing, commands.prepare),
    Verb("tranche:check", DigestInput, commands.check),
    Verb("tranche:release", DigestInput, commands.release),
    Verb("tranche:confirm", ConfirmInput, commands.confirm),
    Verb("tranche:forward", ConfirmInput, commands.forward),
    Verb("tranche:report_unknown", Noted, commands.report_unknown),
    Verb("tranche:report_rejected", ReasonedInput, commands.report_rejected),
    Verb("tranche:take_out", ReasonedInput, commands.take_out),
    Verb("tranche:find", FoundInput, commands.find_out),
    Verb("tranche:agree", Noted, commands.agree),
    Verb("tranche:move", ReasonedInput, commands.move),
)


@pages.get("/cases/<reference>/tranches/<int:number>/payment-file")
@requires("officer")
def payment_file(reference: str, number: int) -> Response:
    """Download the payment file of a tranche: for those who prepare, check, release or audit payments."""
    person = reader()
    application = find(reference, actor=person)
    if application.agency_id != person.agency_id:
        # An institution that takes part decides on the case; the money is that of the agency.
        raise Missing("Payment files are for the agency that pays.")
    found = queries.instruction(tranche(awarded(application), number))
    if found is None:
        raise Missing("No payment has been prepared for this tranche.")
    not_erased(application)
    return as_file(found.batch)


def as_file(batch: PaymentBatch) -> Response:
    """Return a payment file as a download, with its digest beside it."""
    form = PROFILES[batch.format]
    headers = {
        "Content-Disposition": f'attachment; filename="{batch.message_id}{form.suffix}"',
        "X-Content-SHA256": batch.sha256,
    }
    return Response(batch.file, content_type=form.media_type, headers=headers)
