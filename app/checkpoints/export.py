"""Checkpoints as files: what stands outside the database, and finds out one that was restored or replaced."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import files
from workflows.evidence.note import Verifier, read_checkpoint, read_note

NEWEST = "checkpoint"
KEY = "key"
_LOCK = "lock"


def published(folder: Path) -> str | None:
    """Return the newest checkpoint that lies in a folder, ``None`` when nothing was published there yet."""
    return _text(folder / NEWEST)


def published_key(folder: Path) -> str | None:
    """Return the log's verifier key as it was published, ``None`` when nothing was yet."""
    found = _text(folder / KEY)
    return found.strip() if found else None


def publish(folder: Path, note: str, verifier: Verifier, *, keep: bool) -> None:
    """Put a checkpoint into a folder as the newest, unless a newer one lies there; the bytes are on disk when it returns.

    With ``keep`` it also stays there under its size. Raises ``Garbled`` when what lies there cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    size = _size(note)
    with _alone(folder):
        before = published(folder)
        if before is None or _size(before) <= size:
            _write(folder / NEWEST, note)
        if keep:
            _write(folder / str(size), note)
        _write(folder / KEY, f"{verifier}\n")


def _size(note: str) -> int:
    return read_checkpoint(read_note(note).text).size


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no other process publish until the end: an older checkpoint must not take the place of a newer one."""
    with (folder / _LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(target: Path, text: str) -> None:
    if _text(target) == text:
        return
    part = files.part_of(target)
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        files.settle(file, part, target)
