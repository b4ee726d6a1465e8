"""The world of the tests of audits."""

import pytest

from tests.answers import LOAN
from tests.audit.bundles import held
from tests.factories import Days
from tests.world import World


@pytest.fixture
def settled(world: World) -> World:
    """Give the world a case of each of two agencies, a draft, and a signed trail."""
    world.at("submitted")
    world.draft()
    world.at("submitted", LOAN)
    held()
    return world


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    return Days(monkeypatch)
