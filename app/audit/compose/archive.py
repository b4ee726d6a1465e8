"""A zip written member by member: each is digested as it passes, and none is held in memory."""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from workflows.evidence.chain import canonical

# Most of it are digests, which nothing makes smaller.
_EFFORT = 1
_CHUNK = 1024 * 1024
MANIFEST = "manifest.json"


class Archive:
    """The zip of a bundle; ``digests`` are those of the members that are in it."""

    def __init__(self, file: IO[bytes], at: datetime) -> None:
        """Begin at the start of a file; ``at`` is the time that members carry (UTC)."""
        self._zip = zipfile.ZipFile(file, "w", compresslevel=_EFFORT)
        self._at = at.timetuple()[:6]
        self.digests: dict[str, str] = {}

    @contextmanager
    def member(self, name: str, *, packed: bool = True) -> Iterator[Callable[[bytes], object]]:
        """Give the function that writes the next member; ``packed`` is for what becomes smaller by it."""
        info = zipfile.ZipInfo(name, self._at)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        digest = hashlib.sha256()
        with self._zip.open(info, "w", force_zip64=True) as target:

            def write(content: bytes) -> None:
                digest.update(content)
                target.write(content)

            yield write
        self.digests[name] = digest.hexdigest()

    def put(self, name: str, content: bytes, *, packed: bool = True) -> None:
        """Add a small member."""
        with self.member(name, packed=packed) as write:
            write(content)

    def pour(self, name: str, source: IO[bytes], *, packed: bool = True) -> None:
        """Add a member from a file, from its start on."""
        source.seek(0)
        with self.member(name, packed=packed) as write:
            while chunk := source.read(_CHUNK):
                write(chunk)

    def close(self, manifest: dict[str, object]) -> None:
        """Add the manifest with the digests of all other members, and the zip's own list."""
        self.put(MANIFEST, canonical(manifest | {"files": self.digests}).encode() + b"\n")
        self.leave()

    def leave(self) -> None:
        """Write no more: without a manifest the zip is worth nothing."""
        self._zip.close()


class Spools:
    """Files for what comes later in the zip; nobody else sees them, and they are gone with the process."""

    def __init__(self, folder: Path) -> None:
        """Have them in a folder, where there is as much room as for the zip itself."""
        self._folder = folder
        self._files: dict[str, IO[bytes]] = {}

    def __getitem__(self, name: str) -> IO[bytes]:
        """Return the file of a name."""
        if name not in self._files:
            # Closed together, by close().
            self._files[name] = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115
        return self._files[name]

    def close(self) -> None:
        """Give the room back."""
        for file in self._files.values():
            file.close()
