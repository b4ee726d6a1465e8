"""Reading evidence files back from the store."""

from pathlib import Path

from app.documents.models import Document
from app.errors import Missing


def path_of(store: Path, sha256: str) -> Path:
    """Return where the bytes of a digest lie in the store."""
    return store / "documents" / sha256[:2] / sha256


def content(store: Path, document: Document) -> bytes:
    """Return the bytes of a document; raises ``Missing`` when the store has lost them."""
    try:
        return path_of(store, document.sha256).read_bytes()
    except FileNotFoundError as error:
        raise Missing("The file is no longer in the store. Tell the operator.") from error
