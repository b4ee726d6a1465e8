"""Reading evidence files back from the store."""

from pathlib import Path

from sqlalchemy import URL

from app.db import db
from app.documents.models import Document
from app.errors import Missing

_stores: dict[URL, Path] = {}


def install(database: URL, folder: Path) -> None:
    """Say where the store of a database is, for the work that no request does."""
    _stores[database] = folder


def store() -> Path:
    """Return the store of the database this process works with."""
    return _stores[db.session.get_bind().engine.url]


def path_of(store: Path, sha256: str) -> Path:
    """Return where the bytes of a digest lie in the store."""
    return store / "documents" / sha256[:2] / sha256


def content(store: Path, document: Document) -> bytes:
    """Return the bytes of a document; raises ``Missing`` when the store has lost them."""
    try:
        return path_of(store, document.sha256).read_bytes()
    except FileNotFoundError as error:
        raise Missing("The file is no longer in the store. Tell the operator.") from error
