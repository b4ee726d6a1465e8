"""For records officers: what is due, what is held, what waits for a second person; and one case."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import access
from app.accounts import queries as accounts
from app.accounts.access import actor, requires
from app.accounts.schemas import Input, read
from app.applications import queries as applications
from app.applications.access import nested
from app.countries.compose.retention import rights
from app.countries.queries import country
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid, Missing
from app.retention import commands, queries
from app.retention.schemas import HoldInput, LiftInput, NothingInput, ProposeInput
from workflows.machine import Refused

pages = Blueprint("retention", __name__)
api = Blueprint("retention_api", __name__, url_prefix="/api/v1")

Act = tuple[type[Input], Callable[..., Any]]
ACTS: dict[str, Act] = {
    "hold": (HoldInput, lambda ref, given: commands.place_hold(ref, **given, actor=actor())),
    "lift": (LiftInput, lambda ref, given: commands.lift_hold(ref, **given, actor=actor())),
    "propose": (ProposeInput, lambda ref, given: commands.propose(ref, given, actor=actor())),
    "withdraw": (NothingInput, lambda ref, _: commands.withdraw(ref, actor=actor())),
    "erase": (NothingInput, lambda ref, _: commands.erase(ref, actor=actor())),
}


@pages.get("/records")
@requires("officer")
def home() -> str:
    """Show what waits for a second person, what is held, and the cases whose time is over."""
    _officer()
    carried = access.carried()
    found, more = queries.due(actor(), access.whole_number(request.args.get("after", "0")))
    return render_template(
        "retention/home.html",
        due=found,
        more=more,
        waiting=queries.waiting(actor()),
        standing=queries.standing(actor()),
        zone=accounts.zone_of(actor()),
        carried=carried,
    )


@pages.get("/records/find")
@requires("officer")
def find() -> Response:
    """Open a case by its reference."""
    _officer()
    reference = request.args.get("reference", "").strip()
    if not reference:
        return redirect(url_for("retention.home"))
    return redirect(url_for("retention.case", reference=reference))


@pages.get("/records/<reference>")
@requires("officer")
def case(reference: str) -> str:
    """Show until when a case is kept, and what a records officer may do about it."""
    _officer()
    carried = access.carried()
    application = queries.find(reference, actor=actor())
    held = queries.held(application)
    terms = applications.terms(application)
    people = {held.hold.placed_by} if held.hold else set()
    people |= {held.proposal.proposed_by} if held.proposal else set()
    return render_template(
        "retention/case.html",
        application=application,
        held=held,
        state=applications.workflow(application).states[application.state],
        people=accounts.names(people),
        rights=rights(terms.country),
        zone=country(terms.country).zone,
        carried=carried,
    )


@pages.post("/records/<reference>/<act>")
@requires("officer")
def take(reference: str, act: str) -> Response:
    """Place or lift a hold, propose an erasure, take it back, or carry it out."""
    if act not in ACTS:
        raise Missing(
            "Records officers place and lift holds, and propose, withdraw or carry out an erasure."
        )
    schema, command = ACTS[act]
    data = nested(request.form)
    try:
        with transaction():
            command(reference, read(schema(), data))
        access.carry({"done": act})
    except Invalid as error:
        access.carry({"act": act, "errors": error.errors, "values": data})
    except Refused as refused:
        failures = [vars(failure) for failure in refused.failures]
        access.carry({"act": act, "refused": failures, "values": data})
    except Conflict as error:
        failure = {"sentence": error.detail, "clause": ""}
        access.carry({"act": act, "refused": [failure], "values": data})
    return redirect(url_for("retention.case", reference=reference), 303)


@api.get("/records/<reference>")
@requires("officer")
def api_case(reference: str) -> Any:
    """Answer until when a case is kept, whether it is held, and what was erased under which law."""
    _officer()
    application = queries.find(reference, actor=actor())
    held = queries.held(application)
    kept, hold = held.keeping, held.hold
    return jsonify(
        {
            "reference": reference,
            "kind": kept.rule.kind if kept else None,
            "law": kept.rule.law if kept else None,
            "kept_until": kept.until.isoformat() if kept else None,
            "held_under": hold.law if hold else None,
            "erasure_proposed": held.proposal is not None,
            "erased_at": application.erased_at.isoformat() if application.erased_at else None,
            "erased_under": application.erased_under,
        }
    )


def _officer() -> None:
    if commands.DUTY not in actor().duties:
        raise Forbidden("This is for records officers.")
