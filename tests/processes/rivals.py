"""Two or three people who act at the same moment, each in a process of their own: contenders, and how they end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any, Self

from flask import Flask

from app import create_app
from app.db import db, transaction
from app.errors import Problem
from config import Settings
from tests.world import World
from workflows.machine import Refused

# Far more than any act takes, and than a process takes to begin.
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Contender:
    """Who does what to which case; ``version`` is the one they saw, ``None`` for who did not look.

    The command goes to another process by its name: a function of a module. One that is ``whole`` makes its own transactions.
    """

    who: str
    command: Callable[..., Any]
    reference: str
    args: tuple[Any, ...] = ()
    version: int | None = None
    more: dict[str, Any] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True)
class End:
    """How one of them ended: done, refused by ``rules``, ``told`` something else that speaks against it, or by a fault of ours."""

    done: bool = False
    rules: frozenset[str] | None = None
    told: str = ""
    error: str = ""


class Rivals:
    """Processes that wait for contenders and let them begin together; a context manager that starts and ends them."""

    def __init__(self, settings: Settings, number: int) -> None:
        """Start the processes, so many as contenders race at most; each makes its own application from the same settings."""
        # Not forked: nothing of this process, least of all a connection, is shared with them.
        context = get_context("spawn")
        # Kept here: with the last one that knows it in this process it would be gone.
        self._barriers = {
            many: context.Barrier(many, timeout=PATIENCE_SECONDS) for many in range(1, number + 1)
        }
        pipes = [context.Pipe() for _ in range(number)]
        self._ours = [ours for ours, _ in pipes]
        self._processes = [
            context.Process(target=_wait, args=(settings, theirs, self._barriers), daemon=True)
            for _, theirs in pipes
        ]
        for process, (_, theirs) in zip(self._processes, pipes, strict=True):
            process.start()
            theirs.close()

    def __enter__(self) -> Self:
        """Have them wait."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Let them go, and end who does not."""
        for ours in self._ours:
            ours.close()
        for process in self._processes:
            process.join(PATIENCE_SECONDS)
            if process.exitcode is None:
                process.kill()

    def race(self, *contenders: Contender) -> list[End]:
        """Let everybody begin at the same moment; the caller holds no lock. Who does not answer in time is an error."""
        used = self._ours[: len(contenders)]
        for ours, found in zip(used, contenders, strict=True):
            ours.send((found, len(contenders)))
        return [self._answer(ours) for ours in used]

    def _answer(self, ours: Connection) -> End:
        # Twice as long as they wait for each other.
        if not ours.poll(2 * PATIENCE_SECONDS):
            return End(error="There was no answer in time.")
        found: End = ours.recv()
        return found


def _wait(settings: Settings, pipe: Connection, barriers: dict[int, Barrier]) -> None:
    app = create_app(settings)
    while True:
        try:
            found, many = pipe.recv()
        except EOFError:
            break
        pipe.send(_attempt(app, barriers[many], found))
    with app.app_context():
        db.engine.dispose()


def _attempt(app: Flask, barrier: Barrier, found: Contender) -> End:
    with app.app_context():
        try:
            barrier.wait()
            _act(app, found)
        except Refused as refused:
            return End(rules=frozenset(failure.rule for failure in refused.failures))
        except Problem as problem:
            return End(told=repr(problem))
        except Exception as error:  # a fault of ours, told in the report
            return End(error=repr(error))
        return End(done=True)


def _act(app: Flask, found: Contender) -> None:
    if found.whole:
        _command(app, found)
        return
    with transaction():
        _command(app, found)


def _command(app: Flask, found: Contender) -> None:
    actor = World(app).person(f"{found.who}.my")
    found.command(found.reference, *found.args, version=found.version, actor=actor, **found.more)
