"""The schemes of the world of the tests: the two its agencies run, as if they had been published long ago."""

import pytest

from app.schemes import commands
from app.schemes.commands import CATALOGUE

SCHEMES = ("my_bap", "vn_smedf")


def stock() -> None:
    """Publish the schemes of the world, without an event: the log that a test looks at begins with what it does itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "record", lambda *_: None)
        for name in SCHEMES:
            commands.publish((CATALOGUE / f"{name}.toml").read_text("utf-8"))
