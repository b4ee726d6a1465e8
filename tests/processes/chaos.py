"""Killing the processes of a running system, by kind, in an order that a seed decides."""

import contextlib
import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable

import redis

from app.bootstrap.processes import members
from app.bootstrap.stack import Stack

BACK_SECONDS = 30.0
# How long to look for a letter in the making before giving up on killing one.
LETTER_SECONDS = 20.0
# Killing what has not come back yet proves little: between two kills somebody gets an act through.
PROGRESS_SECONDS = 8.0


class Chaos:
    """Kills; ``kills`` counts them by kind."""

    def __init__(self, stack: Stack, seed: int, done: Callable[[], int]) -> None:
        """Take a running system; the seed decides order, pauses and victims, ``done`` counts the acts so far."""
        self.kills: Counter[str] = Counter()
        self._stack = stack
        self._done = done
        self._random = random.Random(seed)  # noqa: S311 - to be played again, not to be secret
        self._ways: dict[str, Callable[[], bool]] = {
            "web": lambda: self._kill(self._pid("web")),
            "web worker": lambda: self._kill(self._child_of("web")),
            "worker": lambda: self._kill(self._pid(self._a_worker())),
            "horse": self._kill_horse,
            "sweeper": lambda: self._kill(self._pid("sweeper")),
            "redis": lambda: self._kill(self._stack.redis.pid),
            "redis flushed": self._flush,
            "redis emptied": self._empty,
        }

    def rage(self, kills: int) -> None:
        """Kill so many times: every kind in turn, in an order that is shuffled for each round."""
        deck: list[str] = []
        while self.kills.total() < kills:
            deck = deck or self._random.sample(list(self._ways), len(self._ways))
            kind = deck.pop()
            if self._ways[kind]():
                self.kills[kind] += 1
            self._await_an_act()
            time.sleep(self._random.uniform(0.0, 0.8))

    def _await_an_act(self) -> None:
        before = self._done()
        awaited(lambda: self._done() - before or None, PROGRESS_SECONDS)

    def _kill(self, pid: int | None) -> bool:
        if pid is None:
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def _pid(self, name: str) -> int | None:
        return awaited(lambda: self._stack.processes.get(name), BACK_SECONDS)

    def _a_worker(self) -> str:
        return self._random.choice(["worker-1", "worker-2"])

    def _child_of(self, name: str) -> int | None:
        return awaited(lambda: self._any(children(self._stack, name)), BACK_SECONDS)

    def _kill_horse(self) -> bool:
        """Kill a worker's child while it makes a letter, at any moment of that; a quick one may get away."""
        until = time.monotonic() + LETTER_SECONDS
        while time.monotonic() < until:
            found = awaited(lambda: self._any(self._horses()), LETTER_SECONDS)
            time.sleep(self._random.uniform(0.0, 0.2))
            if found in self._horses() and self._kill(found):
                return True
        return False

    def _horses(self) -> list[int]:
        return children(self._stack, "worker-1") + children(self._stack, "worker-2")

    def _flush(self) -> bool:
        """Empty the server that runs."""
        if self._stack.redis.pid is None:
            return False
        with contextlib.closing(redis.Redis.from_url(self._stack.redis.url)) as connection:
            try:
                connection.flushall()
            except redis.RedisError:
                return False
        return True

    def _empty(self) -> bool:
        """Kill the server, lose what it kept on disk, and start it with nothing."""
        server = self._stack.redis
        server.kill()
        for path in server.directory.glob("appendonly*"):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        time.sleep(self._random.uniform(0.0, 1.0))
        server.start()
        return True

    def _any(self, pids: list[int]) -> int | None:
        return self._random.choice(pids) if pids else None


def children(stack: Stack, name: str) -> list[int]:
    """Return the processes that a process of the system has started."""
    pid = stack.processes.get(name)
    return [child for child in members(pid) if child != pid] if pid else []


def awaited(look: Callable[[], int | None], seconds: float) -> int | None:
    """Return what is looked for as soon as it is there, ``None`` when it does not come."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = look()
        if found is not None:
            return found
        time.sleep(0.01)
    return None
