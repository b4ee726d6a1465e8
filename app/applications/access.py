"""From a request to a command and back: every act is reached by a page and by the interface in the same way."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.accounts import access
from app.accounts.models import Person
from app.accounts.schemas import Input, read
from app.applications import queries as cases
from app.applications.models import Application
from app.db import transaction
from app.errors import Conflict, Gone, Invalid, Malformed, Missing, PreconditionMissing
from app.trail.commands import Recorded
from workflows.machine import Refused
from workflows.vocabulary import AWARD

_NUMBER = re.compile(rf"[0-9]{{1,{access.MOST_DIGITS}}}")
_POSITION = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class Verb:
    """What an act does, as it is reached from outside: its input, and the command that takes it.

    ``does`` is the effect a definition names, for votes with the vote ("decide:for", "concur:for" where it is not the award
    that is decided on), for acts on a tranche led by it ("tranche:verify"). The command takes the name of the act, which is the definition's own.
    """

    does: str
    schema: type[Input]
    command: Callable[..., Recorded]


_VERBS: dict[str, Verb] = {}


def register(*verbs: Verb) -> None:
    """Make effects reachable; each capability registers its own."""
    _VERBS.update({verb.does: verb for verb in verbs})


def by_page(reference: str, act: str, place: dict[str, Any]) -> Response:
    """Take an act from a page: whatever comes of it is told on the page of the case."""
    data = nested(request.form)
    anchor = act if not place else f"{act}-{place['number']}"
    try:
        version = form_version(data)
        with transaction():
            _run(reference, act, place, data, version)
        access.carry({"done": act})
        if not cases.shown(reference, actor=access.actor()):
            # Whoever stands aside does not see the case any more.
            access.carry({"done": "declare_interest"})
            return redirect(url_for("dashboards.queue"), 303)
    except Invalid as error:
        access.carry({"act": anchor, "errors": error.errors, "values": flatten(data)})
    except Refused as refused:
        failures = [vars(failure) for failure in refused.failures]
        access.carry({"act": anchor, "refused": failures, "values": flatten(data)})
    except Conflict as error:
        access.carry({"act": anchor, "errors": {"": [error.detail]}, "values": flatten(data)})
    return redirect(url_for("dashboards.case", reference=reference), 303)


def by_interface(reference: str, act: str, place: dict[str, Any]) -> Any:
    """Take an act through the interface, once for each idempotency key."""
    version = if_match()
    data = access.json_body()

    def produce() -> tuple[dict[str, Any], int]:
        recorded = _run(reference, act, place, data, version)
        return outcome(cast("Application", recorded.stream), recorded), 200

    return access.once(produce)


def _run(
    reference: str, act: str, place: dict[str, Any], data: dict[str, Any], version: int
) -> Recorded:
    person = access.actor()
    verb = _VERBS[_effect(reference, act, person, tranche=bool(place))]
    given = read(verb.schema(), data)
    return verb.command(reference, **place, **given, act=act, version=version, actor=person)


def _effect(reference: str, act: str, person: Person, *, tranche: bool) -> str:
    """Return what an act does by the workflow of the case; raises ``Missing`` when the workflow has no such act."""
    workflow = cases.workflow_of(reference, actor=person, tranche=tranche)
    verb = workflow.acts.get(act)
    if verb is None or verb.automatic:
        raise Missing(f"The workflow of this case has no act called {act} that a person takes.")
    if tranche:
        return f"tranche:{verb.does}"
    if verb.does != "decide":
        return verb.does
    return f"{'decide' if (verb.decision or AWARD) == AWARD else 'concur'}:{verb.vote}"


def outcome(application: Application, recorded: Recorded | None = None) -> dict[str, Any]:
    """Return what the interface says of a case after a command."""
    body: dict[str, Any] = {
        "reference": application.reference,
        "state": application.state,
        "version": application.version,
    }
    if recorded is not None:
        body["event"] = {"seq": recorded.seq, "hash": recorded.hash, "at": recorded.at.isoformat()}
    return body


def not_erased(application: Application) -> Application:
    """Return a case whose personal data are still there; raises ``Gone`` that says when and under which law they were erased."""
    if application.erased_at is not None:
        zone = ZoneInfo(cases.zone_of(application))
        day = application.erased_at.astimezone(zone).date()
        raise Gone(f"It was erased on {day.day} {day:%B %Y} under {application.erased_under}.")
    return application


def if_match() -> int:
    """Return the version the request was made on; raises ``PreconditionMissing`` without a usable If-Match."""
    text = request.headers.get("If-Match", "").strip().strip('"').removeprefix("v")
    version = _version(text)
    if version is None:
        raise PreconditionMissing("Send the ETag of the case you looked at as If-Match.")
    return version


def form_version(data: dict[str, Any]) -> int:
    """Return the version of the case that a form was made for; raises ``Conflict`` for a form that does not say."""
    version = _version(str(data.pop("version", "")))
    if version is None:
        raise Conflict("Open the case again: the form does not say which version of it you saw.")
    return version


def _version(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def nested(form: MultiDict[str, str]) -> dict[str, Any]:
    """Return a form as JSON would have it: "scores.cost" becomes a table, "tranches.0.purpose" a list of tables.

    A name that comes several times becomes a list.
    """
    found: dict[str, Any] = {}
    for name in form:
        if name == "csrf_token":
            continue
        values = form.getlist(name)
        place = found
        *outer, last = name.split(".")
        if len(outer) > access.MOST_DEPTH:
            raise Malformed("The form cannot be read.")
        for step in outer:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise Malformed("The form cannot be read.")
        place[last] = values if len(values) > 1 else values[0]
    return {name: _listed(value) for name, value in found.items()}


def _listed(value: Any) -> Any:
    if isinstance(value, dict) and value and all(_POSITION.fullmatch(key) for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return value


def flatten(data: Any, place: str = "") -> dict[str, Any]:
    """Return nested input as the names a form uses, to show it again beside its errors."""
    if isinstance(data, dict):
        pairs = list(data.items())
    elif isinstance(data, list) and data and isinstance(data[0], dict):
        pairs = list(enumerate(data))
    else:
        return {place: data}
    found: dict[str, Any] = {}
    for name, value in pairs:
        found |= flatten(value, f"{place}.{name}" if place else str(name))
    return found
