"""The local day on which loans are drawn in these tests."""

import pytest

from tests.factories import Days


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    clock = Days(monkeypatch)
    clock.noon("2026-11-30", "Asia/Ho_Chi_Minh")
    return clock
