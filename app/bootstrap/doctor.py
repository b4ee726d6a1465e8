"""What the machine has and lacks for Saluran, and how to mend each lack. Changes nothing."""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.bootstrap import libraries, postgres, redis_server
from app.bootstrap.environment import LOCKS, PYTHON, ROOT, Kit, is_ready
from app.bootstrap.runs import PORT
from app.bootstrap.shell import Stopped, last_lines, run_quietly
from app.bootstrap.stack import FLASK, is_taken

DISK_MIB = 1024
# PRIVATE+KEY+name+id+key
KEY_PARTS = 5


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
    yield from log_of(os.environ)


def log_of(settings: Mapping[str, str]) -> Iterable[Finding]:
    """Look at what signs the decision trail and brings checkpoints outside; only where the system itself is set up."""
    if "SALURAN_DATABASE_URL" not in settings:
        return
    yield _key(settings.get("SALURAN_LOG_KEY_FILE", ""))
    mail = settings.get("SALURAN_SMTP_URL", "")
    detail = "set" if mail else "checkpoints are not sent to auditors"
    mend = "set SALURAN_SMTP_URL and SALURAN_MAIL_FROM"
    yield Finding("mail", bool(mail), detail, mend, needed=False)
    who = settings.get("SALURAN_WITNESSES", "").split()
    mend = "set SALURAN_WITNESSES once another body signs checkpoints"
    yield Finding("witnesses", bool(who), str(len(who)), mend, needed=False)
    if PYTHON.exists():
        yield _signing()


def _key(name: str) -> Finding:
    mend = "make one with `flask log key NAME FILE` and set SALURAN_LOG_KEY_FILE for the workers"
    if not name:
        return Finding("key of the log", present=False, detail="not set", mend=mend, needed=False)
    try:
        mode = Path(name).stat().st_mode
        text = Path(name).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        return Finding("key of the log", present=False, detail=str(error), mend=mend)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        open_to_all = "others can read it"
        return Finding(
            "key of the log", present=False, detail=open_to_all, mend=f"chmod 600 {name}"
        )
    parts = text.split("+", 4)
    ours = text.startswith("PRIVATE+KEY+") and len(parts) == KEY_PARTS
    return Finding("key of the log", ours, parts[2] if ours else "no key", mend)


def _signing() -> Finding:
    """Ask the system itself how far the trail is signed."""
    try:
        answer = run_quietly([str(PYTHON), *FLASK[1:], "log", "status"], "", cwd=ROOT)
    except Stopped as error:
        sentence = last_lines(str(error), 1) or "it cannot be asked"
        mend = "see `flask log status` and the log of the workers"
        return Finding("decision trail", present=False, detail=sentence, mend=mend)
    signed = next((line for line in answer.splitlines() if line.startswith("signed")), "")
    return Finding("decision trail", present=True, detail=" ".join(signed.split()), mend="")


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
