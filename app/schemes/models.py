"""Schemes in their versions, the workflow versions they use, and their calls with budgets."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Agency
from app.db import Model, UTCDateTime


class WorkflowVersion(Model):
    """A published workflow: immutable, identified by the digest of its source.

    ``agency_id`` is who published it, ``author_id`` and ``checker_id`` are two people (four eyes); all three are ``None``
    for a definition shipped with the program. One that a scheme completed has the agency of the scheme, and no people.
    """

    __tablename__ = "workflow_version"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class WorkflowProposal(Model):
    """A workflow text that waits for a second person: ``outcome`` is "open", "published" or "rejected"."""

    __tablename__ = "workflow_proposal"
    __table_args__ = (
        CheckConstraint("outcome IN ('open', 'published', 'rejected')", name="outcome"),
        CheckConstraint("outcome = 'open' OR decided_by IS NOT NULL", name="decided"),
        CheckConstraint("outcome <> 'published' OR decided_by <> author_id", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(10), default="open")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text, default="")


class WorkflowMigration(Model):
    """A move of cases in flight from one workflow version to another, planned by one person and carried out by another.

    ``states`` maps each state of the old version to one of the new.
    """

    __tablename__ = "workflow_migration"
    __table_args__ = (
        CheckConstraint("from_digest <> to_digest", name="versions_differ"),
        CheckConstraint("carried_out_by IS NULL OR carried_out_by <> author_id", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    from_digest: Mapped[str] = mapped_column(ForeignKey("workflow_version.digest"))
    to_digest: Mapped[str] = mapped_column(ForeignKey("workflow_version.digest"))
    states: Mapped[dict[str, str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    planned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    carried_out_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    carried_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Scheme(Model):
    """One version of a scheme: ``source`` is the text it was read from, ``digest`` its SHA-256.

    ``status`` is open, suspended or closed; only an open scheme takes applications. ``status_note`` says why it is not,
    ``status_since`` since when, where an operator said so; all versions of a scheme have the same.
    """

    __tablename__ = "scheme"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("status IN ('open', 'suspended', 'closed')", name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    instrument: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(12))
    status_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    status_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Long, and read once per process: see queries.terms.
    source: Mapped[str] = mapped_column(Text, deferred=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    workflow_digest: Mapped[str] = mapped_column(ForeignKey("workflow_version.digest"))
    tranche_digest: Mapped[str] = mapped_column(ForeignKey("workflow_version.digest"))

    agency: Mapped[Agency] = relationship()


class Call(Model):
    """A window in which a scheme takes applications; what it may give away is in ``app.budgets``.

    ``closes_at`` is ``None`` for a standing call. ``applications`` counts the references given out.
    """

    __tablename__ = "call"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    applications: Mapped[int] = mapped_column(default=0)

    scheme: Mapped[Scheme] = relationship()
