"""What every request shares: who asks, how errors are shown, the headers, the words templates may use."""

import logging
import secrets
from datetime import date, datetime
from functools import cache
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from alembic.script import ScriptDirectory
from flask import Flask, current_app, g, jsonify, render_template, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from sqlalchemy import text
from werkzeug.exceptions import HTTPException

from app import clock
from app.accesslog import access as looks
from app.accesslog import routes as accesslog
from app.accounts import access
from app.accounts import routes as accounts
from app.accounts.access import requires
from app.analysis import routes as analysis
from app.applications import routes as applications
from app.applications.access import register
from app.audit import routes as audit
from app.awards import routes as awards
from app.budgets import routes as budgets
from app.claims import routes as claims
from app.consents import routes as consents
from app.countries.queries import country
from app.dashboards import routes as dashboards
from app.db import db, read_only
from app.decisions import routes as decisions
from app.delegations import routes as delegations
from app.disbursements import routes as disbursements
from app.errors import Invalid, Malformed, Problem
from app.exports import routes as exports
from app.headers import HEADERS
from app.intake import routes as intake
from app.intake.queries import DESK
from app.letters import routes as letters
from app.proceedings import routes as proceedings
from app.publication import routes as publication
from app.recoveries import routes as recoveries
from app.referrals import routes as referrals
from app.registry import routes as registry
from app.repayments import routes as repayments
from app.retention import routes as retention
from app.reviews import routes as reviews
from app.schemes import routes as schemes
from app.submissions import routes as submissions
from app.trail.commands import origin
from app.variations import routes as variations
from app.versions import routes as versions
from app.versions.queries import LOOKERS
from config import ROOT
from workflows.machine import Refused
from workflows.money import formatted

log = logging.getLogger(__name__)

CAPABILITIES = (
    accesslog, retention, accounts, schemes, consents, referrals, delegations, applications, submissions, disbursements, letters,
    versions, dashboards, audit, exports,
    publication, analysis, intake, registry, budgets, proceedings, recoveries, claims, repayments,
)  # fmt: skip
# What acts do beside moving a case.
EFFECTS = (submissions, reviews, awards, decisions, disbursements, claims)
# What may be proposed about an award.
PROPOSALS = (variations, recoveries, repayments)

READING = ("GET", "HEAD", "OPTIONS")


def init(app: Flask, csrf: CSRFProtect) -> None:
    """Attach routes, error pages, headers and template words to the application."""
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.loader = ChoiceLoader(
        [
            app.jinja_loader or PackageLoader("app"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.filters.update(money=formatted, local_time=local_time, local_date=local_date)
    app.jinja_env.globals.update(now_here=now_here)
    app.before_request(_begin)
    # After _begin: the page that says a form is forged needs to know who asks.
    csrf.init_app(app)
    app.after_request(_headed)
    app.teardown_request(_end)
    # Runs before it: what follows the answer itself comes first.
    looks.watch(app)
    app.context_processor(_words)
    app.add_url_rule("/healthz", "alive", _alive)
    app.add_url_rule("/readyz", "ready", _ready)
    for effects in EFFECTS:
        register(*effects.VERBS)
    for proposals in PROPOSALS:
        proceedings.register(proposals.KINDS, proposals.FORMS)
    for capability in CAPABILITIES:
        app.register_blueprint(capability.pages)
        app.register_blueprint(capability.api)
        csrf.exempt(capability.api)
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)


@requires("anyone")
def _alive() -> tuple[str, int]:
    """Answer that the process lives; nothing else is asked."""
    return "ok\n", 200


@requires("anyone")
def _ready() -> tuple[str, int]:
    """Answer whether requests can be served: the database answers and is at the head of the migrations.

    Redis is not asked: without it applications are still taken, and letters follow later.
    """
    stamped = text("SELECT version_num FROM alembic_version")
    if db.session.scalar(stamped) != _head():
        return "The database is not at the head of the migrations.\n", 503
    return "ready\n", 200


@cache
def _head() -> str | None:
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()


def local_time(moment: datetime, zone: str) -> str:
    """Return "22 November 2026, 09:14" in a time zone by its IANA name."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y, %H:%M}"


def now_here(zone: str) -> str:
    """Return what the clock of this service says, by which every deadline is measured: nobody's own clock counts."""
    return f"It is now {clock.in_words(clock.now(), zone)} by the clock of this service."


def local_date(moment: datetime | date, zone: str = "UTC") -> str:
    """Return "22 November 2026" of a day, or of a moment in a time zone."""
    day = moment.astimezone(ZoneInfo(zone)).date() if isinstance(moment, datetime) else moment
    return f"{day.day} {day:%B %Y}"


def _end(_error: BaseException | None) -> None:
    """Let what this thread does next not be taken for a part of the request."""
    before = g.pop("origin", None)
    if before is not None:
        origin.reset(before)


def _begin() -> None:
    g.settings = current_app.extensions["saluran.settings"]
    g.request_id = secrets.token_hex(8)
    g.origin = origin.set(f"request-{g.request_id}")
    if request.endpoint in ("static", "alive"):
        return
    if request.method in READING:
        read_only()
    access.identify()
    if "\x00" in request.path or b"%00" in request.query_string:
        # PostgreSQL cannot even compare it.
        raise Malformed("The address holds a character that cannot be.")


def _headed(response: Any) -> Any:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=3600"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    if g.settings.https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    response.headers["X-Request-ID"] = g.request_id
    return response


def _words() -> dict[str, Any]:
    person = g.get("person")
    ahead = clock.days_ahead()
    return {
        "person": person,
        "signed_in": _signed_in(person) if person else None,
        "navigation": _navigation(person),
        "home_zone": _home_zone(person),
        "rehearsal": f"Rehearsal clock: dates run {ahead} days ahead of today." if ahead else "",
    }


def _home_zone(person: Any) -> str:
    home = (person.agency or person.enterprise) if person else None
    return country(home.country).zone if home else ""


def _signed_in(person: Any) -> dict[str, str]:
    home = person.agency or person.enterprise
    duties = ", ".join(duty.replace("_", " ") for duty in person.duties)
    return {"name": person.name, "duty": duties, "acting_for": home.name}


def _navigation(person: Any) -> list[tuple[str, str, bool]]:
    entries = [("Find a scheme", "schemes.find")]
    if person is not None:
        held = set(person.duties)
        officer = not person.beside
        offered = (
            ("Your applications", "dashboards.mine", person.applies),
            ("Who may act for you", "consents.home", person.applies),
            ("Applications", "dashboards.advised", person.advises),
            ("Queue", "dashboards.queue", officer),
            ("Enterprises", "consents.home", consents.USERS & held),
            ("Referrals", "referrals.home", consents.USERS & held),
            ("On paper", "intake.home", DESK in held),
            ("Delegations", "delegations.home", officer),
            ("Payments", "disbursements.home", disbursements.READERS & held),
            ("Arrears", "repayments.home", officer),
            ("Recoveries", "recoveries.home", officer),
            ("Budgets", "budgets.home", officer),
            ("Workflows", "versions.versions", LOOKERS & held),
            ("Audit", "audit.home", "auditor" in held),
            ("Records", "retention.home", "records_officer" in held),
            ("Access log", "accesslog.home", accesslog.READERS & held),
            ("Your sessions", "accounts.sessions", True),
        )
        entries += [(label, endpoint) for label, endpoint, shown in offered if shown]
    return [(label, url_for(endpoint), request.endpoint == endpoint) for label, endpoint in entries]


def _problem(problem: Problem) -> Any:
    db.session.rollback()
    errors = problem.errors if isinstance(problem, Invalid) else {}
    return _shown(problem.status, problem.slug, problem.title, problem.detail, errors=errors)


def _refused(refused: Refused) -> Any:
    db.session.rollback()
    status, slug = (412, "stale") if refused.stale else (409, "refused")
    failures = [vars(failure) for failure in refused.failures]
    return _shown(status, slug, "This act is not possible", "", reasons=failures)


def _forged(_error: CSRFError) -> Any:
    detail = "The form is no longer valid. Open the page again and send it once more."
    return _shown(400, "form-expired", "This form cannot be taken", detail)


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    response = _shown(status, "http", error.name, error.description or "")
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response[0].headers["Allow"] = ", ".join(allowed)
    return response


def _bug(error: Exception) -> Any:
    db.session.rollback()
    log.error("Request %s failed", g.get("request_id"), exc_info=error)
    detail = "It is our fault. Nothing was saved. Tell us the number below if it happens again."
    return _shown(500, "internal", "Something went wrong", detail)


def _shown(status: int, slug: str, title: str, detail: str, **more: Any) -> Any:
    """Answer a problem as RFC 9457 asks on the interface, as a page elsewhere."""
    request_id = g.get("request_id", "")
    if request.path.startswith("/api/"):
        body = {
            "type": f"/problems/{slug}",
            "title": title,
            "status": status,
            "instance": request_id,
        }
        body |= {"detail": detail} if detail else {}
        response = jsonify({**body, **{name: value for name, value in more.items() if value}})
        response.mimetype = "application/problem+json"
    else:
        page = render_template(
            "errors/problem.html",
            status=status,
            title=title,
            detail=detail,
            reference=request_id,
            **{"errors": {}, "reasons": [], **more},
        )
        response = Flask.response_class(page)
    response.status_code = status
    if status == HTTPStatus.UNAUTHORIZED:
        # RFC 9110, section 15.5.2: the answer names the way to sign in.
        response.headers["WWW-Authenticate"] = "Bearer"
    return response, status
