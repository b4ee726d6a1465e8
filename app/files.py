"""Files that are there whole or not at all, also after a crash."""

import os
import secrets
from pathlib import Path
from typing import IO, Any


def part_of(target: Path) -> Path:
    """Return a new name beside a target, to write under until the file is whole."""
    return target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")


def settle(file: IO[Any], part: Path, target: Path) -> None:
    """Give a written file its name: its bytes are on disk first, and then the name too."""
    file.flush()
    os.fsync(file.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    part.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
