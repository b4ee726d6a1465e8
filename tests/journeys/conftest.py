"""A road to walk, on either scheme."""

from collections.abc import Callable

import pytest

from tests.journeys.road import Road
from tests.world import World


@pytest.fixture
def road(world: World) -> Callable[[str], Road]:
    """Return a function that begins a case under a call."""
    return lambda call: Road(world.app, call)
