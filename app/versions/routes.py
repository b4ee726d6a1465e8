"""For scheme designers: the workflow versions of their agency, and publication by two people; auditors look on."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts import access
from app.accounts import queries as accounts
from app.accounts.access import actor, requires
from app.accounts.schemas import Input, read
from app.applications.access import nested, once
from app.applications.schemas import Nothing
from app.countries.queries import country
from app.db import transaction
from app.errors import Forbidden, Invalid
from app.schemes import commands
from app.schemes import queries as schemes
from app.schemes.models import WorkflowProposal
from app.trail.commands import Recorded
from app.versions import queries
from app.versions.compose import finding_told, proposed_told, version_told
from app.versions.queries import may_look
from app.versions.schemas import Proposal, Rejection
from workflows.definition import Workflow
from workflows.entries import entry
from workflows.machine import Refused
from workflows.pictures.picture import svg

pages = Blueprint("versions", __name__)
api = Blueprint("versions_api", __name__, url_prefix="/api/v1")

_DIGEST = "<string(length=64):digest>"
_NUMBER = "<int(max=2147483647):number>"


@pages.get("/workflows")
@requires("officer")
def versions() -> str:
    """Show the versions the agency may use, and the proposals that wait for a second person."""
    carried = access.carried()
    agency = may_look(actor())
    waiting = schemes.proposals(agency, "open")
    return render_template(
        "versions/list.html",
        versions=queries.listed(agency),
        proposals=waiting,
        names=accounts.names({proposal.author_id for proposal in waiting}),
        zone=country(agency.country).zone,
        designs=commands.DUTY in actor().duties,
        carried=carried,
    )


@pages.get(f"/workflows/{_DIGEST}")
@requires("officer")
def version(digest: str) -> str:
    """Show one version: its picture, states and acts, who wrote and who checked it."""
    carried = access.carried()
    agency = may_look(actor())
    row = queries.version(digest, agency)
    own = schemes.published_as(row.digest, agency)
    return render_template(
        "versions/version.html",
        row=row,
        own=own,
        names=_names(own),
        zone=country(agency.country).zone,
        carried=carried,
        **_shown(schemes.workflow(row.digest)),
    )


@pages.get(f"/workflows/{_DIGEST}.svg")
@requires("officer")
def picture(digest: str) -> Response:
    """Draw a version."""
    row = queries.version(digest, may_look(actor()))
    return _drawn(schemes.workflow(row.digest))


@pages.get(f"/workflows/{_DIGEST}.toml")
@requires("officer")
def source(digest: str) -> Response:
    """Download the text of a version, exactly as it was published."""
    row = queries.version(digest, may_look(actor()))
    return _written(row.source, f"{row.name}-{row.version}")


@pages.get("/workflows/propose")
@requires("officer")
def propose_page() -> str:
    """Show the form for a new version."""
    if commands.DUTY not in actor().duties:
        raise Forbidden("This is for scheme designers.")
    return render_template("versions/propose.html", errors={}, refused=[], text="")


@pages.post("/workflows/proposals")
@requires("officer")
def propose() -> Redirect | tuple[str, int]:
    """Propose a text, typed or as a file, to a second person."""
    given = _typed()
    try:
        with transaction():
            proposal = commands.propose_workflow(**read(Proposal(), given), actor=actor())
    except Invalid as error:
        return _again(given, error.errors, (), 422)
    except Refused as refused:
        return _again(given, {}, refused.failures, 409)
    access.carry({"done": "propose"})
    return redirect(url_for("versions.proposal", number=proposal.id), 303)


@pages.get(f"/workflows/proposals/{_NUMBER}")
@requires("officer")
def proposal(number: int) -> str:
    """Show a proposal as its checker must see it: what it changes, what was found, whether the people are there."""
    carried = access.carried()
    agency = may_look(actor())
    found = schemes.proposal(number, agency)
    return render_template(
        "versions/proposal.html",
        proposal=found,
        checked=queries.checked(found, agency),
        names=_names(found),
        zone=country(agency.country).zone,
        own=found.author_id == actor().id,
        designs=commands.DUTY in actor().duties,
        carried=carried,
        **_shown(queries.proposed(found)),
    )


@pages.get(f"/workflows/proposals/{_NUMBER}.svg")
@requires("officer")
def proposed_picture(number: int) -> Response:
    """Draw a proposal."""
    return _drawn(queries.proposed(schemes.proposal(number, may_look(actor()))))


@pages.get(f"/workflows/proposals/{_NUMBER}.toml")
@requires("officer")
def proposed_source(number: int) -> Response:
    """Download the text of a proposal."""
    found = schemes.proposal(number, may_look(actor()))
    return _written(found.source, f"{found.name}-{found.version}-proposed")


@pages.post(f"/workflows/proposals/{_NUMBER}/publish")
@requires("officer")
def publish(number: int) -> Redirect:
    """Publish a proposal as the second person."""
    return _decided("publish", number)


@pages.post(f"/workflows/proposals/{_NUMBER}/reject")
@requires("officer")
def reject(number: int) -> Redirect:
    """Reject a proposal with a reason."""
    return _decided("reject", number)


@api.get("/workflows")
@requires("officer")
def api_versions() -> Response:
    """List the versions the agency may use and its open proposals."""
    agency = may_look(actor())
    versions_ = [
        {
            **version_told(found.workflow),
            "shipped": found.row.agency_id is None,
            "author": found.author,
            "checker": found.checker,
            "cases_in_flight": found.live,
        }
        for found in queries.listed(agency)
    ]
    waiting = [proposed_told(found) for found in schemes.proposals(agency, "open")]
    return jsonify({"versions": versions_, "proposals": waiting})


@api.get(f"/workflows/{_DIGEST}")
@requires("officer")
def apiversion_told(digest: str) -> Response:
    """Answer one version with its text."""
    row = queries.version(digest, may_look(actor()))
    return jsonify({**version_told(schemes.workflow(row.digest)), "source": row.source})


@api.get(f"/workflows/proposals/{_NUMBER}")
@requires("officer")
def api_proposal(number: int) -> Response:
    """Answer a proposal with what was found, what it changes and its text."""
    agency = may_look(actor())
    found = schemes.proposal(number, agency)
    checked = queries.checked(found, agency)
    body = {
        **proposed_told(found),
        "findings": [finding_told(one) for one in (*checked.findings, *checked.staffing)],
        "differences": [vars(one) for one in checked.differences],
        "source": found.source,
    }
    return jsonify(body)


@api.post("/workflows/proposals")
@requires("officer")
def api_propose() -> Any:
    """Propose a text to a second person."""
    given = read(Proposal(), access.json_body())

    def produce() -> tuple[dict[str, Any], int]:
        return proposed_told(commands.propose_workflow(**given, actor=actor())), 201

    return once(produce)


@api.post(f"/workflows/proposals/{_NUMBER}/acts/<any(publish, reject):act>")
@requires("officer")
def api_decide(number: int, act: str) -> Any:
    """Publish or reject a proposal."""
    data = access.json_body()

    def produce() -> tuple[dict[str, Any], int]:
        recorded = _decide(act, number, data)
        found = schemes.proposal(number, may_look(actor()))
        event = {"seq": recorded.seq, "hash": recorded.hash, "at": recorded.at.isoformat()}
        return {**proposed_told(found), "event": event}, 200

    return once(produce)


_DECISIONS: dict[str, tuple[type[Input], Callable[..., Recorded]]] = {
    "publish": (Nothing, commands.publish_workflow),
    "reject": (Rejection, commands.reject_workflow),
}


def _decide(act: str, number: int, data: dict[str, Any]) -> Recorded:
    schema, command = _DECISIONS[act]
    return command(number, **read(schema(), data), actor=actor())


def _decided(act: str, number: int) -> Redirect:
    try:
        with transaction():
            _decide(act, number, nested(request.form))
    except Invalid as error:
        access.carry({"errors": error.errors, "values": nested(request.form)})
    except Refused as refused:
        failures = [vars(failure) for failure in refused.failures]
        access.carry({"refused": failures})
    else:
        access.carry({"done": act})
    return redirect(url_for("versions.proposal", number=number), 303)


def _typed() -> dict[str, str]:
    file = request.files.get("file")
    if file is None or not file.filename:
        return {"source": request.form.get("source", "")}
    try:
        return {"source": file.read().decode()}
    except UnicodeDecodeError:
        return {"source": ""}


def _again(
    given: dict[str, str], errors: dict[str, list[str]], refused: Any, status: int
) -> tuple[str, int]:
    page = render_template(
        "versions/propose.html", errors=errors, refused=refused, text=given["source"]
    )
    return page, status


def _names(found: WorkflowProposal | None) -> dict[int, str]:
    people = (found.author_id, found.decided_by) if found else ()
    return accounts.names({number for number in people if number is not None})


def _shown(workflow: Workflow) -> dict[str, Any]:
    """Return a workflow and how its entries are told, for a page."""
    return {"workflow": workflow, "words": partial(_told, workflow)}


def _told(workflow: Workflow, value: Any) -> str:
    return entry(value, workflow)


def _drawn(workflow: Workflow) -> Response:
    return Response(svg(workflow), mimetype="image/svg+xml")


def _written(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.toml"'}
    return Response(text, mimetype="application/toml", headers=headers)
