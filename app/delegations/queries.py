"""Which duties were handed over, for one person."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.accounts.models import Person
from app.db import db
from app.delegations.models import Delegation
from workflows.facts import Delegated

_GIVER = aliased(Person)
# Asked on every act of an officer: built once, so that only the values travel.
_DELEGATED = (
    select(Delegation, _GIVER.name)
    .join(_GIVER, _GIVER.id == Delegation.giver_id)
    .where(Delegation.taker_id == bindparam("person"))
    .where(Delegation.valid_to >= bindparam("since"))
    .where(Delegation.scheme_code.in_(bindparam("schemes", expanding=True)))
    .order_by(Delegation.id)
)


def delegated(
    person: Person, *, schemes: Sequence[str], since: date
) -> list[tuple[Delegation, str]]:
    """Return what was delegated to a person for some schemes and had not ended before a day, with the giver's name."""
    asked = {"person": person.id, "schemes": ["", *schemes], "since": since}
    return [(row[0], row[1]) for row in db.session.execute(_DELEGATED, asked)]


def as_fact(found: Delegation, name: str) -> Delegated:
    """Return a delegation as the rules look at it; ``name`` is the giver's. Where the giver stands in a case is left open."""
    return Delegated(
        number=found.id,
        duty=found.duty,
        giver=f"officer:{found.giver_id}",
        name=name,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        ended=found.ended_on,
        limit=found.limit_minor,
    )


def delegations(person: Person) -> list[Delegation]:
    """Return what a person delegated and what was delegated to the person, newest first."""
    found = (
        select(Delegation)
        .where(or_(Delegation.giver_id == person.id, Delegation.taker_id == person.id))
        .options(joinedload(Delegation.giver), joinedload(Delegation.taker))
    )
    return list(db.session.scalars(found.order_by(Delegation.id.desc())))
