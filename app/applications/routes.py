"""The one way to every act, by a page and by the interface; and declaring an interest."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts import access
from app.accounts.access import actor, requires
from app.accounts.schemas import InterestInput, read
from app.applications import commands
from app.applications.access import by_interface, by_page, nested
from app.db import transaction
from app.errors import Invalid

pages = Blueprint("applications", __name__)
api = Blueprint("applications_api", __name__, url_prefix="/api/v1")


@pages.post("/cases/<reference>/acts/<act>")
@requires("signed_in")
def page_act(reference: str, act: str) -> Redirect:
    """Take an act on a case from a page."""
    return by_page(reference, act, {})


@pages.post("/cases/<reference>/tranches/<int(max=2147483647):number>/acts/<act>")
@requires("signed_in")
def page_tranche_act(reference: str, number: int, act: str) -> Redirect:
    """Take an act on a tranche from a page."""
    return by_page(reference, act, {"number": number})


@api.post("/applications/<reference>/acts/<act>")
@requires("signed_in")
def api_act(reference: str, act: str) -> Any:
    """Take an act on a case through the interface."""
    return by_interface(reference, act, {})


@api.post("/applications/<reference>/tranches/<int(max=2147483647):number>/acts/<act>")
@requires("signed_in")
def api_tranche_act(reference: str, number: int, act: str) -> Any:
    """Take an act on a tranche through the interface."""
    return by_interface(reference, act, {"number": number})


@pages.post("/cases/<reference>/interest")
@requires("officer")
def declare(reference: str) -> Redirect:
    """Declare an interest in the enterprise of a case; the case is hidden from then on."""
    data = nested(request.form)
    try:
        given = read(InterestInput(), data)
    except Invalid as error:
        access.carry({"act": "interest", "errors": error.errors, "values": data})
        return redirect(url_for("dashboards.case", reference=reference), 303)
    with transaction():
        whole = given["concerns"] == "enterprise"
        commands.declare(reference, given["reason"], whole=whole, actor=actor())
    access.carry({"done": "declare_interest"})
    return redirect(url_for("dashboards.queue"), 303)
