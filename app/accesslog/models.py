"""Entries of the access log; kept for its own time, apart from the decision trail."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, UTCDateTime


class AccessEntry(Model):
    """A person looked at something: ``what`` names the page or download, ``case`` the case, "" for none.

    ``agency`` is the code of whose case it is, of the person's own agency where there is none. ``ground`` says why: the
    duties it belongs to, or what the person gave as the reason. ``field`` names a masked value that was revealed, ``asked``
    what a list was narrowed to; "" for none.
    """

    __tablename__ = "access_entry"
    __table_args__ = (
        Index("ix_access_entry_case", "case", "id"),
        Index("ix_access_entry_person", "person_id", "id"),
        Index("ix_access_entry_agency", "agency", "id"),
        Index("ix_access_entry_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    case: Mapped[str] = mapped_column(String(40), default="", server_default="")
    agency: Mapped[str] = mapped_column(String(20), default="", server_default="")
    what: Mapped[str] = mapped_column(String(80))
    ground: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(String(60), default="", server_default="")
    asked: Mapped[str] = mapped_column(String(500), default="", server_default="")
    request: Mapped[str] = mapped_column(String(60))
