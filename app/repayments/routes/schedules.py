"""The schedule of a loan: its versions with picture, table and working, what settles it early, and other terms tried out."""

import dataclasses
from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import Response, jsonify, render_template, request, url_for
from markupsafe import Markup

from app.accounts.access import requires, whole_number
from app.accounts.schemas import read
from app.applications import queries as cases
from app.delimited import line
from app.errors import Invalid, Missing
from app.repayments import queries
from app.repayments.access import Loaned, loaned
from app.repayments.compose import basis as making
from app.repayments.compose import charging
from app.repayments.compose.basis import Plain
from app.repayments.compose.changing import Change, restructured_basis
from app.repayments.compose.owing import Loan
from app.repayments.compose.pricing import rebate, words_of
from app.repayments.export import digest, late_charges
from app.repayments.queries import owing
from app.repayments.routes.blueprints import api, pages
from app.repayments.schemas import DayInput, RestructuringInput
from workflows.money import from_minor
from workflows.pictures.instalments import svg
from workflows.repaying import Quote
from workflows.sale import CONFIRMATION
from workflows.schedule import Impossible

KINDS = {
    "indicative": "Indicative: as if the whole amount were drawn on the day of the offer",
    "drawn": "On what has been drawn down",
    "returned": "Without what the bank has sent back",
    "restructured": "Restructured",
    "rate_change": "After a change of the rate",
    "settled": "Settled early",
}
COLUMNS = ("number", "due", "principal", "interest", "total", "closing")


@dataclasses.dataclass(frozen=True)
class Shown:
    """A version of a schedule as a page shows it; number 0 is the indicative one, before anything is drawn."""

    number: int
    kind: str
    basis: Plain
    rows: list[Plain]


def _shown(found: Loaned, wanted: str) -> Shown:
    """Return the version that is asked for, the newest without one; the indicative one while nothing is drawn."""
    award = found.award
    newest = queries.newest(award)
    if newest is None:
        if wanted:
            raise Missing("This schedule has no versions yet.")
        basis = making.basis_of(award.terms, [queries.whole(award, award.offered_on)])
        return Shown(0, "indicative", basis, making.rows_of(basis, award.currency))
    row = queries.version(award, whole_number(wanted)) if wanted else newest
    return Shown(row.version, row.kind, row.basis, row.rows)


@pages.get("/cases/<reference>/schedule")
@requires("signed_in")
def schedule(reference: str) -> str:
    """Show a schedule of a loan: the one that stands, or an older version."""
    found = loaned(reference)
    shown = _shown(found, request.args.get("version", ""))
    award, currency = found.award, found.award.currency
    versions = queries.listed(award)
    loan = owing.loan(award) if versions else None
    today = cases.today(found.application)
    return render_template(
        "repayments/schedule.html",
        application=found.application,
        award=award,
        shown=shown,
        kinds=KINDS,
        versions=versions,
        superseded=bool(versions) and shown.number != versions[0].version,
        rows=dated(shown.rows),
        totals=totals(shown.rows),
        picture=_picture(shown, currency),
        nothing=making.nothing_drawn(shown.basis),
        **said(shown.basis, currency),
        conventions=making.conventions(shown.basis, currency),
        effective=making.effective(shown.basis, currency),
        working=making.worked(shown.basis, currency),
        receipts=owing.receipts(award) if versions else [],
        paid=owing.kept(award) if versions else {},
        paid_for=partial(charging.paid_for, loan) if loan else None,
        charges=charging.told(loan, owing.charges(award), today) if loan else [],
        owed=loan.owed(today) if loan else None,
        late=loan.standing(today) if loan else None,
        standing=owing.standing(award) if versions else None,
        off=owing.written_off(award) if versions else None,
        today=today,
    )


def _picture(shown: Shown, currency: str) -> Markup:
    """Return the picture of a version, none where it has no instalments."""
    rows, words = making.computed(shown.basis, currency), words_of(shown.basis["terms"])
    return Markup(svg(rows, currency, words) if rows else "")  # noqa: S704 - made here, and escaped


def said(basis: Plain, currency: str) -> dict[str, Any]:
    """Return what pages say of a schedule beside its figures: the words, and of financing by sale the price and what it needs."""
    return {
        "words": words_of(basis["terms"]),
        "price": making.price_of(basis, currency),
        "given": int((basis.get("restructured") or {}).get("rebate", 0)),
        "confirmation": CONFIRMATION,
    }


def dated(rows: list[Plain]) -> list[Plain]:
    """Return instalments with their due days as days."""
    return [{**row, "due": making.day_of(row)} for row in rows]


def totals(rows: list[Plain]) -> dict[str, int]:
    """Return the sums of the instalments."""
    return {
        name: sum(int(row[name]) for row in rows) for name in ("principal", "interest", "total")
    }


@pages.get("/cases/<reference>/schedule.csv")
@requires("signed_in")
def table(reference: str) -> Response:
    """Download the instalments of a version as a table (RFC 4180), amounts in units of the currency."""
    found = loaned(reference)
    shown = _shown(found, request.args.get("version", ""))
    return _download(_lines(shown, found.award.currency), f"{reference}-schedule-{shown.number}")


def _lines(shown: Shown, currency: str) -> Iterator[str]:
    yield line((*COLUMNS, "currency"))
    for row in shown.rows:
        amounts = (from_minor(row[name], currency) for name in COLUMNS[2:])
        yield line((row["number"], row["due"], *amounts, currency))


@pages.get("/cases/<reference>/schedule/working.csv")
@requires("signed_in")
def working(reference: str) -> Response:
    """Download the working of a version line by line: how each figure comes about."""
    found = loaned(reference)
    shown = _shown(found, request.args.get("version", ""))
    lines = making.worked(shown.basis, found.award.currency)
    written = (line(row) for row in (("instalment", "working"), *lines))
    return _download(written, f"{reference}-working-{shown.number}")


def _download(lines: Iterator[str], name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response("".join(lines), mimetype="text/csv", headers=headers)


@pages.get("/cases/<reference>/schedule/settlement")
@requires("signed_in")
def settlement(reference: str) -> str | tuple[str, int]:
    """Show what would settle a loan on a day, today without one."""
    found = loaned(reference)
    loan, today = owing.loan(found.award), cases.today(found.application)
    values = request.args.to_dict()
    errors: dict[str, list[str]] = {}
    day = today
    try:
        day = read(DayInput(), values)["on"] if values else today
        if day < today:
            errors = {"on": ["Enter a day that is not over."]}
    except Invalid as error:
        errors = error.errors
    quote = None if errors else loan.quote(day)
    page = render_template(
        "repayments/settlement.html",
        application=found.application,
        currency=found.award.currency,
        quote=quote,
        **(said(loan.basis, loan.currency) | (_rebated(loan, quote) if quote else {})),
        nothing=not loan.drawn,
        values=values or {"on": today.isoformat()},
        errors=errors,
    )
    return (page, 422) if errors else page


def _rebated(loan: Loan, quote: Quote) -> dict[str, Any]:
    """Return of a financing by sale what of its price is outstanding on the day of a quote, and the rebate for settling it then."""
    price = making.price_of(loan.basis, loan.currency)
    if price is None:
        return {}
    left = price - sum(row.amount for row in loan.paid(quote.on) if row.component != "charge")
    return {"price": left, "rebate": rebate(quote, left)}


@pages.get("/cases/<reference>/schedule/other-terms")
@requires("signed_in")
def other_terms(reference: str) -> str | tuple[str, int]:
    """Show what other terms for what is owed today would come to, before anybody proposes them; nothing is stored."""
    found = loaned(reference)
    loan, today = owing.loan(found.award), cases.today(found.application)
    if not loan.drawn:
        raise Missing(making.NOTHING)
    values = request.args.to_dict()
    errors: dict[str, list[str]] = {}
    basis: Plain | None = None
    rows: list[Plain] = []
    if values:
        try:
            given: Change = read(RestructuringInput(), values)["given"]
            basis = restructured_basis(loan, given, today, ())
            rows = making.rows_of(basis, loan.currency)
        except Invalid as error:
            errors = error.errors
        except Impossible as error:
            errors = {"": list(error.sentences)}
    made = bool(rows) and not errors
    page = render_template(
        "repayments/other_terms.html",
        application=found.application,
        award=found.award,
        words=words_of(loan.agreed),
        currency=loan.currency,
        left=basis["restructured"] if basis and made else None,
        rows=dated([row for row in rows if row["due"] > today.isoformat()]) if made else [],
        stands=loan.owed(today),
        last_due=loan.instalments[-1].due_on,
        conventions=making.conventions(basis, loan.currency) if basis and made else [],
        values=values,
        errors=errors,
        totals=totals,
        propose=url_for("proceedings.new", reference=reference, kind="restructuring"),
    )
    return (page, 422) if errors else page


@api.get("/applications/<reference>/schedule")
@requires("signed_in")
def api_schedule(reference: str) -> Response:
    """Return a version of the schedule with its conventions and basis, amounts in minor units; with receipts where it stands."""
    found = loaned(reference)
    shown = _shown(found, request.args.get("version", ""))
    currency = found.award.currency
    rate = making.effective(shown.basis, currency)
    body: dict[str, Any] = {
        "version": shown.number,
        "kind": shown.kind,
        "currency": currency,
        "basis": shown.basis,
        "conventions": making.conventions(shown.basis, currency),
        "effective_rate_pct": None if rate is None else str(rate),
        "instalments": shown.rows,
    }
    price = making.price_of(shown.basis, currency)
    if price is not None:
        body |= {"selling_price": price, "confirmation": CONFIRMATION}
    if shown.number:
        loan, today = owing.loan(found.award), cases.today(found.application)
        owed = loan.owed(today)
        body["schedule_sha256"] = digest(loan)
        body["late_charges"] = late_charges(owing.charges(found.award))
        body["owed"] = {"due": owed.due.total, "to_come": owed.to_come.total, "credit": owed.credit}
    return jsonify(body)
