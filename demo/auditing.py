"""Plays the audit: a case is erased, a bundle of evidence is proved without the system, and one changed byte is found."""

import http.client
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from demo.browser import Browser, Unexpected, expect
from demo.cast import Cast
from demo.harvest import AUDITOR
from demo.played import Played
from workflows.evidence.assemble import verifier

KEEPERS = ("records1.my", "records2.my")
BUNDLES, SAMPLES, FIND = "/audit/bundles", "/audit/samples", "/audit/find"
BUNDLE_SECONDS = 120.0
PAUSE_SECONDS = 0.5
RIGHT = "Personal Data Protection Act 2010 (Act 709), illustrative request"
# What the demonstration changes in a copy of the bundle: a digit of the amount that was approved.
CHANGED = "events.jsonl"


def keep_checkpoint(cast: Cast, folder: Path) -> Path:
    """Let the auditor keep the checkpoint of now, where the system cannot reach it; return the file."""
    kept = folder / "checkpoint-kept"
    kept.write_bytes(cast.browser(AUDITOR).download("/trail/checkpoint").body)
    return kept


def erase(cases: list[Played], cast: Cast) -> Played:
    """Erase the personal data of the case that was withdrawn: asked for by one records officer, carried out by another."""
    case = next(found for found in cases if found.dossier.ends_in == "withdrawn")
    path = f"/records/{case.reference}"
    one, other = (cast.browser(keeper) for keeper in KEEPERS)
    page = one.act(one.open(path), f"{path}/propose", {"ground": "request", "law": RIGHT})
    expect(page.text, "The erasure is proposed.")
    page = other.act(other.open(path), f"{path}/erase", {})
    expect(page.text, "The personal data of this case are erased.")
    return case


def audit(case: Played, cast: Cast, folder: Path, kept: Path) -> str:
    """Prove everything from the checkpoint that was kept, and find what was changed; return what came of it, in a few lines.

    ``case`` is the one that was erased. Raises ``Unexpected`` when something is not proved, or a change not found.
    """
    auditor = cast.browser(AUDITOR)
    drawn = _drawn(auditor)
    bundle = folder / "evidence.zip"
    bundle.write_bytes(_bundle(auditor, kept))
    program, key = folder / "verify.py", folder / "key.txt"
    program.write_text(verifier(), encoding="utf-8")
    key.write_bytes(auditor.download("/trail/key").body)
    if auditor.download("/trail/verify.py").body != program.read_bytes():
        raise Unexpected("/trail/verify.py is not the program of the audit office.")
    proved = _verified(program, bundle, key, kept, code=0)
    (folder / "report.txt").write_text(proved, encoding="utf-8")
    expect(proved, f"{case.reference}", "erased")
    changed = _changed(bundle, folder / "evidence-changed.zip")
    broken = _verified(program, changed, key, kept, code=1)
    (folder / "report-changed.txt").write_text(broken, encoding="utf-8")
    expect(broken, CHANGED)
    return "\n".join(
        [
            f"Evidence of everything, proved by verify.py without the system: {proved.strip().splitlines()[-1]}",
            f"  Its checkpoint continues the one the auditor kept; {case.reference} was erased between them, and is still proved.",
            f"  With one digit of one approved amount changed: {broken.strip().splitlines()[-1]}",
            f"  A sample of three cases was drawn with a recorded seed: {drawn}.",
        ]
    )


def _drawn(auditor: Browser) -> str:
    """Draw a random sample; anyone draws the same again from the same cases with the same seed."""
    asked = {"method": "random", "size": "3", "seed": "demonstration"}
    page = auditor.act(auditor.open(FIND), SAMPLES, asked)
    if page.errors:
        raise Unexpected(f"{SAMPLES} was refused: {page.errors}")
    expect(page.text, "demonstration")
    rows = auditor.download(f"{page.path}.csv").body.decode().splitlines()
    return ", ".join(row.split(",")[0] for row in rows[1:])


def _bundle(auditor: Browser, kept: Path) -> bytes:
    asked = {
        "kind": "all",
        "documents": "yes",
        "checkpoint": kept.read_text(encoding="utf-8"),
    }
    page = auditor.act(auditor.open(BUNDLES), BUNDLES, asked)
    if page.errors:
        raise Unexpected(f"{BUNDLES} was refused: {page.errors}")
    deadline = time.monotonic() + BUNDLE_SECONDS
    while auditor.status(f"{page.path}.zip") != http.client.OK:
        if time.monotonic() > deadline:
            raise Unexpected(f"{page.path} was not made in {BUNDLE_SECONDS:.0f} s.")
        time.sleep(PAUSE_SECONDS)
    return auditor.download(f"{page.path}.zip").body


def _verified(program: Path, bundle: Path, key: Path, kept: Path, *, code: int) -> str:
    """Run the verifier as an auditor does, cut off from everything installed; return its report."""
    files = (program, bundle, "--key", key, "--checkpoint", kept)
    asked = [sys.executable, "-I", "-S", *map(str, files)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if done.returncode != code:
        raise Unexpected(f"verify.py on {bundle.name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def _changed(bundle: Path, target: Path) -> Path:
    """Copy a bundle with one digit of an approved amount changed."""
    with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(target, "w") as copy:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == CHANGED:
                lines = content.split(b"\n")
                place = next(n for n, line in enumerate(lines) if b'"type":"approve"' in line)
                lines[place] = lines[place].replace(b'"amount":', b'"amount":9', 1)
                content = b"\n".join(lines)
            copy.writestr(member, content)
    return target
