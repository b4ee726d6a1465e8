"""The world of the tests of the regional fund."""

import pytest

from tests.factories import Days
from tests.regional import Fund, settle_fund
from tests.world import World


@pytest.fixture
def fund(world: World) -> Fund:
    """Give the fund with its focal points, and the road of a case."""
    settle_fund()
    return Fund(world)


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    return Days(monkeypatch)
