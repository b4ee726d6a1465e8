"""What is published each minute, and that nothing is signed on a database that is not the one it was published from."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from app.checkpoints import commands, compose, export, queries
from app.checkpoints.commands import Inconsistent
from app.checkpoints.compose import new_key, read_key
from app.db import db
from app.errors import Conflict
from app.publication.jobs import publish
from app.publication.queries import newest
from tests.checkpoints.made import signed, written
from workflows.evidence.note import Checkpoint, read_checkpoint, read_note


def size_in(folder: Path) -> int:
    return read_checkpoint(read_note((folder / "checkpoint").read_text()).text).size


def forged(size: int, name: str = "log.test.example/trail") -> str:
    """Return a checkpoint signed with a key that is not the log's."""
    return str(read_key(new_key(name)).sign(Checkpoint(name, size, bytes(32))))


def another_root(size: int) -> str:
    """Return a checkpoint on a size that the log signed for another tree."""
    signer = compose.signer()
    assert signer is not None
    return str(signer.sign(Checkpoint(signer.verifier.name, size, bytes(32))))


def test_the_newest_checkpoint_and_each_days_seal_lie_in_the_folder(folder: Path) -> None:
    signer = compose.signer()
    assert signer is not None
    last = written(3)
    assert publish() == 4, "three events and the seal of the day"
    assert sorted(file.name for file in folder.iterdir()) == ["4", "checkpoint", "key", "lock"]
    assert (folder / "key").read_text() == f"{signer.verifier}\n"
    assert (folder / "4").read_text() == (folder / "checkpoint").read_text()
    written(2, start=3, prev=last)
    assert publish() == size_in(folder) == 6
    assert not (folder / "6").exists()
    assert publish() == 6, "nothing happened since"


def test_a_seal_is_made_once_a_day_and_only_when_something_happened(folder, monkeypatch) -> None:
    sizes = [publish()]
    last = written(1)
    sizes += [publish(), publish()]
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    sizes.append(publish())
    last = written(1, start=1, prev=last)
    sizes += [publish(), publish()]
    written(1, start=2, prev=last)
    sizes.append(publish())
    assert sizes == [0, 2, 2, 2, 4, 4, 5]


def test_more_than_one_transaction_takes_are_sequenced_part_by_part(folder, monkeypatch) -> None:
    monkeypatch.setattr(commands, "MOST", 4)
    monkeypatch.setattr(commands, "_WAITING", commands._WAITING.limit(4))
    written(10)
    assert publish() == size_in(folder) == 11
    assert queries.sealed(11)


@pytest.mark.parametrize(
    ("published", "sentence"),
    [
        pytest.param(9, "has signed 3 only: it is an older copy", id="more than the database has"),
        pytest.param(3, "no longer have the root that was published", id="another tree of that size"),
        pytest.param(2, "no longer have the root that was published", id="another beginning"),
    ],
)  # fmt: skip
def test_a_database_that_is_not_what_was_published_is_not_signed(
    folder: Path, published: int, sentence: str
) -> None:
    last = written(3)
    signed()
    folder.mkdir()
    (folder / "checkpoint").write_text(another_root(published))
    written(1, start=3, prev=last)
    with pytest.raises(Inconsistent, match=sentence):
        publish()
    assert newest().size == 3
    assert size_in(folder) == published


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        pytest.param("", "this is not a signed note", id="an empty file"),
        pytest.param(forged(3), "is not signed by log.test.example/trail", id="a forged one"),
        pytest.param(forged(3, "other.example"), "is not signed by", id="that of another log"),
    ],
)
def test_a_published_checkpoint_that_is_not_ours_stops_the_signing(
    folder: Path, note: str, sentence: str
) -> None:
    written(3)
    folder.mkdir()
    (folder / "checkpoint").write_text(note)
    with pytest.raises(Inconsistent, match=sentence):
        publish()
    assert queries.newest() is None


def test_an_older_checkpoint_never_takes_the_place_of_a_newer_one(folder: Path) -> None:
    last = written(3)
    publish()
    old = newest()
    written(2, start=3, prev=last)
    publish()
    newer = (folder / "checkpoint").read_text()
    signer = compose.signer()
    assert signer is not None
    export.publish(folder, old.note, signer.verifier, keep=False)
    assert (folder / "checkpoint").read_text() == newer


def test_a_process_without_the_key_signs_nothing(settle: Callable[..., object]) -> None:
    settle(signer=None)
    written(1)
    with pytest.raises(Conflict, match="does not hold the key of the log"):
        publish()
    db.session.rollback()
    assert queries.waiting() == 1
