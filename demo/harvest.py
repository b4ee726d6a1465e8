"""What is left in the folder of the demonstration: letters, payment files, the trail."""

import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from demo.browser import Unexpected
from demo.cast import Cast
from demo.played import Played, letters_on
from demo.summary import Record
from workflows.format.loading import SHIPPED, shipped

# Whose mandate is for every agency.
AUDITOR = "auditor.region"
FORMATS = ("jsonl", "csv", "xlsx", "parquet", "ocel", "xes", "360giving")
LETTER_SECONDS = 60.0
LAPSE_SECONDS = 60.0
# Two workers print the letters: asking more often would only take the processors away from them.
PAUSE_SECONDS = 0.5


def wait_for_letters(cases: list[Played], cast: Cast) -> None:
    """Return when every case shows as many letters as its dossier names, the one for a lapse left out."""
    _wait(
        cases, lambda case: _has_letters(case, cast, without="lapse"), LETTER_SECONDS, "its letters"
    )


def wait_for_lapse(cases: list[Played], cast: Cast) -> None:
    """Return when every offer that nobody accepts has lapsed and its letter is there."""
    late = [case for case in cases if case.dossier.ends_in == "lapsed"]
    _wait(late, lambda case: _ended(case, cast), LAPSE_SECONDS, "the end of its offer")
    _wait(late, lambda case: _has_letters(case, cast), LETTER_SECONDS, "the letter about it")


def check_ends(cases: list[Played], cast: Cast) -> None:
    """Check that the applicant reads of every case that it ended as its dossier says; raises ``Unexpected``."""
    for case in cases:
        if not _ended(case, cast):
            raise Unexpected(
                f"{case.dossier.name} ({case.reference}) did not end in {case.dossier.ends_in}."
            )


def letters(case: Played, cast: Cast, folder: Path) -> int:
    """Download the letters of a case as its applicant; raises ``Unexpected`` unless they are the ones expected."""
    browser = cast.browser(case.dossier.applicant)
    files = [browser.download(path) for path in letters_on(browser.open(case.path), case.reference)]
    prefix = f"{case.reference}-"
    kinds = [file.filename.removeprefix(prefix).rpartition("-")[0] for file in files]
    if sorted(kinds) != sorted(case.dossier.letters):
        raise Unexpected(f"{case.reference} has the letters {', '.join(kinds) or 'none'}.")
    for file in files:
        if not file.body.startswith(b"%PDF-"):
            raise Unexpected(f"{file.filename} is not a PDF.")
        (folder / file.filename).write_bytes(file.body)
    return len(files)


def payments(case: Played, cast: Cast, folder: Path) -> None:
    """Download the payment files of a case as whoever released the payments, else as an auditor of the agency."""
    released = [step.who for step in case.dossier.steps if step.act == "release"]
    for number in sorted(case.tranches):
        browser = cast.browser(released[-1] if released else _auditor(case, cast))
        file = browser.download(f"{case.path}/tranches/{number}/payment-file")
        (folder / file.filename).write_bytes(file.body)


def trail(cases: list[Played], cast: Cast, folder: Path) -> None:
    """Download the trail: all of it in every format as the auditor of all agencies, and case by case."""
    browser = cast.browser(AUDITOR)
    for kind in FORMATS:
        file = browser.download(f"/audit/export.{kind}")
        (folder / file.filename).write_bytes(file.body)
    for case in cases:
        if any(step.act == "submit" and not step.expect_refusal for step in case.dossier.steps):
            path = f"/audit/export.jsonl?case={case.reference}"
            file = cast.browser(_auditor(case, cast)).download(path)
            (folder / f"{case.reference}.jsonl").write_bytes(file.body)


def _auditor(case: Played, cast: Cast) -> str:
    """Return the auditor of the agency of a case, that of all agencies where the agency has none of its own."""
    own = f"auditor.{case.country}"
    return own if cast.knows(own) else AUDITOR


def events_of(case: Played, folder: Path) -> list[Record]:
    """Return the events of a case from its downloaded trail; none for a draft that was never submitted."""
    file = folder / f"{case.reference}.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def _has_letters(case: Played, cast: Cast, *, without: str = "") -> bool:
    page = cast.browser(case.dossier.applicant).open(case.path)
    awaited = [kind for kind in case.dossier.letters if kind != without]
    return len(letters_on(page, case.reference)) >= len(awaited)


def _ended(case: Played, cast: Cast) -> bool:
    """Look the case up in the applicant's list, where its state stands in the applicant's words."""
    words = _words_for(case.dossier.ends_in)
    rows = cast.browser(case.dossier.applicant).open("/applications").rows
    return any(case.reference in row and any(said in row for said in words) for row in rows)


@cache
def _words_for(state: str) -> frozenset[str]:
    """Return what applicants read of a state, in whatever workflow has it."""
    lives = [shipped(file.stem) for file in SHIPPED.glob("*.toml")]
    return frozenset(
        life.states[state].applicant
        for life in lives
        if life.kind == "application" and state in life.states
    )


def _wait(cases: list[Played], done: Callable[[Played], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    for case in cases:
        while not done(case):
            if time.monotonic() > deadline:
                raise Unexpected(f"{case.reference} waited {seconds:.0f} s in vain for {what}.")
            time.sleep(PAUSE_SECONDS)
