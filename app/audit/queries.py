"""What auditors ask: the events of cases they may see, and whether the trail holds."""

from collections.abc import Iterator

from sqlalchemy import select

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.db import db
from app.trail import queries as trail
from app.trail.queries import Break, Fact


def references(actor: Person) -> list[str]:
    """Return the references of the cases a person may see."""
    seen = applications.visible(actor).with_only_columns(Application.reference)
    return list(db.session.scalars(seen.order_by(Application.id)))


def events(actor: Person, reference: str = "") -> Iterator[Fact]:
    """Return the events of one case, or of all the cases a person may see, in the order of recording."""
    if reference:
        return iter(trail.events_of(applications.find(reference, actor=actor).reference))
    return trail.events_in_order(references(actor))


def verify() -> list[Break]:
    """Check every chain, every disclosed value, and every case against the end of its trail."""
    return list(trail.breaks(applications.heads()))


def case_count() -> int:
    """Return how many cases have a trail."""
    return len(db.session.scalars(select(Application.id).where(Application.trail_seq > 0)).all())
