"""What auditors ask: the events of cases they may see, and whether the trail holds."""

from collections.abc import Iterator

from sqlalchemy import literal, select, union_all

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.trail import queries as trail
from app.trail.queries import Break, Fact


def events(actor: Person, reference: str = "") -> Iterator[Fact]:
    """Return the events of one case, or of all the cases a person may see and of the agency itself, as they were recorded."""
    if reference:
        return iter(trail.events_of(applications.find(reference, actor=actor).reference))
    # A query within the query: an agency may have more cases than a list of values can name.
    cases = applications.visible(actor).with_only_columns(Application.reference)
    own = select(literal(actor.agency.reference if actor.agency else ""))
    streams = union_all(cases, own).subquery()
    return trail.events_in_order(select(streams.c[0]))


def verify() -> list[Break]:
    """Check every chain, every disclosed value, and every case and agency against the end of its trail."""
    return list(trail.breaks({**applications.heads(), **accounts.heads()}))
