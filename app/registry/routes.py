"""What is known of an enterprise: a page for those who may know of it, forms for officers, and the interface."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts import access
from app.accounts import queries as accounts
from app.accounts.access import actor, requires
from app.accounts.models import Enterprise
from app.accounts.schemas import Input, read
from app.countries.queries import country
from app.db import transaction
from app.errors import Conflict, Invalid
from app.registry import commands, queries
from app.registry.models import Certificate, RegistryCheck
from app.registry.schemas import OUTCOMES, CertificateInput, CheckInput, RevokeInput

pages = Blueprint("registry", __name__)
api = Blueprint("registry_api", __name__, url_prefix="/api/v1")

LABELS = {
    "outcome": "What you found",
    "source": "Where you looked it up",
    "note": "Note",
    "course": "Course",
    "holder": "Who passed it",
    "issuer": "Who certified it",
    "number": "Number of the certificate",
    "issued_on": "Day of issue",
    "expires_on": "Last day",
    "reason": "Why it counts no more",
}


@pages.get("/enterprises/<int(max=2147483647):number>")
@requires("signed_in")
def enterprise(number: int) -> str:
    """Show what is known of an enterprise, with forms for officers who record it."""
    # Taking the parcel ends the transaction, and rows read before it with it.
    carried = access.carried()
    found = queries.known(number, actor=actor())
    return _page(found, carried, {}, {}, "")


@pages.post("/enterprises/<int(max=2147483647):number>/checks")
@requires("officer")
def check(number: int) -> Redirect | tuple[str, int]:
    """Record what the registry said."""
    return _taken(number, "check")


@pages.post("/enterprises/<int(max=2147483647):number>/certificates")
@requires("officer")
def certify(number: int) -> Redirect | tuple[str, int]:
    """Record a certificate."""
    return _taken(number, "certificate")


@pages.post(
    "/enterprises/<int(max=2147483647):number>/certificates/<int(max=2147483647):certificate>/revoke"
)
@requires("officer")
def revoke(number: int, certificate: int) -> Redirect | tuple[str, int]:
    """Record that a certificate counts no more."""
    return _taken(number, f"revoke-{certificate}")


@api.get("/enterprises/<int(max=2147483647):number>")
@requires("signed_in")
def api_enterprise(number: int) -> Response:
    """Show what is known of an enterprise."""
    found = queries.known(number, actor=actor())
    today = queries.today_of(found)
    body = {
        "id": found.id,
        "country": found.country,
        "registry_number": found.registry_number,
        "name": found.name,
        "checks": [_check_told(one) for one in queries.checks(found.id)],
        "certificates": [
            {**_certificate_told(one), "state": queries.state_of(one, today)}
            for one in queries.certificates(found.id)
        ],
    }
    return jsonify(body)


@api.post("/enterprises/<int(max=2147483647):number>/checks")
@requires("officer")
def api_check(number: int) -> Any:
    """Record what the registry said."""
    given = _given(number, CheckInput())
    return access.once(
        lambda: (_check_told(commands.record_check(number, given, actor=actor())), 201)
    )


@api.post("/enterprises/<int(max=2147483647):number>/certificates")
@requires("officer")
def api_certify(number: int) -> Any:
    """Record a certificate."""
    given = _given(number, CertificateInput())
    return access.once(
        lambda: (_certificate_told(commands.record_certificate(number, given, actor=actor())), 201)
    )


@api.post(
    "/enterprises/<int(max=2147483647):number>/certificates/<int(max=2147483647):certificate>/revoke"
)
@requires("officer")
def api_revoke(number: int, certificate: int) -> Any:
    """Record that a certificate counts no more."""
    given = _given(number, RevokeInput())

    def produce() -> tuple[dict[str, Any], int]:
        found = commands.revoke_certificate(number, certificate, given["reason"], actor=actor())
        return _certificate_told(found), 200

    return access.once(produce)


def _given(number: int, schema: Input) -> Any:
    """Read what was sent; for whom the enterprise is hidden there is nothing to send it to."""
    queries.known(number, actor=actor())
    return read(schema, access.json_body())


def _taken(number: int, form: str) -> Redirect | tuple[str, int]:
    """Take what a form of the page records; what is wrong with it is told on the page."""
    found = queries.known(number, actor=actor())
    values = {name: value for name, value in request.form.items() if name != "csrf_token"}
    try:
        with transaction():
            _record(number, form, values)
    except Invalid as error:
        return _page(found, {}, error.errors, values, form), 422
    except Conflict as error:
        return _page(found, {}, {"": [error.detail]}, values, form), 409
    access.carry({"done": form.partition("-")[0]})
    return redirect(url_for("registry.enterprise", number=number), 303)


def _record(number: int, form: str, values: dict[str, str]) -> None:
    word, _, certificate = form.partition("-")
    if word == "check":
        commands.record_check(number, read(CheckInput(), values), actor=actor())
    elif word == "certificate":
        commands.record_certificate(number, read(CertificateInput(), values), actor=actor())
    else:
        why = read(RevokeInput(), values)["reason"]
        commands.revoke_certificate(number, int(certificate), why, actor=actor())


def _page(
    found: Enterprise,
    carried: dict[str, Any],
    errors: dict[str, list[str]],
    values: dict[str, str],
    form: str,
) -> str:
    checks, certificates = queries.checks(found.id), queries.certificates(found.id)
    today = queries.today_of(found)
    people = {one.checked_by for one in checks} | {one.recorded_by for one in certificates}
    return render_template(
        "registry/enterprise.html",
        enterprise=found,
        checks=checks,
        certificates=[(one, queries.state_of(one, today)) for one in certificates],
        # Applicants read that an officer did it, not which one.
        people={} if actor().beside else accounts.names(people),
        zone=country(found.country).zone,
        courses=queries.courses(),
        outcomes=OUTCOMES,
        recording=commands.may_record(actor()),
        carried=carried,
        errors=errors,
        values=values,
        form=form,
        labels=LABELS,
    )


def _check_told(found: RegistryCheck) -> dict[str, Any]:
    return {
        "id": found.id,
        "outcome": found.outcome,
        "source": found.source,
        "at": found.at.isoformat(),
        **({} if actor().beside else {"checked_by": found.checked_by, "note": found.note}),
    }


def _certificate_told(found: Certificate) -> dict[str, Any]:
    return {
        "id": found.id,
        "course": found.course,
        "holder": found.holder,
        "issuer": found.issuer,
        "number": found.number,
        "issued_on": found.issued_on.isoformat(),
        "expires_on": found.expires_on.isoformat() if found.expires_on else None,
        "revoked_at": found.revoked_at.isoformat() if found.revoked_at else None,
    }
