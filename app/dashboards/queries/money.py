"""The money of a case on its page: the bridge counted from its movements, what is proposed, what the budget has left."""

from sqlalchemy import select

from app.accounts.models import Person
from app.applications.models import Application
from app.awards.models import Award, Movement
from app.db import db
from app.decisions import queries as decisions
from app.proceedings import queries as proceedings
from app.proceedings.queries.seeing import Seen, seen
from app.trail.queries import Fact
from workflows.bridge import Bridge, Line, lines, replay
from workflows.bridge import Movement as Moved


def bridge_of(application: Application, award: Award, events: list[Fact]) -> tuple[Line, ...]:
    """Return the bridge of a case as lines, each with the numbers of the events that made it.

    It is counted again from the movements, whatever the row of the award says; ``events`` are those of the case.
    """
    number = {event.id: event.seq for event in events}
    moves = [
        Moved(row.source, row.target, row.amount_minor, number[row.event_id])
        for row in db.session.scalars(
            select(Movement).where(Movement.award_id == award.id).order_by(Movement.id)
        )
    ]
    asked = [e for e in events if "requested" in e.record.get("detail", {})]
    advised = [e for e in events if e.record.get("detail", {}).get("outcome") == "approve"]
    recommended = advised[-1].record["detail"].get("amount") if advised else None
    start = Bridge(award.currency, application.requested_minor, recommended)
    return lines(
        replay(moves, start),
        moves,
        tuple(event.seq for event in asked[-1:]),
        tuple(event.seq for event in advised[-1:]),
    )


def proceedings_of(
    application: Application, award: Award | None, actor: Person
) -> tuple[Seen, ...]:
    """Return the proceedings of a case as a person sees them, the newest first."""
    rows = proceedings.proceedings(application) if award else []
    return tuple(seen(application, row, actor) for row in rows)


def budget_left(application: Application, actor: Person) -> int:
    """Return what is left of the budget an approval today is charged to, in minor units; only officers are told."""
    found = None if actor.beside else decisions.budget(application)
    return (found.left_minor if found else None) or 0
