"""Signing in and out, on pages and through the interface."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import clock
from app.accounts import access, commands, queries
from app.accounts.access import requires
from app.accounts.schemas import SignInInput, read
from app.db import transaction
from app.errors import Invalid, Missing, NotSignedIn

pages = Blueprint("accounts", __name__)
api = Blueprint("accounts_api", __name__, url_prefix="/api/v1")


@pages.get("/sign-in")
@requires("anyone")
def sign_in_page() -> str:
    """Show the form for signing in."""
    return render_template("accounts/sign_in.html", errors={}, values={})


@pages.post("/sign-in")
@requires("anyone")
def sign_in() -> Response | tuple[str, int]:
    """Begin a session with e-mail address and password."""
    values = {name: request.form.get(name, "") for name in ("email", "password")}
    try:
        found = read(SignInInput(), values)
        with transaction():
            token, _ = commands.sign_in(**found)
    except Invalid as error:
        return _again(error.errors, values, 422)
    except NotSignedIn as error:
        return _again({"email": [error.detail]}, values, 401)
    access.remember_token(token)
    return redirect(url_for("dashboards.home"), 303)


def _again(errors: dict[str, list[str]], values: dict[str, str], status: int) -> tuple[str, int]:
    shown = {"email": values["email"]}
    return render_template("accounts/sign_in.html", errors=errors, values=shown), status


@pages.post("/sign-out")
@requires("signed_in")
def sign_out() -> Response:
    """End the session of this browser."""
    with transaction():
        commands.sign_out(access.sign_in_record())
    access.forget_token()
    return redirect(url_for("schemes.find"), 303)


@pages.get("/sessions")
@requires("signed_in")
def sessions() -> str:
    """Show the person's sessions that have not ended."""
    person = access.actor()
    found = queries.sessions_of(person, _oldest())
    return render_template(
        "accounts/sessions.html",
        sessions=found,
        here=access.sign_in_record().id,
        zone=queries.zone_of(person),
    )


@pages.post("/sessions/<int:session_id>/end")
@requires("signed_in")
def end_session(session_id: int) -> Response:
    """End one of the person's sessions."""
    with transaction():
        own = {found.id: found for found in queries.sessions_of(access.actor(), _oldest())}
        if session_id not in own:
            raise Missing
        commands.sign_out(own[session_id])
    return redirect(url_for("accounts.sessions"), 303)


@api.post("/sessions")
@requires("anyone")
def begin() -> tuple[dict[str, Any], int]:
    """Begin a session and answer its token."""
    found = read(SignInInput(), access.json_body())
    with transaction():
        token, person = commands.sign_in(**found)
    return {"token": token, "name": person.name, "duties": person.duties}, 201


@api.delete("/sessions/current")
@requires("signed_in")
def end() -> tuple[str, int]:
    """End the session of the token that asks."""
    with transaction():
        commands.sign_out(access.sign_in_record())
    return "", 204


def _oldest() -> Any:
    return clock.now() - access.session_length()
