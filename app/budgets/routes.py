"""Budgets: the page of an agency with its transfers, and the interface."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import access as session
from app.accounts import queries as accounts
from app.accounts.access import actor, requires
from app.accounts.models import Agency
from app.accounts.schemas import read
from app.budgets import access, commands, queries
from app.budgets.commands import Wish
from app.budgets.compose import branches, named, totals
from app.budgets.models import WHOLE_LIFE, Budget, BudgetTransfer
from app.budgets.schemas import NothingInput, RefusalInput, TransferInput
from app.countries.models import Country
from app.countries.queries import country
from app.db import transaction
from app.errors import Conflict, Invalid

pages = Blueprint("budgets", __name__)
api = Blueprint("budgets_api", __name__, url_prefix="/api/v1")

LABELS = {
    "source": "From",
    "target": "To",
    "amount": "Amount",
    "reason": "Why",
    "instrument": "Order or letter",
}
REFUSAL = {"note": "Why it is refused"}


@dataclass(frozen=True)
class Sent:
    """A form that could not be taken, or none: what was typed, what is wrong with it, and the transfer it was about."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    conflict: str = ""
    number: int = 0


@pages.get("/budgets")
@requires("officer")
def home() -> str:
    """Show the budgets of an agency, and the transfers between its calls."""
    carried = session.carried()
    agencies = access.readable()
    agency = access.chosen(agencies, request.args.get("agency", ""))
    return _page(agency, agencies, Sent(), str(carried.get("done", "")))


@pages.post("/budgets/transfers")
@requires("officer")
def propose() -> Response | tuple[str, int]:
    """Propose to move budget from one call to another."""
    agency = access.own()
    values = _typed()
    try:
        with transaction():
            commands.propose_transfer(_wish(values, agency), actor=actor())
    except Invalid as error:
        return _again(agency, Sent(values, error.errors), 422)
    return _done("propose")


@pages.post("/budgets/transfers/<int(max=2147483647):number>/authorise")
@requires("officer")
def authorise(number: int) -> Response | tuple[str, int]:
    """Authorise a transfer that somebody else proposed."""
    agency = access.own()
    try:
        with transaction():
            commands.authorise_transfer(number, actor=actor())
    except Conflict as error:
        return _again(agency, Sent(conflict=error.detail), 409)
    return _done("authorise")


@pages.post("/budgets/transfers/<int(max=2147483647):number>/refuse")
@requires("officer")
def refuse(number: int) -> Response | tuple[str, int]:
    """Refuse a transfer that somebody else proposed."""
    agency = access.own()
    values = _typed()
    try:
        with transaction():
            commands.refuse_transfer(number, **read(RefusalInput(), values), actor=actor())
    except Invalid as error:
        return _again(agency, Sent(values, error.errors, number=number), 422)
    except Conflict as error:
        return _again(agency, Sent(conflict=error.detail), 409)
    return _done("refuse")


@api.get("/budgets")
@requires("officer")
def api_budgets() -> Response:
    """List the budgets of an agency and its transfers; amounts in minor units."""
    agency = access.chosen(access.readable(), request.args.get("agency", ""))
    transfers = queries.transfers(agency.id)
    names, home = _names(transfers), country(agency.country)
    return jsonify(
        {
            "agency": agency.code,
            "budgets": [_told(budget, home) for budget in queries.tree(agency.id)],
            "transfers": [_told_transfer(found, names) for found in transfers],
        }
    )


@api.post("/budgets/transfers")
@requires("officer")
def api_propose() -> Any:
    """Propose to move budget from one call to another."""
    wish = _wish(session.json_body(), access.own())
    return _once(lambda: commands.propose_transfer(wish, actor=actor()), 201)


@api.post("/budgets/transfers/<int(max=2147483647):number>/authorise")
@requires("officer")
def api_authorise(number: int) -> Any:
    """Authorise a transfer that somebody else proposed."""
    access.own()
    read(NothingInput(), session.json_body())
    return _once(lambda: commands.authorise_transfer(number, actor=actor()), 200)


@api.post("/budgets/transfers/<int(max=2147483647):number>/refuse")
@requires("officer")
def api_refuse(number: int) -> Any:
    """Refuse a transfer that somebody else proposed."""
    access.own()
    said = read(RefusalInput(), session.json_body())
    return _once(lambda: commands.refuse_transfer(number, **said, actor=actor()), 200)


def _once(act: Callable[[], BudgetTransfer], status: int) -> Any:
    def produce() -> tuple[dict[str, Any], int]:
        made = act()
        return _told_transfer(made, _names([made])), status

    return session.once(produce)


def _typed() -> dict[str, str]:
    return {name: value for name, value in request.form.items() if name != "csrf_token"}


def _wish(data: Any, agency: Agency) -> Wish:
    calls = {row.id: row.currency for row in queries.tree(agency.id) if row.level == "call"}
    wish: Wish = read(TransferInput(calls), data)
    return wish


def _done(act: str) -> Response:
    session.carry({"done": act})
    return redirect(url_for("budgets.home"), 303)


def _again(agency: Agency, sent: Sent, status: int) -> tuple[str, int]:
    return _page(agency, access.readable(), sent, ""), status


def _page(agency: Agency, agencies: list[Agency], sent: Sent, done: str) -> str:
    home = country(agency.country)
    budgets = queries.tree(agency.id)
    transfers = queries.transfers(agency.id)
    return render_template(
        "budgets/home.html",
        agency=agency,
        agencies=agencies,
        branches=branches(budgets, home),
        totals=totals(budgets),
        calls=[budget for budget in budgets if budget.level == "call"],
        named=lambda budget: named(budget, home),
        transfers=transfers,
        names=_names(transfers),
        moves=access.moves() and actor().agency_id == agency.id,
        sent=sent,
        errors=sent.errors,
        labels=REFUSAL if sent.number else LABELS,
        done=done,
        zone=home.zone,
    )


def _names(transfers: list[BudgetTransfer]) -> dict[int, str]:
    people = {found.proposed_by for found in transfers}
    return accounts.names(people | {found.decided_by for found in transfers if found.decided_by})


def _told(budget: Budget, home: Country) -> dict[str, Any]:
    whole = budget.year == WHOLE_LIFE
    return {
        "id": budget.id,
        "parent": budget.parent_id,
        "level": budget.level,
        "code": budget.code,
        "currency": budget.currency,
        "year": None if whole else budget.year,
        "fiscal_year": None if whole else home.fiscal_year_named(budget.year),
        "amount": budget.amount_minor,
        "allotted": budget.allocated_minor,
        "reserved": budget.reserved_minor,
        "committed": budget.committed_minor,
        "paid": budget.paid_minor,
        "left": budget.left_minor,
    }


def _told_transfer(found: BudgetTransfer, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": found.id,
        "source": found.source_id,
        "target": found.target_id,
        "amount": found.amount_minor,
        "currency": found.currency,
        "reason": found.reason,
        "instrument": found.instrument,
        "proposed_by": names[found.proposed_by],
        "proposed_at": found.proposed_at.isoformat(),
        "outcome": found.outcome,
        "decided_by": names[found.decided_by] if found.decided_by else None,
        "decided_at": found.decided_at.isoformat() if found.decided_at else None,
        "note": found.note,
    }
