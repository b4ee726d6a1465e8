"""What the tests of commands share: days, refusals, decisions in one line, and the work an event entails."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from app import clock, worker
from app.applications.models import Application
from app.budgets.models import Budget
from app.db import db, transaction
from app.errors import Invalid
from app.notices.jobs import sweep
from app.schemes.models import Call
from app.trail.models import OutboxEntry
from app.trail.queries import Fact, events_of
from tests.answers import GRANT
from workflows.machine import Refused


@contextmanager
def refused(*rules: str) -> Iterator[None]:
    """Expect exactly these rules to speak against the act."""
    with pytest.raises(Refused) as caught:
        yield
    assert {failure.rule for failure in caught.value.failures} == set(rules)


@contextmanager
def invalid(*names: str) -> Iterator[dict[str, list[str]]]:
    """Expect errors in exactly these fields; gives the sentences by field."""
    found: dict[str, list[str]] = {}
    with pytest.raises(Invalid) as caught:
        yield found
    found |= caught.value.errors
    assert set(found) == set(names)


class Days:
    """A clock that a test sets: noon of a local day, or a moment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    @staticmethod
    def ticking() -> "Days | None":
        """Return the clock that a test has set, ``None`` while there is none such."""
        found = getattr(clock.now, "__self__", None)
        return found if isinstance(found, Days) else None

    def noon(self, day: str, zone: str = "Asia/Kuala_Lumpur") -> None:
        """Let it be noon on a day such as 2026-11-23."""
        self.moment(f"{day}T12:00:00", zone)

    def moment(self, text: str, zone: str = "Asia/Kuala_Lumpur") -> None:
        """Let it be a local moment; it goes on by a microsecond with each look at the clock."""
        self.at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        self._patch.setattr(clock, "now", self._now)

    def _now(self) -> datetime:
        self.at += timedelta(microseconds=1)
        return self.at


def do_the_work() -> list[str]:
    """Do what is waiting in the outbox, in this process, as a worker would; returns the outcomes."""
    ready = select(OutboxEntry.id).where(OutboxEntry.state == "ready").order_by(OutboxEntry.id)
    found = list(db.session.scalars(ready))
    db.session.rollback()
    return [worker.run(entry) for entry in found]


def let_clocks_run_out() -> int:
    """Let offers lapse whose period is over, as the sweeper does; returns how many lapsed."""
    db.session.rollback()
    return sweep()["expired"]


def last_event(reference: str) -> Fact:
    """Return the last event of a case."""
    return events_of(reference)[-1]


def budget(code: str = GRANT) -> tuple[int, int]:
    """Return what is spoken for and not paid (reserved or committed), and what is paid under a call."""
    found = budget_of(code)
    return found.reserved_minor + found.committed_minor, found.paid_minor


def budget_of(code: str = GRANT) -> Budget:
    """Return the budget of a call as it stands in the database."""
    db.session.expire_all()
    of_call = select(Budget).where(Budget.level == "call", Budget.code == code)
    return db.session.scalars(of_call).one()


def set_budget(code: str, minor: int) -> None:
    """Give a call another budget."""
    with transaction():
        budget_of(code).amount_minor = minor


def leave(minor: int, code: str = GRANT) -> None:
    """Let so much be left of the budget of a call, in minor units."""
    with transaction():
        spoken_for = Budget.reserved_minor + Budget.committed_minor + Budget.paid_minor
        of_call = update(Budget).where(Budget.level == "call", Budget.code == code)
        db.session.execute(of_call.values(amount_minor=spoken_for + minor))
    db.session.remove()


def close(code: str, moment: str) -> None:
    """Let a call close at a moment with its offset."""
    with transaction():
        call = db.session.scalars(select(Call).where(Call.code == code)).one()
        call.closes_at = datetime.fromisoformat(moment)


def rows(model: type, case: Application) -> list[Any]:
    """Return the rows of a table that belong to a case."""
    column = model.application_id  # type: ignore[attr-defined]
    return list(db.session.scalars(select(model).where(column == case.id)))
