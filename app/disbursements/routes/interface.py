"""Payments, payment files and files of the bank at the JSON interface; amounts in minor units."""

from typing import Any

from flask import Response, jsonify, request, url_for

from app.accounts import access as session
from app.accounts.access import requires, whole_number
from app.accounts.schemas import read
from app.disbursements.access import account, reader, taker, takes
from app.disbursements.access.files import FileView, Offer, Paying, downloadable, stage, view
from app.disbursements.access.waiting import Due, Group, waiting
from app.disbursements.commands import answers
from app.disbursements.models import BankLine, BankReport
from app.disbursements.queries import answers as reports
from app.disbursements.routes.blueprints import api
from app.disbursements.routes.files import FORMS, taken
from app.disbursements.routes.payments import made, upload
from app.disbursements.routes.tranches import as_file
from app.disbursements.schemas import PaymentsInput, SettleInput

# What a bank's line may say of people: for payment officers alone.
PERSONAL = frozenset({"payer", "payer_account", "remittance", "creditor_reference"})


@api.get("/payments/waiting")
@requires("officer")
def api_waiting() -> Response:
    """List the payments that wait to be prepared, a page at a time; ``Link`` names the next page."""
    after = whole_number(request.args.get("after", ""))
    groups, following = waiting(reader(), after)
    listed = [_due(due, group) for group in groups for due in group.payments]
    return _page({"payments": listed}, "disbursements_api.api_waiting", following)


@api.post("/payments")
@requires("officer")
def api_prepare() -> Any:
    """Prepare payments as one payment file."""
    person = reader()
    wished = read(PaymentsInput(), session.json_body())
    return session.once(lambda: (_file(view(made(wished, person).message_id)), 201))


@api.get("/payments/<message_id>")
@requires("officer")
def api_file(message_id: str) -> Response:
    """Show a payment file with its payments, its hands, and what the person may do with it."""
    return jsonify(_file(view(message_id)))


@api.post("/payments/<message_id>/<any(check, release, 'take-back'):act>")
@requires("officer")
def api_act(message_id: str, act: str) -> Any:
    """Check, release or take back a payment file."""
    person = reader()
    does = "take_out" if act == "take-back" else act
    given = read(FORMS[does](), session.json_body())

    def produce() -> tuple[dict[str, Any], int]:
        taken(message_id, does, given, person)
        return _file(view(message_id)), 200

    return session.once(produce)


@api.get("/payments/<message_id>/file")
@requires("officer")
def api_download(message_id: str) -> Response:
    """Download a payment file, with its digest beside it."""
    return as_file(downloadable(view(message_id)))


@api.post("/bank-reports")
@requires("officer")
def api_take_report() -> Any:
    """Take in a file of the bank, sent as multipart form data with ``file``; a worker applies it line by line."""
    person = taker()
    return session.once(lambda: (_report(answers.take(upload(), actor=person)), 202))


@api.get("/bank-reports/<int(max=2147483647):number>")
@requires("officer")
def api_report(number: int) -> Response:
    """Show a file of the bank with a page of its lines, and what became of each; ``Link`` names the next page."""
    person = reader()
    found = reports.report(number, person)
    after = whole_number(request.args.get("after", ""))
    lines, more = reports.lines(found, person, after)
    body = {**_report(found), "lines": [_line(line, personal=takes(person)) for line in lines]}
    following = lines[-1].position if more else 0
    return _page(body, "disbursements_api.api_report", following, number=number)


@api.post("/bank-lines/<int(max=2147483647):number>/settle")
@requires("officer")
def api_settle(number: int) -> Any:
    """Say what was done about a line that waits for a person."""
    person = taker()
    given = read(SettleInput(), session.json_body())
    return session.once(
        lambda: (_line(answers.settle(number, **given, actor=person), personal=True), 200)
    )


def _page(body: dict[str, Any], endpoint: str, following: int, **place: Any) -> Response:
    response = jsonify(body)
    if following:
        address = url_for(endpoint, after=following, **place)
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response


def _due(due: Due, group: Group) -> dict[str, Any]:
    application, tranche = due.waiting.application, due.waiting.tranche
    return {
        "reference": application.reference,
        "tranche": tranche.number,
        "enterprise": application.enterprise.name,
        "amount": due.amount,
        "currency": group.currency,
        "loan": group.loans,
        "payee": account(due.payee),
        "account": account(due.account),
        "allowed": not due.failures,
        "why_not": [vars(failure) for failure in due.failures],
    }


def _file(found: FileView) -> dict[str, Any]:
    batch, people = found.batch, found.people
    return {
        "message_id": batch.message_id,
        "state": stage(batch),
        "format": batch.format,
        "account": account(batch.account),
        "currency": batch.currency,
        "execution_on": batch.execution_on.isoformat(),
        "count": batch.payments,
        "total": batch.total_minor,
        "sha256": batch.sha256,
        "prepared": _hand(people[batch.prepared_by], batch.prepared_at),
        "checked": _hand(people[batch.checked_by], found.checked_at) if batch.checked_by else None,
        "needed": batch.needed,
        "releases": [_hand(people[one.person_id], one.at) for one in batch.releases],
        "released_at": _moment(batch.released_at),
        "taken_back": _hand(people[batch.voided_by], batch.voided_at) if batch.voided_by else None,
        "payments": [_paying(payment) for payment in found.payments],
        "acts": [_offer(offer) for offer in found.offers],
    }


def _hand(name: str, at: Any) -> dict[str, Any]:
    return {"by": name, "at": _moment(at)}


def _moment(at: Any) -> str | None:
    return at.isoformat() if at else None


def _paying(payment: Paying) -> dict[str, Any]:
    row, known = payment.row, payment.known
    instruction = row.PaymentInstruction
    return {
        "reference": row.reference,
        "tranche": row.Tranche.number,
        "enterprise": row.enterprise,
        "state": row.Tranche.state,
        "end_to_end_id": instruction.end_to_end_id,
        "amount": instruction.amount_minor,
        "payee": account(instruction.payee),
        "paid_on": known.paid_on.isoformat() if known else None,
        "bank_reference": known.bank_reference if known else None,
        "rejected_at": _moment(instruction.rejected_at),
        "returned_on": known.returned_on.isoformat() if known and known.returned_on else None,
        "bank_says": payment.line.outcome if payment.line else None,
    }


def _offer(offer: Offer) -> dict[str, Any]:
    against = {
        name: [vars(failure) for failure in failures] for name, failures in offer.against.items()
    }
    return {
        "act": offer.act.name,
        "does": offer.act.does,
        "label": offer.act.label,
        "allowed": offer.allowed,
        "why_not": against,
    }


def _report(found: BankReport) -> dict[str, Any]:
    return {
        "id": found.id,
        "filename": found.filename,
        "format": found.format,
        "message_id": found.message_id,
        "sha256": found.sha256,
        "taken_at": found.taken_at.isoformat(),
        "problems": found.problems,
    }


def _line(line: BankLine, *, personal: bool) -> dict[str, Any]:
    told = {k: v for k, v in line.told.items() if personal or k not in PERSONAL}
    return {
        "id": line.id,
        "position": line.position,
        "end_to_end_id": line.end_to_end_id,
        "outcome": line.outcome,
        "state": line.state,
        "why": line.why,
        "told": told,
        "settled_at": _moment(line.settled_at),
    }
