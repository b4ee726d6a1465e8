"""What the operator's check of the whole trail finds, beside what the tests of the attacks show."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.audit.queries import verify
from app.checkpoints import compose
from app.checkpoints.compose import Log
from app.db import db, transaction
from tests.checkpoints.attacker import unguard
from tests.checkpoints.made import signed, written
from tests.world import World

DAMAGES = {
    "an event under another agency": (
        "UPDATE event SET agency = 'VN-SMEDF' WHERE seq = 5",
        "S-1/5: the column of the agency does not match the record",
    ),
    "an event of another kind": (
        "UPDATE event SET kind = 'approve' WHERE seq = 5",
        "S-1/5: the columns do not match the record",
    ),
    "the last event taken out of the tree": (
        "UPDATE event SET leaf_index = NULL WHERE seq = 300",
        "S-1/300: the head of the stream is another event",
    ),
    "a head that was moved back": (
        "UPDATE stream_head SET seq = 299 WHERE stream = 'S-1'",
        "S-1/300: the event lies beyond the head of its stream",
    ),
    "a head under another agency": (
        "UPDATE stream_head SET agency = 'VN-SMEDF'",
        "S-1/300: the head of the stream is another event",
    ),
    "a head that was taken away": (
        "DELETE FROM stream_head",
        "S-1/1: the event lies beyond the head of its stream",
    ),
    "a tile with another root": (
        "UPDATE tile SET root = hashes",
        "tile 0/0/0: it is not what its events come to",
    ),
    "a tile that was taken away": (
        "DELETE FROM tile",
        "tile 0/0/0: it is not what its events come to",
    ),
    "an older checkpoint with another root": (
        "UPDATE checkpoint SET root = substr(root, 3) || '00' WHERE size = 200",
        "checkpoint on 200/0: the first 200 events have another root",
    ),
    "an older checkpoint whose signature is gone": (
        "UPDATE checkpoint SET note = substr(note, 1, 40) WHERE size = 200",
        "checkpoint on 200/0: it cannot be relied on: this is not a signed note: no signatures follow an empty line",
    ),
    "a checkpoint that claims another log": (
        "UPDATE checkpoint SET note = replace(note, 'log.test', 'log.best') WHERE size = 200",
        "checkpoint on 200/0: it cannot be relied on: the checkpoint is not signed by log.test.example/trail",
    ),
}


@pytest.fixture
def trail(world: World, tmp_path: Path, monkeypatch) -> None:
    """Let there be three hundred events, signed in two steps."""
    here = Log(compose.signer(), tmp_path)
    monkeypatch.setattr(compose, "log", lambda: here)
    last = written(200)
    signed()
    written(100, start=200, prev=last)
    signed()


@pytest.mark.parametrize(("damage", "sentence"), DAMAGES.values(), ids=DAMAGES.keys())
def test_the_check_names(trail: None, damage: str, sentence: str) -> None:
    assert verify() == []
    with transaction():
        unguard()
        db.session.execute(text(damage))
    db.session.expire_all()
    assert sentence in [f"{found.stream}/{found.seq}: {found.what}" for found in verify()]
