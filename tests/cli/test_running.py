"""When the sweeper rings for the clocks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import clock
from app.cli import running
from app.cli.running import RINGS_PER_RECOMPUTE, ring_once

SECONDS = 10.0
# The beginning of an interval that is no multiple of those at which calendars are looked at.
MOMENT = datetime(2026, 11, 23, 4, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "rung"),
    [
        pytest.param(None, 0.0, [True], id="at once when it starts, calendars and all"),
        pytest.param(0, 9.9, [], id="not twice in an interval"),
        pytest.param(0, 10.0, [False], id="when the next interval begins"),
        pytest.param(0, 35.0, [False], id="once when several went by"),
        pytest.param(
            0, RINGS_PER_RECOMPUTE * SECONDS - 10, [True], id="for calendars once an hour"
        ),
    ],
)
def test_the_sweeper_rings(
    monkeypatch: pytest.MonkeyPatch, before: int | None, after: float, rung: list[bool]
) -> None:
    found: list[tuple[int, bool]] = []

    def ring(interval: int, *, seconds: float, **more: Any) -> None:
        assert seconds == SECONDS
        found.append((interval, more["recompute"]))

    monkeypatch.setattr(running, "ring", ring)
    first = int(MOMENT.timestamp() // SECONDS)
    monkeypatch.setattr(clock, "now", lambda: MOMENT + timedelta(seconds=after))
    interval = ring_once(None if before is None else first + before, SECONDS)
    assert interval == first + int(after // SECONDS)
    assert [recompute for _, recompute in found] == rung
