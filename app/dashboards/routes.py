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
from app.dashboards import queries
from app.dashboards.queries import CaseView
from app.retention import queries as retention
from app.schemes import queries as schemes
from app.schemes.models import Scheme
from app.schemes.schemas import problems
from app.submissions import queries as submissions
from workflows.machine import Option

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
        calls=[call for call in schemes.calls() if schemes.is_open(call)],
        carried=carried,
    )


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
        carried=carried,
    )


@pages.get("/cases/<reference>")
@requires("signed_in")
def case(reference: str) -> str:
    """Show a case: a task list or status to the applicant, the workbench to officers."""
    carried = access.carried()
    revealed = carried.get("revealed", {}).get(reference, "")
    view = queries.case(reference, actor=actor(), revealed=revealed)
    template = "dashboards/case.html"
    if actor().applies:
        editing = view.workflow.edits(view.state.name, "answers", actor().duties)
        template = "submissions/tasks.html" if editing else "submissions/status.html"
    return render_template(
        template,
        view=view,
        carried=carried,
        tasks=_tasks(view),
        failed=_failed(view),
        hold=None if actor().applies else retention.hold(view.application),
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
    response = jsonify({"applications": listed})
    if more:
        address = {**request.args.to_dict(), "after": str(rows[-1].id)}
        following = f"{url_for('dashboards_api.api_list')}?{urlencode(address)}"
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


@api.get("/applications/<reference>")
@requires("signed_in")
def api_case(reference: str) -> Response:
    """Show a case with the acts the person may take now, and why not the others."""
    view = queries.case(reference, actor=actor())
    application = view.application
    body = {
        "reference": application.reference,
        "state": application.state,
        "version": application.version,
        "currency": application.currency,
        "requested": application.requested_minor,
        "awarded": view.award.amount_minor if view.award else None,
        "disbursed": view.award.disbursed_minor if view.award else None,
        "due_on": application.due_on.isoformat() if application.due_on else None,
        "answers": view.answers,
        "acts": [_option(option) for option in view.options],
        "strands": application.strands,
        "deciding": _deciding(view),
        "acting_for": [{"name": d.name, "duty": d.duty, "limit": d.limit} for d in view.acting_for],
        "conditions": [{"key": c.key, "met": c.met_at is not None} for c in view.conditions],
        "tranches": [
            {
                "number": found.tranche.number,
                "amount": found.tranche.amount_minor,
                "state": found.state.name,
                "file_sha256": found.instruction.sha256 if found.instruction else None,
                "acts": [_option(option) for option in found.options],
            }
            for found in view.tranches
        ],
    }
    response = jsonify(body)
    response.set_etag(f"v{application.version}")
    return response


def _deciding(view: CaseView) -> dict[str, Any] | None:
    """Return how the decision stands that the case waits for, amounts in minor units."""
    found = view.deciding
    if found is None or found.band is None or found.tally is None:
        return None
    return {
        "decision": found.decision.name,
        "amount": found.motion,
        "body": found.band.body,
        "members": found.tally.members,
        "needed": found.tally.needed,
        "present": found.tally.present,
        "least_present": found.tally.least_present,
        "for": found.tally.votes_for,
        "against": found.tally.votes_against,
        "recused": found.tally.recused,
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "act": option.act.name,
        "label": option.act.label,
        "allowed": option.allowed,
        "why_not": [vars(failure) for failure in option.failures],
    }


def _tasks(view: CaseView) -> list[dict[str, Any]]:
    """Return the tasks of the task list: each section with how far it is."""
    wrong = problems(view.terms, view.application.answers)
    return [
        {
            "section": section,
            "begun": any(view.application.answers.get(q.key) for q in section.questions),
            "wrong": [q.label for q in section.questions if q.key in wrong],
            "faulty": [
                q.label
                for q in section.questions
                if q.key in wrong and view.application.answers.get(q.key)
            ],
        }
        for section in view.terms.sections
    ]


def _failed(view: CaseView) -> list[dict[str, str]]:
    """Return the eligibility rules that do not hold on what the draft says so far."""
    rules = submissions.failed_rules(view.terms, view.application.answers)
    return [{"sentence": sentence, "clause": clause} for _, sentence, clause in rules]


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
