"""Votes and decisions: written once, each with the event that made it."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, UTCDateTime


class Ballot(Model):
    """A vote in one round of a decision: for, against, abstain, or recuse (a member who stood aside).

    ``amount_minor`` is what a vote for was for. ``on_behalf_of_id`` is whose vote it is when cast under a delegation,
    ``agency`` the code of the agency whose vote it is where each agency has one, "" elsewhere.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("application_id", "decision", "round", "person_id"),
        CheckConstraint("vote IN ('for', 'against', 'abstain', 'recuse')", name="vote"),
        CheckConstraint("round > 0", name="round"),
        Index(
            "ux_ballot_agency",
            "application_id",
            "decision",
            "round",
            "agency",
            unique=True,
            postgresql_where=text("agency <> ''"),
            sqlite_where=text("agency <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    decision: Mapped[str] = mapped_column(String(40))
    round: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agency: Mapped[str] = mapped_column(String(40), default="", server_default="")
    vote: Mapped[str] = mapped_column(String(10))
    duties: Mapped[list[str]] = mapped_column(JSON)
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    reasons: Mapped[list[str]] = mapped_column(JSON)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Decision(Model):
    """The authorised outcome of one round, with its reasons and the authority it was taken under.

    ``name`` is the decision of the workflow, ``officer_id`` who cast the deciding vote. Each round ends in one outcome; a
    further round is only for a decision that was voided. ``departs`` says that it is not what was recommended, ``late`` that
    the clock was over, ``at_limit`` that the amount is the whole of the authority; ``None`` where that was not recorded.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("application_id", "name", "round"),
        CheckConstraint("outcome IN ('approve', 'decline')", name="outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    name: Mapped[str] = mapped_column(String(40), default="award", server_default="award")
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    officer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(String(10))
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    reasons: Mapped[list[str]] = mapped_column(JSON)
    departs: Mapped[bool | None]
    late: Mapped[bool | None]
    at_limit: Mapped[bool | None]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Voiding(Model):
    """What made a decision void: the event of another institution's refusal, or of undoing it before acceptance."""

    __tablename__ = "voiding"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
