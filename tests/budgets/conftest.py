"""Two budget officers and a second call."""

import pytest

from app.db import transaction
from tests.answers import GRANT
from tests.budgets.transfers import second
from tests.factories import set_budget
from tests.world import World


@pytest.fixture
def movers(world: World) -> World:
    """Return the world with two budget officers, 100.00 in the first call and nothing in the second."""
    with transaction():
        for name in ("desk.my", "desk_two.my", "desk.vn"):
            world.person(name).duties = ["budget_officer"]
    set_budget(GRANT, 100_00)
    second(world)
    return world
