"""Keeping an evidence file: checked for what it is, stored under its digest, never overwritten."""

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from sqlalchemy import text

from app import clock, files
from app.accounts.models import Person
from app.db import db
from app.documents import queries
from app.documents.models import Document
from app.errors import Invalid

MOST_OBJECTS = 50_000
# What a document handed to officials has no use for: scripts, programs, files within the file.
ACTIVE = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/EF", "/XFA", "/RichMedia")


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name the person gave it, and its bytes."""

    filename: str
    content: bytes


def keep(upload: Upload, *, store: Path, most_bytes: int, actor: Person) -> Document:
    """Check and store a PDF; raises ``Invalid`` (field ``file``) that says what is wrong with it.

    The bytes are on disk before the row is committed: a row never points to nothing.
    """
    pages = _checked(upload, most_bytes)
    digest = hashlib.sha256(upload.content).hexdigest()
    _alone(digest)
    _store(queries.path_of(store, digest), upload.content)
    document = Document(
        sha256=digest,
        size=len(upload.content),
        media_type="application/pdf",
        filename=_safe(upload.filename),
        pages=pages,
        uploaded_by=actor.id,
        uploaded_at=clock.now(),
    )
    db.session.add(document)
    db.session.flush()
    return document


def forget(digests: Iterable[str], *, store: Path, kept: Callable[[str], bool]) -> int:
    """Remove files from the store by their digests, unless ``kept`` says that one is still needed; returns how many.

    Doing it twice is doing it once. Nobody can store the same bytes between the question and the removal.
    """
    removed = 0
    for digest in sorted(digests):
        _alone(digest)
        path = queries.path_of(store, digest)
        if path.exists() and not kept(digest):
            path.unlink()
            removed += 1
    return removed


def _alone(digest: str) -> None:
    """Let nobody else store or remove these bytes until the end of the transaction; SQLite has one writer at a time anyway."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(bytes.fromhex(digest[:16]), signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def _checked(upload: Upload, most_bytes: int) -> int:
    if not upload.content:
        raise _refused("Choose a file. The one you sent is empty.")
    if len(upload.content) > most_bytes:
        raise _refused(
            f"The file is larger than {most_bytes // 1024 // 1024} MB. Send a smaller one."
        )
    if not upload.content.startswith(b"%PDF-"):
        raise _refused(
            "The file is not a PDF, whatever its name says. Save it as PDF and send it again."
        )
    try:
        with pikepdf.open(io.BytesIO(upload.content)) as pdf:
            return _harmless(pdf)
    except pikepdf.PasswordError as error:
        raise _refused(
            "The PDF is protected by a password. Send one that opens without."
        ) from error
    except pikepdf.PdfError as error:
        raise _refused(
            "The PDF is damaged and cannot be opened. Save it again and send it."
        ) from error


def _harmless(pdf: pikepdf.Pdf) -> int:
    if len(pdf.objects) > MOST_OBJECTS:
        raise _refused("The PDF has too many parts. Print it to a new PDF and send that.")
    for item in pdf.objects:
        if any(_acts(part) for part in _parts(item)):
            raise _refused(
                "The PDF holds a script, a program or another file. Print it to a new PDF."
            )
    if not len(pdf.pages):
        raise _refused("The PDF has no page.")
    return len(pdf.pages)


def _parts(item: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Give the tables written inside an object; what it refers to is an object of its own and comes by itself."""
    waiting = [item]
    while waiting:
        part = waiting.pop()
        inner: Iterable[Any] = part if isinstance(part, pikepdf.Array) else ()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            inner = part.values()
        waiting += [i for i in inner if isinstance(i, pikepdf.Object) and not i.is_indirect]


def _acts(item: pikepdf.Object) -> bool:
    if any(key in item for key in ACTIVE):
        return True
    return str(item.get("/S", "")) in ACTIVE


def _store(target: Path, content: bytes) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = files.part_of(target)
    with part.open("wb") as file:
        file.write(content)
        files.settle(file, part, target)


def _safe(filename: str) -> str:
    """Return a file name without folders and control characters, at most 120 characters."""
    name = "".join(c for c in filename.replace("\\", "/").split("/")[-1] if c.isprintable())
    return name[-120:] or "document.pdf"


def _refused(sentence: str) -> Invalid:
    return Invalid({"file": [sentence]})
