"""Speaks to the person at the terminal and runs other programs quietly."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

Argument = str | Path
LINES_SHOWN = 15


class Stopped(Exception):
    """Work cannot go on; the message is one clear sentence for the person who started it."""


def say(sentence: str) -> None:
    """Print one short line of progress at once, on standard error so that output stays clean."""
    print(sentence, file=sys.stderr, flush=True)


def last_lines(text: str, count: int = LINES_SHOWN) -> str:
    """Return the last lines of a program's output that say something."""
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join(lines[-count:])


def run_quietly(
    argv: Sequence[Argument],
    failure: str,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> str:
    """Run a program and return what it printed.

    Raises Stopped with `failure` and the last lines of its output when it does not succeed.
    """
    finished = _finished(argv, env, cwd)
    if finished.returncode:
        raise Stopped(f"{last_lines(finished.stdout)}\n{failure}".lstrip())
    return finished.stdout


def succeeds(
    argv: Sequence[Argument], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> bool:
    """Tell whether a program can be started and ends with status 0."""
    try:
        return _finished(argv, env, cwd).returncode == 0
    except OSError:
        return False


def _finished(
    argv: Sequence[Argument], env: Mapping[str, str] | None, cwd: Path | None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(argument) for argument in argv],
        env={**os.environ, **env} if env else None,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
