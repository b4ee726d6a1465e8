"""Who is asking, and whether they may: the only reader of the session cookie and the bearer token."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import g, jsonify, request, session
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app import clock
from app.accounts import commands, queries
from app.accounts.models import Person, SignIn
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid, Malformed, NotSignedIn
from config import Settings
from workflows.machine import Refused

View = Callable[..., Any]

# A session's "last seen" is written at most this often, so that looking at a page is not a write.
SEEN_EVERY = timedelta(minutes=5)
# More would not fit a database key.
MOST_DIGITS = 15
# How long a key for a repeatable request may be.
KEY_LENGTH = range(8, 81)
# No request here nests tables and lists deeper than this.
MOST_DEPTH = 8


def settings() -> Settings:
    """Return the settings of the running application."""
    found: Settings = g.settings
    return found


def identify() -> None:
    """Find out who is asking, before the view runs; ``g.person`` is ``None`` for a stranger."""
    g.person, g.sign_in = None, None
    token = _token()
    found = queries.signed_in(token) if token else None
    if found is None:
        return
    sign_in, person = found
    at = clock.now()
    if at - sign_in.created_at > session_length():
        return
    if at - sign_in.seen_at > timedelta(minutes=settings().idle_minutes):
        return
    if at - sign_in.seen_at > SEEN_EVERY:
        _seen(sign_in.id)
    g.person, g.sign_in = person, sign_in


def asking() -> Person | None:
    """Return the person who is asking, ``None`` for a stranger."""
    person: Person | None = g.get("person")
    return person


def actor() -> Person:
    """Return the person who is asking; raises ``NotSignedIn``."""
    person = asking()
    if person is None:
        raise NotSignedIn("Your session has ended, or you have not signed in yet.")
    return person


def sign_in_record() -> SignIn:
    """Return the session of the person who is asking."""
    actor()
    found: SignIn = g.sign_in
    return found


def requires(permission: str) -> Callable[[View], View]:
    """Name the permission a route asks for: anyone, signed_in, applicant, adviser, writer, officer or auditor.

    Writers are applicants and those who write for them, the advisers of service centres; officers are all the others.

    Which act a person may take in which state is not decided here but by the workflow.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            _check(permission)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def carry(parcel: dict[str, Any] | None) -> None:
    """Hand a parcel to the next page, in a small transaction of its own."""
    if g.get("sign_in") is None:
        return
    with transaction():
        commands.carry(db.session.merge(sign_in_record()), parcel)


def carried() -> dict[str, Any]:
    """Take what the last page handed over; it is shown once."""
    sign_in: SignIn | None = g.get("sign_in")
    if sign_in is None or not sign_in.carried:
        return {}
    parcel = dict(sign_in.carried)
    db.session.rollback()
    carry(None)
    return parcel


def remember_token(token: str) -> None:
    """Begin the browser's session with a token; whatever the cookie held before is dropped."""
    session.clear()
    session["token"] = token


def forget_token() -> None:
    """End the browser's session."""
    session.clear()


def session_length() -> timedelta:
    """Return how long a session lasts at most."""
    return timedelta(hours=settings().session_hours)


def whole_number(text: str) -> int:
    """Return a whole number from an address, 0 for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0


def json_body() -> Any:
    """Return the JSON of the request; raises ``Malformed`` for anything else."""
    if request.mimetype != "application/json":
        raise Malformed("Send the body as application/json.")
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    if not isinstance(body, dict):
        raise Malformed("The body is not a JSON object.")
    if _deep(body):
        raise Malformed(f"The body is nested deeper than {MOST_DEPTH} levels.")
    return body


def _deep(body: dict[str, Any]) -> bool:
    level: list[Any] = [body]
    for _ in range(MOST_DEPTH):
        tables = [value.values() for value in level if isinstance(value, dict)]
        lists = [value for value in level if isinstance(value, list)]
        level = [inner for values in (*tables, *lists) for inner in values]
    return any(isinstance(value, dict | list) for value in level)


def _token() -> str | None:
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if request.path.startswith("/api/"):
        # The interface takes no cookie: a page of another site cannot act in somebody's name there.
        return value if kind == "Bearer" and value else None
    return session.get("token")


def _check(permission: str) -> None:
    if permission == "anyone":
        return
    person = actor()
    if permission == "applicant" and not person.applies:
        raise Forbidden("This is for people of enterprises.")
    if permission == "adviser" and not person.advises:
        raise Forbidden("This is for advisers of service centres.")
    if permission == "writer" and not person.beside:
        raise Forbidden("This is for people of enterprises, and advisers who write for them.")
    if permission == "officer" and person.beside:
        raise Forbidden("This is for officers of agencies.")
    if permission == "auditor" and "auditor" not in person.duties:
        raise Forbidden("This is for auditors.")


def _seen(sign_in_id: int) -> None:
    db.session.rollback()
    with transaction():
        found = db.session.get(SignIn, sign_in_id)
        if found is not None:
            found.seen_at = clock.now()


def once(produce: Callable[[], tuple[dict[str, Any], int]]) -> tuple[Response, int]:
    """Run a command under the request's idempotency key: a request that was answered is answered as before.

    The answer is kept in the transaction of the command. The same key with another request is refused.
    """
    key = request.headers.get("Idempotency-Key", "")
    if len(key) not in KEY_LENGTH or not key.isprintable():
        raise Malformed("Send an Idempotency-Key of 8 to 80 characters, new for each request.")
    parts = (
        request.method,
        request.path,
        request.headers.get("If-Match", ""),
        _body(),
    )
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    before = _before(key, digest)
    if before is not None:
        return before
    try:
        with transaction():
            body, status = produce()
            commands.remember(actor(), key, digest, status, body)
    except (Refused, Conflict, IntegrityError):
        # Somebody may have sent the same request at the same moment and been first.
        before = _before(key, digest)
        if before is None:
            raise
        return before
    return jsonify(body), status


def _body() -> str:
    """Return what was sent as text; what is none, such as an uploaded file, by its digest."""
    sent = request.get_data()
    try:
        return sent.decode()
    except UnicodeDecodeError:
        return hashlib.sha256(sent).hexdigest()


def _before(key: str, digest: str) -> tuple[Response, int] | None:
    answered = queries.answered(actor(), key)
    if answered is None:
        return None
    if answered.request_sha256 != digest:
        raise Invalid({"Idempotency-Key": ["This key was used for another request."]})
    return jsonify(answered.body), answered.status
