"""Finding a scheme, reading its terms with their sources, and checking eligibility before applying."""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from app.accounts.access import requires
from app.countries.queries import country
from app.errors import Missing
from app.schemes import queries
from app.schemes.compose.terms import Question, SchemeTerms
from app.schemes.models import Call
from app.schemes.schemas import draft, problems, well_formed
from workflows import eligibility

pages = Blueprint("schemes", __name__)
api = Blueprint("schemes_api", __name__, url_prefix="/api/v1")


@pages.get("/schemes")
@requires("anyone")
def find() -> str:
    """Show every scheme and call, open or not."""
    calls = [(call, queries.terms(call.scheme), queries.is_open(call)) for call in queries.calls()]
    zones = {terms.country: country(terms.country).zone for _, terms, _ in calls}
    return render_template("schemes/find.html", calls=calls, zones=zones)


@pages.get("/schemes/<code>")
@requires("anyone")
def scheme(code: str) -> str:
    """Show the terms of a scheme, each with where it comes from, and what is illustrative."""
    call = _call(code)
    terms = queries.terms(call.scheme)
    return render_template(
        "schemes/scheme.html",
        call=call,
        terms=terms,
        is_open=queries.is_open(call),
        workflow=queries.workflow(call.scheme.workflow_digest),
        zone=country(terms.country).zone,
    )


@pages.get("/schemes/<code>/eligibility")
@requires("anyone")
def eligibility_page(code: str) -> str:
    """Show the questions that decide eligibility."""
    return _eligibility(code, {})


@pages.post("/schemes/<code>/eligibility")
@requires("anyone")
def check_eligibility(code: str) -> str:
    """Check answers against the rules; nothing is stored."""
    return _eligibility(code, dict(request.form))


@api.get("/calls")
@requires("anyone")
def api_calls() -> Response:
    """List the calls with what a program needs to apply: questions, documents, limits."""
    return jsonify({"calls": [_described(call) for call in queries.calls()]})


def _call(code: str) -> Call:
    call = queries.call(code)
    if call is None:
        raise Missing(f"There is no call {code}.")
    return call


def _eligibility(code: str, form: dict[str, str]) -> str:
    call = _call(code)
    terms = queries.terms(call.scheme)
    asked = _deciding(terms)
    given = {question.key: form.get(question.key, "") for question in asked}
    checked = bool(form)
    answers = draft(terms, given) if checked else {}
    wrong = problems(terms, answers) if checked else {}
    results = eligibility.check(terms.rules, well_formed(terms, answers)) if checked else ()
    return render_template(
        "schemes/eligibility.html",
        call=call,
        terms=terms,
        questions=asked,
        values=answers,
        errors={question.key: wrong[question.key] for question in asked if question.key in wrong},
        labels={question.key: question.label for question in asked},
        results=results,
        eligible=checked and all(result.holds for result in results),
        is_open=queries.is_open(call),
    )


def _deciding(terms: SchemeTerms) -> tuple[Question, ...]:
    """Return the questions that the eligibility rules look at, in the order of the form."""
    named = {name for rule in terms.rules for name in eligibility.needs(rule.test)}
    return tuple(question for question in terms.questions if question.key in named)


def _described(call: Call) -> dict[str, Any]:
    terms = queries.terms(call.scheme)
    return {
        "call": call.code,
        "title": call.title,
        "open": queries.is_open(call),
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
