"""How long an auditor waits: the verifier, as one file and one process, on a bundle of a whole log.

``python -m benchmarks.offline [EVENTS]`` makes a legal log without a database, in a temporary folder, about twelve events a
case and many cases side by side, and lets ``verify.py`` read it. Beside it a peer reads the same lines and does no more than
``json.loads`` and SHA-256. Figures are CPU seconds of each process, so that other programs do not count.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from tests.evidence.building import KEY, NAMED, Asked, Log, members, pack
from tests.evidence.telling import (
    AGENCY,
    LARGE,
    Story,
    Told,
    accepted,
    approved,
    carried,
    recommended,
    submitted,
)
from workflows.evidence.assemble import verifier

EVENTS, BAR = 1_000_000, 30.0
SIDE_BY_SIDE = 500
PEER = """
import hashlib, json, sys
for line in open(sys.argv[1], "rb"):
    json.loads(line)
    hashlib.sha256(line).digest()
"""


# A process begins with the memory of the one that starts it: a small one has to.
LAUNCHER = """
import resource, subprocess, sys
ended = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
sys.stderr.write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss}")
sys.exit(ended)
"""


class Lines:
    """Entries that are kept in a file, to be read again in order."""

    def __init__(self, file: IO[bytes]) -> None:
        """Keep them in a file that is open for writing."""
        self.file = file

    def append(self, entry: bytes) -> None:
        """Keep one more."""
        self.file.write(entry + b"\n")


def main() -> None:
    """Measure and print."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    with tempfile.TemporaryDirectory(prefix="saluran-") as name:
        folder = Path(name)
        bundle, lines = folder / "bundle.zip", folder / "events.jsonl"
        size = _made(bundle, lines, events)
        (folder / "verify.py").write_text(verifier(), encoding="utf-8")
        (folder / "peer.py").write_text(PEER, encoding="utf-8")
        peer, _ = _spent(folder / "peer.py", lines)
        own, memory = _spent(
            folder / "verify.py", bundle, "--key", str(KEY.verifier), told=folder / "report"
        )
        verdict = (folder / "report").read_text(encoding="utf-8").splitlines()[-1]
        average = lines.stat().st_size // size
        print(f"{size:,} events of {average} bytes, {bundle.stat().st_size >> 20} MB packed")
    print(verdict)
    print(f"verify.py   {own:7.1f} s {size / own:10,.0f} events a second, {memory >> 10:,} MB")
    print(f"loads + sha {peer:7.1f} s {size / peer:10,.0f} events a second")
    held = "held" if own <= BAR * size / EVENTS else "MISSED"
    print(f"ratio       {own / peer:7.2f}   (at most {BAR:.0f} s for {EVENTS:,} events)  {held}")


def _made(bundle: Path, lines: Path, events: int) -> int:
    """Write a bundle over all of a log of so many events; returns how many there are."""
    with lines.open("wb") as file:
        log = Log(Lines(file))
        for told in _mixed(events):
            log.add(told)
        log.seal()
    size = len(log.leaves)
    log.entries = _Again(lines)
    asked = Asked(last=size, agencies=(AGENCY,))
    pack(bundle, log, asked, members(log, asked))
    return size


class _Again:
    """The same entries once more: they are asked for in order, from the first to the last."""

    def __init__(self, file: Path) -> None:
        self.lines = self._read(file)

    def __getitem__(self, place: int) -> bytes:
        return next(self.lines)

    @staticmethod
    def _read(file: Path) -> Iterator[bytes]:
        with file.open("rb") as source:
            for line in source:
                yield line[:-1]


def _mixed(events: int) -> Iterator[Told]:
    """Tell many cases side by side, an event of each in turn."""
    kinds = [_alone().events, _together().events]
    cases = (_case(kinds[number % 5 == 0], number) for number in range(1, events))
    left = events
    while left > 0:
        rows = list(islice(cases, SIDE_BY_SIDE))
        for step in range(max(map(len, rows))):
            for row in rows:
                if step < len(row) and left > 0:
                    yield row[step]
                    left -= 1


def _case(events: list[Told], number: int) -> list[Told]:
    stream = f"MY-BAP-2026-{number:06}"
    return [told | {"stream": stream, "enterprise": f"enterprise:{number}"} for told in events]


def _alone() -> Story:
    story = submitted(Story("", NAMED))
    story.letter("acknowledgement")
    approved(recommended(story)).letter("offer")
    return accepted(story)


def _together() -> Story:
    return carried(recommended(submitted(Story("", NAMED, amount=LARGE))))


def _spent(script: Path, *arguments: Path | str, told: Path | None = None) -> tuple[float, int]:
    """Run a script as an auditor does; returns its CPU seconds and the most memory it had, in KiB."""
    command = [sys.executable, "-I", "-S", str(script), *map(str, arguments)]
    with open(told or os.devnull, "wb") as file:
        launched = [sys.executable, "-c", LAUNCHER, *command]
        ran = subprocess.run(launched, stdout=file, stderr=subprocess.PIPE, check=False)
    if ran.returncode:
        raise SystemExit(f"{script.name} ended with {ran.returncode}.")
    seconds, memory = ran.stderr.split()
    return float(seconds), int(memory)


if __name__ == "__main__":
    main()
