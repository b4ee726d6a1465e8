"""The gates a change must pass before its tests are worth running, cheapest first."""

import subprocess
import sys
from collections.abc import Sequence

from app.bootstrap.environment import ROOT, VENV
from app.bootstrap.shell import say

_BIN = VENV / "bin"
GATES: dict[str, tuple[str, ...]] = {
    "layout of the code": (f"{_BIN}/ruff", "format", "--check", "--quiet", "."),
    "lint": (f"{_BIN}/ruff", "check", "--quiet", "."),
    "import contracts": (f"{_BIN}/lint-imports", "--no-logo"),
    "types": (f"{_BIN}/mypy",),
    "spelling": (f"{_BIN}/codespell",),
    "templates": (f"{_BIN}/djlint", "templates", "--lint", "--quiet"),
}
HOUSE_RULES = (sys.executable, "-m", "pytest", "-q", "tests/architecture")


def check() -> int:
    """Run every gate and the house rules; return 0 when all hold."""
    failed = failing_gates({**GATES, "house rules": HOUSE_RULES})
    return 1 if failed else 0


def failing_gates(gates: dict[str, tuple[str, ...]]) -> list[str]:
    """Run these gates, show the output of those that fail, and return their names."""
    failed = [name for name, argv in gates.items() if not _holds(name, argv)]
    say(f"Gates: {', '.join(failed)} failed." if failed else f"Gates: all {len(gates)} hold.")
    return failed


def format_code() -> int:
    """Lay out the code and mend what the linter can mend by itself."""
    layout = subprocess.run([f"{_BIN}/ruff", "format", "."], cwd=ROOT, check=False).returncode
    mended = subprocess.run([f"{_BIN}/ruff", "check", "--fix", "."], cwd=ROOT, check=False)
    return layout or mended.returncode


def _holds(name: str, argv: Sequence[str]) -> bool:
    finished = subprocess.run(
        argv,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    holds = finished.returncode == 0
    say(f"  {name}: {'ok' if holds else 'FAILED'}")
    if not holds:
        print(finished.stdout, flush=True)
    return holds
