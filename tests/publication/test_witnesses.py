"""Witnesses: what they sign is checked and published; what they do not sign stops nobody here."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.checkpoints import compose, queries
from app.checkpoints.compose import Log, read_witness
from app.checkpoints.models import Cosignature
from app.cli.log import cosign
from app.db import db
from app.publication.jobs import publish
from app.publication.queries import newest
from tests.checkpoints.made import signed, written
from tests.publication.witness import NAME, Witness, listening
from workflows.evidence.note import Checkpoint, Garbled, Signature, read_note


@pytest.fixture
def witness(settle: Callable[..., Log]) -> Iterator[Witness]:
    """Return a witness that listens, and that this process asks."""
    signer = compose.signer()
    assert signer is not None
    with listening(Witness(signer.verifier)) as found:
        settle(witnesses=(read_witness(f"{found.url}/#{found.verifier}"),))
        yield found


def lines() -> dict[int, str]:
    """Return what is kept of witnesses, by size."""
    db.session.expire_all()
    return dict(db.session.execute(select(Cosignature.size, Cosignature.line)).all())


def grow(count: int, last: str, start: int) -> str:
    """Write events and publish; return the last hash."""
    last = written(count, start=start, prev=last)
    publish()
    return last


def test_a_witness_signs_each_checkpoint_and_its_line_is_published(witness, tmp_path) -> None:
    last = grow(3, "", 0)
    grow(300, last, 3)
    assert witness.asked == ["old 0", "old 4"]
    assert set(lines()) == {4, 304}
    for text in (
        (tmp_path / "checkpoints" / "checkpoint").read_text(),
        queries.note(newest()),
    ):
        note = read_note(text)
        assert len(note.signatures) == 2
        assert compose.cosignature(note, witness.verifier) == lines()[304]
    publish()
    assert len(witness.asked) == 2, "it has signed this one already"


def test_a_witness_that_knows_another_size_is_asked_once_more_from_there(witness) -> None:
    last = written(2)
    witness.last = Checkpoint(NAME, 2, bytes.fromhex(signed().root))
    grow(1, last, 2)
    assert witness.asked == ["old 0", "old 2"]
    assert set(lines()) == {4}


def wrong(witness: Witness, answer: Callable[[str], tuple[int, str]]) -> None:
    vars(witness)["answer"] = answer


FAILURES: dict[str, Callable[[Witness], Any]] = {
    "it does not answer": lambda found: wrong(found, lambda _: 1 / 0),  # type: ignore[arg-type, return-value]
    "it knows no such log": lambda found: wrong(found, lambda _: (404, "")),
    "it has signed more than there is": lambda found: setattr(found, "last", Checkpoint(NAME, 900, bytes(32))),
    "it has signed another tree": lambda found: setattr(found, "last", Checkpoint(NAME, 2, bytes(32))),
    "its conflict has no size": lambda found: wrong(found, lambda _: (409, "many")),
    "it sends somebody else": lambda found: wrong(found, lambda _: (302, "")),
    "it answers no signature": lambda found: wrong(found, lambda _: (200, "<html>")),
    "its signature is not its own": lambda found: wrong(
        found, lambda _: (200, f"{Signature(NAME, found.verifier.id, bytes(72))}\n")
    ),
    "its signature is too short": lambda found: wrong(
        found, lambda _: (200, f"{Signature(NAME, found.verifier.id, bytes(9))}\n")
    ),
    "it signs with a key we do not know": lambda found: wrong(
        found, lambda body: (200, f"{Witness(found.log).line(body.partition(chr(10) * 2)[2])}\n")
    ),
}  # fmt: skip


@pytest.mark.parametrize("fail", FAILURES.values(), ids=FAILURES.keys())
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_witness_that_does_not_sign_stops_nobody(witness, fail, tmp_path: Path) -> None:
    fail(witness)
    written(3)
    assert publish() == 4
    assert lines() == {}
    assert len(read_note((tmp_path / "checkpoints" / "checkpoint").read_text()).signatures) == 1


def cosigned_by_hand(witness: Witness, file: Path) -> None:
    note = read_note(signed().note)
    file.write_text(str(note) + f"{witness.line(str(note))}\n")


def test_a_checkpoint_signed_by_hand_is_taken_from_a_file(settle, tmp_path, world) -> None:
    signer = compose.signer()
    assert signer is not None
    found = Witness(signer.verifier)
    settle(witnesses=(read_witness(f"#{found.verifier}"),))
    written(3)
    file = tmp_path / "signed.txt"
    cosigned_by_hand(found, file)
    run = world.app.test_cli_runner().invoke
    answer = run(cosign, [str(file)])
    assert answer.output == f"{NAME}: the checkpoint on 3 events.\n"
    assert set(lines()) == {3}
    again = run(cosign, [str(file)])
    assert (again.exit_code, "no new signature" in again.output) == (1, True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(lambda text: text.replace("\n3\n", "\n4\n"), "on 4 events was signed here", id="on another size"),
        pytest.param(lambda text: text.replace("log.test", "log.best", 1), "reads otherwise here", id="of another log"),
        pytest.param(lambda _: "hello", "not a signed note", id="no note"),
        pytest.param(lambda text: text[:-9] + text[-5:], "does not belong to it", id="a signature that lacks a part"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_checkpoint_of_ours_is_refused(
    settle, tmp_path, world, change, sentence
) -> None:
    signer = compose.signer()
    assert signer is not None
    found = Witness(signer.verifier)
    settle(witnesses=(read_witness(f"#{found.verifier}"),))
    written(3)
    file = tmp_path / "signed.txt"
    cosigned_by_hand(found, file)
    file.write_text(change(file.read_text()))
    answer = world.app.test_cli_runner().invoke(cosign, [str(file)])
    assert answer.exit_code == 1
    assert sentence in answer.output
    assert lines() == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("https://w.example", "a witness reads", id="without a key"),
        pytest.param("file:///etc/passwd#k", "a witness reads", id="an address that is no web address"),
        pytest.param("https://w.example#k", "reads name\\+id\\+key", id="what is no key"),
    ],
)  # fmt: skip
def test_a_witness_is_set_as_an_address_and_its_key(text: str, sentence: str) -> None:
    with pytest.raises(Garbled, match=sentence):
        read_witness(text)


def test_the_key_of_a_log_is_not_that_of_a_witness(settle: Callable[..., Log]) -> None:
    signer = settle().signer
    assert signer is not None
    with pytest.raises(Garbled, match="is not one that witnesses sign with"):
        read_witness(f"https://w.example#{signer.verifier}")
