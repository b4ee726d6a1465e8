"""The log's key, and what it signs."""

import base64
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from workflows.evidence.note import (
    LOG,
    Checkpoint,
    Garbled,
    Note,
    Signature,
    Verifier,
    read_checkpoint,
    read_note,
)

_PRIVATE = "PRIVATE+KEY+"
_signers: list["Signer"] = []


@dataclass(frozen=True)
class Signer:
    """The private key of the log, under its name (the origin of its checkpoints)."""

    verifier: Verifier
    private: Ed25519PrivateKey

    def sign(self, checkpoint: Checkpoint) -> Note:
        """Return a checkpoint as a note that the log has signed."""
        text = str(checkpoint)
        signature = self.private.sign(text.encode())
        found = self.verifier
        return Note(text, (Signature(found.name, found.id, signature),))


def install(file: Path | None) -> None:
    """Let this process sign checkpoints with the key in a file; ``None`` takes the key away.

    Raises ``Garbled`` when the file holds no key.
    """
    _signers.clear()
    if file is not None:
        _signers.append(read_key(file.read_text(encoding="ascii")))


def signer() -> Signer | None:
    """Return the key this process signs with, ``None`` when it holds none."""
    return _signers[0] if _signers else None


def new_key(name: str) -> str:
    """Return a new private key as text: one line, to be kept in a file that only the workers can read."""
    private = Ed25519PrivateKey.generate()
    verifier = Verifier(name, LOG, private.public_key().public_bytes_raw())
    secret = base64.b64encode(bytes([LOG]) + private.private_bytes_raw()).decode()
    return f"{_PRIVATE}{name}+{verifier.id.hex()}+{secret}\n"


def keep_new_key(file: Path, name: str) -> None:
    """Write a new private key where there is none yet, readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as target:
        target.write(new_key(name))


def read_key(text: str) -> Signer:
    """Return the key that a text holds; raises ``Garbled``."""
    name, _, rest = text.strip().removeprefix(_PRIVATE).partition("+")
    written, _, key = rest.partition("+")
    if not text.startswith(_PRIVATE) or not key:
        raise Garbled("a private key reads PRIVATE+KEY+name+id+key")
    try:
        private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key)[1:])
    except ValueError as error:
        raise Garbled(f"the private key of {name} cannot be read") from error
    verifier = Verifier(name, LOG, private.public_key().public_bytes_raw())
    if verifier.id.hex() != written:
        raise Garbled(f"the private key of {name} does not have the id {written}")
    return Signer(verifier, private)


def opened(note: str, verifier: Verifier) -> Checkpoint:
    """Return the checkpoint that a key has signed; raises ``Garbled`` for any other note."""
    read = read_note(note)
    line = read.by(verifier)
    if line is None:
        raise Garbled(f"the checkpoint is not signed by {verifier.name}")
    try:
        public = Ed25519PublicKey.from_public_bytes(verifier.public)
        public.verify(line.value, read.text.encode())
    except InvalidSignature as error:
        raise Garbled(f"the signature of {verifier.name} does not belong to it") from error
    found = read_checkpoint(read.text)
    if found.origin != verifier.name:
        raise Garbled(f"the checkpoint is of the log {found.origin}")
    return found
