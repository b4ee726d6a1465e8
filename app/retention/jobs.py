"""What a worker does after an erasure: the files of the documents leave the store, unless another case has the same."""

from typing import Any

from sqlalchemy import exists, select

from app.applications.models import Application
from app.db import db, read_only
from app.documents.commands import forget
from app.documents.models import Document
from app.documents.queries import store
from app.submissions.models import Attachment


def find_files(args: dict[str, Any]) -> list[str]:
    """Return the digests of the documents of an erased case."""
    read_only()
    found = (
        select(Document.sha256)
        .join(Attachment, Attachment.document_id == Document.id)
        .where(Attachment.application_id == args["application_id"])
        .distinct()
    )
    return list(db.session.scalars(found))


def remove_files(_args: dict[str, Any], digests: list[str]) -> None:
    """Remove the files, inside the finishing transaction; after a crash it is done again, and what is gone is gone."""
    forget(digests, store=store(), kept=_needed)


def _needed(digest: str) -> bool:
    """Tell whether a case that still holds its documents has these bytes too."""
    other = exists().where(
        Document.sha256 == digest,
        Attachment.document_id == Document.id,
        Application.id == Attachment.application_id,
        Application.erased_at.is_(None),
    )
    return bool(db.session.scalar(select(other)))
