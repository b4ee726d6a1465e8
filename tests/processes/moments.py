"""Several people act at the same moment, each in a session and a transaction of their own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, update

from app import create_app
from app.audit import queries as audit
from app.awards.models import Award
from app.budgets.models import Budget
from app.db import db, transaction
from app.errors import Problem
from config import Settings
from tests.shelf import stock
from tests.world import World, settle
from workflows.machine import Refused

# Far more than any act takes, far less than a database waits on a deadlock it cannot see.
PATIENCE_SECONDS = 20.0

PLENTY = 10**12

Deed = Callable[[World], Any]


@dataclass(frozen=True)
class End:
    """How one of them ended: ``rules`` were told to who was refused, ``error`` is any other end than those two."""

    name: str
    done: bool = False
    rules: frozenset[str] = frozenset()
    error: str = ""


@dataclass(frozen=True)
class Moment:
    """How all of them ended, in the order they were named."""

    ends: tuple[End, ...]

    @property
    def won(self) -> list[str]:
        """Return the names of those whose act was taken."""
        return [end.name for end in self.ends if end.done]

    @property
    def rules(self) -> list[frozenset[str]]:
        """Return the rules that were told to the others."""
        return [end.rules for end in self.ends if end.rules]

    @property
    def errors(self) -> list[str]:
        """Return what went wrong in another way."""
        return [end.error for end in self.ends if end.error]


def at_once(app: Flask, deeds: dict[str, Deed]) -> Moment:
    """Let everybody begin at the same moment; whoever does not end in time is an error."""
    db.session.remove()
    barrier = Barrier(len(deeds), timeout=PATIENCE_SECONDS)
    with ThreadPoolExecutor(len(deeds)) as pool:
        running = [
            pool.submit(attempt, app, name, deed, barrier.wait) for name, deed in deeds.items()
        ]
        return Moment(tuple(future.result(PATIENCE_SECONDS) for future in running))


def attempt(app: Flask, name: str, deed: Deed, begin: Callable[[], Any] = lambda: None) -> End:
    """Do something in a transaction of one's own, and tell how it ended."""
    with app.app_context():
        begin()
        try:
            with transaction():
                deed(World(app))
        except Refused as refused:
            return End(name, rules=frozenset(failure.rule for failure in refused.failures))
        except Problem as problem:
            return End(name, rules=frozenset({problem.slug}))
        except Exception as error:  # a fault of ours, told in the report
            return End(name, error=repr(error))
        return End(name, done=True)


@contextmanager
def apart(database_url: str, redis_url: str, folder: Path) -> Iterator[World]:
    """Give a world on a database of its own, in which everybody has a session of one's own; money is no object."""
    app = create_app(Settings.for_tests(database_url, redis_url, folder))
    with app.app_context():
        upgrade()
        with transaction():
            settle()
            stock()
            db.session.execute(
                update(Budget).where(Budget.level == "call").values(amount_minor=PLENTY)
            )
        db.session.remove()
        yield World(app)
        db.session.remove()
        db.engine.dispose()


def adds_up() -> bool:
    """Tell whether every chain holds, and what is reserved is what stands in awards and is not paid."""
    db.session.remove()
    left = Award.amount_minor - Award.disbursed_minor - Award.released_minor
    standing = db.session.scalar(select(func.sum(left))) or 0
    spoken_for = func.sum(Budget.reserved_minor + Budget.committed_minor)
    reserved = db.session.scalar(select(spoken_for))
    broken = audit.verify()
    db.session.remove()
    return (broken, reserved) == ([], standing)
