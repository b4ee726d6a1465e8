"""A person at the JSON interface: signs in, says which version was looked at, and sends every request under a key."""

import io
import secrets
from contextvars import Context
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import db
from tests.world import PASSWORD

API = "/api/v1"
CASES = f"{API}/applications"


class Outside(FlaskClient):
    """A client whose every request is as one from outside: with a context and a database session of its own.

    Whatever the test itself has open is closed first, because both share the one connection of the test.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and read the whole answer."""
        if has_app_context():
            db.session.remove()
        return Context().run(super().open, *args, **{"buffered": True, **kwargs})


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """Return the problem document of an answer, after checking that it is one."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), (
        answer.text
    )
    found: dict[str, Any] = answer.get_json()
    assert found["status"] == status
    assert found["title"]
    assert found["type"].startswith("/problems/")
    assert found["instance"] == answer.headers["X-Request-ID"]
    return found


def headers(version: int = 0) -> dict[str, str]:
    """Return the headers every act asks for."""
    return {"If-Match": f'"v{version}"', "Idempotency-Key": secrets.token_hex(8)}


def outside(app: Flask, *, cookies: bool = False) -> Outside:
    """Return a client from outside."""
    return Outside(app, app.response_class, use_cookies=cookies)


class Interface:
    """Somebody who is signed in at the interface."""

    def __init__(self, app: Flask, name: str) -> None:
        """Sign in as ``name`` of the world, such as "desk.my"."""
        self.client = outside(app)
        answer = self.client.post(
            f"{API}/sessions", json={"email": f"{name}@world.example", "password": PASSWORD}
        )
        assert answer.status_code == 201, answer.text
        self.headers = {"Authorization": f"Bearer {answer.get_json()['token']}"}

    def send(self, method: str, path: str, *, headers: Any = None, **more: Any) -> TestResponse:
        """Send a request as this person; a header that is given as ``None`` is left out."""
        sent = {**self.headers, **(headers or {})}
        kept = {name: value for name, value in sent.items() if value is not None}
        return self.client.open(path, method=method, headers=kept, **more)

    def get(self, path: str) -> TestResponse:
        """Read something."""
        return self.send("GET", path)

    def case(self, reference: str) -> dict[str, Any]:
        """Return a case as this person sees it."""
        answer = self.get(f"{CASES}/{reference}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def etag(self, reference: str) -> str:
        """Return the version this person sees, as If-Match wants it."""
        return f'"v{self.case(reference)["version"]}"'

    def begin(self, call: str) -> str:
        """Start a draft and return its reference."""
        answer = self.send(
            "POST", CASES, json={"call": call}, headers={"Idempotency-Key": secrets.token_hex(8)}
        )
        assert answer.status_code == 201, answer.text
        return str(answer.get_json()["reference"])

    def answer(self, reference: str, answers: dict[str, Any]) -> TestResponse:
        """Save answers."""
        headers = {"If-Match": self.etag(reference)}
        return self.send("PUT", f"{CASES}/{reference}/answers", json=answers, headers=headers)

    def attach(self, reference: str, kind: str, content: bytes) -> TestResponse:
        """Attach a document."""
        data = {"kind": kind, "file": (io.BytesIO(content), f"{kind}.pdf")}
        return self.send("POST", f"{CASES}/{reference}/documents", data=data)

    def act(
        self, reference: str, act: str, data: Any = None, *, headers: Any = None, number: int = 0
    ) -> TestResponse:
        """Take an act on the version that stands, on a tranche when ``number`` is given."""
        middle = f"/tranches/{number}" if number else ""
        sent = {"If-Match": None, "Idempotency-Key": secrets.token_hex(8), **(headers or {})}
        if "If-Match" not in (headers or {}):
            sent["If-Match"] = self.etag(reference)
        path = f"{CASES}/{reference}{middle}/acts/{act}"
        return self.send("POST", path, json=data or {}, headers=sent)
