"""For auditors: looking for cases, samples, the process as it ran, comparisons; as pages and through the interface."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Redirect

from app.accounts import access as session
from app.accounts.access import actor, requires
from app.accounts.queries import zone_of
from app.analysis import access, commands
from app.analysis.compose import figures, told
from app.analysis.compose.sampling import METHODS
from app.analysis.compose.sides import FEW, Side, side
from app.analysis.queries import cases, compare, process, samples
from app.analysis.queries.cases import Page
from app.analysis.queries.compare import Like
from app.analysis.queries.findings import FINDINGS, FLAGS
from app.analysis.queries.process import MOST_EVENTS
from app.applications import queries as applications
from app.db import transaction
from app.delimited import line
from app.errors import Invalid, Missing

pages = Blueprint("analysis", __name__)
api = Blueprint("analysis_api", __name__, url_prefix="/api/v1")

TITLES = {found.name: found.title for found in (*FINDINGS, *FLAGS)}
LABELS = {
    "officer": "Officer", "least": "From amount", "most": "To amount", "currency": "Currency",
    "first": "First day", "last": "Last day", "state": "State", "longer": "Working days", "one": "First",
    "other": "Second", "scheme": "Scheme", "method": "Method", "size": "How many cases", "seed": "Seed",
    "outcome": "Outcome", "by": "Period of", "kind": "Compare", "workflow": "Workflow", "agency": "Agency",
}  # fmt: skip


@pages.get("/audit/find")
@requires("auditor")
def find() -> str | tuple[str, int]:
    """Look for cases by what they are, how they were decided, and what stands out."""
    return _find(access.given(), {})


def _find(
    data: dict[str, Any], wrong: dict[str, list[str]], status: int = 200
) -> str | tuple[str, int]:
    page = Page([])
    try:
        if not wrong:
            page = cases.find(actor(), access.filter_of(data), _after())
    except Invalid as error:
        wrong, status = error.errors, 422
    rows = page.rows
    shown = render_template(
        "analysis/find.html",
        page=page,
        values=data,
        errors=wrong,
        labels=LABELS,
        findings=FINDINGS,
        flags=FLAGS,
        methods=METHODS,
        titles=TITLES,
        standing={
            row.case.id: applications.workflow(row.case).states[row.case.state] for row in rows
        },
        following=_following(data, page.after),
        first=url_for("analysis.find") + _query(data),
        **access.choices(),
    )
    return (shown, status) if status != 200 else shown  # noqa: PLR2004 - as HTTP has it


@api.get("/audit/find")
@requires("auditor")
def api_find() -> Any:
    """Look for cases, a page at a time; ``Link`` names the next page."""
    data = access.given()
    page = cases.find(actor(), access.filter_of(data), _after())
    body = {
        "cases": [told.case(found) for found in page.rows],
        "looked_up_to": page.looked_up_to,
    }
    answer = jsonify(body)
    if page.after:
        following = url_for("analysis_api.api_find") + _query(data, after=page.after)
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


@pages.get("/audit/samples")
@requires("auditor")
def all_samples() -> str:
    """List the samples the auditor drew."""
    carried = session.carried()
    found = samples.samples(actor())
    return render_template(
        "analysis/samples.html", samples=found, methods=METHODS, carried=carried, zone=_zone()
    )


@pages.post("/audit/samples")
@requires("auditor")
def draw() -> Redirect | str | tuple[str, int]:
    """Draw a sample from the cases that fit a filter."""
    data = access.given(request.form)
    try:
        asked = access.draw_of(data)
        with transaction():
            number = commands.draw(asked, actor=actor()).id
    except Invalid as error:
        return _find(data, error.errors, 422)
    return redirect(url_for("analysis.sample", number=number), 303)


@pages.get("/audit/samples/<int(max=2147483647):number>")
@requires("auditor")
def sample(number: int) -> str:
    """Show a sample: how it was drawn, whether it would be drawn again, and its cases."""
    found = samples.sample(number, actor())
    rows = samples.cases(found, actor())
    return render_template(
        "analysis/sample.html",
        sample=found,
        method=METHODS[found.asked["method"]],
        rows=rows,
        redrawn=samples.redrawn(found, actor()),
        standing={
            row.case.id: applications.workflow(row.case).states[row.case.state] for row in rows
        },
        titles=TITLES,
        zone=_zone(),
    )


@pages.get("/audit/samples/<int(max=2147483647):number>.csv")
@requires("auditor")
def sample_table(number: int) -> Response:
    """Download the cases of a sample as a table (RFC 4180)."""
    found = samples.sample(number, actor())
    lines = [line(("case", "agency", "scheme", "state", "currency", "requested", "approved"))]
    for row in samples.cases(found, actor()):
        case = row.case
        amount = samples.unit(row).amount or None
        codes = (case.reference, case.scheme.agency.code, case.scheme.code, case.state)
        lines.append(line((*codes, case.currency, case.requested_minor, amount)))
    headers = {"Content-Disposition": f'attachment; filename="sample-{number}.csv"'}
    return Response("".join(lines), mimetype="text/csv", headers=headers)


@pages.get("/audit/process")
@requires("auditor")
def process_map() -> str | tuple[str, int]:
    """Show how cases of a workflow version ran, drawn on its picture, with tables."""
    data = access.given()
    shown: dict[str, Any] = {"errors": {}, "flow": None, "span": None}
    status = 200
    try:
        span = access.span_of(data)
        ran = process.ran(actor(), span)
        shown |= {"span": span, "more": ran.more, "flow": None if ran.more else ran.flow}
        if shown["flow"]:
            shown |= {
                "picture": Markup(figures.picture(ran.flow)),  # noqa: S704 - all of it is escaped there
                "steps": figures.steps(ran.flow),
            }
    except Invalid as error:
        shown["errors"], status = error.errors, 422
    except Missing:
        if data:
            raise
    page = render_template(
        "analysis/process.html",
        values=data,
        labels=LABELS,
        most=MOST_EVENTS,
        lasting=figures.lasting,
        **shown,
        **access.choices(),
    )
    return page, status


@api.get("/audit/process")
@requires("auditor")
def api_process() -> Any:
    """Return how the cases of a workflow version ran."""
    span = access.span_of(access.given())
    ran = process.ran(actor(), span)
    if ran.more:
        raise Invalid(
            {"first": [f"There are more than {MOST_EVENTS} steps: choose a shorter period."]}
        )
    body = told.process(ran.flow)
    return jsonify({**body, "first": span.first.isoformat(), "last": span.last.isoformat()})


@pages.get("/audit/compare")
@requires("auditor")
def comparison() -> tuple[str, int]:
    """Show two officers or two agencies beside each other, on like cases."""
    data = access.given()
    shown: dict[str, Any] = {"errors": {}, "sides": []}
    status = 200
    if data:
        try:
            shown["sides"], shown["more"] = _sides(data)
        except Invalid as error:
            shown["errors"], status = error.errors, 422
    page = render_template(
        "analysis/compare.html", values=data, labels=LABELS, few=FEW, **shown, **access.choices()
    )
    return page, status


@api.get("/audit/compare")
@requires("auditor")
def api_comparison() -> Any:
    """Return two officers or two agencies beside each other, on like cases."""
    found, more = _sides(access.given())
    return jsonify(told.sides(found, more=more))


def _sides(data: dict[str, Any]) -> tuple[list[Side], bool]:
    named, like = access.like_of(data)
    found, more = [], False
    for place in ("one", "other"):
        one, cut = _side(named, place, like)
        found.append(one)
        more = more or cut
    return found, more


def _side(named: dict[str, str], place: str, like: Like) -> tuple[Side, bool]:
    if named["kind"] == "agencies":
        code = access.agency(named[place], place)
        outcomes, more = compare.of_agency(actor(), like, code)
        return side(code, outcomes), more
    person = access.officer(named[place], place)
    outcomes, more = compare.of_officer(actor(), like, person.id)
    return side(f"{person.name}, {person.mark}", outcomes), more


def _after() -> int:
    return session.whole_number(request.args.get("after", "0"))


def _zone() -> str:
    return zone_of(actor())


def _query(data: dict[str, Any], **more: Any) -> str:
    said = {name: value for name, value in {**data, **more}.items() if value not in ("", [])}
    return f"?{urlencode(said, doseq=True)}" if said else ""


def _following(data: dict[str, Any], after: int) -> str:
    return url_for("analysis.find") + _query(data, after=after) if after else ""
