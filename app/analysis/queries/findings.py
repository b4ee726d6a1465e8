"""What an auditor may ask of a decision: findings the log states, and flags that rules raise; each with its sentence.

A finding is a fact about how a decision was taken. A flag is a circumstance worth a second look, and proves nothing. The
standard named with each: "Green Book" is GAO-14-704G, Standards for Internal Control in the Federal Government.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.analysis.queries.said import said
from app.applications.models import Application
from app.decisions.models import Ballot, Decision, Voiding
from app.trail.models import Event

# How near below the limit of a band an amount is told, in per cent of that limit.
NEAR = 5
# Which part of a scheme's decisions by one officer is told, in per cent, and from how many decisions on.
MOST_BY_ONE = 80
LEAST_DECISIONS = 10


@dataclass(frozen=True)
class Told:
    """A finding or a flag by its name, with the sentence that defines it and where the rule comes from."""

    name: str
    title: str
    sentence: str
    clause: str


@dataclass(frozen=True)
class Finding(Told):
    """What is asked in the database of a decision and its case."""

    condition: ColumnElement[bool]


@dataclass(frozen=True)
class Circumstances:
    """What the flags look at: local days where the scheme is at home, amounts in minor units.

    ``band`` is the upper limit of the band of the authority matrix that the amount falls in, ``None`` where there is none.
    ``works`` says whether the day of the decision was a working day, ``repeated`` whether the enterprise had another case
    approved in the year before. ``own`` of ``total`` decisions of the scheme are the officer's.
    """

    received_on: date
    decided_on: date
    works: bool
    amount: int | None
    band: int | None
    repeated: bool
    own: int
    total: int


@dataclass(frozen=True)
class Flag(Told):
    """A rule over the circumstances of a decision."""

    raised: Callable[[Circumstances], bool]


def _dissenting() -> ColumnElement[bool]:
    other = or_(
        and_(Decision.outcome == "approve", Ballot.vote == "against"),
        and_(Decision.outcome == "decline", Ballot.vote == "for"),
    )
    return exists().where(*_of_the_round(), other)


def _of_the_round() -> tuple[Any, ...]:
    return (
        Ballot.application_id == Decision.application_id,
        Ballot.decision == Decision.name,
        Ballot.round == Decision.round,
    )


def _two_duties() -> ColumnElement[bool]:
    one, other = aliased(Event), aliased(Event)
    same = and_(other.stream == one.stream, other.actor == one.actor, other.seq > one.seq)
    return exists(
        select(one.id)
        .join(other, same)
        .where(one.stream == Application.reference, one.actor.like("officer:%"))
        .where(said(one.entry, "duty") != said(other.entry, "duty"))
        .correlate(Application)
    )


def _escalated() -> ColumnElement[bool]:
    return exists().where(
        Event.stream == Application.reference,
        Event.kind == "clock_escalated",
        Event.id < Decision.event_id,
    )


_VOTED_UNDER_DELEGATION = exists().where(*_of_the_round(), Ballot.delegation_id.is_not(None))

FINDINGS = (
    Finding(
        "departs",
        "Departed from the recommendation",
        "The outcome is not the one that was recommended.",
        "Commonwealth Grants Rules and Principles 2024 (RMG-410): the basis of a departure is recorded",
        Decision.departs.is_(True),
    ),
    Finding(
        "delegated",
        "Taken under a delegation",
        "The deciding vote, or another vote of the same round, was cast in somebody else's name.",
        "Green Book, principle 3: authority is assigned and delegated in writing",
        or_(Decision.delegation_id.is_not(None), _VOTED_UNDER_DELEGATION),
    ),
    Finding(
        "at_limit",
        "At the limit of the authority",
        "The amount approved is exactly the limit of the authority it was approved under.",
        "Green Book, principle 3: authority has limits",
        Decision.at_limit.is_(True),
    ),
    Finding(
        "late",
        "Outside the clock",
        "The service clock of the state was over when the decision was taken.",
        "The service clock of the workflow the case runs under",
        Decision.late.is_(True),
    ),
    Finding(
        "dissent",
        "With dissent",
        "At least one member voted the other way in the round that decided.",
        "The votes and the quorum of the workflow the case runs under",
        _dissenting(),
    ),
    Finding(
        "voided",
        "Made void",
        "Another institution refused afterwards, and the decision no longer counts.",
        "The act of the workflow that makes a decision void",
        exists().where(Voiding.decision_id == Decision.id),
    ),
    Finding(
        "escalated",
        "After an escalation",
        "Before the decision a clock of the case ran out and the case was put on another duty's list.",
        "The escalation of the clock in the workflow the case runs under",
        _escalated(),
    ),
    Finding(
        "two_duties",
        "One officer under two duties",
        "An officer acted in the case under two different duties.",
        "Green Book, principle 10: duties are segregated",
        _two_duties(),
    ),
)


def _near(about: Circumstances) -> bool:
    if about.band is None or about.amount is None:
        return False
    return about.band * (100 - NEAR) <= about.amount * 100 and about.amount <= about.band


def _dominant(about: Circumstances) -> bool:
    return about.total >= LEAST_DECISIONS and about.own * 100 > MOST_BY_ONE * about.total


_FRAUD_RISK = "Green Book, principle 8: the potential for fraud is considered"

FLAGS = (
    Flag(
        "same_day",
        "Decided on the day received",
        "The decision was taken on the local day on which the application was first submitted.",
        _FRAUD_RISK,
        lambda about: about.decided_on == about.received_on,
    ),
    Flag(
        "near_limit",
        "Just under the limit of a band",
        f"The amount approved is at most {NEAR} per cent below the upper limit of its band of the authority matrix.",
        _FRAUD_RISK,
        _near,
    ),
    Flag(
        "repeated",
        "Same enterprise twice in a year",
        "The same agency approved another case of the enterprise in the 365 days before the decision.",
        _FRAUD_RISK,
        lambda about: about.repeated,
    ),
    Flag(
        "closed_day",
        "Decided on a closed day",
        "The local day of the decision was a weekend or a holiday in the calendar of the scheme.",
        _FRAUD_RISK,
        lambda about: not about.works,
    ),
    Flag(
        "dominant",
        "One officer decides nearly all",
        f"The officer cast the deciding vote in more than {MOST_BY_ONE} per cent of the decisions that this "
        f"agency took on the scheme in the same calendar year (UTC), of at least {LEAST_DECISIONS}.",
        "Green Book, principle 10: duties are segregated",
        _dominant,
    ),
)


def raised(about: Circumstances) -> tuple[str, ...]:
    """Return the names of the flags that the circumstances of a decision raise."""
    return tuple(flag.name for flag in FLAGS if flag.raised(about))
