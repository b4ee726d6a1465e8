"""What happens to a clock that nobody stopped in time: each is a command of the system on one case, and twice is once.

A command looks again under the lock of the case whether it is still wanted, and says whether it did anything.
``tranche`` and ``proceeding`` are the numbers of one, both 0 for the case itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.applications import queries as applications
from app.applications.commands import Evidence, over_at, take, touched
from app.applications.compose import clock_of, set_warning, used_before
from app.applications.models import Application, Clocked
from app.awards import queries as awards
from app.awards.commands import lapse
from app.decisions import queries as decisions
from app.disbursements import commands as disbursements
from app.proceedings import commands as proceedings
from app.proceedings.queries import proceeding as proceeding_of
from app.proceedings.queries import workflow as life_of
from app.schemes import queries as schemes
from app.trail.commands import Entry, record
from workflows.clocks import due
from workflows.definition import Clock, State, Workflow
from workflows.machine import fire


@dataclass(frozen=True)
class _Running:
    """A clock that runs, of a case that is locked; ``today`` is the local day of its scheme."""

    case: Application
    row: Clocked
    place: dict[str, int | None]
    workflow: Workflow
    state: State
    clock: Clock
    due_on: date
    today: date


def warn(reference: str, tranche: int, proceeding: int = 0) -> bool:
    """Record that the holder of the case is warned: only the last days are left."""
    found = _running(reference, tranche, proceeding)
    if found is None or found.row.warn_on is None or found.today < found.row.warn_on:
        return False
    found.row.warn_on = None
    if found.row.is_over(found.today):
        return False
    found.row.warned_on = found.today
    _record(found, "clock_warned", holder=found.state.holder)
    return True


def escalate(reference: str, tranche: int, proceeding: int = 0) -> bool:
    """Put a late case on the list of the duty that the clock names."""
    found = _running(reference, tranche, proceeding)
    if found is None or found.row.escalated_to or not found.row.is_over(found.today):
        return False
    if found.clock.escalate is None:
        return False
    found.row.escalated_to = found.clock.escalate
    _record(found, "clock_escalated", to=found.clock.escalate)
    return True


def expire(reference: str, tranche: int, proceeding: int = 0) -> bool:
    """Take the act that the clock names for when the time is over; raises ``Refused`` when a rule speaks against it."""
    found = _running(reference, tranche, proceeding)
    if found is None or found.clock.expires is None or not found.row.is_over(found.today):
        return False
    act = found.workflow.acts[found.clock.expires]
    if tranche:
        disbursements.expire(found.case, tranche, act.name)
    elif proceeding:
        proceedings.expire(found.case, proceeding, act.name)
    else:
        _ENDINGS[act.does](found, act.name)
    return True


def recompute(reference: str, tranche: int, proceeding: int = 0) -> bool:
    """Compute the last day of a clock anew with the calendar as it is now; both days and calendars are recorded."""
    found = _running(reference, tranche, proceeding)
    if found is None or found.row.clock_started_on is None:
        return False
    row, began = found.row, found.row.clock_started_on
    calendar = applications.calendar(found.case, began)
    if row.calendar == calendar.name:
        return False
    before, row.calendar = row.calendar, calendar.name
    row.due_on = due(found.clock, began, calendar, used=used_before(row, found.state))
    if row.due_on != found.due_on:
        set_warning(row, found.clock, found.today, calendar)
    _record(
        found,
        "clock_recomputed",
        due_on=row.due_on.isoformat(),
        calendar=calendar.name,
        before={"due_on": found.due_on.isoformat(), "calendar": before},
    )
    return True


def _move(found: _Running, act: str) -> None:
    facts = applications.facts(found.case, None)
    step = fire(found.workflow, found.state.name, act, facts)
    detail = {"expired_on": found.due_on.isoformat(), **decisions.silence(found.case)}
    evidence = Evidence(detail, over_on=found.due_on)
    take(found.case, step, facts, evidence, actor=None)


def _lapse(found: _Running, act: str) -> None:
    lapse(found.case.reference, act=act)


# By what the act does beside moving the case: what a clock may do with nobody there.
_ENDINGS: dict[str, Callable[[_Running, str], None]] = {
    "move": _move,
    "lapse": _lapse,
    "end": _lapse,
}


def _running(reference: str, tranche: int, proceeding: int) -> _Running | None:
    """Lock the case and return its clock as it runs now, ``None`` when it has stopped meanwhile."""
    case = applications.locked(reference)
    row: Clocked = case
    workflow, state = applications.workflow(case), case.state
    if tranche:
        found = awards.tranche(awards.awarded(case), tranche)
        row, state = found, found.state
        workflow = schemes.workflow(case.scheme.tranche_digest)
    if proceeding:
        other = proceeding_of(case, proceeding)
        row, state, workflow = other, other.state, life_of(other)
    where = workflow.states[state]
    clock = clock_of(row, where)
    if clock is None or row.due_on is None:
        return None
    today = applications.today(case)
    place = {"tranche": tranche or None, "proceeding": proceeding or None}
    return _Running(case, row, place, workflow, where, clock, row.due_on, today)


def _record(found: _Running, kind: str, **told: Any) -> None:
    detail = {
        "state": found.state.name,
        "due_on": found.due_on.isoformat(),
        "calendar": found.row.calendar,
        **found.place,
        **told,
    }
    late = found.due_on if kind == "clock_escalated" else None
    happened_at = over_at(found.case, late)
    entry = Entry(kind, "system:clock", {"detail": detail}, happened_at=happened_at)
    recorded = record(found.case, entry)
    touched(found.case, recorded.at)
