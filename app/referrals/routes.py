"""Referring enterprises, and following what becomes of it: pages for both sides and the enterprise, and the interface."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import access
from app.accounts import queries as accounts
from app.accounts.access import actor, requires
from app.accounts.schemas import Input, read
from app.consents import queries as consents
from app.consents.compose import REFER
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid, Malformed
from app.referrals import commands, queries
from app.referrals.models import Referral
from app.referrals.schemas import AnswerInput, CloseInput, ReferInput
from app.schemes import queries as schemes

pages = Blueprint("referrals", __name__)
api = Blueprint("referrals_api", __name__, url_prefix="/api/v1")

Step = tuple[type[Input], Callable[..., Referral]]
STEPS: dict[str, Step] = {
    "accept": (
        AnswerInput,
        lambda number, given: commands.answer(number, **given, accepted=True, actor=actor()),
    ),
    "decline": (
        AnswerInput,
        lambda number, given: commands.answer(number, **given, accepted=False, actor=actor()),
    ),
    "close": (
        CloseInput,
        lambda number, given: commands.close(number, given["application"], actor=actor()),
    ),
}


@pages.get("/referrals")
@requires("signed_in")
def home() -> str:
    """Show the referrals a person may follow, and to advisers and desk officers the form for another."""
    carried = access.carried()
    return _home({}, {"consent": request.args.get("consent", "")}, carried)


@pages.post("/referrals")
@requires("signed_in")
def refer() -> Response | tuple[str, int]:
    """Refer an enterprise."""
    _party()
    values = {name: request.form.get(name, "") for name in ("consent", "to", "scheme", "reason")}
    try:
        asked = read(ReferInput(), values)
        with transaction():
            referral = commands.refer(asked, actor=actor())
    except Invalid as error:
        return _home(error.errors, values, {}), 422
    except Conflict as error:
        return _home({"": [error.detail]}, values, {}), 409
    return redirect(url_for("referrals.referral", number=referral.id), 303)


@pages.get("/referrals/<int(max=2147483647):number>")
@requires("signed_in")
def referral(number: int) -> str:
    """Show a referral with everything that happened to it."""
    _party()
    return _one(number, "", {}, {})


@pages.post("/referrals/<int(max=2147483647):number>/<step>")
@requires("signed_in")
def take(number: int, step: str) -> Response | tuple[str, int]:
    """Accept, decline or close a referral."""
    _party()
    schema, command = _step(step)
    values = {name: value for name, value in request.form.items() if name != "csrf_token"}
    try:
        given = read(schema(), values)
        with transaction():
            command(number, given)
    except Invalid as error:
        return _one(number, step, error.errors, values), 422
    except Conflict as error:
        return _one(number, step, {"": [error.detail]}, values), 409
    return redirect(url_for("referrals.referral", number=number), 303)


@api.get("/referrals")
@requires("signed_in")
def api_list() -> Response:
    """List the referrals the person may follow, newest first, a page at a time (``before``)."""
    _party()
    rows, more = queries.page(actor(), access.whole_number(request.args.get("before", "0")))
    return jsonify({"referrals": [_told(row) for row in rows], "more": more})


@api.post("/referrals")
@requires("signed_in")
def api_refer() -> Any:
    """Refer an enterprise."""
    _party()
    asked = read(ReferInput(), access.json_body())
    return access.once(lambda: (_told(commands.refer(asked, actor=actor())), 201))


@api.get("/referrals/<int(max=2147483647):number>")
@requires("signed_in")
def api_referral(number: int) -> Response:
    """Show a referral."""
    _party()
    return jsonify(_told(queries.find(number, actor=actor())))


@api.post("/referrals/<int(max=2147483647):number>/<step>")
@requires("signed_in")
def api_take(number: int, step: str) -> Any:
    """Accept, decline or close a referral."""
    _party()
    schema, command = _step(step)
    given = read(schema(), access.json_body())
    return access.once(lambda: (_told(command(number, given)), 200))


def _party() -> None:
    if not actor().applies and queries.PARTIES.isdisjoint(actor().duties):
        raise Forbidden("Referrals are for advisers, desk officers and the enterprises themselves.")


def _step(name: str) -> Step:
    if name not in STEPS:
        raise Malformed(f"A referral is met by one of {', '.join(STEPS)}.")
    return STEPS[name]


def _home(errors: dict[str, list[str]], values: dict[str, str], carried: dict[str, Any]) -> str:
    _party()
    person = actor()
    rows, more = queries.page(person, access.whole_number(request.args.get("before", "0")))
    held = consents.held(person.agency) if person.agency else []
    return render_template(
        "referrals/home.html",
        rows=rows,
        more=more,
        consents=[found for found in held if REFER in found.scope],
        agencies=[found for found in accounts.agencies() if found.id != person.agency_id],
        schemes={call.scheme.code: call.scheme for call in schemes.calls()},
        zone=accounts.zone_of(person),
        errors=errors,
        values=values,
        carried=carried,
        labels={
            "consent": "Enterprise",
            "to": "To whom",
            "scheme": "For which scheme",
            "reason": "Why",
        },
    )


def _one(number: int, step: str, errors: dict[str, list[str]], values: dict[str, Any]) -> str:
    found = queries.find(number, actor=actor())
    scheme = schemes.newest_scheme(found.scheme_code) if found.scheme_code else None
    return render_template(
        "referrals/referral.html",
        referral=found,
        events=_timeline(found),
        contact=_contact(found),
        scheme=scheme,
        openings=queries.openings(found),
        receives=found.to_agency_id == actor().agency_id,
        zone=accounts.zone_of(actor()),
        step=step,
        errors=errors,
        values=values,
        labels={"words": "What you say", "application": "Application"},
    )


def _contact(found: Referral) -> dict[str, str] | None:
    """Return whom to speak to in the enterprise, as long as its consent is in force."""
    consent = found.consent
    if not consent.in_force(accounts.day_at(found.sender)):
        return None
    return {"name": consent.giver.name, "email": consent.giver.email}


def _timeline(found: Referral) -> list[dict[str, Any]]:
    """Return who did what when, oldest first; to the enterprise an officer is the agency."""
    sender, receiver = found.sender.name, found.receiver.name
    answered = {"declined": f"Declined by {receiver}"}.get(found.state, f"Accepted by {receiver}")
    closing = f"Closed: application {found.application}"
    steps = (
        (f"Referred by {sender} to {receiver}", found.made_at, found.made_by, sender, found.reason),
        (answered, found.answered_at, found.answered_by, receiver, found.answer),
        (closing, found.closed_at, found.closed_by, receiver, ""),
    )
    names = accounts.names({who for _, _, who, _, _ in steps if who})
    return [
        {"title": title, "when": when, "who": _who(names[who], agency), "text": text}
        for title, when, who, agency, text in steps
        if when and who
    ]


def _who(name: str, agency: str) -> str:
    return agency if actor().applies else f"{name}, {agency}"


def _told(found: Referral) -> dict[str, Any]:
    def moment(at: datetime | None) -> str | None:
        return at.isoformat() if at else None

    return {
        "id": found.id,
        "state": found.state,
        "enterprise": found.enterprise.name,
        "registry_number": found.enterprise.registry_number,
        "country": found.enterprise.country,
        "contact": _contact(found),
        "from": found.sender.code,
        "to": found.receiver.code,
        "consent": found.consent_id,
        "scheme": found.scheme_code,
        "reason": found.reason,
        "answer": found.answer,
        "application": found.application,
        "made_at": moment(found.made_at),
        "answered_at": moment(found.answered_at),
        "closed_at": moment(found.closed_at),
        "open_calls": [call.code for call in queries.openings(found)],
    }
