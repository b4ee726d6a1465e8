"""Asking a witness to sign a checkpoint: the ``add-checkpoint`` call of C2SP tlog-witness v1.0.0 (c2sp.org/tlog-witness)."""

import base64
import urllib.error
import urllib.request
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from workflows.evidence.note import Garbled, Note, read_note

TIMEOUT_SECONDS = 5.0
MOST_BYTES = 64 * 1024
MOST_DIGITS = 15


class Unwilling(Exception):
    """A witness did not sign; the text says why."""


class Elsewhere(Unwilling):
    """A witness last signed a checkpoint on another size: ``size``."""

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(f"It last signed a checkpoint on {size} events.")


class _StayThere(urllib.request.HTTPRedirectHandler):
    """Follow nobody: a checkpoint is sent where the operator said, and nowhere else."""

    def redirect_request(self, *_request: Any, **_more: Any) -> None:
        """Refuse to go on."""


_opener = urllib.request.build_opener(_StayThere)


def ask(url: str, note: str, old: int, proof: Sequence[bytes]) -> Note:
    """Send a checkpoint to a witness, with the proof that it continues the one on ``old`` events; returns it as signed.

    What is signed is not checked here. Raises ``Elsewhere`` when the witness knows another size, ``Unwilling`` when it does
    not sign or cannot be reached.
    """
    lines = [f"old {old}", *(base64.b64encode(digest).decode() for digest in proof), "", note]
    request = urllib.request.Request(  # noqa: S310 - http and https only, as the settings are read
        f"{url}/add-checkpoint",
        data="\n".join(lines).encode(),
        headers={"Content-Type": "text/plain; charset=utf-8"},
        method="POST",
    )
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            signed = answer.read(MOST_BYTES).decode()
        return read_note(read_note(note).text + "\n" + signed)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error) from error
    except (OSError, ValueError, Garbled) as error:
        raise Unwilling(f"It cannot be asked, or answers something else: {error}.") from error


def _refusal(error: urllib.error.HTTPError) -> Unwilling:
    if error.code != HTTPStatus.CONFLICT:
        return Unwilling(f"It answers {error.code} {error.reason}.")
    size = error.read(MOST_BYTES).decode(errors="replace").strip()
    if not (size.isascii() and size.isdigit() and len(size) <= MOST_DIGITS):
        return Unwilling("It knows another checkpoint and does not say which.")
    return Elsewhere(int(size))
