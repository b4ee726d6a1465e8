"""The private Python environment: `.venv` in the repository, made from the lock files.

A stamp file holds a digest of the lock and the Python version, written last: an environment that was
interrupted, or that belongs to another lock, is made anew and never half used.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from app.bootstrap.apt import install, may_install
from app.bootstrap.shell import Stopped, run_quietly, say, succeeds

Kit = Literal["runtime", "test"]

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# The test lock holds the runtime packages too, in the same versions.
LOCKS: dict[Kit, str] = {"runtime": "requirements.lock", "test": "requirements-test.lock"}


def lock_digest(lock: bytes, python_version: str, place: str) -> str:
    """Return the digest that names an environment: its lock, its Python and where it lies.

    Its programs name the folder they were installed in, so a repository that moved needs a new one.
    """
    parts = (python_version.encode(), place.encode(), lock)
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def wanted_stamp(kit: Kit) -> str:
    """Return the stamp that a complete environment of this kit carries now."""
    # Not sys.version: it names the build, which a security update of the machine changes.
    return lock_digest((ROOT / LOCKS[kit]).read_bytes(), platform.python_version(), str(VENV))


def stamp_file(kit: Kit) -> Path:
    """Return where the stamp of this kit lies."""
    return VENV / f"saluran-{kit}.stamp"


def is_ready(kit: Kit) -> bool:
    """Tell whether the environment holds everything of this kit; the test kit holds the runtime."""
    if kit == "runtime" and is_ready("test"):
        return True
    stamp = stamp_file(kit)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted_stamp(kit)


def is_inside() -> bool:
    """Tell whether this process runs on the private environment's Python."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def ensure(kit: Kit) -> None:
    """Make the environment hold this kit. Raises Stopped when it cannot be made.

    Must be called by a Python from outside the environment, because it may be deleted first.
    """
    if is_ready(kit):
        return
    with alone("environment"):
        if not is_ready(kit):
            _make(kit)


@contextlib.contextmanager
def alone(what: str) -> Iterator[None]:
    """Wait until no other process makes this."""
    VAR.mkdir(exist_ok=True)
    with (VAR / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(kit: Kit) -> None:
    started = time.monotonic()
    # Packages of an older lock would hide an import that the new one does not declare.
    if not is_ready("runtime") or stamp_file("test").exists():
        say("Making a private Python environment in .venv ...")
        create(VENV)
    say(f"Installing the packages of {LOCKS[kit]} ...")
    fill(PYTHON, LOCKS[kit])
    stamp_file(kit).write_text(wanted_stamp(kit))
    say(f"Packages ready ({time.monotonic() - started:.0f} s).")


def fill(python: Path, lock: str, *, built: bool = False) -> None:
    """Install the packages of a lock file into the environment of a Python. Raises Stopped when that fails.

    ``built`` says that they are not offered ready-made, and are built with what the environment holds already.
    """
    options = [
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--require-hashes",
        "--no-deps",
    ]
    made = ["--no-binary=:all:", "--no-build-isolation"] if built else ["--only-binary=:all:"]
    failure = f"The packages of {lock} could not be installed. Is the package index reachable?"
    run_quietly([*_pip(python), "install", *options, *made, "-r", str(ROOT / lock)], failure)


def create(folder: Path, *, bare: bool = False) -> None:
    """Make an empty environment, in place of any that is there; a bare one is filled by the pip of this Python if it can.

    Raises Stopped when Python cannot make it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    failure = f"Python could not make a virtual environment in {folder.name}."
    if not _has_ensurepip() and not _has_pip():
        _install_ensurepip()
    without = ["--without-pip"] if (bare and _has_pip()) or not _has_ensurepip() else []
    run_quietly([sys.executable, "-m", "venv", *without, folder], failure)


def _pip(python: Path) -> list[str]:
    if succeeds([python, "-m", "pip", "--version"]):
        return [str(python), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(python)]


def _has_ensurepip() -> bool:
    # Debian and Ubuntu take this module out of Python and ship it in a package of its own.
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


def _has_pip() -> bool:
    return succeeds([sys.executable, "-m", "pip", "--version"])


def _install_ensurepip() -> None:
    package = f"python3.{sys.version_info.minor}-venv"
    if may_install():
        install([package])
    if not _has_ensurepip():
        raise Stopped(
            "This Python can make no virtual environment: install the package "
            f"{package} (as root: apt-get install -y {package}), then run this command again."
        )
