"""Proves an exported trail without the program that wrote it: only the file and SHA-256 are needed."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


@dataclass
class Proof:
    """What a check of a trail found: how many events and cases, and every place where a chain does not hold."""

    events: int = 0
    streams: dict[str, tuple[int, str]] = field(default_factory=dict)
    breaks: list[str] = field(default_factory=list)


def prove(lines: Iterable[str]) -> Proof:
    """Check that each event names the hash of the one before it in its case, from the first event on.

    The hash of an event is SHA-256 over a zero byte and the line as it stands (the leaf hash of RFC 6962, section
    2.1). What the file alone cannot show is that the newest event of a case was changed, or that the newest were cut off.
    """
    proof = Proof()
    for line in lines:
        exact = line.removesuffix("\n")
        record: Record = json.loads(exact)
        stream = record["stream"]
        seq, last = proof.streams.get(stream, (0, ""))
        if record["seq"] != seq + 1:
            proof.breaks.append(f"{stream}: event {record['seq']} stands where {seq + 1} is due")
        if record["prev"] != last:
            proof.breaks.append(
                f"{stream}: event {record['seq']} does not follow the one before it"
            )
        digest = hashlib.sha256(b"\x00" + exact.encode()).hexdigest()
        proof.streams[stream] = (record["seq"], digest)
        proof.events += 1
    return proof
