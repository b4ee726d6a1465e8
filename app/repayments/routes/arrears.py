"""The loans of an agency by how far they are behind: a page, and a table to download."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, request, stream_with_context, url_for

from app.accounts.access import actor, requires, whole_number
from app.delimited import line
from app.repayments.access import READERS, chosen, readable
from app.repayments.compose.telling import LEVELS
from app.repayments.models import LoanStanding
from app.repayments.queries import arrears as queries
from app.repayments.queries.arrears import Narrowed
from app.repayments.routes.blueprints import pages
from workflows.money import from_minor

COLUMNS = (
    "reference", "enterprise", "registry_number", "scheme", "currency", "as_of", "days_past_due", "instalments_past_due",
    "bucket", "overdue_principal", "overdue_interest", "overdue_charges", "overdue", "owed", "credit", "watched", "letter_due", "letter_sent",
    "written_off", "next_due",
)  # fmt: skip


# What the address of a page of the list carries on to the next.
ASKED = ("agency", "bucket", "watched", "letter")


@pages.get("/arrears")
@requires("officer")
def home() -> str:
    """Show the loans of an agency, the furthest behind first, with the totals of each bucket."""
    agency = chosen(request.args.get("agency", ""))
    by = _narrowed()
    rows, more = queries.page(agency, by, actor())
    last = rows[-1] if more else None
    asked: dict[str, Any] = {name: request.args[name] for name in ASKED if name in request.args}
    return render_template(
        "repayments/arrears.html",
        agency=agency,
        agencies=readable(),
        rows=rows,
        totals=queries.totals(agency, actor()),
        by=by,
        levels=LEVELS,
        hands_over=not READERS.isdisjoint(actor().duties),
        table=url_for("repayments.arrears_table", **asked),
        first=url_for("repayments.home", **asked) if by.after else "",
        following=url_for("repayments.home", **asked, after=f"{last.days}-{last.award_id}")
        if last
        else "",
    )


@pages.get("/arrears.csv")
@requires("officer")
def arrears_table() -> Response:
    """Download the loans of an agency as a table (RFC 4180), narrowed in the same way, amounts in units of the currency."""
    agency = chosen(request.args.get("agency", ""))
    rows = queries.every(agency, _narrowed(), actor())
    headers = {"Content-Disposition": f'attachment; filename="arrears-{agency.code}.csv"'}
    return Response(stream_with_context(_lines(rows)), mimetype="text/csv", headers=headers)


def _narrowed() -> Narrowed:
    days, _, number = request.args.get("after", "").partition("-")
    return Narrowed(
        bucket=request.args.get("bucket", ""),
        watched=request.args.get("watched", "") == "yes",
        notice=request.args.get("letter", "") == "yes",
        after=(whole_number(days), whole_number(number)) if number else None,
    )


def _lines(rows: Iterator[LoanStanding]) -> Iterator[str]:
    yield line(COLUMNS)
    for row in rows:
        yield line(_cells(row))


def _cells(row: LoanStanding) -> tuple[Any, ...]:
    case = row.application
    amounts = (
        row.overdue_principal_minor,
        row.overdue_interest_minor,
        row.overdue_charge_minor,
        row.overdue_minor,
        row.owed_minor,
        row.credit_minor,
    )
    return (
        case.reference,
        case.enterprise.name,
        case.enterprise.registry_number,
        case.scheme.code,
        row.currency,
        row.as_of,
        row.days,
        row.instalments,
        row.bucket,
        *(from_minor(amount, row.currency) for amount in amounts),
        "yes" if row.watched else "no",
        row.notice if row.notice != row.noticed else "",
        row.noticed,
        "yes" if row.written_off else "no",
        row.next_due_on,
    )
