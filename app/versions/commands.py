"""Moving cases in flight from one version of their workflow to another: planned by one person, carried out by a second.

Both need the duty of a scheme designer. Both are recorded on the agency's own trail, the move of a case on the trail of
that case as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from app import clock
from app.accounts.models import Agency, Person
from app.applications import queries as applications
from app.applications.models import Application
from app.db import db
from app.schemes import queries as schemes
from app.schemes.commands.designing import DUTY, designing, entitled, four_eyes
from app.schemes.compose.completing import misfits
from app.schemes.models import WorkflowMigration, WorkflowVersion
from app.trail.commands import Entry, record
from app.versions import queries
from app.versions.compose import CARRIED_OUT, MIGRATE, named, past, reclock
from workflows import migration
from workflows.definition import Workflow
from workflows.facts import Failure
from workflows.machine import Refused


@dataclass(frozen=True)
class Move:
    """A migration as it is asked for: from which version to which, how each state is mapped, and why."""

    old: Workflow
    new: Workflow
    states: dict[str, str]
    reason: str


def dry_run(asked: Move, *, actor: Person) -> int:
    """Return how many cases a migration would move; nothing is stored and nothing locked.

    Raises ``Refused`` with what would refuse the plan.
    """
    agency = entitled(actor, "plan_migration")
    cases = queries.in_flight(agency.id, asked.old)
    _movable(asked, agency, cases, actor)
    return queries.count(cases)


def plan_migration(asked: Move, *, actor: Person) -> WorkflowMigration:
    """Plan to move the agency's cases in flight to another version, as the first of two people.

    Raises ``Refused`` with everything that is wrong with the map, and with each case whose past the new version would
    not have let pass. The same plan twice is once.
    """
    agency = designing(actor, "plan_migration")
    cases = queries.in_flight(agency.id, asked.old)
    _movable(asked, agency, cases, actor)
    for known in queries.planned(agency.id, asked.old, asked.new):
        if known.states == asked.states:
            return known
    planned = WorkflowMigration(
        agency_id=agency.id,
        from_digest=asked.old.digest,
        to_digest=asked.new.digest,
        states=asked.states,
        reason=asked.reason,
        author_id=actor.id,
        planned_at=clock.now(),
    )
    db.session.add(planned)
    db.session.flush()
    _note_migration(agency, "plan_migration", planned, asked, actor)
    return planned


def carry_out(number: int, *, actor: Person) -> list[str]:
    """Carry out a planned migration as the second person: every case in flight moves, or none; returns their references.

    Raises ``Refused`` as ``plan_migration`` does, for the author of the plan, and when it was carried out already.
    """
    home = entitled(actor, CARRIED_OUT)
    # Cases before the agency, and cases in one order: nobody waits for another in a circle. Publication and plans lock
    # the agency alone, acts on a case never the agency.
    planned = queries.migration(number, home)
    asked = Move(
        old=schemes.workflow(planned.from_digest),
        new=schemes.workflow(planned.to_digest),
        states=planned.states,
        reason=planned.reason,
    )
    flying = queries.in_flight(home.id, asked.old)
    cases = queries.locked(flying)
    agency = designing(actor, CARRIED_OUT)
    planned = queries.migration(number, agency)
    failures = [*four_eyes(planned.author_id, actor, migration.CLAUSE)]
    if planned.carried_out_at is not None:
        sentence = "This migration was carried out already."
        failures.append(Failure("carried_out_once", sentence, migration.CLAUSE))
    if failures:
        raise Refused(CARRIED_OUT, "", tuple(failures))
    _movable(asked, agency, flying, actor)
    planned.carried_out_by, planned.carried_out_at = actor.id, clock.now()
    _note_migration(agency, CARRIED_OUT, planned, asked, actor, cases=len(cases))
    for case in cases:
        _move(case, asked, planned, actor)
    return [case.reference for case in cases]


def _movable(asked: Move, agency: Agency, cases: Select[Application], actor: Person) -> None:
    """Raise ``Refused`` with all that speaks against a migration: first the map, then each case it would not fit."""
    failures = migration.plan(asked.old, asked.new, asked.states)
    if not failures and queries.conflicted(cases, actor):
        sentence = (
            "You are connected with the enterprise of a case that would move; "
            "another scheme designer must do this."
        )
        failures = (Failure("no_interest", sentence, "Conflict of interest"),)
    failures = failures or (*_unserved(asked, cases), *_illegal(asked, agency, cases))
    if failures:
        raise Refused("migrate", asked.old.name, failures)


def _unserved(asked: Move, cases: Select[Application]) -> Iterator[Failure]:
    """Yield what each scheme cannot serve of the new version: no agency named, nobody to decide, no reason to choose."""
    made_by = schemes.scheme_completed(db.session.get_one(WorkflowVersion, asked.new.digest))
    for scheme in queries.schemes_of(cases):
        if made_by and scheme.code != made_by:
            sentence = f"{scheme.code} version {scheme.version}: the new version is that of the scheme {made_by}."
            yield Failure("scheme_fits", sentence, migration.CLAUSE)
        for wrong in misfits(schemes.terms(scheme), asked.new):
            sentence = f"{scheme.code} version {scheme.version}, {wrong}"
            yield Failure("scheme_fits", sentence, migration.CLAUSE)


def _illegal(asked: Move, agency: Agency, cases: Select[Application]) -> Iterator[Failure]:
    """Yield each case whose past the new version would not have let pass, with the first step that shows it."""
    maps = queries.maps(agency.id)
    for reference, events in queries.trails(cases).items():
        steps = past(events, asked.old.digest, maps)
        found = migration.replay(asked.new, asked.states, steps)
        if found is not None:
            yield Failure(found.rule, f"{reference}, {found.told()}.", migration.CLAUSE)


def _move(case: Application, asked: Move, planned: WorkflowMigration, actor: Person) -> None:
    """Move one case: version, state and clock, and the event on its own trail."""
    source, target = asked.old.states[case.state], asked.new.states[asked.states[case.state]]
    case.workflow_digest, case.state = asked.new.digest, target.name
    if case.clock_state is not None:
        case.clock_state = asked.states.get(case.clock_state)
    today = applications.today(case)
    calendar = applications.calendar(case, today)
    clocks = reclock(case, source, target, today=today, calendar=calendar)
    body = {
        "duty": DUTY,
        "from": source.name,
        "to": target.name,
        "workflow": named(asked.new),
        "migration": {"number": planned.id, "from": asked.old.digest, "to": asked.new.digest},
        "clock": clocks or None,
        "detail": {"author": f"officer:{planned.author_id}"},
    }
    entry = Entry(MIGRATE, actor.mark, body, private={"reason": asked.reason})
    recorded = record(case, entry)
    case.version += 1
    case.updated_at = recorded.at


def _note_migration(
    agency: Agency,
    kind: str,
    planned: WorkflowMigration,
    asked: Move,
    actor: Person,
    **detail: Any,
) -> None:
    """Record a migration on the trail of the agency, with the whole map."""
    body = {
        "duty": DUTY,
        "workflow": named(asked.new),
        "workflow_before": named(asked.old),
        "states": asked.states,
        "detail": {"migration": planned.id, "author": f"officer:{planned.author_id}", **detail},
    }
    record(agency, Entry(kind, actor.mark, body, private={"reason": asked.reason}))
