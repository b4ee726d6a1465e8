"""What a step does to the service clock of a case or tranche, and what a list says of each of its cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import and_, select

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.applications import queries
from app.applications.models import Application, Clocked, Part, Participation
from app.db import db
from app.delegations import queries as delegations
from workflows.clocks import Calendar, due, elapsed, warns
from workflows.definition import Act, Clock, State
from workflows.facts import Actor, Delegated
from workflows.table import Place, allowed_acts


def run_clock(  # noqa: PLR0913 - what a step is made of, and the day it is taken on
    row: Clocked,
    source: State,
    target: State,
    act: Act,
    *,
    today: date,
    calendar: Calendar,
    days: int | None = None,
) -> dict[str, Any]:
    """Stop the clock of the state that is left and start that of the state that is entered; returns what was done.

    While the applicant has the ball the agency's clock stands still; when the case comes back to the state it left, the
    clock goes on where it stopped. ``today`` is the local day of the scheme; ``days`` is how long the clock of the new
    state runs where the scheme says it, not the workflow.
    """
    goes_on = row.due_on is not None and target.clock is not None
    if goes_on and act.clock == "extend":
        return {"extended": _extend(row, source, today, calendar)}
    if goes_on and act.clock == "keep":
        return {}
    if source.name == target.name and act.clock != "restart":
        return {}
    told: dict[str, Any] = {}
    running = clock_of(row, source)
    if running is not None:
        told["stopped"] = _stop(row, source, target, running, today, calendar)
    if act.clock == "restart" or (target.holder != "applicant" and target.name != row.clock_state):
        row.clock_state, row.clock_used = None, 0
    # One extension is also one when the clock stands still in between.
    row.clock_extended = row.clock_extended and row.clock_state is not None
    if target.clock is not None:
        told["started"] = _start(row, target, target.clock, today, calendar, days)
    return told


def clock_of(row: Clocked, state: State) -> Clock | None:
    """Return the clock that runs, with the days and the unit it was started with; ``None`` when none runs."""
    if row.due_on is None:
        return None
    clock = state.clock or Clock(0, "calendar")
    # A clock that was started before days and unit were stored runs as the state says.
    days = clock.days if row.clock_days is None else row.clock_days
    return replace(clock, days=days, unit=row.clock_unit or clock.unit)


def used_before(row: Clocked, state: State) -> int:
    """Return how many days of a state's clock were used up before it was last stopped; below 0 after an extension."""
    return row.clock_used if row.clock_state == state.name else 0


def set_warning(row: Clocked, clock: Clock, today: date, calendar: Calendar) -> None:
    """Set the day on which to warn that the clock runs out, today at the earliest."""
    day = None if row.due_on is None else warns(clock, row.due_on, calendar)
    row.warn_on = day and max(day, today)
    row.warned_on = row.escalated_to = None


def _stop(
    row: Clocked, source: State, target: State, clock: Clock, today: date, calendar: Calendar
) -> dict[str, Any]:
    """Stop the clock; while the applicant has the ball, what is left of it is kept for when the case comes back."""
    began = row.clock_started_on or today
    used = used_before(row, source) + elapsed(clock, began, today, calendar)
    told = {
        "used": used,
        "of": clock.days,
        "unit": clock.unit,
        "due_on": row.due_on.isoformat() if row.due_on else None,
    }
    if source.clock and source.holder != "applicant" and target.holder == "applicant":
        # Counted against the days the state gives, so that what an extension gave is not lost by a pause.
        row.clock_state = source.name
        row.clock_used = source.clock.days - (clock.days - used)
    row.clock_started_on = row.due_on = row.warn_on = row.warned_on = None
    row.clock_days = row.clock_unit = row.calendar = row.escalated_to = None
    return told


def _start(
    row: Clocked, target: State, clock: Clock, today: date, calendar: Calendar, days: int | None
) -> dict[str, Any]:
    used = used_before(row, target)
    if row.clock_state == target.name:
        row.clock_extended = row.clock_extended and clock.extension > 0
    elif days is not None:
        clock = replace(clock, days=days)
    row.clock_started_on, row.calendar = today, calendar.name
    row.clock_days, row.clock_unit = clock.days, clock.unit
    row.due_on = due(clock, today, calendar, used=used)
    set_warning(row, clock, today, calendar)
    return {
        "days": clock.days,
        "used": used or None,
        "unit": clock.unit,
        "due_on": row.due_on.isoformat(),
        "calendar": calendar.name,
    }


def _extend(row: Clocked, source: State, today: date, calendar: Calendar) -> dict[str, Any]:
    clock = clock_of(row, source)
    if clock is None or row.due_on is None:
        raise AssertionError("A clock that does not run was extended.")
    before, more = row.due_on, clock.extension
    row.due_on = due(replace(clock, days=more), before, calendar)
    row.clock_days, row.clock_unit = clock.days + more, clock.unit
    row.clock_extended, row.calendar = True, calendar.name
    set_warning(row, clock, today, calendar)
    return {
        "days": more,
        "unit": clock.unit,
        "from": before.isoformat(),
        "due_on": row.due_on.isoformat(),
        "calendar": calendar.name,
    }


def allowed(actor: Person, rows: Sequence[Application]) -> dict[int, tuple[Act, ...]]:
    """Return by the number of each case of a list the acts the person may take by where the person stands.

    One query tells where the person stands in all of them, one for each scheme what was delegated; the rest is looked up in
    the table of the workflow. Rules about the case itself are asked when it is opened.
    """
    places = _places(actor, rows)
    handed: dict[str, tuple[Delegated, ...]] = {}
    found: dict[int, tuple[Act, ...]] = {}
    for row in rows:
        code, today = queries.terms(row).code, queries.today(row)
        if code not in handed and not actor.applies:
            given = delegations.delegated(actor, schemes=(code,), since=today)
            handed[code] = tuple(delegations.as_fact(*one) for one in given)
        who = Actor(accounts.acting(actor), delegated=handed.get(code, ()), mark=actor.mark)
        found[row.id] = allowed_acts(queries.workflow(row), [places[row.id]], who, today)[0]
    return found


def _places(actor: Person, rows: Sequence[Application]) -> dict[int, Place]:
    standing = (
        select(Application.id, Part.part, Participation.institution)
        .outerjoin(Part, and_(Part.application_id == Application.id, Part.person_id == actor.id))
        .outerjoin(
            Participation,
            and_(
                Participation.application_id == Application.id,
                Participation.agency_id == actor.agency_id,
            ),
        )
        .where(Application.id.in_([row.id for row in rows]))
    )
    known = {found[0]: (found[1], found[2]) for found in db.session.execute(standing)}
    return {
        row.id: Place(
            state=row.state,
            part=known[row.id][0],
            related=row.enterprise_id == actor.enterprise_id,
            institution=known[row.id][1] or "",
        )
        for row in rows
    }
