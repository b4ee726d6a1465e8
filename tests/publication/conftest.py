"""What the tests of this folder stand on: a log that publishes into a folder of the test's own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.checkpoints import compose
from app.checkpoints.compose import Log
from tests.world import World


@pytest.fixture
def settle(world: World, tmp_path: Path, monkeypatch) -> Callable[..., Log]:
    """Return a function that sets what this process knows of the log, from nothing but its key and an empty folder."""
    signer = compose.signer()

    def settled(**more: Any) -> Log:
        found = replace(Log(signer, tmp_path / "checkpoints"), **more)
        monkeypatch.setattr(compose, "log", lambda: found)
        return found

    return settled


@pytest.fixture
def folder(settle: Callable[..., Log]) -> Path:
    """Return the folder checkpoints are published in, with nothing else set."""
    found = settle().folder
    assert found is not None
    return found
