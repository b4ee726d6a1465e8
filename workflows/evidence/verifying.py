"""Verifying an evidence bundle: the order of the checks, the command line, and the report as it is printed."""

import argparse
import gc
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from workflows.evidence.archive import KEYS, Bundle, Damaged
from workflows.evidence.heads import Heads
from workflows.evidence.note import Verifier
from workflows.evidence.report import FILES, SIGNATURES, Report, times
from workflows.evidence.signing import grown, keys, signed
from workflows.evidence.streams import Streams
from workflows.evidence.walking import Walk

WHOLE, BROKEN_CODE, MISUSED = 0, 1, 2
MOST_CASES = 100


class Unreadable(Exception):
    """What was given cannot be used: no bundle, no key, no checkpoint. The text says why."""


def verify(file: Path, given: list[Verifier], held: str | None) -> Report:
    """Return the report on a bundle; raises ``Unreadable`` when the file is no zip at all.

    ``given`` are the auditor's own keys, the log's first; ``held`` is the older checkpoint that the auditor holds.
    """
    report = Report()
    try:
        bundle = Bundle(file, report)
    except Damaged as error:
        report.broken(FILES, error.member, str(error))
        return report
    except (OSError, zipfile.BadZipFile, ValueError, RuntimeError) as error:
        raise Unreadable(f"{file} is not a bundle: {error}") from error
    with bundle.zip:
        _scope(bundle, report)
        _checked(bundle, given, held, report)
    return report


def _checked(bundle: Bundle, given: list[Verifier], held: str | None, report: Report) -> None:
    """Make all checks, as far as what is damaged lets them be made."""
    try:
        now = signed(bundle, given, report)
    except Damaged as error:
        report.broken(SIGNATURES, error.member, str(error))
        return
    try:
        key = given[0] if given else keys(bundle.read(KEYS).decode(), KEYS)[0]
        grown(bundle, held, key, now, report)
        streams = Walk(bundle, now, report).through()
        Heads(bundle, streams, now.size, report).check()
        bundle.compare()
        _cases(streams, report)
    except Damaged as error:
        report.broken(FILES, error.member, str(error))


def _scope(bundle: Bundle, report: Report) -> None:
    """Tell what the bundle says it is: whether that is what was asked for, the auditor alone can say."""
    manifest = bundle.manifest
    words = ", ".join(f"{name} {value}" for name, value in sorted(manifest["scope"].items()))
    report.says.append(f"Log: {manifest['origin']}")
    report.says.append(
        f"The bundle says that it was made for: {words} (compare with what you asked for)"
    )
    if manifest["coverage"] == "range":
        report.says.append(f"It covers leaves {manifest['first']:,} to {manifest['last'] - 1:,}")
    else:
        report.says.append(f"It covers {times(len(manifest['streams']), 'stream')}")


def _cases(streams: Streams, report: Report) -> None:
    """Tell of each stream what became of it: all that are broken, and of the others a number that can be read."""
    broken = report.broken_streams
    shown = sorted(streams.cases, key=lambda name: (name not in broken, name))
    for name in shown[: max(MOST_CASES, len(broken))]:
        case = streams.cases[name]
        count = times(case.seq - case.first + 1, "event")
        state = f", stands in “{case.state}”" if case.flow is not None else ""
        word = f"BROKEN in {times(broken[name], 'place')}" if name in broken else "in order"
        report.streams.append(f"{name}: {count}{state}: {word}")
    left = len(shown) - len(report.streams)
    if left > 0:
        report.streams.append(f"and {times(left, 'other stream')}, all in order")


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a bundle from the command line; returns 0 when it is proved, 1 when broken, 2 when it cannot be read."""
    parser = argparse.ArgumentParser(
        prog="verify.py", description="Verify an evidence bundle of a decision trail, offline."
    )
    parser.add_argument("bundle", type=Path, help="the bundle: a zip file")
    parser.add_argument(
        "--key", help="the log's key, and those of witnesses: a file, or a key as text"
    )
    parser.add_argument(
        "--checkpoint", type=Path, help="the older checkpoint that you hold: a file"
    )
    asked = parser.parse_args(arguments)
    try:
        given = _given(asked.key) if asked.key else []
        held = _file(asked.checkpoint) if asked.checkpoint else None
        report = verify(asked.bundle, given, held)
    except Unreadable as error:
        sys.stderr.write(f"{error}\n")
        return MISUSED
    lines = [*report.says, "", *report.lines(), "", *report.streams, "", report.verdict()]
    sys.stdout.write("\n".join(lines) + "\n")
    return WHOLE if report.whole else BROKEN_CODE


def run() -> None:
    """Be the program ``verify.py``."""
    # A million events make many small tables, none of which names itself: nothing is found by looking for circles.
    gc.disable()
    sys.exit(main())


def _given(text: str) -> list[Verifier]:
    """Return the keys that were given as text or as a file."""
    member = "the key you gave"
    try:
        try:
            return keys(text, member)
        except Damaged:
            return keys(_file(Path(text)), text)
    except Damaged as error:
        raise Unreadable(f"{member} cannot be read: {error}") from error


def _file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path} cannot be read: {error}") from error
