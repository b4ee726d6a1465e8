"""Finding what is due among very many clocks reads only what is due."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from app.awards.queries import awarded, tranche
from app.db import Model, db
from app.notices import queries
from app.notices.queries import Due
from tests.factories import Days
from tests.notices.definitions import CLAIM, publish, under
from tests.world import World

MANY, DUE = 10_000, 10
TODAY, AHEAD = date(2026, 12, 1), date(2027, 6, 1)


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    clock = Days(monkeypatch)
    clock.noon("2026-11-23")
    return clock


def copies(row: Model, due: int, **names: Callable[[int], Any]) -> None:
    """Write very many rows like one: the clocks of so many have run out, all the others run for long."""
    table = row.__table__
    like = {
        column.name: getattr(row, column.name) for column in table.columns if not column.primary_key
    }
    late, early = TODAY - timedelta(days=1), AHEAD - timedelta(days=7)
    rows = [
        {
            **like,
            **{name: make(number) for name, make in names.items()},
            "due_on": late if number < due else AHEAD,
            "warn_on": late if number < due else early,
        }
        for number in range(MANY)
    ]
    db.session.execute(insert(type(row)), rows)
    db.session.execute(text("ANALYZE"))


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Collect what is asked of the database."""
    asked: list[tuple[str, Any]] = []
    connection = db.session.connection()

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(connection, "before_cursor_execute", note)


def plan(statement: str, parameters: Any) -> str:
    """Return how the database answers a statement."""
    connection = db.session.connection()
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    return "\n".join(str(row[-1]) for row in rows)


def reads_all(table: str, found: str) -> bool:
    """Tell whether a plan reads a table from its first row to its last."""
    return any(
        line.strip() == f"SCAN {table}" or f"Seq Scan on {table} " in line
        for line in found.splitlines()
    )


@pytest.mark.parametrize(
    "find", [queries.warnings, queries.expired, queries.late], ids=["warned", "ended", "told"]
)
def test_of_ten_thousand_cases_only_those_are_read_whose_holder_is_to_be(
    world: World, days: Days, find: Callable[[], list[Due]]
) -> None:
    reference = under(world, world.at("screening"))
    days.noon(TODAY.isoformat())
    copies(world.case(reference), DUE, reference=lambda number: f"COPY-{number}")
    with statements() as asked:
        found = find()
    expected = {f"COPY-{number}" for number in range(DUE)}
    assert {due.reference for due in found} - {reference} == expected
    plans = [plan(*one) for one in asked if "FROM application" in one[0]]
    assert plans
    assert not [found for found in plans if reads_all("application", found)]


def test_of_ten_thousand_tranches_only_those_are_read_that_are_late(
    world: World, days: Days
) -> None:
    reference = world.at("disbursing")
    days.noon(TODAY.isoformat())
    row = tranche(awarded(world.case(reference)), 1)
    row.state = "claimed"
    world.case(reference).scheme.tranche_digest = publish(CLAIM)
    db.session.flush()
    copies(row, DUE, number=lambda number: number + 100)
    with statements() as asked:
        found = queries.expired()
    assert {due.tranche for due in found} == {number + 100 for number in range(DUE)}
    plans = [plan(*one) for one in asked if "FROM tranche" in one[0]]
    assert plans
    assert not [found for found in plans if reads_all("tranche", found)]


def test_the_newest_come_first_and_not_all_at_once(
    world: World, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = []
    for amount in ("6000", "7000", "8000"):
        late.append(world.at("submitted", amount=amount))
        days.noon(f"2026-11-{23 + len(late)}")
    days.noon("2026-12-10")
    monkeypatch.setattr(queries, "MOST", 2)
    assert [due.reference for due in queries.late()] == late[:0:-1]


def test_a_state_that_no_version_knows_is_passed_over(world: World, days: Days) -> None:
    case = world.case(world.at("submitted"))
    case.state = "gone"
    db.session.flush()
    days.noon("2026-12-10")
    assert queries.late() == []


def test_looking_for_calendars_that_have_changed_reads_every_case(world: World, days: Days) -> None:
    copies(world.case(world.at("submitted")), DUE, reference=lambda number: f"COPY-{number}")
    with statements() as asked:
        assert queries.outdated() == []
    assert reads_all("application", plan(*asked[0]))
