"""How a disclosed value is kept: sealed with its salt under the key of its stream, and opened again."""

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_SALT = 32


@dataclass(frozen=True)
class Opened:
    """A disclosed value with the salt (hexadecimal) that its commitment was made with."""

    salt: str
    value: str


def new_key() -> bytes:
    """Return a new key of a stream: 256 bits for AES-GCM."""
    return AESGCM.generate_key(256)


def seal(key: bytes, place: str, disclosed: Opened) -> bytes:
    """Return nonce and ciphertext (AES-256-GCM, NIST SP 800-38D) of salt and value; ``place`` is bound to it."""
    nonce = secrets.token_bytes(_NONCE)
    plain = bytes.fromhex(disclosed.salt) + disclosed.value.encode()
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(key: bytes, place: str, sealed: bytes) -> Opened | None:
    """Return what was sealed for this place under this key, ``None`` when this is not it."""
    try:
        plain = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
        return Opened(plain[:_SALT].hex(), plain[_SALT:].decode())
    except (InvalidTag, ValueError):
        return None


def place(digest: str, name: str) -> str:
    """Return what a sealed value is bound to: the event by its hash, and the field."""
    return f"{digest}:{name}"
