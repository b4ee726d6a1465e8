"""The past of a case out of its trail, its clock under another version; and versions, proposals and migrations as people see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.accounts import queries as accounts
from app.accounts.models import Agency
from app.applications.compose import clock_of, set_warning, used_before
from app.applications.models import Clocked
from app.errors import Missing
from app.schemes import queries as schemes
from app.schemes.models import WorkflowMigration, WorkflowProposal
from app.trail.queries import Fact, events_of
from app.versions import queries
from app.versions.queries import staffing
from workflows.clocks import Calendar, due
from workflows.definition import Clock, State, Workflow
from workflows.differences import Difference, differences
from workflows.migration import PastStep, States
from workflows.soundness import findings
from workflows.soundness.witness import Finding

MIGRATE = "migrate"
CARRIED_OUT = "carry_out_migration"


@dataclass(frozen=True)
class Migrated:
    """A migration as people see it; ``carrier`` is "" and ``cases``, the number that moved, ``None`` while it is only planned."""

    row: WorkflowMigration
    old: Workflow
    new: Workflow
    author: str
    carrier: str
    cases: int | None


def migrations(agency: Agency) -> list[Migrated]:
    """Return the migrations of an agency, planned and carried out, the newest first."""
    rows = queries.migrations(agency)
    people = {person for row in rows for person in (row.author_id, row.carried_out_by) if person}
    names = accounts.names(people)
    # How many moved stands on the trail alone.
    details = [f.record["detail"] for f in events_of(agency.reference) if f.kind == CARRIED_OUT]
    cases = {detail["migration"]: detail["cases"] for detail in details}
    return [
        Migrated(
            row,
            schemes.workflow(row.from_digest),
            schemes.workflow(row.to_digest),
            names.get(row.author_id, ""),
            names.get(row.carried_out_by or 0, ""),
            cases.get(row.id),
        )
        for row in rows
    ]


def migration(number: int, agency: Agency) -> Migrated:
    """Return a migration of an agency; raises ``Missing`` for that of another."""
    for found in migrations(agency):
        if found.row.id == number:
            return found
    raise Missing("There is no such migration, or not for you.")


def migration_told(found: Migrated) -> dict[str, Any]:
    """Return how the interface tells a migration."""
    row = found.row
    return {
        "migration": row.id,
        "from": version_told(found.old),
        "to": version_told(found.new),
        "states": row.states,
        "reason": row.reason,
        "author": found.author,
        "planned_at": row.planned_at.isoformat(),
        "carried_out_by": found.carrier,
        "carried_out_at": row.carried_out_at.isoformat() if row.carried_out_at else None,
        "cases": found.cases,
    }


def past(events: Sequence[Fact], digest: str, maps: Mapping[int, States]) -> tuple[PastStep, ...]:
    """Return the steps of a case, oldest first, in the state names of its present version.

    A case that moved before has steps under an earlier version: the maps it moved by are followed, newest first. Acts on
    tranches, and events that are no step, are left out.
    """
    names: States | None = None
    found = []
    for fact in reversed(events):
        record = fact.record
        # A definition may have an act of that name; only a move carries its migration.
        if fact.kind == MIGRATE and "migration" in record:
            moved = record["migration"]
            digest = moved["from"]
            states = maps[moved["number"]]
            names = states if names is None else {s: names.get(t, t) for s, t in states.items()}
        elif record.get("workflow", {}).get("sha256") == digest and "from" in record:
            found.append(_step(fact, names or {}))
    return tuple(reversed(found))


def _step(fact: Fact, names: States) -> PastStep:
    record = fact.record
    source, target = record["from"], record["to"]
    return PastStep(
        act=fact.kind,
        source=names.get(source, source),
        target=names.get(target, target),
        duties=tuple(record.get("duty", "").split(" or ")),
        part=record.get("part"),
        reasoned=bool(record.get("reasons")),
    )


def named(workflow: Workflow) -> dict[str, Any]:
    """Return how an event names a workflow version."""
    return {"name": workflow.name, "version": workflow.version, "sha256": workflow.digest}


def reclock(
    row: Clocked, source: State, target: State, *, today: date, calendar: Calendar
) -> dict[str, Any]:
    """Give a case the clock of its state in the new version; returns what the event says, empty when nothing changed.

    What has run counts: the days go on from the day they began. Days that were set for this case, by its scheme or an
    extension, stay as they are.
    """
    if source.clock == target.clock:
        return {}
    before, running = row.due_on, clock_of(row, source)
    if target.clock is None:
        row.clock_started_on = row.due_on = row.warn_on = row.warned_on = None
        row.clock_days = row.clock_unit = row.calendar = row.escalated_to = None
    elif running is None:
        _start(row, target, target.clock, today, calendar)
    elif row.clock_extended or source.clock is None or running.days != source.clock.days:
        set_warning(row, target.clock, today, calendar)
    else:
        _start(row, target, target.clock, row.clock_started_on or today, calendar)
        set_warning(row, target.clock, today, calendar)
    days = {"due_before": before, "due_on": row.due_on}
    return {name: day.isoformat() for name, day in days.items() if day}


def _start(row: Clocked, target: State, clock: Clock, day: date, calendar: Calendar) -> None:
    row.clock_started_on, row.calendar = day, calendar.name
    row.clock_days, row.clock_unit = clock.days, clock.unit
    # A calendar does not reach back for ever; a clock that began before it is over in any case.
    row.due_on = due(clock, max(day, calendar.first), calendar, used=used_before(row, target))
    set_warning(row, clock, day, calendar)


@dataclass(frozen=True)
class Checked:
    """What the second person must see of a proposal.

    ``findings`` are those of the text itself, ``staffing`` what the agency's people lack; ``before`` is the newest version
    of that name, if there is one, and ``differences`` what changes from it.
    """

    findings: tuple[Finding, ...]
    staffing: tuple[Finding, ...]
    before: Workflow | None
    differences: tuple[Difference, ...]


def checked(found: WorkflowProposal, agency: Agency) -> Checked:
    """Return what there is to see of a proposal, as things stand now."""
    workflow = queries.proposed(found)
    before = schemes.newest(found.name, agency)
    if before is not None and before.digest == found.digest:
        before = None
    return Checked(
        findings=sound(workflow, staffing.parents(workflow, agency)),
        staffing=staffing.staffing_findings(workflow, agency),
        before=before,
        differences=differences(before, workflow) if before else (),
    )


def sound(workflow: Workflow, parents: Sequence[Workflow]) -> tuple[Finding, ...]:
    """Return what is wrong with a definition, of tranches under each life they may belong to; none twice."""
    found = [findings(workflow, parent=parent) for parent in parents or (None,)]
    return tuple(dict.fromkeys(finding for one in found for finding in one))


def version_told(workflow: Workflow) -> dict[str, Any]:
    """Return how the interface tells a version."""
    return {
        "sha256": workflow.digest,
        "name": workflow.name,
        "version": workflow.version,
        "title": workflow.title,
        "kind": workflow.kind,
    }


def proposed_told(found: WorkflowProposal) -> dict[str, Any]:
    """Return how the interface tells a proposal."""
    return {
        "proposal": found.id,
        "sha256": found.digest,
        "name": found.name,
        "version": found.version,
        "outcome": found.outcome,
        "proposed_at": found.proposed_at.isoformat(),
    }


def finding_told(found: Finding) -> dict[str, Any]:
    """Return how the interface tells a finding."""
    said = {"rule": found.rule, "place": found.place, "sentence": found.sentence}
    return {**said, "path": list(found.path), "severity": found.severity}
