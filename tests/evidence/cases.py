"""The log that the tests of bundles share, and how a test asks for a report."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.evidence.building import KEY, NAMED, Asked, Key, Log, as_bytes, logged, members, pack
from tests.evidence.telling import (
    LARGE,
    Story,
    accepted,
    approved,
    carried,
    paid,
    recommended,
    submitted,
)
from workflows.evidence.report import Report
from workflows.evidence.verifying import verify

ALONE, TOGETHER = "MY-BAP-2026-00001", "MY-BAP-2026-00002"
PAPER, LETTER = b"%PDF quotation", b"%PDF letter"
FROZEN = b'{"answers":{"amount":"80000.00"}}'
Change = Callable[[dict[str, bytes]], Any]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


PAPERS = {
    f"documents/{digest(PAPER)}.pdf": PAPER,
    f"letters/{digest(LETTER)}.pdf": LETTER,
    f"submissions/{ALONE}-1.json": FROZEN,
}


def alone() -> Story:
    """Return a case that one approver decides, from the hand-in to the last payment."""
    story = submitted(Story(ALONE, NAMED), digest(FROZEN), (digest(PAPER),))
    story.letter("acknowledgement", digest(LETTER))
    return paid(accepted(approved(recommended(story))))


def together() -> Story:
    """Return a case that a committee decides, up to where money may be asked for."""
    return accepted(carried(recommended(submitted(Story(TOGETHER, NAMED, amount=LARGE)))))


def log(*more: Story) -> Log:
    """Return a log of both cases and whatever else happened."""
    return logged(told for story in (alone(), together(), *more) for told in story.events)


def lines(report: Report) -> list[str]:
    """Return what a report says, without the space in front."""
    return [line.strip() for line in (*report.lines(), *report.streams, report.verdict())]


def broken(report: Report) -> list[str]:
    """Return what a report says is broken, without the checks."""
    marks = "BROKEN: "
    return [line.removeprefix(marks) for line in lines(report) if line.startswith(marks)]


def reported(
    folder: Path,
    kept: Log,
    asked: Asked,
    change: Change = lambda found: None,
    *,
    key: Key | None = KEY,
    held: str | None = None,
    **changed: Any,
) -> Report:
    """Return the report on a bundle whose members and manifest may have been changed before it was packed."""
    found = as_bytes(members(kept, asked))
    change(found)
    file = pack(folder / "bundle.zip", kept, asked, found, **changed)
    return verify(file, [key.verifier] if key else [], held)
