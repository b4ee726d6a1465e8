"""Letting a service centre or another agency act for an enterprise, and ending it: pages and interface."""

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import access
from app.accounts import queries as accounts
from app.accounts.access import actor, requires
from app.accounts.models import Person
from app.accounts.schemas import read
from app.consents import commands, queries
from app.consents.compose import TITLES, covers
from app.consents.models import Consent
from app.consents.schemas import GiveInput, WithdrawInput
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid
from app.schemes import queries as schemes

pages = Blueprint("consents", __name__)
api = Blueprint("consents_api", __name__, url_prefix="/api/v1")

# Who uses a consent.
USERS = frozenset({"adviser", "desk_officer"})


@pages.get("/consents")
@requires("signed_in")
def home() -> str:
    """Show an applicant who may act for the enterprise, and those who may act for whom they may."""
    # Taking the parcel ends the transaction, and rows read before it with it.
    carried = access.carried()
    if actor().applies:
        return _given({}, {}, carried)
    consents = _held(actor())
    return render_template(
        "consents/held.html",
        consents=consents,
        calls={found.id: _open_to(found.enterprise.country) for found in consents}
        if actor().advises
        else {},
        titles=TITLES,
        carried=carried,
    )


@pages.post("/consents")
@requires("applicant")
def give() -> Response | tuple[str, int]:
    """Let an agency act for the enterprise."""
    form = request.form
    values = {name: form.get(name, "") for name in ("agency", "valid_to", "note")}
    data = {**values, "scope": form.getlist("scope")}
    try:
        asked = read(GiveInput(), data)
        with transaction():
            commands.give_consent(asked, actor=actor())
    except Invalid as error:
        return _given(error.errors, data, {}), 422
    except Conflict as error:
        return _given({"": [error.detail]}, data, {}), 409
    access.carry({"done": "give_consent"})
    return redirect(url_for("consents.home"), 303)


@pages.post("/consents/<int(max=2147483647):number>/withdraw")
@requires("applicant")
def withdraw(number: int) -> Response:
    """Withdraw a consent."""
    try:
        given = read(WithdrawInput(), {"note": request.form.get("note", "")})
        with transaction():
            commands.withdraw_consent(number, given["note"], actor=actor())
    except Conflict:
        access.carry({"done": "over_before"})
    else:
        access.carry({"done": "withdraw_consent"})
    return redirect(url_for("consents.home"), 303)


@api.get("/consents")
@requires("signed_in")
def api_list() -> Response:
    """List the consents the enterprise gave, or those the agency holds that are in force."""
    found = queries.given(actor()) if actor().applies else _held(actor())
    return jsonify({"consents": [told(row) for row in found]})


@api.post("/consents")
@requires("applicant")
def api_give() -> Any:
    """Let an agency act for the enterprise."""
    asked = read(GiveInput(), access.json_body())
    return access.once(lambda: (told(commands.give_consent(asked, actor=actor())), 201))


@api.post("/consents/<int(max=2147483647):number>/withdraw")
@requires("applicant")
def api_withdraw(number: int) -> Any:
    """Withdraw a consent."""
    given = read(WithdrawInput(), access.json_body())
    return access.once(
        lambda: (told(commands.withdraw_consent(number, given["note"], actor=actor())), 200)
    )


def told(found: Consent) -> dict[str, Any]:
    """Return a consent as the interface tells of it."""
    return {
        "id": found.id,
        "enterprise": found.enterprise.name,
        "registry_number": found.enterprise.registry_number,
        "country": found.enterprise.country,
        "contact": {"name": found.giver.name, "email": found.giver.email},
        "agency": found.agency.code,
        "scope": found.scope,
        "covers": covers(found.scope, found.agency),
        "valid_to": found.valid_to.isoformat(),
        "withdrawn_at": found.withdrawn_at.isoformat() if found.withdrawn_at else None,
        "in_force": found.in_force(accounts.day_at(found.agency)),
    }


def _held(person: Person) -> list[Consent]:
    if person.agency is None or USERS.isdisjoint(person.duties):
        raise Forbidden("Consents are for those who act under them.")
    return queries.held(person.agency)


def _open_to(country: str) -> list[Any]:
    """Return the open calls under which enterprises of a country may apply."""
    return [
        call
        for call in schemes.calls()
        if schemes.is_open(call) and country in schemes.terms(call.scheme).countries
    ]


def _given(errors: dict[str, list[str]], values: dict[str, Any], carried: dict[str, Any]) -> str:
    found = queries.given(actor())
    return render_template(
        "consents/given.html",
        consents=found,
        in_force={row.id for row in found if row.in_force(accounts.day_at(row.agency))},
        agencies=accounts.agencies(),
        covers=covers,
        titles=TITLES,
        errors=errors,
        values=values,
        carried=carried,
        labels={
            "agency": "Who may act for you",
            "scope": "What they may do",
            "valid_to": "Until which day",
            "note": "Note",
        },
    )
