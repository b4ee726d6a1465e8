"""What is exported: the scope that is asked for, as far as somebody may have it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Agency, Interest, Person
from app.applications import queries as applications
from app.applications.models import Application, Participation
from app.checkpoints.models import Checkpoint
from app.db import db
from app.errors import Invalid, Missing
from app.trail.models import Event

ALL = "all"
# Beyond them a local day may have no moment of UTC.
YEARS = range(2000, 3000)


@dataclass(frozen=True)
class Asked:
    """What somebody asks to export: "" and ``None`` narrow nothing. Days are inclusive, where the asker is at home."""

    case: str = ""
    agency: str = ""
    first: date | None = None
    last: date | None = None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """What is exported: events in the tree of a checkpoint that meet every one of ``conditions``.

    ``conditions_by_stream`` are the same, put so that a database reads stream by stream and sorts nothing.
    ``size``, ``root`` (hexadecimal) and ``origin`` are those of the checkpoint. ``label`` names the scope in the name of the
    file. ``agencies`` are the codes whose awards may be told of, ``None`` for all; ``days`` bound when those were accepted.
    """

    size: int
    root: str
    origin: str
    label: str
    asked: Asked
    agencies: frozenset[str] | None = None
    reader: int | None = None
    period: tuple[datetime | None, datetime | None] = (None, None)
    conditions: tuple[ColumnElement[bool], ...] = field(default=(), repr=False)
    conditions_by_stream: tuple[ColumnElement[bool], ...] = field(default=(), repr=False)

    @property
    def told(self) -> dict[str, Any]:
        """Return the scope as an event tells of it."""
        asked = self.asked
        return {
            "size": self.size,
            "case": asked.case or None,
            "agency": asked.agency or None,
            "from": asked.first.isoformat() if asked.first else None,
            "to": asked.last.isoformat() if asked.last else None,
            "kinds": list(asked.kinds) or None,
        }


def scope(asked: Asked, checkpoint: Checkpoint | None, *, actor: Person | None) -> Scope:
    """Return what somebody may export of what is asked; the operator (``None``) may export everything.

    Raises ``Missing`` for a case or an agency that is not there, or not for this person.
    """
    agencies = _agencies(asked, actor)
    period = _period(asked, actor)
    return Scope(
        size=checkpoint.size if checkpoint else 0,
        root=checkpoint.root if checkpoint else "",
        origin=checkpoint.note.split("\n", 1)[0] if checkpoint else "",
        label=asked.case or _label(agencies),
        asked=asked,
        agencies=agencies,
        reader=actor.id if actor else None,
        period=period,
        conditions=(
            *_whose(asked, agencies, actor, by_tree=True),
            *_kept_from(actor),
            *_narrowed(asked, period, by_tree=True),
        ),
        conditions_by_stream=(
            *_whose(asked, agencies, actor, by_tree=False),
            *_kept_from(actor),
            *_narrowed(asked, period, by_tree=False),
        ),
    )


def _label(agencies: frozenset[str] | None) -> str:
    if agencies is None:
        return ALL
    return next(iter(agencies)) if len(agencies) == 1 else "agencies"


def _agencies(asked: Asked, actor: Person | None) -> frozenset[str] | None:
    """Return the codes of the agencies to export, ``None`` for all of them."""
    found = accounts.audited(actor, accounts.day_of(actor)) if actor else None
    if not asked.agency:
        return found
    known = accounts.agency_by_code(asked.agency) is not None
    if not known or (found is not None and asked.agency not in found):
        raise Missing(f"There is no agency {asked.agency}, or not for you.")
    return frozenset((asked.agency,))


def _whose(
    asked: Asked, agencies: frozenset[str] | None, actor: Person | None, *, by_tree: bool
) -> Iterator[ColumnElement[bool]]:
    if asked.case:
        yield Event.stream == _case(asked.case, actor)
    elif agencies is not None:
        # Of one agency the index has the events in the order of the tree; any other way each page would have to sort them.
        sorts = by_tree and len(agencies) == 1
        agency = Event.agency if sorts else func.coalesce(Event.agency, "")
        own = agency == next(iter(agencies)) if len(agencies) == 1 else agency.in_(agencies)
        taking_part = None if asked.agency else _taking_part(agencies)
        yield own if taking_part is None else or_(own, taking_part)


def _taking_part(agencies: frozenset[str]) -> ColumnElement[bool] | None:
    """Return the condition of events of cases of others in which agencies have a part; ``None`` when there is none."""
    found = (
        select(Application.reference)
        .join(Participation, Participation.application_id == Application.id)
        .join(Agency, Agency.id == Participation.agency_id)
        # Who sees its part alone exports nothing of the case.
        .where(Agency.code.in_(agencies), ~Participation.confined)
    )
    return Event.stream.in_(found) if db.session.scalar(select(found.exists())) else None


def _kept_from(actor: Person | None) -> Iterator[ColumnElement[bool]]:
    if actor is not None and _hides(actor):
        yield Event.stream.not_in(hidden(actor.id))


def _case(reference: str, actor: Person | None) -> str:
    if actor is not None:
        return applications.find(reference, actor=actor).reference
    if not db.session.scalar(select(exists().where(Application.reference == reference))):
        raise Missing(f"There is no application {reference}.")
    return reference


def hidden(person: int) -> Select[str]:
    """Return the query of the cases that an interest hides from somebody."""
    interest = accounts.interested(person, Application.enterprise_id, Application.reference)
    return select(Application.reference).where(interest)


def _hides(actor: Person) -> bool:
    return bool(db.session.scalar(select(exists().where(Interest.person_id == actor.id))))


def _narrowed(
    asked: Asked, period: tuple[datetime | None, datetime | None], *, by_tree: bool
) -> Iterator[ColumnElement[bool]]:
    if asked.kinds:
        yield Event.kind.in_(asked.kinds)
    first, end = period
    # Kept from the index of moments, by which each page would have to sort.
    at = func.coalesce(Event.at, Event.at)
    if first is not None:
        yield at >= first
    if end is not None:
        yield at < end
    if by_tree and period != (None, None):
        yield _places(first, end)


def _places(first: datetime | None, end: datetime | None) -> ColumnElement[bool]:
    """Return where in the tree a period lies, so that no page looks at what was long before it."""
    bounds = select(func.min(Event.leaf_index), func.max(Event.leaf_index))
    if first is not None:
        bounds = bounds.where(Event.at >= first)
    if end is not None:
        bounds = bounds.where(Event.at < end)
    low, high = db.session.execute(bounds).one()
    return Event.leaf_index.between(low or 0, -1 if high is None else high)


def _period(asked: Asked, actor: Person | None) -> tuple[datetime | None, datetime | None]:
    """Return the moments a period begins and ends at: the operator's days are those of UTC."""
    for name, day in (("from", asked.first), ("to", asked.last)):
        if day and day.year not in YEARS:
            raise Invalid({name: [f"Give a day between {YEARS.start} and {YEARS.stop - 1}."]})
    if asked.first and asked.last and asked.first > asked.last:
        raise Invalid({"to": ["The last day is before the first."]})
    zone = accounts.zone_of(actor) if actor else "UTC"
    return (
        clock.start_of(asked.first, zone) if asked.first else None,
        clock.end_of(asked.last, zone) if asked.last else None,
    )
