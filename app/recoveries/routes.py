"""The kinds of proceedings by which money comes back, their forms, what is owed, and the guarantee of a case."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts import access as session
from app.accounts.access import actor, requires
from app.accounts.schemas import read
from app.applications.access import flatten, form_version, if_match, nested
from app.db import transaction
from app.errors import Conflict, Invalid
from app.proceedings.access import Form, told
from app.proceedings.compose import Kind
from app.recoveries.access import Guarantee, guarantee
from app.recoveries.commands import clawbacks as clawing
from app.recoveries.commands import guarantees as paying
from app.recoveries.compose import clawbacks, guarantees
from app.recoveries.compose.receipts import told_receipt
from app.recoveries.queries import CLAIM, CLAWBACK, CLAWBACK_RECEIPT, FEE, RECOVERY
from app.recoveries.queries.demands import Owing, owing
from app.recoveries.queries.guarantees import open_claims
from app.recoveries.schemas import ClaimInput, ClawbackInput, PayoutInput, ReceiptInput
from workflows.machine import Refused

pages = Blueprint("recoveries", __name__)
api = Blueprint("recoveries_api", __name__, url_prefix="/api/v1")

KINDS = (
    Kind(
        name=CLAWBACK,
        title="Clawback",
        definition="clawback",
        open_to=clawbacks.open_to_clawback,
        draw=clawbacks.clawback,
        effects={"demanded": clawing.make_demand},
        words=clawbacks.told_clawback,
    ),
    Kind(
        name=CLAWBACK_RECEIPT,
        title="Money paid back",
        definition="receipt",
        open_to=clawbacks.open_to_receipt,
        draw=clawbacks.receipt,
        effects={"booked": clawing.receive},
        words=told_receipt,
    ),
    Kind(
        name=CLAIM,
        title="Claim under the guarantee",
        definition="guarantee_claim",
        open_to=guarantees.open_to_claim,
        draw=guarantees.claim,
        effects={"paid": paying.keep_payout},
        words=guarantees.told_claim,
    ),
    Kind(
        name=FEE,
        title="Fee of the guarantee",
        definition="receipt",
        open_to=guarantees.open_to_fee,
        draw=guarantees.fee,
        effects={"booked": paying.keep_fee},
        words=told_receipt,
    ),
    Kind(
        name=RECOVERY,
        title="Recovery after the guarantor has paid",
        definition="receipt",
        open_to=guarantees.open_to_recovery,
        draw=guarantees.recovery,
        effects={"booked": paying.share},
        words=told_receipt,
    ),
)
FORMS = (
    Form(CLAWBACK, ClawbackInput, "proceedings/_clawback.html"),
    Form(CLAWBACK_RECEIPT, ReceiptInput, "proceedings/_receipt.html"),
    Form(CLAIM, ClaimInput, "proceedings/_guarantee_claim.html"),
    Form(FEE, ReceiptInput, "proceedings/_receipt.html"),
    Form(RECOVERY, ReceiptInput, "proceedings/_receipt.html"),
)


@pages.get("/recoveries")
@requires("officer")
def home() -> str:
    """Show what is demanded back in the cases a person may see, the longest overdue first, and claims under guarantees."""
    person = actor()
    return render_template("recoveries/home.html", owing=owing(person), claims=open_claims(person))


@api.get("/recoveries")
@requires("officer")
def api_owing() -> Response:
    """List what is demanded back in the cases a person may see; amounts in minor units."""
    return jsonify({"demands": [_told(one) for one in owing(actor())]})


def _told(one: Owing) -> dict[str, object]:
    application = one.row.application
    return {
        "case": application.reference,
        "proceeding": one.row.number,
        "state": one.row.state,
        "currency": application.currency,
        "demanded": one.row.amount_minor,
        "received": one.standing.received,
        "outstanding": one.standing.outstanding,
        "overdue": one.standing.overdue,
        "next_due": one.next_due.isoformat() if one.next_due else None,
    }


@pages.get("/cases/<reference>/guarantee")
@requires("signed_in")
def one(reference: str) -> str:
    """Show the guarantee of a case: what it covers, its fees, the claims under it."""
    carried = session.carried()
    found = guarantee(reference, actor())
    return render_template("recoveries/guarantee.html", found=found, carried=carried)


@pages.post("/cases/<reference>/guarantee/payouts/<int(max=2147483647):number>")
@requires("officer")
def pay_out(reference: str, number: int) -> Redirect:
    """Record what the guarantor has paid; whatever comes of it is told on the page of the guarantee."""
    data = nested(request.form)
    try:
        version = form_version(data)
        with transaction():
            _paid(reference, number, data, version)
        session.carry({"done": "pay_out"})
    except Invalid as error:
        session.carry({"errors": error.errors, "values": flatten(data)})
    except Refused as refused:
        session.carry({"refused": [vars(one) for one in refused.failures]})
    except Conflict as error:
        session.carry({"errors": {"": [error.detail]}, "values": flatten(data)})
    return redirect(url_for("recoveries.one", reference=reference), 303)


def _paid(reference: str, number: int, data: dict[str, Any], version: int | None) -> Any:
    given = read(PayoutInput(), data)["given"]
    return paying.pay_out(reference, number, given, version=version, actor=actor())


@api.get("/applications/<reference>/guarantee")
@requires("signed_in")
def api_one(reference: str) -> Response:
    """Tell what the guarantee of a case covers and costs; amounts in minor units."""
    return jsonify(_guaranteed(guarantee(reference, actor())))


@api.post("/applications/<reference>/guarantee/payouts/<int(max=2147483647):number>")
@requires("officer")
def api_pay_out(reference: str, number: int) -> Any:
    """Record what the guarantor has paid through the interface, once for each idempotency key."""
    version = if_match()
    data = session.json_body()

    def produce() -> tuple[dict[str, Any], int]:
        return told(_paid(reference, number, data, version)), 200

    return session.once(produce)


def _guaranteed(found: Guarantee) -> dict[str, Any]:
    cover = found.cover
    return {
        "currency": cover.currency,
        "loan": cover.loan,
        "cover_pct": str(cover.cover_pct),
        "cap": cover.cap,
        "fees": [
            {"year": fee.year, "due_on": fee.due_on.isoformat(), "amount": fee.amount}
            for fee in found.fees.rows
        ],
        "fees_received": found.fees.received,
        "fees_due": found.fees.due,
        "fees_outstanding": found.fees.outstanding,
        "claims": [{"proceeding": one.row.number, "state": one.row.state} for one in found.claims],
    }
