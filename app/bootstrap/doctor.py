"""What the machine has and lacks for Saluran, and how to mend each lack. Changes nothing."""

import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from app.bootstrap import libraries, postgres, redis_server
from app.bootstrap.environment import LOCKS, PYTHON, ROOT, Kit, is_ready
from app.bootstrap.runs import PORT
from app.bootstrap.shell import Stopped
from app.bootstrap.stack import is_taken

DISK_MIB = 1024


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `mend` says what to do when it is not there; empty when nothing is needed."""

    subject: str
    present: bool
    detail: str
    mend: str
    needed: bool = True


def doctor() -> int:
    """Print the table; return 1 when something needed to run is not there."""
    findings = list(examine())
    print(table(findings))
    return 1 if any(finding.needed and not finding.present for finding in findings) else 0


def table(findings: Iterable[Finding]) -> str:
    """Lay out findings in lines: mark, subject, detail, and how to mend what is missing."""
    return "\n".join(_line(finding) for finding in findings)


def _line(finding: Finding) -> str:
    mark = "ok" if finding.present else "MISSING" if finding.needed else "absent"
    advice = "" if finding.present else f"  -> {finding.mend}"
    return f"{mark:<8} {finding.subject:<20} {finding.detail}{advice}"


def examine() -> Iterable[Finding]:
    """Look at everything, cheapest first."""
    version = sys.version.split()[0]
    yield Finding("Python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer")
    yield Finding("environment", PYTHON.exists(), ".venv", "python3 -m app demo makes it")
    yield _packages("runtime", needed=True, mend="python3 -m app demo installs them")
    yield _packages("test", needed=False, mend="python3 -m app test installs them")
    yield _pango()
    yield _fonts()
    brought = "python3 -m app {} brings one, or install the package {}"
    redis, database = brought.format("demo", "redis-server"), brought.format("test", "postgresql")
    yield _program("Redis server", redis_server.find_binary, redis, needed=True)
    yield _program("PostgreSQL server", postgres.find_binaries, database, needed=False)
    browser = libraries.browser()
    install = "apt-get install -y chromium, for the browser tests"
    yield Finding("Chromium", browser is not None, browser or "-", install, needed=False)
    yield _disk()
    yield _port()


def _packages(kit: Kit, *, needed: bool, mend: str) -> Finding:
    return Finding(f"{kit} packages", is_ready(kit), LOCKS[kit], mend, needed)


def _pango() -> Finding:
    lacking = libraries.missing(libraries.search_path())
    packages = " ".join(libraries.PACKAGES)
    mend = f"python3 -m app demo fetches them, or apt-get install -y {packages}"
    return Finding("Pango libraries", not lacking, ", ".join(lacking) or "all load", mend)


def _fonts() -> Finding:
    fonts = list((ROOT / "templates" / "letters" / "fonts").glob("*.ttf"))
    mend = "restore templates/letters/fonts from the repository"
    return Finding("letter fonts", bool(fonts), f"{len(fonts)} files", mend)


def _program(subject: str, find: Callable[[], Path], mend: str, *, needed: bool) -> Finding:
    try:
        return Finding(subject, present=True, detail=str(find()), mend="", needed=needed)
    except Stopped:
        return Finding(subject, present=False, detail="-", mend=mend, needed=needed)


def _disk() -> Finding:
    free = shutil.disk_usage(ROOT).free // 2**20
    return Finding("disk", free >= DISK_MIB, f"{free} MiB free", f"free {DISK_MIB} MiB")


def _port() -> Finding:
    free = not is_taken(PORT)
    mend = "end the program that listens there; `run` needs this port"
    return Finding(f"port {PORT}", free, "free" if free else "taken", mend, needed=False)
