"""The commands of `python3 -m app`: prepare the machine, then go on inside the private Python."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.bootstrap import environment, libraries
from app.bootstrap.doctor import doctor
from app.bootstrap.environment import Kit
from app.bootstrap.gates import check, format_code
from app.bootstrap.runs import demo, run
from app.bootstrap.shell import Stopped, say
from app.bootstrap.suite import cover, races, read, soak, test


@dataclass(frozen=True)
class Command:
    """What a command does, the packages it needs (None: none) and one sentence about it."""

    act: Callable[[list[str]], int]
    kit: Kit | None
    about: str


COMMANDS = {
    "demo": Command(lambda _: demo(), "runtime", "drive the sample cases on a fresh system"),
    "run": Command(
        lambda _: run(), "runtime", "serve the system on port 8000, data kept in var/run"
    ),
    "test": Command(test, "test", "gates and tests; arguments after it go to pytest alone"),
    "check": Command(
        lambda _: check(), "test", "the gates only: layout, lint, imports, types, words"
    ),
    "cover": Command(
        lambda _: cover(),
        "test",
        "the tests once more with every line watched: how much is covered",
    ),
    "readers": Command(
        lambda _: read(),
        "test",
        "what we export, read by programs of others, in an environment of their own",
    ),
    "soak": Command(
        soak, "test", "kill processes at random for minutes; arguments: how often, and the seed"
    ),
    "races": Command(
        races,
        "test",
        "race for money in processes, then kill payments at every statement; argument: how many races",
    ),
    "format": Command(lambda _: format_code(), "test", "lay out the code"),
    "doctor": Command(lambda _: doctor(), None, "what this machine has and lacks"),
}


def main(arguments: list[str]) -> int:
    """Carry out one command and return its exit status; without one, list them."""
    name = arguments[0] if arguments else "--help"
    command = COMMANDS.get(name)
    # Asked of one command, too: nobody who asks wants it started.
    if {"-h", "--help"} & {name, *arguments[1:2]}:
        print(usage())
        return 0
    if not command:
        say(f"There is no command {name!r}.\n{usage()}")
        return 2
    try:
        if command.kit:
            prepare(command.kit, arguments)
        elif environment.PYTHON.exists() and not environment.is_inside():
            _go_on(str(environment.PYTHON), arguments, {})
        # A service manager's SIGTERM must end what we started, as Ctrl-C does.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        return command.act(arguments[1:])
    except Stopped as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130


def usage() -> str:
    """Return what `--help` prints."""
    lines = [f"  {name:<8} {command.about}" for name, command in COMMANDS.items()]
    return "\n".join(["usage: python3 -m app COMMAND", "", *lines])


def prepare(kit: Kit, arguments: list[str]) -> None:
    """Return only inside the complete private environment; otherwise make it and start again there.

    Raises Stopped when the machine cannot be prepared.
    """
    os.chdir(environment.ROOT)
    inside = environment.is_inside()
    if inside and not environment.is_ready(kit):
        # The environment may have to be deleted: that is for a Python from outside it.
        _go_on(_outer_python(), arguments, {})
    environment.ensure(kit)
    found = libraries.ensure()
    if not inside or found:
        _go_on(str(environment.PYTHON), arguments, found)
    if kit == "test":
        libraries.ensure_browser()


def _outer_python() -> str:
    """Return the Python that the private environment was made with, under the same version."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return str(Path(sys.base_exec_prefix) / "bin" / name)


def _go_on(python: str, arguments: list[str], added: dict[str, str]) -> None:
    os.execve(python, [python, "-m", "app", *arguments], {**os.environ, **added})
