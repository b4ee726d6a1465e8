"""A small witness, as C2SP tlog-witness v1.0.0 describes one: it signs only what continues what it signed before."""

import base64
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.checkpoints.compose import opened
from workflows.evidence.merkle import Unproved, prove_consistency
from workflows.evidence.note import (
    WITNESS,
    Checkpoint,
    Garbled,
    Signature,
    Verifier,
    cosigned,
)

NAME = "witness.example/w1"


@dataclass
class Witness:
    """What a witness knows: its key, the log's key, and the last checkpoint it signed."""

    log: Verifier
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    last: Checkpoint | None = None
    asked: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def verifier(self) -> Verifier:
        """Return its verifier key."""
        return Verifier(NAME, WITNESS, self.private.public_key().public_bytes_raw())

    def answer(self, body: str) -> tuple[int, str]:
        """Return status and text of the answer to a request."""
        head, _, note = body.partition("\n\n")
        first, *proof = head.split("\n")
        self.asked.append(first)
        old = int(first.removeprefix("old "))
        try:
            found = opened(note, self.log)
        except Garbled:
            return 403, ""
        if old > found.size:
            return 400, ""
        known = self.last.size if self.last else 0
        if old != known:
            return 409, f"{known}\n"
        if not self.grew(found, proof):
            return 422, ""
        self.last = found
        return 200, f"{self.line(note)}\n"

    def grew(self, found: Checkpoint, proof: list[str]) -> bool:
        """Tell whether a checkpoint continues the one it signed last."""
        if self.last is None:
            return not proof
        hashes = [base64.b64decode(line) for line in proof]
        try:
            prove_consistency(self.last.size, found.size, hashes, self.last.root, found.root)
        except Unproved:
            return False
        return True

    def line(self, note: str) -> Signature:
        """Return the line by which it signs a checkpoint now."""
        text, seconds = note.partition("\n\n")[0] + "\n", int(time.time())
        value = seconds.to_bytes(8) + self.private.sign(cosigned(text, seconds))
        return Signature(NAME, self.verifier.id, value)


@contextmanager
def listening(witness: Witness) -> Iterator[Witness]:
    """Let a witness listen on this machine; its address is in ``url``."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/w1/add-checkpoint"
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, text = witness.answer(body)
            self.send_response(status)
            if status == 409:
                self.send_header("Content-Type", "text/x.tlog.size")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        witness.url = f"http://127.0.0.1:{server.server_port}/w1"
        try:
            yield witness
        finally:
            server.shutdown()
