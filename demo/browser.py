"""A small browser of the standard library: cookies, pages, forms, files and downloads, one person each."""

import http.client
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from demo.page import Form, Page, Unfillable, Value, plain, read

SECONDS = 60
MOST_REDIRECTS = 5


class Unexpected(Exception):
    """The system did not do what the dossier says it does; the message is for the person who started the drive."""


@dataclass(frozen=True)
class Answer:
    """What came back: after redirects, from ``path``. ``filename`` is the name a download was given."""

    status: int
    path: str
    body: bytes
    filename: str


class Browser:
    """A person's browser: it keeps the cookies and says who it was when something unexpected comes back."""

    def __init__(self, base_url: str, person: str) -> None:
        """Open a browser that knows nobody yet; ``person`` is only for messages."""
        self._host = urlsplit(base_url).netloc
        self._person = person
        self._cookies: dict[str, str] = {}

    def open(self, path: str) -> Page:
        """Open a page; raises ``Unexpected`` when it is not there for this person."""
        return self._shown("GET", path, self._fetch("GET", path))

    def status(self, path: str) -> int:
        """Return how the system answers for a path: 404 for what this person may not know of."""
        return self._fetch("GET", path).status

    def send(
        self,
        page: Page,
        form: Form,
        fields: Mapping[str, Value],
        file: tuple[str, Path] | None = None,
    ) -> Page:
        """Fill in a form of a page, send it, and return the page that follows.

        ``file`` is the name of a file field and the file to attach. Raises ``Unexpected``.
        """
        path = form.action or page.path
        try:
            pairs = form.fill(fields)
        except Unfillable as refusal:
            raise self._unexpected("POST", path, str(refusal)) from refusal
        kind, body = _encoded(pairs, file) if form.multipart else _plain_form(pairs)
        return self._shown("POST", path, self._fetch("POST", path, body, kind))

    def act(
        self,
        page: Page,
        action: str,
        fields: Mapping[str, Value],
        file: tuple[str, Path] | None = None,
    ) -> Page:
        """Send the form of a page that has this action and takes these fields."""
        try:
            form = page.form(action, fields)
        except Unfillable as refusal:
            raise self._unexpected("POST", action, f"{refusal}. {page.errors}") from refusal
        return self.send(page, form, fields, file)

    def download(self, path: str) -> Answer:
        """Download a file; raises ``Unexpected`` when it cannot be had."""
        answer = self._fetch("GET", path)
        if answer.status != http.client.OK:
            raise self._unexpected("GET", path, f"status {answer.status}")
        return answer

    def _shown(self, method: str, path: str, answer: Answer) -> Page:
        page = read(answer.path, answer.body.decode())
        # A form that has to be corrected comes back as 422: its errors are the caller's to judge.
        if answer.status in (http.client.OK, http.client.UNPROCESSABLE_ENTITY):
            return page
        raise self._unexpected(
            method, path, f"status {answer.status}: {page.errors or page.text[:600]}"
        )

    def _unexpected(self, method: str, path: str, sentence: str) -> Unexpected:
        return Unexpected(f"{self._person}, {method} {path}: {plain(sentence)}")

    def _fetch(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        for _ in range(MOST_REDIRECTS):
            answer, onward = self._once(method, path, body, kind)
            if onward is None:
                return answer
            method, path, body, kind = "GET", onward, None, ""
        raise self._unexpected(method, path, "the redirects do not end")

    def _once(
        self, method: str, path: str, body: bytes | None, kind: str
    ) -> tuple[Answer, str | None]:
        connection = http.client.HTTPConnection(self._host, timeout=SECONDS)
        try:
            connection.request(method, path, body, self._headers(kind))
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise self._unexpected(method, path, f"no answer ({error!r})") from error
        finally:
            connection.close()
        self._keep(response.headers.get_all("Set-Cookie") or [])
        name = response.headers.get_filename() or ""
        place = response.headers.get("Location")
        onward = place if response.status in (301, 302, 303) else None
        return Answer(response.status, urlsplit(path).path, content, name), onward

    def _headers(self, kind: str) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies} if cookies else {}
        return headers | ({"Content-Type": kind} if kind else {})

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value


def _plain_form(pairs: list[tuple[str, str]]) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urlencode(pairs).encode()


def _encoded(pairs: list[tuple[str, str]], file: tuple[str, Path] | None) -> tuple[str, bytes]:
    """Return a form as multipart/form-data (RFC 7578)."""
    boundary = secrets.token_hex(16)
    parts = [(f'name="{name}"', value.encode()) for name, value in pairs]
    if file is not None:
        name, path = file
        head = f'name="{name}"; filename="{path.name}"\r\nContent-Type: application/pdf'
        parts.append((head, path.read_bytes()))
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + value + b"\r\n"
        for head, value in parts
    )
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


def expect(text: str, *sentences: str) -> None:
    """Raise ``Unexpected`` unless a text says every one of these sentences."""
    for sentence in sentences:
        if sentence not in text:
            raise Unexpected(f"It should say “{sentence}”: {text[:600]}")
