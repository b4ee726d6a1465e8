"""How an event is written and hashed: pure, so that whoever verifies computes the same."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def canonical(value: dict[str, Any]) -> str:
    """Return the one spelling of a record (a subset of RFC 8785: sorted keys, no spaces, no floats)."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def moment(at: datetime) -> str:
    """Return the one spelling of an aware moment: UTC to the microsecond (RFC 3339)."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def leaf_hash(entry: str) -> str:
    """Return SHA-256(0x00 ‖ entry) in hexadecimal, the leaf hash of RFC 6962, section 2.1."""
    return hashlib.sha256(b"\x00" + entry.encode()).hexdigest()


def commitment(salt: str, value: str) -> str:
    """Return SHA-256(salt ‖ value), the salt in hexadecimal: it proves a value that is shown, hides one that is not."""
    return hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest()


def head_leaf(stream: str, seq: int, digest: str) -> bytes:
    """Return the leaf by which a seal commits to the end of a stream: its last event and how many it has."""
    return bytes.fromhex(leaf_hash(canonical({"stream": stream, "seq": seq, "hash": digest})))
