"""The acts on a tranche, and the file for the bank."""

from flask import Blueprint, Response

from app.accounts.access import actor, requires
from app.applications.access import Verb, not_erased
from app.applications.queries import find
from app.applications.schemas import Noted, Nothing
from app.awards.queries import awarded, tranche
from app.disbursements import commands, queries
from app.disbursements.schemas import ConfirmInput, DigestInput
from app.errors import Forbidden, Missing
from app.reviews.schemas import ReasonedInput

pages = Blueprint("disbursements", __name__)
api = Blueprint("disbursements_api", __name__, url_prefix="/api/v1")

VERBS = (
    Verb("tranche:ask", Noted, commands.ask),
    Verb("tranche:verify", Noted, commands.verify),
    Verb("tranche:send_back", ReasonedInput, commands.send_back),
    Verb("tranche:prepare", Nothing, commands.prepare),
    Verb("tranche:check", DigestInput, commands.check),
    Verb("tranche:release", DigestInput, commands.release),
    Verb("tranche:confirm", ConfirmInput, commands.confirm),
    Verb("tranche:forward", ConfirmInput, commands.forward),
    Verb("tranche:report_unknown", Noted, commands.report_unknown),
    Verb("tranche:report_rejected", ReasonedInput, commands.report_rejected),
    Verb("tranche:move", ReasonedInput, commands.send_back),
)


@pages.get("/cases/<reference>/tranches/<int:number>/payment.xml")
@requires("officer")
def payment_file(reference: str, number: int) -> Response:
    """Download the payment file of a tranche: for those who prepare, check, release or audit payments."""
    person = actor()
    if not {"payment_officer", "releaser", "auditor"} & set(person.duties):
        raise Forbidden("Payment files are for payment officers, releasers and auditors.")
    application = find(reference, actor=person)
    if application.agency_id != person.agency_id:
        # An institution that takes part decides on the case; the money is that of the agency.
        raise Missing("Payment files are for the agency that pays.")
    found = queries.instruction(tranche(awarded(application), number))
    if found is None:
        raise Missing("No payment has been prepared for this tranche.")
    not_erased(application)
    name = f"{found.end_to_end_id}.pain.001.001.09.xml"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-SHA256": found.sha256,
    }
    return Response(found.file, mimetype="application/xml", headers=headers)
