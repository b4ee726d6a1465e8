"""Handing duties to colleagues, and taking them back: a page for officers, and the interface."""

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import access
from app.accounts import queries as accounts
from app.accounts.access import actor, requires
from app.accounts.schemas import read
from app.db import transaction
from app.delegations import commands, queries
from app.delegations.models import Delegation
from app.delegations.schemas import DelegateInput
from app.errors import Conflict, Invalid
from workflows.machine import Refused

pages = Blueprint("delegations", __name__)
api = Blueprint("delegations_api", __name__, url_prefix="/api/v1")


@pages.get("/delegations")
@requires("officer")
def home() -> str:
    """Show what the officer handed over and was handed, and the form for another."""
    return _page({}, {}, [])


@pages.post("/delegations")
@requires("officer")
def delegate() -> Response | tuple[str, int]:
    """Hand a duty to a colleague."""
    values = {name: value for name, value in request.form.items() if name != "csrf_token"}
    given = dict(values)
    given["scheme"], _, given["currency"] = given.get("scheme", "").partition(" ")
    try:
        asked = read(DelegateInput(), given)
        with transaction():
            commands.delegate(asked, actor=actor())
    except Invalid as error:
        return _page(error.errors, values, []), 422
    except Refused as refused:
        return _page({}, values, [vars(failure) for failure in refused.failures]), 409
    access.carry({"done": "delegate"})
    return redirect(url_for("delegations.home"), 303)


@pages.post("/delegations/<int(max=2147483647):number>/end")
@requires("officer")
def end(number: int) -> Response:
    """Take a delegation back."""
    try:
        with transaction():
            commands.end_delegation(number, actor=actor())
    except Conflict:
        access.carry({"done": "ended_before"})
    else:
        access.carry({"done": "end_delegation"})
    return redirect(url_for("delegations.home"), 303)


@api.get("/delegations")
@requires("officer")
def api_list() -> Response:
    """List what the officer handed over and was handed, newest first."""
    today = accounts.day_of(actor())
    return jsonify({"delegations": [_told(found, today) for found in queries.delegations(actor())]})


@api.post("/delegations")
@requires("officer")
def api_delegate() -> Any:
    """Hand a duty to a colleague."""
    asked = read(DelegateInput(), access.json_body())

    def produce() -> tuple[dict[str, Any], int]:
        found = commands.delegate(asked, actor=actor())
        return _told(found, accounts.day_of(actor())), 201

    return access.once(produce)


@api.post("/delegations/<int(max=2147483647):number>/end")
@requires("officer")
def api_end(number: int) -> Response:
    """Take a delegation back."""
    with transaction():
        found = commands.end_delegation(number, actor=actor())
        body = _told(found, accounts.day_of(actor()))
    return jsonify(body)


def _page(
    errors: dict[str, list[str]], values: dict[str, str], refused: list[dict[str, str]]
) -> str:
    person = actor()
    today = accounts.day_of(person)
    return render_template(
        "delegations/home.html",
        errors=errors,
        values=values,
        refused=refused,
        today=today,
        delegations=queries.delegations(person),
        colleagues=accounts.colleagues(person),
        authorities=accounts.authorities(person, today),
        carried=access.carried(),
        labels={"taker": "Who acts for you", "duty": "Duty", "limit": "Limit"},
    )


def _told(found: Delegation, today: Any) -> dict[str, Any]:
    ended = found.ended_on is not None and found.ended_on <= today
    return {
        "id": found.id,
        "giver": found.giver.name,
        "taker": found.taker.name,
        "duty": found.duty,
        "scheme": found.scheme_code,
        "currency": found.currency,
        "limit": found.limit_minor,
        "valid_from": found.valid_from.isoformat(),
        "valid_to": found.valid_to.isoformat(),
        "ended_on": found.ended_on.isoformat() if found.ended_on else None,
        "in_force": found.valid_from <= today <= found.valid_to and not ended,
        "reason": found.reason,
    }
