"""Recording rates: once, never changed, on the log's own trail; what counts on a day."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Invalid
from app.rates.commands import record
from app.rates.models import ExchangeRate
from app.rates.queries import listed, rate_for
from app.trail.models import Event
from tests.cli.test_commands import run, written
from tests.world import World

DAY = date(2026, 11, 20)
FILE = """
[[rates]]
currency = "IDR"
on_day = 2026-11-19
units = "16250.50"
source = "Example bank"
[[rates]]
currency = "THB"
on_day = 2026-11-19
units = "33"
source = "Example bank"
"""


def events() -> list[dict[str, Any]]:
    """Return what was recorded about rates."""
    found = select(Event.entry).where(Event.stream == "log", Event.kind == "record_rate")
    return [json.loads(entry)["detail"] for entry in db.session.scalars(found.order_by(Event.seq))]


def rates() -> int:
    return db.session.scalar(select(func.count()).select_from(ExchangeRate)) or 0


def test_a_rate_is_recorded_once_and_never_changed(world: World) -> None:
    with transaction():
        first = record("LAK", DAY, "21650.50", "Example bank")
        again = record("LAK", DAY, "21650.5", "Another page")
    assert first.id == again.id
    detail = {
        "currency": "LAK",
        "on_day": "2026-11-20",
        "units": "21650.5",
        "source": "Example bank",
    }
    assert events() == [detail]
    with pytest.raises(Conflict, match=r"21650.5 is recorded, from Example bank"), transaction():
        record("LAK", DAY, "21651", "Another page")
    future = clock.now().date() + timedelta(days=2)
    with pytest.raises(Invalid, match="still to come"), transaction():
        record("LAK", future, "21651", "Example bank")
    assert (rates(), len(events())) == (1, 1)


def test_the_newest_rate_of_a_day_or_before_counts(world: World) -> None:
    with transaction():
        for day, units in ((18, "21600"), (20, "21650")):
            record("LAK", date(2026, 11, day), units, "Example bank")
        record("THB", DAY, "33", "Example bank")
    for day, units in ((18, "21600"), (19, "21600"), (20, "21650"), (30, "21650")):
        found = rate_for("LAK", date(2026, 11, day))
        assert found is not None
        assert found.units == units
    assert rate_for("LAK", date(2026, 11, 17)) is None
    assert rate_for("USD", DAY) is None
    assert [rate.units for rate in listed("LAK")] == ["21650", "21600"]


@pytest.mark.one_database
def test_rates_are_loaded_from_a_file_and_listed(world: World, tmp_path: Path) -> None:
    for _ in range(2):
        answer = run(world, "rates", "load", written(tmp_path, FILE))
        assert (answer.exit_code, answer.output) == (0, "2 rates are recorded.\n")
    line = "IDR\t2026-11-19\t16250.5\tExample bank\n"
    assert run(world, "rates", "list").output == line + "THB\t2026-11-19\t33\tExample bank\n"
    assert run(world, "rates", "list", "idr").output == line
    for wrong, said in (
        (FILE.replace('"33"', '"x"').replace('"IDR"', '"XXX"'), ("rate 1: 'XXX'", "rate 2: 'x'")),
        (FILE.replace('"33"', '"34"'), ("33 is recorded",)),
        ("rates = 1", ("[[rates]]",)),
        ("[[rates]", ("No rate is recorded",)),
    ):
        answer = run(world, "rates", "load", written(tmp_path, wrong))
        assert answer.exit_code == 1
        assert all(sentence in answer.output for sentence in said)
    assert rates() == 2
