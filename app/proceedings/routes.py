"""Proceedings of a case: begun from a form, looked at, and every act on one, by page and by the interface."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts import access
from app.accounts.access import actor, requires
from app.accounts.queries import names
from app.applications import queries as cases
from app.applications.access import flatten, form_version, if_match, nested
from app.applications.queries.taking import part_of
from app.awards import queries as awards
from app.db import transaction
from app.errors import Conflict, Invalid, Missing
from app.proceedings import queries
from app.proceedings.access import FORMS, Form, act, body, propose, told
from app.proceedings.access import register as register_forms
from app.proceedings.compose import KINDS, Kind
from app.proceedings.compose import register as register_kinds
from app.proceedings.queries.seeing import begun, seen
from workflows.machine import Refused

pages = Blueprint("proceedings", __name__)
api = Blueprint("proceedings_api", __name__, url_prefix="/api/v1")


def register(kinds: tuple[Kind, ...], forms: tuple[Form, ...]) -> None:
    """Make what a capability lets people propose known, with its forms."""
    register_kinds(*kinds)
    register_forms(*forms)


def _case(reference: str) -> Any:
    """Return a case whose proceedings the person may see; raises ``Missing`` for who sees a part of it alone."""
    application = cases.find(reference, actor=actor())
    found = part_of(application, actor())
    if found is not None and found.confined:
        raise Missing(f"There is no application {reference}, or not for you.")
    return application


@pages.get("/cases/<reference>/proceedings/new/<kind>")
@requires("signed_in")
def new(reference: str, kind: str) -> str:
    """Show the form by which a proceeding of a kind is begun."""
    carried = access.carried()
    application = _case(reference)
    if kind not in FORMS or kind not in {one.name for one in begun(application, actor())}:
        raise Missing("There is nothing of this kind to begin in this case now.")
    return render_template(
        "proceedings/new.html",
        application=application,
        award=awards.awarded(application),
        kind=KINDS[kind],
        form=FORMS[kind],
        carried=carried,
        tranches=awards.tranches(awards.awarded(application)),
    )


@pages.post("/cases/<reference>/proceedings/new/<kind>")
@requires("signed_in")
def begin(reference: str, kind: str) -> Redirect:
    """Begin a proceeding; what is wrong is told on its form."""
    data = nested(request.form)
    try:
        version = form_version(data)
        with transaction():
            propose(reference, kind, data, version, actor())
    except Invalid as error:
        access.carry({"errors": error.errors, "values": flatten(data)})
    except Refused as refused:
        access.carry({"refused": [vars(one) for one in refused.failures], "values": flatten(data)})
    except Conflict as error:
        access.carry({"errors": {"": [error.detail]}, "values": flatten(data)})
    else:
        number = queries.count(cases.find(reference, actor=actor()))
        return redirect(url_for("proceedings.one", reference=reference, number=number), 303)
    return redirect(url_for("proceedings.new", reference=reference, kind=kind), 303)


@pages.get("/cases/<reference>/proceedings/<int(max=2147483647):number>")
@requires("signed_in")
def one(reference: str, number: int) -> str:
    """Show a proceeding: what is proposed, where it stands, and what the person may do."""
    carried = access.carried()
    application = _case(reference)
    row = queries.proceeding(application, number)
    people = {row.proposed_by, *(approval.person_id for approval in row.approvals)}
    return render_template(
        "proceedings/one.html",
        application=application,
        seen=seen(application, row, actor()),
        people={} if actor().beside else names(people),
        zone=cases.zone_of(application),
        carried=carried,
    )


@pages.post("/cases/<reference>/proceedings/<int(max=2147483647):number>/acts/<name>")
@requires("signed_in")
def take(reference: str, number: int, name: str) -> Redirect:
    """Take an act on a proceeding; whatever comes of it is told on its page."""
    data = nested(request.form)
    try:
        version = form_version(data)
        with transaction():
            act(reference, number, name, data, version, actor())
        access.carry({"done": name})
    except Invalid as error:
        access.carry({"act": name, "errors": error.errors, "values": flatten(data)})
    except Refused as refused:
        failures = [vars(one) for one in refused.failures]
        access.carry({"act": name, "refused": failures, "values": flatten(data)})
    except Conflict as error:
        access.carry({"act": name, "errors": {"": [error.detail]}, "values": flatten(data)})
    return redirect(url_for("proceedings.one", reference=reference, number=number), 303)


@api.get("/applications/<reference>/proceedings")
@requires("signed_in")
def api_list(reference: str) -> Response:
    """List the proceedings of a case with the acts the person may take, the newest first."""
    application = _case(reference)
    rows = queries.proceedings(application)
    listed = [body(seen(application, row, actor())) for row in rows]
    response = jsonify({"proceedings": listed})
    response.set_etag(f"v{application.version}")
    return response


@api.post("/applications/<reference>/proceedings")
@requires("signed_in")
def api_begin(reference: str) -> Any:
    """Begin a proceeding of a ``kind`` through the interface, once for each idempotency key."""
    version = if_match()
    data = access.json_body()

    def produce() -> tuple[dict[str, Any], int]:
        kind = str(data.pop("kind", ""))
        recorded = propose(reference, kind, data, version, actor())
        return told(recorded) | {"proceeding": queries.count(_case(reference))}, 201

    return access.once(produce)


@api.post("/applications/<reference>/proceedings/<int(max=2147483647):number>/acts/<name>")
@requires("signed_in")
def api_take(reference: str, number: int, name: str) -> Any:
    """Take an act on a proceeding through the interface, once for each idempotency key."""
    version = if_match()
    data = access.json_body()

    def produce() -> tuple[dict[str, Any], int]:
        return told(act(reference, number, name, data, version, actor())), 200

    return access.once(produce)
