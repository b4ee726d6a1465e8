"""The whole test run: the gates, then the tests on SQLite, on PostgreSQL, and those without a database, side by side as far as there are processors."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from app.bootstrap import readers
from app.bootstrap.environment import ROOT, VAR
from app.bootstrap.gates import GATES, failing_gates
from app.bootstrap.shell import say

# By name of the run: what pytest is told.
RUNS = {
    "sqlite": ("--database=sqlite", "--part=with-database"),
    "postgresql": ("--database=postgresql", "--part=with-database"),
    "pure": ("--part=without-database",),
}
# What we export, read by programs of others: last, so that what they need is installed meanwhile.
READERS = ("--part=readers", "tests/readers")
# The code is covered once: PostgreSQL runs the same. To watch every line makes the tests two to four times slower, so that
# it has its own command.
COVERED = ("sqlite", "pure")
COVERING = ("--cov", "--cov-report=", "--cov-fail-under=0")
# What the files of all runs take at the most, with a margin.
ROOM = 2 * 1024**3


@dataclass(frozen=True)
class Counts:
    """How many tests passed and how many failed, errors included."""

    passed: int = 0
    failed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Return the sum of two runs."""
        return Counts(self.passed + other.passed, self.failed + other.failed)


def test(arguments: list[str]) -> int:
    """Run gates and tests; or, with arguments, just pytest with these arguments.

    The closing line is "N passed, M failed", the sum over all runs.
    """
    if arguments:
        command = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    failed_gates = failing_gates(GATES)
    if failed_gates:
        return _close(Counts(0, len(failed_gates)), 1)
    # Their environment takes a minute to install, most of it waiting.
    with ThreadPoolExecutor(1) as beside:
        installed = beside.submit(readers.ensure)
        # By when it is their turn, it is there.
        statuses, counts = _side_by_side({**RUNS, "readers": READERS}, {"readers": installed})
    return _close(counts, max(statuses))


def read() -> int:
    """Let programs that others wrote read what we export; their environment is made when it is not there."""
    readers.ensure()
    return subprocess.run(
        [sys.executable, "-m", "pytest", *READERS], cwd=ROOT, check=False
    ).returncode


def cover() -> int:
    """Run the tests once with every line watched, and hold the share that must be covered (fail_under in setup.cfg)."""
    for old in _folder().glob(".coverage*"):
        old.unlink()
    statuses, counts = _side_by_side({name: (*RUNS[name], *COVERING) for name in COVERED})
    return _close(counts, max(*statuses, _coverage(_folder())))


def _side_by_side(
    runs_: dict[str, tuple[str, ...]], needed: Mapping[str, Future[None]] = MappingProxyType({})
) -> tuple[list[int], Counts]:
    """Run pytest so often, as many at the same time as there are processors, the longest first.

    More at once would only take them from each other. A run waits for what is ``needed`` for it. Return the exit statuses
    and what all runs counted.
    """
    with tempfile.TemporaryDirectory(prefix="saluran-", dir=roomy()) as files:
        runs = [Run(name, told, _folder(), Path(files)) for name, told in runs_.items()]
        pool = ThreadPoolExecutor(os.cpu_count())
        try:
            statuses = list(pool.map(lambda run: run.run(needed.get(run.name)), runs))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for run in runs:
                run.stop()
    return statuses, sum((run.counts() for run in runs), Counts())


def _folder() -> Path:
    folder = VAR / "test"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def soak(arguments: list[str]) -> int:
    """Kill the system's processes at random, on each kind of database; status 1 when anything was lost or doubled."""
    command = [sys.executable, "-m", "tests.processes.soak", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def races(arguments: list[str]) -> int:
    """Let people race for the same money, and kill payments at every statement, on each kind of database; status 1 for a fault."""
    command = [sys.executable, "-m", "tests.processes.racing", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


class Run:
    """One pytest process; its lines are shown with the name of the run."""

    def __init__(self, name: str, told: tuple[str, ...], folder: Path, files: Path) -> None:
        """Prepare the process: its report and coverage go to `folder`, the files of the tests to `files`."""
        self.name = name
        self._told = told
        self._files = files / name
        self._report = folder / f"{name}.xml"
        self._report.unlink(missing_ok=True)
        self._data = {"COVERAGE_FILE": str(folder / f".coverage.{name}")}
        self._process: subprocess.Popen[str] | None = None

    def run(self, needed: Future[None] | None = None) -> int:
        """Run the process to its end, its lines shown, once what it needs is there; return the exit status."""
        if needed is not None:
            needed.result()
        self._process = subprocess.Popen(
            self._command(),
            cwd=ROOT,
            env={**os.environ, **self._data},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        for line in self._process.stdout or ():
            print(f"{self.name:>10} | {line}", end="", flush=True)
        return self._process.wait()

    def stop(self) -> None:
        """End the process if it still runs, so that it can clean up after itself."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()

    def counts(self) -> Counts:
        """Return what the run reported; a run that died without a report counts as one failure."""
        return counts_of(self._report.read_text()) if self._report.exists() else Counts(0, 1)

    def _command(self) -> list[str]:
        places = [f"--junitxml={self._report}", f"--basetemp={self._files}"]
        return [sys.executable, "-m", "pytest", *places, *self._told]


def counts_of(report: str) -> Counts:
    """Read a JUnit report, as pytest writes it, of our own run."""
    suites = ET.fromstring(report).iter("testsuite")  # noqa: S314  # our own file
    counts = Counts()
    for suite in suites:
        failed = int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
        passed = int(suite.get("tests", "0")) - failed - int(suite.get("skipped", "0"))
        counts += Counts(passed, failed)
    return counts


def roomy() -> str | None:
    """Return a folder in memory where there is room (the files of tests need not survive anything), else None."""
    memory = Path("/dev/shm")  # noqa: S108  # a private folder is made in it
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
        return str(memory)
    return None


def _coverage(folder: Path) -> int:
    coverage = [sys.executable, "-m", "coverage"]
    data = f"--data-file={folder / '.coverage'}"
    subprocess.run([*coverage, "combine", "--quiet", data, str(folder)], cwd=ROOT, check=False)
    status = subprocess.run([*coverage, "report", data], cwd=ROOT, check=False).returncode
    if status:
        say("The tests do not cover enough of the code (see fail_under in setup.cfg).")
    return status


def _close(counts: Counts, status: int) -> int:
    print(f"{counts.passed} passed, {counts.failed} failed", flush=True)
    return status
