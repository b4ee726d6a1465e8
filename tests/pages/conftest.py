"""Pages as they are served: forms must carry their token."""

import pytest

from tests.world import World


@pytest.fixture
def guarded(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return the world with the check for forged forms switched on."""
    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", value=True)
    return world
