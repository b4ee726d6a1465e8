"""From a request about versions to a command and back: what was typed, what is shown, what was refused."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts import access
from app.accounts import queries as accounts
from app.accounts.access import actor
from app.accounts.models import Agency
from app.accounts.schemas import Input, read
from app.applications.access import nested
from app.applications.schemas import Nothing
from app.countries.queries import country
from app.db import transaction
from app.errors import Invalid
from app.schemes import queries as schemes
from app.schemes.commands import designing
from app.schemes.models import WorkflowProposal
from app.trail.commands import Recorded
from app.versions import commands as moves
from app.versions import queries
from app.versions.commands import Move
from app.versions.compose import checked, finding_told, migration, proposed_told, version_told
from app.versions.queries import Listed, may_look
from app.versions.schemas import Migration, Proposal, Rejection
from workflows.definition import Workflow
from workflows.differences import differences
from workflows.entries import entry
from workflows.machine import Refused
from workflows.pictures.picture import svg

_DECISIONS: dict[str, tuple[type[Input], Callable[..., Recorded]]] = {
    "publish": (Nothing, designing.publish_workflow),
    "reject": (Rejection, designing.reject_workflow),
}


def around(agency: Agency) -> dict[str, Any]:
    """Return what every page of versions has: the agency's time zone, and whether the person may act."""
    designs = designing.DUTY in actor().duties
    return {"zone": country(agency.country).zone, "designs": designs}


def names(found: WorkflowProposal | None) -> dict[int, str]:
    """Return the names of the two people of a proposal by number."""
    people = (found.author_id, found.decided_by) if found else ()
    return accounts.names({number for number in people if number is not None})


def shown(workflow: Workflow) -> dict[str, Any]:
    """Return a workflow and how its entries are told, for a page."""
    return {"workflow": workflow, "words": partial(_told, workflow)}


def _told(workflow: Workflow, value: Any) -> str:
    return entry(value, workflow)


def drawn(workflow: Workflow) -> Response:
    """Return the picture of a workflow."""
    return Response(svg(workflow), mimetype="image/svg+xml")


def written(text: str, name: str) -> Response:
    """Return the text of a workflow as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.toml"'}
    return Response(text, mimetype="application/toml", headers=headers)


def proposal_told(found: WorkflowProposal, agency: Agency) -> dict[str, Any]:
    """Return how the interface tells a proposal with its text, what was found and what it changes."""
    seen = checked(found, agency)
    return {
        **proposed_told(found),
        "findings": [finding_told(one) for one in (*seen.findings, *seen.staffing)],
        "differences": [vars(one) for one in seen.differences],
        "source": found.source,
    }


def listed_told(found: Listed) -> dict[str, Any]:
    """Return how the interface tells a version in a list."""
    return {
        **version_told(found.workflow),
        "shipped": found.row.agency_id is None,
        "scheme": found.scheme,
        "author": found.author,
        "checker": found.checker,
        "cases_in_flight": found.live,
    }


# Publication.


def proposed() -> Redirect | tuple[str, int]:
    """Propose the text of a form; a text that comes back is shown as it was, with everything that is wrong with it."""
    given = _typed()
    try:
        with transaction():
            proposal = designing.propose_workflow(**read(Proposal(), given), actor=actor())
    except Invalid as error:
        return _again(given, 422, errors=error.errors)
    except Refused as refused:
        return _again(given, 409, refused=refused.failures)
    access.carry({"done": "propose"})
    return redirect(url_for("versions.proposal", number=proposal.id), 303)


def _typed() -> dict[str, str]:
    file = request.files.get("file")
    if file is None or not file.filename:
        return {"source": request.form.get("source", "")}
    try:
        return {"source": file.read().decode()}
    except UnicodeDecodeError:
        return {"source": ""}


def _again(given: dict[str, str], status: int, **said: Any) -> tuple[str, int]:
    wrong = {"errors": {}, "refused": (), **said}
    return render_template("versions/propose.html", text=given["source"], **wrong), status


def decide(act: str, number: int, data: dict[str, Any]) -> Recorded:
    """Publish or reject a proposal."""
    schema, command = _DECISIONS[act]
    return command(number, **read(schema(), data), actor=actor())


def decided(act: str, number: int) -> Redirect:
    """Publish or reject a proposal from its page; whatever comes of it is told there."""
    data = nested(request.form)
    try:
        with transaction():
            decide(act, number, data)
    except Invalid as error:
        access.carry({"errors": error.errors, "values": data})
    except Refused as refused:
        access.carry({"refused": [vars(failure) for failure in refused.failures]})
    else:
        access.carry({"done": act})
    return redirect(url_for("versions.proposal", number=number), 303)


# Migration.


def move(data: dict[str, Any]) -> Move:
    """Return the migration that is asked for; raises ``Invalid``, and ``Missing`` for a version the agency may not use."""
    agency = may_look(actor())
    given = read(Migration(), data)
    old, new = (queries.version(given.pop(name), agency) for name in ("old", "new"))
    return Move(schemes.workflow(old.digest), schemes.workflow(new.digest), **given)


def tried() -> tuple[str, int]:
    """Say what the migration of a form would do."""
    data = _asked()
    try:
        return plan_form(data, fits=moves.dry_run(move(data), actor=actor()))
    except Invalid as error:
        return plan_form(data, 422, errors=error.errors)
    except Refused as refused:
        # Which cases do not fit is the answer to the question.
        return plan_form(data, refused=refused.failures, tried=True)


def planned() -> Redirect | tuple[str, int]:
    """Plan the migration of a form."""
    data = _asked()
    try:
        with transaction():
            number = moves.plan_migration(move(data), actor=actor()).id
    except Invalid as error:
        return plan_form(data, 422, errors=error.errors)
    except Refused as refused:
        return plan_form(data, 409, refused=refused.failures)
    access.carry({"done": "plan"})
    return redirect(url_for("versions.migration_page", number=number), 303)


def carried_out(number: int) -> Redirect | tuple[str, int]:
    """Carry a migration out from its page, which then names the cases that moved."""
    try:
        with transaction():
            moved = moves.carry_out(number, actor=actor())
    except Refused as refused:
        return migration_shown(number, 409, refused.failures)
    access.carry({"done": "carry_out", "moved": moved})
    return redirect(url_for("versions.migration_page", number=number), 303)


def _asked() -> dict[str, Any]:
    """Return the form of a migration as it was sent; a state for which nothing was chosen is left out."""
    data = nested(request.form)
    chosen = data.get("states")
    if isinstance(chosen, dict):
        data["states"] = {name: state for name, state in chosen.items() if state}
    return data


def plan_form(data: dict[str, Any], status: int = 200, **said: Any) -> tuple[str, int]:
    """Show the form of a migration: for its two versions or, once they are chosen, for the map of their states.

    ``said`` is what came of it: ``errors`` by field, rules that ``refused``, whether it was only ``tried``, and ``fits``: the
    number of cases that would move.
    """
    agency = may_look(actor())
    old, new = (_version(str(data.get(name) or ""), agency) for name in ("from", "to"))
    missing = [name for name in ("from", "to") if data.get(name) == ""]
    states = data.get("states")
    if old and new and not isinstance(states, dict):
        states = {name: name for name in old.states if name in new.states}
    page = render_template(
        "versions/plan.html",
        versions=[v for v in queries.listed(agency) if v.workflow.kind == "application"],
        old=old,
        new=new,
        differences=differences(old, new) if old and new else (),
        states=states,
        reason=data.get("reason", ""),
        **{
            "errors": {name: ["Choose a version."] for name in missing},
            "refused": (),
            "fits": None,
            "tried": False,
            **said,
        },
    )
    return page, status


def migration_shown(number: int, status: int = 200, refused: Any = ()) -> tuple[str, int]:
    """Show a migration, and which cases moved when it has just been carried out."""
    carried = access.carried()
    agency = may_look(actor())
    found = migration(number, agency)
    page = render_template(
        "versions/migration.html",
        found=found,
        differences=differences(found.old, found.new),
        live=queries.count(queries.in_flight(agency.id, found.old)),
        own=found.row.author_id == actor().id,
        refused=refused,
        carried=carried,
        **around(agency),
    )
    return page, status


def _version(digest: str, agency: Agency) -> Workflow | None:
    return schemes.workflow(queries.version(digest, agency).digest) if digest else None
