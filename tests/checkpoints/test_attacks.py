"""Five attacks by somebody who administers the database: what finds each of them, however much was stolen besides."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock
from app.audit.queries import verify
from app.checkpoints import compose, export, queries
from app.checkpoints.commands import Inconsistent
from app.checkpoints.compose import Log
from app.db import db
from app.publication.queries import newest
from app.trail.models import Event
from tests.checkpoints import attacker
from tests.checkpoints.made import signed, written
from tests.world import World
from workflows.evidence import merkle
from workflows.evidence.chain import leaf_hash
from workflows.evidence.note import Checkpoint, read_checkpoint, read_note

STREAMS = ("S-1", "S-2", "S-3")

EDIT = "edit a row"
REMOVE = "delete a row in the middle"
CUT = "cut the tail"
REWRITE = "rewrite a decision and every hash after it"
INSERT = "insert a back-dated event and recompute"

ATTACKS: dict[str, Callable[[], None]] = {
    EDIT: lambda: attacker.edit("S-2", 3),
    REMOVE: lambda: attacker.remove("S-2", 3),
    CUT: lambda: attacker.cut(3),
    REWRITE: lambda: attacker.rewrite("S-2", 3),
    INSERT: lambda: attacker.insert_before("S-2", 3),
}

# With the database alone: what the operator's check says of it, and why the sequencer signs no more.
SEEN = {
    EDIT: ("S-2/3: the record does not match its hash", "Event 3 of S-2 does not match its hash"),
    REMOVE: ("S-2/4: expected event 3", "Of the first 15 events not all are there"),
    CUT: (
        "checkpoint on 15/0: it was signed, but only 12 events are there",
        "has signed 12 only: it is an older copy, or another database",
    ),
    REWRITE: (
        "checkpoint on 15/0: its columns are not what was signed",
        "The tree of 15 events no longer has the root that was signed",
    ),
    INSERT: (
        "checkpoint on 16/0: its columns are not what was signed",
        "The tree of 16 events no longer has the root that was signed",
    ),
}
# With the key as well, a new checkpoint is signed over what was changed: the published one still contradicts it.
OUTSIDE = "published checkpoint/0: the first 15 events have another root"
SIGNED_AGAIN = {
    EDIT: SEEN[EDIT],
    REMOVE: ("S-3/3: leaf 7 of the tree is not there", "The last checkpoint is on 14 events"),
    CUT: SEEN[CUT],
    REWRITE: (OUTSIDE, "The first 15 events no longer have the root that was published"),
    INSERT: (OUTSIDE, "The first 15 events no longer have the root that was published"),
}


@pytest.fixture
def saved(world: World, tmp_path: Path, monkeypatch) -> Checkpoint:
    """Return the checkpoint that an auditor saved: on fifteen events of three cases, signed and published in four steps."""
    here = Log(compose.signer(), tmp_path)
    monkeypatch.setattr(compose, "log", lambda: here)
    ends = dict.fromkeys(STREAMS, "")
    for start, count in ((0, 2), (2, 1), (3, 1), (4, 1)):
        for stream, last in ends.items():
            ends[stream] = written(count, stream=stream, start=start, prev=last)
        signed()
    publish()
    assert verify() == []
    return read_checkpoint(read_note(newest().note).text)


def publish() -> None:
    """Bring the newest checkpoint to the folder, whatever lies there."""
    here = compose.log()
    assert here.folder is not None
    assert here.signer is not None
    (here.folder / export.NEWEST).unlink(missing_ok=True)
    export.publish(here.folder, newest().note, here.signer.verifier, keep=False)


def told() -> list[str]:
    """Return what the operator's check says."""
    db.session.expire_all()
    return [f"{found.stream}/{found.seq}: {found.what}" for found in verify()]


def entries() -> list[str]:
    """Return the events that an export would hold, as they stand in the tree."""
    placed = select(Event.entry).where(Event.leaf_index.is_not(None)).order_by(Event.leaf_index)
    return list(db.session.scalars(placed))


def held_against(saved: Checkpoint) -> None:
    """Do what an auditor does with a saved checkpoint: build the tree of an export, and compare; raises ``Unproved``."""
    leaves = [bytes.fromhex(leaf_hash(entry)) for entry in entries()]
    size = len(leaves)
    if size < saved.size:
        raise merkle.Unproved("the export has fewer events than the saved checkpoint")
    proof = merkle.consistency(saved.size, size, merkle.nodes(leaves))
    merkle.prove_consistency(saved.size, size, proof, saved.root, merkle.root(leaves))


@pytest.mark.parametrize("attack", ATTACKS)
def test_with_the_database_alone_it_is_found_here(saved: Checkpoint, attack: str) -> None:
    ATTACKS[attack]()
    sentence, refusal = SEEN[attack]
    assert sentence in told()
    with pytest.raises(Inconsistent, match=refusal):
        signed()


@pytest.mark.parametrize("attack", ATTACKS)
def test_with_the_key_as_well_what_was_published_finds_it(saved: Checkpoint, attack: str) -> None:
    ATTACKS[attack]()
    attacker.sign_again()
    sentence, refusal = SIGNED_AGAIN[attack]
    assert sentence in told()
    with pytest.raises(Inconsistent, match=refusal):
        signed()


@pytest.mark.parametrize("attack", ATTACKS)
def test_with_everything_in_hand_the_checkpoint_an_auditor_saved_finds_it(
    saved: Checkpoint, attack: str
) -> None:
    held_against(saved)
    ATTACKS[attack]()
    attacker.sign_again()
    publish()
    with pytest.raises(merkle.Unproved):
        held_against(saved)


@pytest.mark.parametrize("attack", [CUT, REWRITE])
def test_with_everything_in_hand_nothing_here_can_tell(saved: Checkpoint, attack: str) -> None:
    """Say what a chain and a server cannot do, so that nobody relies on them for it."""
    ATTACKS[attack]()
    attacker.sign_again()
    publish()
    assert told() == []
    signed()


def test_a_record_changed_in_a_large_tree_is_found_when_its_turn_comes(
    world: World, monkeypatch
) -> None:
    monkeypatch.setattr(queries, "REREAD", 256)
    written(600)
    signed()
    attacker.edit("S-1", 300)
    faults = set()
    for minute in range(3):
        at = datetime(2026, 11, 23, 12, minute, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        faults.add(queries.reread(600))
    assert faults == {"", "Event 300 of S-1 does not match its hash."}
