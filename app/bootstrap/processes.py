"""One long-running process of the system, kept alive as a service manager would keep it."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 10.0
# A process that cannot start is tried again once a second, not in a busy loop.
PAUSE_SECONDS = 1.0
KILL_ROUNDS = 50


class Service:
    """A process with a name, a log file and a session of its own.

    Everything it forks stays in that session, even after changing its process group as job horses do;
    so the session is what is ended with it.
    """

    def __init__(
        self, name: str, argv: Sequence[str], env: Mapping[str, str], folder: Path, cwd: Path
    ) -> None:
        """Describe the process; `start()` starts it. Its output goes to `<folder>/<name>.log`."""
        self.name = name
        self.log = folder / f"{name}.log"
        self.restarts = 0
        self.kept_alive = True
        self._argv = list(argv)
        self._env = dict(env)
        self._cwd = cwd
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    @property
    def pid(self) -> int | None:
        """The process id, or None while it is not running."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def start(self) -> None:
        """Start the process unless it runs."""
        if self.pid:
            return
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._argv,
                env=self._env,
                cwd=self._cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._started = time.monotonic()

    def revive(self) -> None:
        """Start the process again if it has died and is to be kept alive."""
        if self.pid or not self.kept_alive or not self._process:
            return
        end_session(self._process.pid)
        if time.monotonic() - self._started >= PAUSE_SECONDS:
            self.restarts += 1
            self.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process alone: it ends its own children in good order."""
        self.kept_alive = False
        if self._process and self.pid:
            self._process.terminate()

    def stop(self) -> None:
        """End the process and everything it started; what does not end in time is killed."""
        self.ask_to_stop()
        if not self._process:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        end_session(self._process.pid)
        self._process.wait()


def end_session(session: int) -> None:
    """Kill every process that is left of a session of ours, and what it forks meanwhile."""
    for _ in range(KILL_ROUNDS):
        left = members(session)
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def members(session: int) -> list[int]:
    """Return the living processes of a session, as /proc lists them."""
    return [
        int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _session(folder) == session
    ]


def _session(folder: Path) -> int | None:
    try:
        line = (folder / "stat").read_text()
    except OSError:
        return None
    return session_of(line)


def session_of(line: str) -> int | None:
    """Return the session in a line of /proc/<pid>/stat, or None for a process already dead.

    The program's name stands in parentheses and may itself hold spaces and parentheses (proc(5)).
    """
    state, _parent, _group, session = line.rpartition(")")[2].split()[:4]
    return None if state in "ZX" else int(session)
