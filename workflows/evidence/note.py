"""Checkpoints as signed notes: C2SP signed-note v1.0.0, tlog-checkpoint v1.0.0 and tlog-cosignature v1.0.1 (c2sp.org)."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

DASH = "\u2014"
MOST_DIGITS = 15
KEY = ROOT = 32
KEY_ID = 4
LOG, WITNESS = 1, 4
"""Signature types: Ed25519 of a log, and timestamped Ed25519 cosignature of a witness."""


class Garbled(Exception):
    """A note, a key or a checkpoint cannot be read; the text says what is wrong."""


@dataclass(frozen=True)
class Verifier:
    """The public key of a log or a witness, with the name it signs under."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Return the four bytes that name the key in a signature."""
        text = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(text).digest()[:KEY_ID]

    def __str__(self) -> str:
        """Return the verifier key as C2SP writes it: name+id+key."""
        key = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{key}"


@dataclass(frozen=True)
class Signature:
    """A signature line: who signed, the id of the key, and what follows the id."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        """Return the line, without its end."""
        return f"{DASH} {self.name} {base64.b64encode(self.key_id + self.value).decode()}"


@dataclass(frozen=True)
class Note:
    """A signed text: ``text`` ends with a line feed and is what the signatures are over."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        """Return the note as it is published."""
        return self.text + "\n" + "".join(f"{line}\n" for line in self.signatures)

    def by(self, verifier: Verifier) -> Signature | None:
        """Return the signature that a key made, if it is there."""
        for found in self.signatures:
            if (found.name, found.key_id) == (verifier.name, verifier.id):
                return found
        return None


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: its origin, how many entries it has, and the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def read_note(text: str) -> Note:
    """Return a note; raises ``Garbled``."""
    body, gap, tail = text.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise Garbled("this is not a signed note: no signatures follow an empty line")
    return Note(body + "\n", tuple(_signature(line) for line in tail[:-1].split("\n")))


def read_verifier(text: str) -> Verifier:
    """Return a verifier key; raises ``Garbled`` also when its id is not that of its key."""
    name, _, rest = text.strip(" \t\r\n").partition("+")
    written, _, key = rest.partition("+")
    if not name or not key:
        raise Garbled("a verifier key reads name+id+key")
    raw = _base64(key)
    if len(raw) != 1 + KEY or raw[0] not in (LOG, WITNESS):
        raise Garbled(f"the key of {name} is not an Ed25519 key")
    found = Verifier(name, raw[0], raw[1:])
    if found.id.hex() != written:
        raise Garbled(f"the key of {name} does not have the id {written}")
    return found


def read_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint that a note's text says; raises ``Garbled``."""
    origin, _, rest = text.partition("\n")
    size, _, rest = rest.partition("\n")
    top, end, _ = rest.partition("\n")
    if not origin or not end:
        raise Garbled("a checkpoint has an origin, a size and a root, each on a line")
    plain = size.isascii() and size.isdigit() and len(size) <= MOST_DIGITS
    if not plain or str(int(size)) != size:
        raise Garbled(f"“{size[:40]}” is not the size of a log")
    raw = _base64(top)
    if len(raw) != ROOT:
        raise Garbled(f"the root of a checkpoint has {ROOT} bytes")
    return Checkpoint(origin, int(size), raw)


def cosigned(text: str, seconds: int) -> bytes:
    """Return what a witness signs: the checkpoint's text and when it was seen, in seconds since 1970 (UTC)."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, value = rest.partition(" ")
    if dash != DASH or not name or not value:
        raise Garbled(f"“{line[:40]}” is not a signature line")
    raw = _base64(value)
    if len(raw) <= KEY_ID:
        raise Garbled(f"the signature of {name} is too short")
    return Signature(name, raw[:KEY_ID], raw[KEY_ID:])


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Garbled(f"“{text[:40]}” is not base64") from error
