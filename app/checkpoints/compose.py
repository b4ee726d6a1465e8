"""The log's key, what it signs, and where what it signed is brought."""

import base64
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import URL

from app.db import db
from workflows.evidence.note import (
    LOG,
    WITNESS,
    Checkpoint,
    Garbled,
    Note,
    Signature,
    Verifier,
    cosigned,
    read_checkpoint,
    read_note,
    read_verifier,
)

_PRIVATE = "PRIVATE+KEY+"
# A cosignature holds when it was made, in seconds, in so many bytes before the signature (tlog-cosignature).
_MOMENT = 8


class Settings(Protocol):
    """What an operator sets about the log."""

    @property
    def log_key_file(self) -> Path | None:
        """Return the file with the private key."""

    @property
    def storage_dir(self) -> Path:
        """Return the folder of the store."""

    @property
    def smtp_url(self) -> str | None:
        """Return where mail is handed over."""

    @property
    def mail_from(self) -> str:
        """Return who mail is from."""

    @property
    def checkpoint_to(self) -> tuple[str, ...]:
        """Return who gets checkpoints beside the auditors."""

    @property
    def witnesses(self) -> tuple[str, ...]:
        """Return the witnesses, each as address#verifier key."""


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


@dataclass(frozen=True)
class Witness:
    """Somebody outside who signs that the log only ever grew; ``url`` is "" for one that is asked by hand."""

    url: str
    verifier: Verifier


@dataclass(frozen=True)
class Log:
    """What this process knows of the log on a database: its key, if it holds that, and where checkpoints are brought.

    ``folder`` is where they lie as files; mail is only sent with ``smtp_url``.
    """

    signer: Signer | None = None
    folder: Path | None = None
    smtp_url: str | None = None
    mail_from: str = ""
    checkpoint_to: tuple[str, ...] = ()
    witnesses: tuple[Witness, ...] = ()


_logs: dict[URL, Log] = {}


def install(database: URL, settings: Settings) -> None:
    """Let this process work with the log on a database as the operator set it.

    Raises ``Garbled`` when the key or a witness cannot be read, ``OSError`` when the file of the key cannot.
    """
    file = settings.log_key_file
    _logs[database] = Log(
        signer=read_key(file.read_text(encoding="ascii")) if file else None,
        folder=settings.storage_dir / "checkpoints",
        smtp_url=settings.smtp_url,
        mail_from=settings.mail_from,
        checkpoint_to=settings.checkpoint_to,
        witnesses=tuple(read_witness(text) for text in settings.witnesses),
    )


def log() -> Log:
    """Return what this process knows of the log on the database it works on."""
    return _logs.get(db.session.get_bind().engine.url, Log())


def signer() -> Signer | None:
    """Return the key this process signs with, ``None`` when it holds none."""
    return log().signer


def read_witness(text: str) -> Witness:
    """Return a witness written as address#verifier key; raises ``Garbled``."""
    url, mark, key = text.partition("#")
    if not mark or (url and not url.startswith(("https://", "http://"))):
        raise Garbled(f"a witness reads https://ADDRESS#VERIFIER-KEY, not “{text[:60]}”")
    verifier = read_verifier(key)
    if verifier.kind != WITNESS:
        raise Garbled(f"the key of {verifier.name} is not one that witnesses sign with")
    return Witness(url.rstrip("/"), verifier)


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


def cosignature(note: Note, verifier: Verifier) -> str | None:
    """Return the line by which a witness signed a checkpoint, ``None`` when it did not.

    Raises ``Garbled`` when the line does not belong to the checkpoint.
    """
    line = note.by(verifier)
    if line is None:
        return None
    moment, signature = line.value[:_MOMENT], line.value[_MOMENT:]
    try:
        public = Ed25519PublicKey.from_public_bytes(verifier.public)
        public.verify(signature, cosigned(note.text, int.from_bytes(moment)))
    except InvalidSignature as error:
        raise Garbled(f"the signature of {verifier.name} does not belong to it") from error
    return str(line)
