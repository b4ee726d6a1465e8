"""Loans beside their pages: a line of a bank's file recorded as a receipt, and all loans of an agency handed over."""

from flask import (
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.wrappers import Response as Redirect

from app.accounts.access import actor, requires
from app.accounts.schemas import read
from app.applications import queries as cases
from app.db import transaction
from app.disbursements.access import taker
from app.disbursements.models import BankLine
from app.disbursements.queries import answers
from app.errors import Conflict, Invalid, Missing
from app.proceedings.queries import count
from app.repayments import export
from app.repayments.access import hands_over
from app.repayments.commands.lines import named, record_from_line
from app.repayments.routes.blueprints import api, pages
from app.repayments.schemas import LineInput
from workflows.banking.answers import RECEIVED
from workflows.machine import Refused


@pages.get("/payments/lines/<int(max=2147483647):number>/receipt")
@requires("officer")
def line_page(number: int) -> str:
    """Show a line of a bank's file that says money came in, with the form that records it as a receipt of a loan."""
    found = _line(number)
    return _page(found, named(found), {})


@pages.post("/payments/lines/<int(max=2147483647):number>/receipt")
@requires("officer")
def record(number: int) -> Redirect | tuple[str, int]:
    """Record a line of a bank's file as a receipt of the loan of a case, and settle the line."""
    found, typed = _line(number), request.form.get("reference", "")
    try:
        reference = read(LineInput(), {"reference": typed})["reference"]
        with transaction():
            record_from_line(number, reference, actor=actor())
    except Invalid as error:
        return _page(found, typed, error.errors), 422
    except Missing as error:
        return _page(found, typed, {"reference": [error.detail]}), 422
    except Refused as refused:
        sentences = [failure.sentence for failure in refused.failures]
        return _page(found, typed, {"reference": sentences}), 409
    except Conflict as error:
        return _page(found, typed, {"reference": [error.detail]}), 409
    newest = count(cases.find(reference, actor=actor()))
    return redirect(url_for("proceedings.one", reference=reference, number=newest), 303)


def _line(number: int) -> BankLine:
    """Return a line that says money came in; raises ``Missing`` for any other, and for who is no payment officer of its agency."""
    person = taker()
    found = answers.line(number) if answers.may_settle(number, person) else None
    if found is None or found.outcome != RECEIVED:
        raise Missing("There is no such line, or not for you.")
    return found


def _page(found: BankLine, reference: str, errors: dict[str, list[str]]) -> str:
    return render_template(
        "repayments/line.html", line=found, values={"reference": reference}, errors=errors
    )


@pages.get("/loans.csv")
@requires("officer")
def loans_table() -> Response:
    """Download every drawn loan of an agency as a table (RFC 4180), for the books of a bank."""
    agency = hands_over(request.args.get("agency", ""))
    lines = export.as_csv(export.records(agency, actor()))
    headers = {"Content-Disposition": f'attachment; filename="loans-{agency.code}.csv"'}
    return Response(stream_with_context(lines), mimetype="text/csv", headers=headers)


@api.get("/loans")
@requires("officer")
def api_loans() -> Response:
    """Return every drawn loan of an agency as one document, for the books of a bank."""
    agency = hands_over(request.args.get("agency", ""))
    return jsonify(export.as_json(export.records(agency, actor()), agency))
