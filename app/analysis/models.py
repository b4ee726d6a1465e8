"""Samples that auditors drew: how, from what, and what came out."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, UTCDateTime


class Sample(Model):
    """Cases drawn from a population: with the same seed from the same population anybody draws the same.

    ``asked`` are the filter and the method, ``population_sha256`` is over the references of the population in order, one
    per line, ``cases`` are the references drawn.
    """

    __tablename__ = "sample"
    __table_args__ = (Index("ix_sample_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    seed: Mapped[str] = mapped_column(String(64))
    population: Mapped[int]
    population_sha256: Mapped[str] = mapped_column(String(64))
    cases: Mapped[list[str]] = mapped_column(JSON)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
