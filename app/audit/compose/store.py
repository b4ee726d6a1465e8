"""Where bundles lie: under their digest in the store, never half a file."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app import files
from app.documents.queries import path_of, store

_CHUNK = 1024 * 1024


def place(sha256: str) -> Path:
    """Return where the bundle of a digest lies."""
    return store() / "bundles" / sha256[:2] / f"{sha256}.zip"


@contextmanager
def reserved(name: str) -> Iterator[tuple[IO[bytes], Path]]:
    """Give a new file in the store to write to; what earlier tries under the name left is taken away.

    Whatever is still there under its own name at the end was not placed, and goes too.
    """
    clear_away(name)
    folder = store() / "bundles"
    folder.mkdir(parents=True, exist_ok=True)
    part = files.part_of(folder / name)
    try:
        with part.open("w+b") as file:
            yield file, part
    finally:
        part.unlink(missing_ok=True)


def clear_away(name: str) -> None:
    """Take away the unfinished files of a name: whoever wrote them is dead, or has lost its lease."""
    for left in (store() / "bundles").glob(f"{name}.*.part"):
        left.unlink(missing_ok=True)


def digested(file: IO[bytes]) -> tuple[str, int]:
    """Return SHA-256 and size in bytes of a file that was written, from its start on."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def settle(file: IO[bytes], part: Path, sha256: str) -> None:
    """Put a finished file in the place of its digest: on disk first, then under its name."""
    files.settle(file, part, place(sha256))


def document(sha256: str) -> Path:
    """Return where the document of a digest lies in the same store."""
    return path_of(store(), sha256)
