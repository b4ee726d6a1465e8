"""A person at the JSON interface over real HTTP, who does not know whether a lost answer means a lost request.

So whatever breaks is sent again under the same Idempotency-Key until it is answered.
"""

import http.client
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from tests.world import PASSWORD

PATIENCE_SECONDS = 60.0
TIMEOUT_SECONDS = 15.0
PAUSE_SECONDS = 0.1
OK = range(200, 300)


@dataclass(frozen=True)
class Answer:
    """A status and the JSON that came with it."""

    status: int
    body: dict[str, Any]


class Unexpected(Exception):
    """An answer that is no success."""

    def __init__(self, request: str, answer: Answer) -> None:
        self.answer = answer
        super().__init__(f"{request}: {answer.status} {answer.body}")


@dataclass(frozen=True)
class Acknowledged:
    """An act whose effect the client was told of."""

    reference: str
    act: str
    seq: int
    hash: str


@dataclass
class Ledger:
    """What the clients were told: acts, drafts, and how many requests had to be sent again."""

    acts: list[Acknowledged] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    repeated: int = 0


class Client:
    """Somebody who is signed in, such as "desk.my"."""

    def __init__(self, port: int, name: str, ledger: Ledger | None = None) -> None:
        """Sign in."""
        self.port = port
        self.ledger = ledger or Ledger()
        self.headers: dict[str, str] = {}
        signed_in = self.ask(
            "POST", "/sessions", {"email": f"{name}@world.example", "password": PASSWORD}
        )
        self.headers = {"Authorization": f"Bearer {signed_in.body['token']}"}

    def begin(self, call: str) -> str:
        """Start a draft and return its reference."""
        begun = self.ask("POST", "/applications", {"call": call}, key=secrets.token_hex(8))
        reference = str(begun.body["reference"])
        self.ledger.drafts.append(reference)
        return reference

    def version(self, reference: str) -> int:
        """Return the version of a case as it stands."""
        return int(self.ask("GET", f"/applications/{reference}").body["version"])

    def answer(self, reference: str, answers: dict[str, str]) -> None:
        """Save answers; a save whose answer was lost has changed the version, so it is looked up again."""
        path = f"/applications/{reference}/answers"
        while True:
            try:
                self.ask("PUT", path, answers, version=self.version(reference))
            except Unexpected as error:
                if error.answer.status != http.client.CONFLICT:
                    raise
            else:
                return

    def attach(self, reference: str, kind: str, content: bytes) -> None:
        """Attach a document."""
        boundary = secrets.token_hex(12)
        kinds = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="kind"\r\n\r\n{kind}\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{kind}.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        ).encode() + (content + f"\r\n--{boundary}--\r\n".encode())
        self.ask("POST", f"/applications/{reference}/documents", body, headers=kinds)

    def act(self, reference: str, act: str, given: dict[str, Any], version: int) -> int:
        """Take an act on a version of a case, note the acknowledgement, and return the new version."""
        path = f"/applications/{reference}/acts/{act}"
        body = self.ask("POST", path, given, key=secrets.token_hex(8), version=version).body
        told = body["event"]
        self.ledger.acts.append(Acknowledged(reference, act, told["seq"], told["hash"]))
        return int(body["version"])

    def ask(
        self,
        method: str,
        path: str,
        given: dict[str, Any] | bytes | None = None,
        *,
        key: str = "",
        version: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a request until it is answered; raises ``Unexpected`` for an answer that is no success."""
        sent = {**self.headers, "Content-Type": "application/json", **(headers or {})}
        if key:
            sent["Idempotency-Key"] = key
        if version is not None:
            sent["If-Match"] = f'"v{version}"'
        body = json.dumps(given).encode() if isinstance(given, dict) else given
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self.once(method, path, body, sent)
            except (OSError, http.client.HTTPException):
                if time.monotonic() > until:
                    raise
                self.ledger.repeated += 1
                time.sleep(PAUSE_SECONDS)
                continue
            if answer.status in OK:
                return answer
            raise Unexpected(f"{method} {path}", answer)

    def once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Send a request one time; raises ``OSError`` or ``HTTPException`` when no answer comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, f"/api/v1{path}", body, headers)
            response = connection.getresponse()
            return Answer(response.status, json.loads(response.read() or b"{}"))
        finally:
            connection.close()
