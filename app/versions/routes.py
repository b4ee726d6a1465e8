"""For scheme designers: the workflow versions of their agency, published and cases moved by two people; auditors look on."""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.wrappers import Response as Redirect

from app.accounts import access
from app.accounts import queries as accounts
from app.accounts.access import actor, requires
from app.accounts.schemas import read
from app.applications.schemas import Nothing
from app.errors import Forbidden
from app.schemes import queries as schemes
from app.schemes.commands import designing
from app.versions import access as forms
from app.versions import commands as moves
from app.versions import queries
from app.versions.compose import (
    checked,
    migration,
    migration_told,
    migrations,
    proposed_told,
    version_told,
)
from app.versions.queries import may_look
from app.versions.schemas import Proposal

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
        carried=carried,
        **forms.around(agency),
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
        scheme=schemes.scheme_completed(row),
        names=forms.names(own),
        carried=carried,
        **forms.around(agency),
        **forms.shown(schemes.workflow(row.digest)),
    )


@pages.get(f"/workflows/{_DIGEST}.svg")
@requires("officer")
def picture(digest: str) -> Response:
    """Draw a version."""
    row = queries.version(digest, may_look(actor()))
    return forms.drawn(schemes.workflow(row.digest))


@pages.get(f"/workflows/{_DIGEST}.toml")
@requires("officer")
def source(digest: str) -> Response:
    """Download the text of a version, exactly as it was published."""
    row = queries.version(digest, may_look(actor()))
    return forms.written(row.source, f"{row.name}-{row.version}")


@pages.get("/workflows/propose")
@requires("officer")
def propose_page() -> str:
    """Show the form for a new version."""
    if designing.DUTY not in actor().duties:
        raise Forbidden("This is for scheme designers.")
    return render_template("versions/propose.html", errors={}, refused=[], text="")


@pages.post("/workflows/proposals")
@requires("officer")
def propose() -> Redirect | tuple[str, int]:
    """Propose a text, typed or as a file, to a second person."""
    return forms.proposed()


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
        checked=checked(found, agency),
        names=forms.names(found),
        own=found.author_id == actor().id,
        carried=carried,
        **forms.around(agency),
        **forms.shown(queries.proposed(found)),
    )


@pages.get(f"/workflows/proposals/{_NUMBER}.svg")
@requires("officer")
def proposed_picture(number: int) -> Response:
    """Draw a proposal."""
    return forms.drawn(queries.proposed(schemes.proposal(number, may_look(actor()))))


@pages.get(f"/workflows/proposals/{_NUMBER}.toml")
@requires("officer")
def proposed_source(number: int) -> Response:
    """Download the text of a proposal."""
    found = schemes.proposal(number, may_look(actor()))
    return forms.written(found.source, f"{found.name}-{found.version}-proposed")


@pages.post(f"/workflows/proposals/{_NUMBER}/publish")
@requires("officer")
def publish(number: int) -> Redirect:
    """Publish a proposal as the second person."""
    return forms.decided("publish", number)


@pages.post(f"/workflows/proposals/{_NUMBER}/reject")
@requires("officer")
def reject(number: int) -> Redirect:
    """Reject a proposal with a reason."""
    return forms.decided("reject", number)


@pages.get("/workflows/migrations")
@requires("officer")
def migrations_page() -> str:
    """Show the migrations of cases, planned and carried out."""
    agency = may_look(actor())
    return render_template(
        "versions/migrations.html", migrations=migrations(agency), **forms.around(agency)
    )


@pages.get("/workflows/migrations/plan")
@requires("officer")
def plan_page() -> tuple[str, int]:
    """Show the form of a migration: first for the two versions, then for the map of their states."""
    if designing.DUTY not in actor().duties:
        raise Forbidden("This is for scheme designers.")
    return forms.plan_form(request.args)


@pages.post("/workflows/migrations/dry-run")
@requires("officer")
def dry_run() -> tuple[str, int]:
    """Say which cases would move and which do not fit; nothing is stored."""
    return forms.tried()


@pages.post("/workflows/migrations")
@requires("officer")
def plan() -> Redirect | tuple[str, int]:
    """Plan a migration as the first of two people."""
    return forms.planned()


@pages.get(f"/workflows/migrations/{_NUMBER}")
@requires("officer")
def migration_page(number: int) -> tuple[str, int]:
    """Show one migration."""
    return forms.migration_shown(number)


@pages.post(f"/workflows/migrations/{_NUMBER}/carry-out")
@requires("officer")
def carry_out(number: int) -> Redirect | tuple[str, int]:
    """Carry a migration out as the second person."""
    return forms.carried_out(number)


@api.get("/workflows")
@requires("officer")
def api_versions() -> Response:
    """List the versions the agency may use and its open proposals."""
    agency = may_look(actor())
    told = [forms.listed_told(found) for found in queries.listed(agency)]
    waiting = [proposed_told(found) for found in schemes.proposals(agency, "open")]
    return jsonify({"versions": told, "proposals": waiting})


@api.get(f"/workflows/{_DIGEST}")
@requires("officer")
def api_version(digest: str) -> Response:
    """Answer one version with its text."""
    row = queries.version(digest, may_look(actor()))
    return jsonify({**version_told(schemes.workflow(row.digest)), "source": row.source})


@api.get(f"/workflows/proposals/{_NUMBER}")
@requires("officer")
def api_proposal(number: int) -> Response:
    """Answer a proposal with what was found, what it changes and its text."""
    agency = may_look(actor())
    found = schemes.proposal(number, agency)
    return jsonify(forms.proposal_told(found, agency))


@api.post("/workflows/proposals")
@requires("officer")
def api_propose() -> Any:
    """Propose a text to a second person."""
    given = read(Proposal(), access.json_body())

    def produce() -> tuple[dict[str, Any], int]:
        return proposed_told(designing.propose_workflow(**given, actor=actor())), 201

    return access.once(produce)


@api.post(f"/workflows/proposals/{_NUMBER}/acts/<any(publish, reject):act>")
@requires("officer")
def api_decide(number: int, act: str) -> Any:
    """Publish or reject a proposal."""
    data = access.json_body()

    def produce() -> tuple[dict[str, Any], int]:
        recorded = forms.decide(act, number, data)
        found = schemes.proposal(number, may_look(actor()))
        event = {"seq": recorded.seq, "hash": recorded.hash, "at": recorded.at.isoformat()}
        return {**proposed_told(found), "event": event}, 200

    return access.once(produce)


@api.get("/workflows/migrations")
@requires("officer")
def api_migrations() -> Response:
    """List the migrations of the agency's cases."""
    found = migrations(may_look(actor()))
    return jsonify({"migrations": [migration_told(one) for one in found]})


@api.post("/workflows/migrations")
@requires("officer")
def api_plan() -> Any:
    """Plan a migration."""
    data = access.json_body()

    def produce() -> tuple[dict[str, Any], int]:
        number = moves.plan_migration(forms.move(data), actor=actor()).id
        return migration_told(migration(number, may_look(actor()))), 201

    return access.once(produce)


@api.post(f"/workflows/migrations/{_NUMBER}/acts/carry_out")
@requires("officer")
def api_carry_out(number: int) -> Any:
    """Carry a migration out; the answer names the cases that moved."""
    read(Nothing(), access.json_body())

    def produce() -> tuple[dict[str, Any], int]:
        moved = moves.carry_out(number, actor=actor())
        return {**migration_told(migration(number, may_look(actor()))), "moved": moved}, 200

    return access.once(produce)
