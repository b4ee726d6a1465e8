"""The application, its frozen submissions, its attachments, and who stands where in it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Enterprise, Person
from app.db import Model, UTCDateTime
from app.rates.models import ExchangeRate
from app.schemes.models import Call, Scheme


class Clocked:
    """A service clock that runs: a case has one, and so has each of its tranches.

    ``due_on`` is its last day in the scheme's country, computed with ``calendar`` from ``clock_days`` of ``clock_unit``
    that began on ``clock_started_on``; ``clock_used`` are the days of the clock of ``clock_state`` that were used up before
    it was last stopped. ``clock_extended`` says that the one extension is taken, ``warned_on`` when the holder was
    warned, ``escalated_to`` which duty has it on its list because it is late.
    """

    clock_state: Mapped[str | None] = mapped_column(String(60))
    clock_used: Mapped[int] = mapped_column(default=0, server_default="0")
    clock_started_on: Mapped[date | None]
    clock_days: Mapped[int | None]
    clock_unit: Mapped[str | None] = mapped_column(String(10))
    clock_extended: Mapped[bool] = mapped_column(default=False, server_default=false())
    due_on: Mapped[date | None]
    warn_on: Mapped[date | None]
    calendar: Mapped[str | None] = mapped_column(String(60))
    warned_on: Mapped[date | None]
    escalated_to: Mapped[str | None] = mapped_column(String(40))

    def is_over(self, today: date) -> bool:
        """Tell whether the last day of the running clock has passed; ``today`` is the scheme's local day."""
        return self.due_on is not None and self.due_on < today


class Application(Clocked, Model):
    """A request and what became of it. ``state`` moves only through ``workflows.machine.fire``.

    ``version`` rises by one with every event; ``trail_seq`` and ``trail_hash`` are the head of its trail. ``strands`` says
    by name at which step each strand of parallel work is, while there is one. ``erased_at`` and ``erased_under`` say when,
    and under which law, what the case held of personal data was erased. ``adviser_id`` is the adviser of a service centre
    who last wrote it for the enterprise, ``consent_id`` the consent that was done under; ``rate_id`` the rate of exchange it was handed in at, where it is in dollars.
    ``exclusive`` names what an enterprise may have one application of only, while this is that one. ``waiting_since`` is when it
    was put on the waiting list of its call, while it stands there.
    """

    __tablename__ = "application"
    __table_args__ = (
        Index("ix_application_queue", "agency_id", "state", "id"),
        Index("ix_application_enterprise", "enterprise_id", "id"),
        Index("ix_application_due", "due_on"),
        Index("ix_application_warn", "warn_on"),
        Index("ux_application_exclusive", "exclusive", unique=True),
        CheckConstraint("requested_minor IS NULL OR requested_minor > 0", name="requested"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    workflow_digest: Mapped[str] = mapped_column(ForeignKey("workflow_version.digest"))
    state: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=0)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    currency: Mapped[str] = mapped_column(String(3))
    requested_minor: Mapped[int | None] = mapped_column(BigInteger)
    trail_seq: Mapped[int] = mapped_column(default=0)
    trail_hash: Mapped[str] = mapped_column(String(64), default="")
    strands: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    adviser_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    rate_id: Mapped[int | None] = mapped_column(ForeignKey("exchange_rate.id"))
    exclusive: Mapped[str | None] = mapped_column(String(120))
    waiting_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    erased_under: Mapped[str | None] = mapped_column(String(200))

    scheme: Mapped[Scheme] = relationship()
    call: Mapped[Call] = relationship()
    enterprise: Mapped[Enterprise] = relationship()
    applicant: Mapped[Person] = relationship(foreign_keys=[applicant_id])
    adviser: Mapped[Person | None] = relationship(foreign_keys=[adviser_id])
    rate: Mapped[ExchangeRate | None] = relationship()

    @property
    def agency_code(self) -> str:
        """Return whose trail it is: that of the agency the scheme belongs to."""
        return self.scheme.agency.code


class Part(Model):
    """Where a person stands in a case. The key allows one part per person: nobody stands on two sides."""

    __tablename__ = "part"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(40))


class Participation(Model):
    """Another agency that takes part in a case by its workflow: guarantor, co-financier, a second facility.

    One that is ``confined`` sees of the case only what it has to do there, and what the workflow names beside it.
    """

    __tablename__ = "participation"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True, index=True)
    institution: Mapped[str] = mapped_column(String(40))
    confined: Mapped[bool] = mapped_column(default=False, server_default=false())
