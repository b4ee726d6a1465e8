"""The environment of the readers: programs by others that read what is exported, in `.venv-readers`.

Nothing of it is ever imported by our program: pm4py is under the AGPL.
"""

import platform

from app.bootstrap.environment import ROOT, alone, create, fill, lock_digest
from app.bootstrap.shell import say

VENV = ROOT / ".venv-readers"
PYTHON = VENV / "bin" / "python"
# Wheels; then two packages that nobody offers as a wheel.
LOCK, BUILT = "requirements-readers.lock", "requirements-readers-built.lock"
_STAMP = VENV / "saluran.stamp"


def is_ready() -> bool:
    """Tell whether the environment is complete and of the present lock."""
    return PYTHON.exists() and _STAMP.exists() and _STAMP.read_text() == _wanted()


def ensure() -> None:
    """Make the environment unless it is there. Raises Stopped when it cannot be made."""
    if is_ready():
        return
    with alone("readers"):
        if is_ready():
            return
        say(f"Installing the packages of {LOCK} in {VENV.name} ...")
        create(VENV, bare=True)
        fill(PYTHON, LOCK)
        fill(PYTHON, BUILT, built=True)
        _STAMP.write_text(_wanted())


def _wanted() -> str:
    locks = b"".join((ROOT / name).read_bytes() for name in (LOCK, BUILT))
    return lock_digest(locks, platform.python_version(), str(VENV))
