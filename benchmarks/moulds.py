"""The cases that a generated log is cast from: each travelled by the real commands, with its letters.

So the log says nothing that the program would not have written. What differs from case to case is known by its place.
"""

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Table, select

from app import clock
from app.applications.models import Application
from app.budgets.models import Budget
from app.db import Model, db
from app.decisions.commands import Cast
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.schemes.models import Call
from app.submissions import commands as submissions
from app.submissions.models import Submission
from app.trail.models import Event
from app.trail.queries import Disclosed, disclosures_of
from tests.answers import GRANT, LOAN
from tests.factories import do_the_work
from tests.world import World
from workflows.evidence.chain import canonical, moment

# What belongs to a case and is cast again, in an order that foreign keys allow. Documents are shared. A letter is known by
# its digest alone, as in a log whose letters are kept elsewhere, and what the outbox held is done.
TABLES = (
    "application", "part", "attachment", "submission", "assessment", "recommendation", "ballot",
    "decision", "award", "condition", "tranche", "repayment_schedule", "payment_instruction", "disbursement",
    "movement",
)  # fmt: skip
REASONS = Reasoned(("OTH",), "Not this year.")
Patch = tuple[int, str, int]


@dataclass(frozen=True)
class Cut:
    """An event of a mould: ``parts`` alternate between fixed text and the name of what comes there."""

    kind: str
    actor: str
    agency: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A row of a mould: its values, and the places whose value is another in each cast (position, group, number)."""

    table: str
    values: tuple[Any, ...]
    patches: tuple[Patch, ...]
    texts: tuple[int, ...]


@dataclass(frozen=True)
class Mould:
    """One case, cut where casts differ."""

    call_id: int
    call: str
    country: str
    reference: str
    enterprise: dict[str, Any]
    person: dict[str, Any]
    money: tuple[int, ...]
    frozen: tuple[str, ...]
    private: tuple[Disclosed, ...]
    events: tuple[Cut, ...]
    rows: tuple[Row, ...]
    counts: dict[str, int]


class Posting(World):
    """A world in which the worker is never behind."""

    def do(self, command: Any, reference: str, *args: Any, actor: Any, **more: Any) -> Any:
        """Run a command, then everything it promised."""
        found = super().do(command, reference, *args, actor=actor, **more)
        do_the_work()
        return found


def moulds(app: Flask, days: int) -> list[Mould]:
    """Let cases of several kinds travel so many days ago; about twelve events each, taken together."""
    with app.app_context(), _back(days):
        found = [_cut(Posting(app), road) for road in _roads()]
        db.session.remove()
    return found


@contextmanager
def _back(days: int) -> Iterator[None]:
    """Let the program live so many days ago."""
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(str(-days))
        file.flush()
        clock.rehearse(Path(file.name))
        try:
            yield
        finally:
            clock.rehearse(None)


def _roads() -> Iterator[Callable[[Posting], str]]:
    for call, amounts in ((GRANT, ("80000.00", "24500.00")), (LOAN, ("1500000000", "1600000000"))):
        for amount in amounts:
            yield partial(_paid, call=call, amount=amount, tranches=1)
            yield partial(_paid, call=call, amount=amount, tranches=0)
            yield partial(_declined, call=call, amount=amount)
        yield partial(_paid, call=call, amount=amounts[0], tranches=2)
        yield partial(_screened_out, call=call)
        yield partial(_asked_again, call=call)


def _paid(world: Posting, call: str, amount: str, tranches: int) -> str:
    reference = world.at("disbursing", call, amount=amount)
    for number in range(1, tranches + 1):
        world.tranche_to(reference, number, "paid")
    return reference


def _declined(world: Posting, call: str, amount: str) -> str:
    reference = world.at("decision", call, amount=amount)
    world.vote(reference, "decline", Cast("", REASONS.reasons, REASONS.note))
    return reference


def _screened_out(world: Posting, call: str) -> str:
    reference = world.at("screening", call)
    world.do(reviews.move, reference, REASONS, act="screen_out", actor=world.desk)
    return reference


def _asked_again(world: Posting, call: str) -> str:
    reference = world.at("screening", call)
    world.do(reviews.return_for_information, reference, REASONS, actor=world.desk)
    world.do(submissions.resubmit, reference, "Here it is.", actor=world.applicant)
    world.do(reviews.move, reference, REASONS, act="screen_out", actor=world.desk)
    return reference


def _cut(world: Posting, road: Callable[[Posting], str]) -> Mould:
    before = {name: _last(_table(name)) for name in TABLES if "id" in _table(name).c}
    budgets = _budgets()
    reference = road(world)
    case = world.case(reference)
    events = db.session.scalars(
        select(Event).where(Event.stream == reference).order_by(Event.seq)
    ).all()
    slots = {
        reference: "reference",
        f'"enterprise:{case.enterprise_id}"': "enterprise",
        f'"applicant:{case.applicant_id}"': "applicant",
    }
    frozen = db.session.scalars(
        select(Submission).where(Submission.application_id == case.id).order_by(Submission.number)
    ).all()
    slots |= {copy.digest: f"digest-{copy.number}" for copy in frozen}
    rows = tuple(_rows(case, before, list(events)))
    taken = zip(_budgets()[case.call_id], budgets[case.call_id], strict=True)
    return Mould(
        call_id=case.call_id,
        call=case.call.code,
        country=case.enterprise.country,
        reference=reference,
        enterprise=_values(case.enterprise),
        person=_values(case.applicant),
        money=tuple(now - then for now, then in taken),
        frozen=tuple(canonical(copy.frozen) for copy in frozen),
        private=tuple(disclosures_of([reference])),
        events=tuple(_event(event, slots) for event in events),
        rows=rows,
        counts={name: sum(row.table == name for row in rows) for name in before},
    )


def _event(event: Event, slots: dict[str, str]) -> Cut:
    known = {**slots, f'"{moment(event.at)}"': "at"}
    if previous := json.loads(event.entry)["prev"]:
        known[previous] = "prev"
    pattern = "|".join(re.escape(text) for text in known)
    parts = re.split(f"({pattern})", event.entry)
    actor = "applicant" if event.actor.startswith("applicant:") else event.actor
    return Cut(event.kind, actor, event.agency, tuple(known.get(part, part) for part in parts))


def _rows(case: Application, before: dict[str, int], events: list[Event]) -> Iterator[Row]:
    """Give what the case added to each table, cut where casts differ."""
    places = {"event": {event.id: n for n, event in enumerate(events)}}
    for name in TABLES:
        table = _table(name)
        whose = table.c.id > before[name] if name in before else table.c.application_id == case.id
        found = db.session.execute(select(table).where(whose).order_by(*table.primary_key)).all()
        if name in before:
            places[name] = {row.id: n for n, row in enumerate(found)}
        for row in found:
            yield _row(table, tuple(row), case, places, events)


def _row(
    table: Table,
    values: tuple[Any, ...],
    case: Application,
    places: dict[str, dict[int, int]],
    events: list[Event],
) -> Row:
    patches: list[Patch] = []
    texts, kept = [], []
    for position, (column, value) in enumerate(zip(table.c, values, strict=True)):
        owner = next((key.column.table.name for key in column.foreign_keys), "")
        owner = table.name if column.name == "id" else owner
        own = {"enterprise": case.enterprise_id, "person": case.applicant_id}.get(owner)
        if isinstance(value, datetime):
            nearest = min(range(len(events)), key=lambda n: abs(events[n].at - value))
            patches.append((position, "at", nearest))
        elif owner in places and value is not None:
            patches.append((position, owner, places[owner][value]))
        elif own is not None and value == own:
            patches.append((position, owner, 0))
        elif column.name in {"trail_hash", "frozen", "digest"}:
            number = (
                values[table.c.keys().index("number")] - 1 if column.name != "trail_hash" else 0
            )
            patches.append((position, column.name, number))
        elif isinstance(value, str) and case.reference in value:
            texts.append(position)
        kept.append(_plain(value))
    return Row(table.name, tuple(kept), tuple(patches), tuple(texts))


def _values(found: Model) -> dict[str, Any]:
    """Return a row by column."""
    columns = _table(found.__tablename__).c
    return {column.name: _plain(getattr(found, column.name)) for column in columns}


def _plain(value: Any) -> Any:
    """Return a value as both databases read it as text."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, date) else value


def _budgets() -> dict[int, tuple[int, ...]]:
    """Return what is spoken for of the budget of each call, by the number of the call."""
    rows = db.session.execute(
        select(Call.id, Budget.reserved_minor, Budget.committed_minor, Budget.paid_minor)
        .join(Budget, Budget.code == Call.code)
        .where(Budget.level == "call")
    ).all()
    return {row[0]: tuple(row[1:]) for row in rows}


def _table(name: str) -> Table:
    return db.metadata.tables[name]


def _last(table: Table) -> int:
    found = db.session.scalar(select(table.c.id).order_by(table.c.id.desc()).limit(1))
    return int(found or 0)
