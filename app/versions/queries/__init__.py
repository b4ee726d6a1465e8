"""What can be asked of workflow versions: which there are, what waits for a second person, which cases would move."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Select, and_, exists, false, func, or_, select

from app.accounts import queries as accounts
from app.accounts.models import Agency, Interest, Person
from app.applications.models import Application
from app.db import db
from app.errors import Conflict, Forbidden, Missing
from app.schemes import queries as schemes
from app.schemes.models import Scheme, WorkflowMigration, WorkflowProposal, WorkflowVersion
from app.trail.queries import Fact, events_in_order
from workflows.definition import Workflow
from workflows.format.loading import load
from workflows.format.reading import Malformed

_REPLAYED = ("workflow", "from", "to", "duty", "part", "reasons", "migration")
LOOKERS = frozenset({"scheme_designer", "auditor"})


@dataclass(frozen=True)
class Listed:
    """A version as a list shows it; ``live`` counts the agency's cases in flight.

    ``author`` and ``checker`` are "" for one shipped and for one that a scheme completed, of which ``scheme`` is the code.
    """

    row: WorkflowVersion
    workflow: Workflow
    author: str
    checker: str
    live: int
    scheme: str = ""


def may_look(actor: Person) -> Agency:
    """Return the agency whose versions a person may look at; raises ``Forbidden`` for others than designers and auditors."""
    if actor.agency is None or LOOKERS.isdisjoint(actor.duties):
        raise Forbidden("This is for scheme designers and auditors.")
    return actor.agency


def listed(agency: Agency) -> list[Listed]:
    """Return the versions an agency may use, by name, the newest first."""
    found = schemes.workflows_of(agency.id)
    rows = list(
        db.session.scalars(found.order_by(WorkflowVersion.name, WorkflowVersion.version.desc()))
    )
    own = {proposal.digest: proposal for proposal in schemes.proposals(agency, "published")}
    names = accounts.names(
        {p for o in own.values() for p in (o.author_id, o.decided_by) if p is not None}
    )
    counts = _live_by_version(agency, rows)
    return [_listed(row, own.get(row.digest), names, counts.get(row.digest, 0)) for row in rows]


def _listed(
    row: WorkflowVersion, own: WorkflowProposal | None, names: dict[int, str], live: int
) -> Listed:
    author, checker = (own.author_id, own.decided_by) if own else (None, None)
    return Listed(
        row,
        schemes.workflow(row.digest),
        names.get(author or 0, ""),
        names.get(checker or 0, ""),
        live,
        schemes.scheme_completed(row),
    )


def _live_by_version(agency: Agency, rows: Iterable[WorkflowVersion]) -> dict[str, int]:
    """Count the cases in flight by version, in one query."""
    ended = [
        and_(Application.workflow_digest == row.digest, Application.state.in_(_ends(row.digest)))
        for row in rows
    ]
    found = (
        select(Application.workflow_digest, func.count())
        .where(Application.agency_id == agency.id, ~or_(false(), *ended))
        .group_by(Application.workflow_digest)
    )
    return dict(db.session.execute(found).all())


def _ends(digest: str) -> list[str]:
    return [state.name for state in schemes.workflow(digest).states.values() if state.end]


def version(digest: str, agency: Agency) -> WorkflowVersion:
    """Return a version an agency may use; raises ``Missing`` for that of another agency."""
    found = schemes.workflows_of(agency.id).where(WorkflowVersion.digest == digest)
    row = db.session.scalars(found).first()
    if row is None:
        raise Missing("There is no such workflow version, or not for you.")
    return row


def called(name: str, agency: Agency) -> Workflow:
    """Return the version called "name@3" that an agency may use; raises ``Missing``."""
    found = schemes.workflow_called(name, agency.id)
    if found is None:
        raise Missing(f"There is no workflow version {name}, or not for you.")
    return schemes.workflow(found.digest)


def proposed(found: WorkflowProposal) -> Workflow:
    """Return the workflow of a proposal; raises ``Conflict`` where the program has become stricter since."""
    try:
        return load(found.source)
    except Malformed as error:
        said = "This text is no longer well formed; reject it. "
        raise Conflict(said + " ".join(error.mistakes)) from error


# Cases in flight.


def in_flight(agency_id: int, workflow: Workflow) -> Select[Application]:
    """Return the query of an agency's cases under a version that have not ended, drafts included, in the order of locking."""
    ends = [state.name for state in workflow.states.values() if state.end]
    return (
        select(Application)
        .where(Application.agency_id == agency_id, Application.workflow_digest == workflow.digest)
        .where(Application.state.not_in(ends))
        .order_by(Application.id)
    )


def locked(query: Select[Application]) -> list[Application]:
    """Return the cases of a query with their locks held until the end of the transaction."""
    locking = query.with_for_update(of=Application, key_share=True).execution_options(
        populate_existing=True
    )
    return list(db.session.scalars(locking))


def conflicted(query: Select[Application], actor: Person) -> bool:
    """Tell whether a person has an interest in any case of a query."""
    own = exists().where(
        Interest.person_id == actor.id,
        Interest.enterprise_id == Application.enterprise_id,
        Interest.case.in_(["", Application.reference]),
    )
    return db.session.scalars(query.where(own).limit(1)).first() is not None


def count(query: Select[Application]) -> int:
    """Return how many cases a query finds."""
    own = query.order_by(None).with_only_columns(func.count())
    return db.session.scalars(own).one()


def schemes_of(query: Select[Application]) -> list[Scheme]:
    """Return the scheme versions of the cases of a query."""
    own = query.order_by(None).with_only_columns(Application.scheme_id)
    return list(db.session.scalars(select(Scheme).where(Scheme.id.in_(own)).order_by(Scheme.id)))


def trails(query: Select[Application]) -> dict[str, list[Fact]]:
    """Return the events of the cases of a query, oldest first, by reference."""
    found: dict[str, list[Fact]] = {}
    streams = query.order_by(None).with_only_columns(Application.reference)
    for fact in events_in_order(streams):
        # Thousands of trails are held at once: only what a replay looks at.
        record = {name: fact.record[name] for name in _REPLAYED if name in fact.record}
        found.setdefault(fact.stream, []).append(replace(fact, record=record, entry=""))
    return found


def maps(agency_id: int) -> dict[int, dict[str, str]]:
    """Return by number how each migration of an agency mapped states."""
    found = select(WorkflowMigration.id, WorkflowMigration.states)
    return dict(db.session.execute(found.where(WorkflowMigration.agency_id == agency_id)).all())


def migration(number: int, agency: Agency) -> WorkflowMigration:
    """Return a migration of an agency as it is stored now; raises ``Missing`` for that of another."""
    found = db.session.get(WorkflowMigration, number, populate_existing=True)
    if found is None or found.agency_id != agency.id:
        raise Missing("There is no such migration, or not for you.")
    return found


def migrations(agency: Agency) -> Sequence[WorkflowMigration]:
    """Return the migrations of an agency, planned and carried out, the newest first."""
    found = select(WorkflowMigration).where(WorkflowMigration.agency_id == agency.id)
    return db.session.scalars(found.order_by(WorkflowMigration.id.desc())).all()


def planned(agency_id: int, old: Workflow, new: Workflow) -> Sequence[WorkflowMigration]:
    """Return the plans from one version to another that were not carried out, the newest first."""
    found = select(WorkflowMigration).where(
        WorkflowMigration.agency_id == agency_id,
        WorkflowMigration.from_digest == old.digest,
        WorkflowMigration.to_digest == new.digest,
        WorkflowMigration.carried_out_at.is_(None),
    )
    return db.session.scalars(found.order_by(WorkflowMigration.id.desc())).all()
