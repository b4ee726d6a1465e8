"""A small browser: keeps cookies, sends the token of the form it saw, follows redirects only when told."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.interface import outside
from tests.world import PASSWORD

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """Somebody at the pages; signed in when a name of the world is given."""

    def __init__(self, app: Flask, name: str = "") -> None:
        """Open the browser."""
        self.client = outside(app, cookies=True)
        if name:
            answer = self.sign_in(f"{name}@world.example", PASSWORD)
            assert answer.status_code == 303, answer.text

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **more)

    def token(self) -> str:
        """Return the token of a form that everybody may see."""
        found = TOKEN.search(self.get("/sign-in").text)
        assert found
        return found[1]

    def post(self, path: str, data: Any = None, **more: Any) -> TestResponse:
        """Send a form with its token."""
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **more)

    def sign_in(self, email: str, password: str) -> TestResponse:
        """Send the form for signing in."""
        return self.post("/sign-in", {"email": email, "password": password})

    def cookie(self) -> str:
        """Return the session cookie."""
        found = self.client.get_cookie("saluran")
        assert found is not None
        return str(found.value)
