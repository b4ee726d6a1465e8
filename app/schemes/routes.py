"""Finding a scheme, reading its terms with their sources, and checking eligibility before applying."""

import json
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from app.accounts import access
from app.accounts.access import requires
from app.budgets import queries as budgets
from app.countries.compose import sizes
from app.countries.queries import country, served
from app.errors import Missing
from app.schemes import queries
from app.schemes.access import said, tongue
from app.schemes.compose import facilities as compose
from app.schemes.compose import telling
from app.schemes.compose.checking import INSTRUMENTS
from app.schemes.compose.described import described
from app.schemes.compose.terms import SchemeTerms
from app.schemes.models import Call, Scheme
from app.schemes.schemas import preliminary

pages = Blueprint("schemes", __name__)
api = Blueprint("schemes_api", __name__, url_prefix="/api/v1")


@pages.get("/schemes")
@requires("anyone")
def find() -> str:
    """Show every scheme and call, open or not, of one country or instrument where that is asked for."""
    wanted = {name: request.args.get(name, "") for name in ("country", "instrument")}
    calls = [(call, queries.terms(call.scheme), queries.closure(call)) for call in queries.calls()]
    countries = {code: country(code).name for code in served()}
    return render_template(
        "schemes/find.html",
        calls=[found for found in calls if _fits(found[1], wanted)],
        zones={code: country(code).zone for code in countries},
        countries=countries,
        instruments=[(name, name.capitalize()) for name in sorted(INSTRUMENTS)],
        wanted=wanted,
    )


def _fits(terms: SchemeTerms, wanted: dict[str, str]) -> bool:
    """Tell whether enterprises of the country that is asked for may apply, and whether it is of the instrument."""
    where, what = wanted["country"], wanted["instrument"]
    return where in {"", *terms.countries} and what in {"", terms.instrument}


@pages.get("/facilities")
@requires("anyone")
def facilities() -> str:
    """Show the facility of each member state and the regional fund with their schemes, sources and dates."""
    return render_template(
        "schemes/facilities.html",
        facilities=compose.facilities(),
        figures=telling.given,
    )


@pages.get("/schemes/<code>")
@requires("anyone")
def scheme(code: str) -> str:
    """Show the terms of a scheme, each with where it comes from, and what is illustrative.

    The code is that of a call, or that of a scheme: then its newest version and the call that opened last are shown.
    """
    found, call = _scheme(code)
    terms = queries.terms(found)
    workflow = queries.workflow(found.workflow_digest)
    return render_template(
        "schemes/scheme.html",
        scheme=found,
        call=call,
        terms=terms,
        closure=queries.closure(call) if call else queries.standing(found),
        workflow=workflow,
        matrix=telling.matrix(terms, workflow),
        figures=telling.figures(terms),
        basis=partial(telling.basis, terms),
        size=sizes.definition(terms.country) if terms.size and not terms.regional else None,
        countries=[country(code).name for code in terms.countries],
        zone=country(terms.country).zone,
        home=country(terms.country),
        budgets=budgets.of_calls([call.code]).get(call.code, []) if call else [],
    )


@pages.get("/schemes/<code>/eligibility")
@requires("anyone")
def eligibility_page(code: str) -> str:
    """Show the questions that decide eligibility."""
    return _eligibility(code, None)


@pages.post("/schemes/<code>/eligibility")
@requires("anyone")
def check_eligibility(code: str) -> str:
    """Check answers against the rules; nothing is stored."""
    return _eligibility(code, request.form.to_dict(flat=False))


@api.get("/calls")
@requires("anyone")
def api_calls() -> Response:
    """List the calls with what a program needs to apply: questions, documents, limits."""
    return jsonify({"calls": [_described(call) for call in queries.calls()]})


@api.get("/calls/<code>/form")
@requires("anyone")
def api_form(code: str) -> Response:
    """Describe the answers a call takes, as a JSON Schema with the words of the form."""
    schema = described(queries.terms(_call(code).scheme))
    return Response(json.dumps(schema, ensure_ascii=False), mimetype="application/schema+json")


@api.post("/calls/<code>/eligibility")
@requires("anyone")
def api_eligibility(code: str) -> Response:
    """Check answers against the rules; nothing is stored."""
    tried = preliminary.tried(queries.terms(_call(code).scheme), access.json_body())
    judged = tried.judged
    size = vars(judged.standing) if judged.standing else None
    body = {
        "outcome": judged.outcome,
        "results": judged.told,
        "size": size,
        "problems": tried.problems,
    }
    return jsonify(body)


@api.get("/facilities")
@requires("anyone")
def api_facilities() -> Response:
    """List the facilities with their schemes, the figures of each with where they come from."""
    return jsonify({"facilities": [compose.told(found) for found in compose.facilities()]})


def _scheme(code: str) -> tuple[Scheme, Call | None]:
    call = queries.call(code)
    if call is not None:
        return call.scheme, call
    found = queries.newest_scheme(code)
    if found is None:
        raise Missing(f"There is no scheme or call {code}.")
    return found, queries.newest_call(code)


def _call(code: str) -> Call:
    call = queries.call(code)
    if call is None:
        raise Missing(f"There is no call {code}.")
    return call


def _eligibility(code: str, form: dict[str, list[str]] | None) -> str:
    call = _call(code)
    terms = queries.terms(call.scheme)
    tried = preliminary.from_page(terms, form or {})
    return render_template(
        "schemes/eligibility.html",
        call=call,
        terms=terms,
        questions=said(terms, tried.questions),
        values=tried.answers,
        errors=tried.problems if form is not None else {},
        judged=tried.judged if form is not None else None,
        closure=queries.closure(call),
        **tongue(terms),
    )


def _described(call: Call) -> dict[str, Any]:
    terms = queries.terms(call.scheme)
    return {
        "call": call.code,
        "title": call.title,
        "open": queries.is_open(call),
        "closure": queries.closure(call),
        "scheme": {"code": terms.code, "version": terms.version, "name": terms.name},
        "instrument": terms.instrument,
        "currency": terms.currency,
        "ceiling": str(terms.ceiling),
        "floor": str(terms.floor),
        "questions": [
            {
                "key": q.key,
                "label": q.label,
                "kind": q.kind,
                "required": q.required,
                "choices": q.choices,
            }
            for q in terms.questions
        ],
        "documents": [
            {"kind": d.key, "label": d.label, "minimum": d.minimum} for d in terms.documents
        ],
    }
