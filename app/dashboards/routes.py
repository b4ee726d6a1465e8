"""Home, lists and the case page, for pages and interface."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts import access
from app.accounts.access import actor, requires
from app.applications import queries as applications
from app.applications.compose import allowed
from app.applications.models import Application
from app.applications.queries import Filter
from app.applications.queries.preparing import prepared
from app.applications.queries.taking import partly
from app.dashboards import queries
from app.dashboards.access import case_body, part_body
from app.dashboards.queries.part import confined, part
from app.referrals import queries as referrals
from app.retention import queries as retention
from app.schemes import queries as schemes
from app.schemes.models import Call, Scheme
from app.submissions import queries as submissions
from app.submissions.access import current, tasks
from workflows.eligibility import Result

pages = Blueprint("dashboards", __name__)
api = Blueprint("dashboards_api", __name__, url_prefix="/api/v1")


@pages.get("/")
@requires("anyone")
def home() -> Redirect:
    """Go where the person's work is."""
    person = access.asking()
    if person is None:
        return redirect(url_for("schemes.find"))
    if person.applies:
        return redirect(url_for("dashboards.mine"))
    if person.advises:
        return redirect(url_for("dashboards.advised"))
    if person.duties == ["auditor"]:
        return redirect(url_for("audit.home"))
    return redirect(url_for("dashboards.queue"))


@pages.get("/applications")
@requires("applicant")
def mine() -> str:
    """Show the applications of the person's enterprise."""
    # Taking the parcel ends the transaction, and rows read before it with it.
    carried = access.carried()
    rows, more = applications.page(actor(), _filter())
    return render_template(
        "dashboards/mine.html",
        rows=rows,
        more=more,
        states=_states(rows),
        calls=[call for call in schemes.calls() if schemes.is_open(call) and _for_them(call)],
        prepared={row.reference: prepared(row) for row in rows},
        carried=carried,
    )


def _for_them(call: Call) -> bool:
    """Tell whether enterprises of the person's country may apply under a call."""
    home = actor().enterprise
    return home is not None and home.country in schemes.terms(call.scheme).countries


@pages.get("/cases")
@requires("adviser")
def advised() -> str:
    """Show the applications that the adviser's centre prepared, as long as the enterprise consents."""
    rows, more = applications.page(actor(), _filter())
    return render_template("dashboards/advised.html", rows=rows, more=more, states=_states(rows))


@pages.get("/queue")
@requires("officer")
def queue() -> str:
    """Show the cases of the agency, oldest first, narrowed by what the address says."""
    carried = access.carried()
    narrowed = _filter()
    rows, more = applications.page(actor(), narrowed)
    return render_template(
        "dashboards/queue.html",
        rows=rows,
        more=more,
        narrowed=narrowed,
        states=_states(rows),
        deadlines={row.reference: queries.deadline(row) for row in rows},
        acts=allowed(actor(), rows),
        counts=applications.by_state(actor()),
        names=_names(),
        schemes=sorted((scheme.code, scheme.name) for scheme in _run()),
        referred=referrals.waiting(actor()),
        shared=_shared(),
        carried=carried,
    )


def _shared() -> list[tuple[Application, list[str]]]:
    """Return the cases of others that the agency sees only in part, each with what the person may do in it."""
    rows = partly(actor())
    acts = allowed(actor(), rows) if rows else {}
    return [(row, [act.label for act in acts[row.id]]) for row in rows]


@pages.get("/cases/<reference>")
@requires("signed_in")
def case(reference: str) -> str:
    """Show a case: a task list or status to the applicant, the workbench to officers, its part to who has one alone."""
    carried = access.carried()
    revealed = carried.get("revealed", {}).get(reference, "")
    found = applications.find(reference, actor=actor(), part=True)
    if institution := confined(found, actor()):
        return render_template(
            "dashboards/part.html",
            view=part(reference, actor=actor()),
            institution=institution,
            carried=carried,
        )
    view = queries.case(reference, actor=actor(), revealed=revealed)
    if actor().beside and submissions.outdated(view.application):
        current(reference)
        view = queries.case(reference, actor=actor())
    template, judged, form = "dashboards/case.html", None, dict[str, Any]()
    if actor().beside:
        editing = view.workflow.edits(view.state.name, "answers", actor().reads_as)
        # Once it is sent an adviser only reads.
        editing = editing and not (actor().advises and view.application.submitted_at)
        template = "submissions/tasks.html" if editing else "submissions/status.html"
        judged = submissions.judged(view.application) if editing else None
        form = tasks(view.application) if editing else {}
    return render_template(
        template,
        view=view,
        carried=carried,
        failed=_told(judged.against) if judged else [],
        to_do=_told(judged.to_do) if judged else [],
        checks=submissions.checks(view.application),
        standing=submissions.size_of(view.application) if view.answers else None,
        hold=None if actor().beside else retention.hold(view.application),
        **form,
    )


@api.get("/applications")
@requires("signed_in")
def api_list() -> Any:
    """List the applications the person may see, a page at a time; ``Link`` names the next page."""
    rows, more = applications.page(actor(), _filter())
    acts = allowed(actor(), rows)
    listed = [
        {
            "reference": row.reference,
            "state": row.state,
            "version": row.version,
            "scheme": row.scheme.code,
            "enterprise": row.enterprise.name,
            "currency": row.currency,
            "requested": row.requested_minor,
            "due_on": row.due_on.isoformat() if row.due_on else None,
            "acts": [act.name for act in acts[row.id]],
        }
        for row in rows
    ]
    shared = [
        {"reference": row.reference, "scheme": row.scheme.code, "enterprise": row.enterprise.name}
        for row in partly(actor())
    ]
    response = jsonify({"applications": listed, **({"parts": shared} if shared else {})})
    if more:
        address = {**request.args.to_dict(), "after": str(rows[-1].id)}
        following = f"{url_for('dashboards_api.api_list')}?{urlencode(address)}"
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


@api.get("/applications/<reference>")
@requires("signed_in")
def api_case(reference: str) -> Response:
    """Show a case with the acts the person may take now, and why not the others."""
    found = applications.find(reference, actor=actor(), part=True)
    only = confined(found, actor())
    view = part(reference, actor=actor()) if only else queries.case(reference, actor=actor())
    response = jsonify(part_body(view) if only else case_body(view))
    response.set_etag(f"v{view.application.version}")
    return response


def _told(results: tuple[Result, ...]) -> list[dict[str, str]]:
    """Return rules of eligibility that do not hold on what the draft says so far."""
    return [
        {"sentence": sentence, "clause": clause}
        for _, sentence, clause in submissions.told(results)
    ]


def _filter() -> Filter:
    return Filter(
        state=request.args.get("state", "")[:30],
        scheme=request.args.get("scheme", "")[:40],
        search=request.args.get("search", "").replace("\x00", "")[:80].strip(),
        late=request.args.get("late") == "yes",
        after=access.whole_number(request.args.get("after", "0")),
    )


def _states(rows: list[Application]) -> dict[str, Any]:
    return {row.reference: applications.workflow(row).states[row.state] for row in rows}


def _run() -> set[Scheme]:
    """Return the schemes that the officer's agency runs."""
    return {call.scheme for call in schemes.calls() if call.scheme.agency_id == actor().agency_id}


def _names() -> dict[str, str]:
    """Return the names of the states an officer can meet; a draft is the applicant's alone."""
    found: dict[str, str] = {}
    for digest in sorted({scheme.workflow_digest for scheme in _run()}):
        workflow = schemes.workflow(digest)
        found |= {name: state.officer for name, state in workflow.states.items()}
        del found[workflow.initial]
    return found
