"""What can be asked of retention: which cases' time is over, what is held, what waits for a second person."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.models import Agency, Person
from app.accounts.queries import interested
from app.applications.models import Application
from app.awards.models import Award
from app.countries.compose.retention import rule, years_on
from app.countries.queries import country
from app.db import db
from app.errors import Missing
from app.proceedings.models import Proceeding
from app.repayments.models import LoanStanding
from app.retention.compose import Keeping, keeping, kind_of
from app.retention.models import ErasureProposal, LegalHold
from app.schemes import queries as schemes
from app.schemes.models import Scheme, WorkflowVersion
from app.trail.models import Event, OutboxEntry

PAGE = 25


@dataclass(frozen=True)
class Held:
    """How a case stands: until when it is kept, the hold on it, the erasure that waits for a second person."""

    keeping: Keeping | None
    hold: LegalHold | None
    proposal: ErasureProposal | None


def custody(actor: Person) -> Select[Application]:
    """Return the query of the cases that a records officer answers for: the agency's own, drafts too.

    Never those in which the person has an interest.
    """
    return (
        select(Application)
        .where(Application.agency_id == actor.agency_id)
        .where(~interested(actor.id, Application.enterprise_id, Application.reference))
        .options(joinedload(Application.scheme).joinedload(Scheme.agency))
    )


def find(reference: str, *, actor: Person, lock: bool = False) -> Application:
    """Return a case in the custody of a records officer; raises ``Missing`` also for one that is hidden from the person."""
    query = custody(actor).where(Application.reference == reference)
    if lock:
        query = query.with_for_update(of=Application, key_share=True)
        query = query.execution_options(populate_existing=True)
    found = db.session.scalars(query).first()
    if found is None:
        raise Missing(f"There is no application {reference}, or not for you.")
    return found


def held(application: Application) -> Held:
    """Return how a case stands."""
    return Held(
        keeping(application, paid=paid(application)), hold(application), proposal(application)
    )


def hold(application: Application) -> LegalHold | None:
    """Return the legal hold that stands on a case."""
    found = select(LegalHold).where(
        LegalHold.application_id == application.id, LegalHold.lifted_at.is_(None)
    )
    return db.session.scalars(found).first()


def proposal(application: Application) -> ErasureProposal | None:
    """Return the erasure of a case that waits for a second person."""
    found = select(ErasureProposal).where(
        ErasureProposal.application_id == application.id, ErasureProposal.outcome == "open"
    )
    return db.session.scalars(found).first()


def paid(application: Application) -> bool:
    """Tell whether money was ever paid in a case."""
    return bool(db.session.scalar(select(_paid(application.id))))


def unsettled(application: Application) -> bool:
    """Tell whether money of a case is still owed or disputed: a loan not repaid, or a proceeding about the award still open."""
    return bool(db.session.scalar(select(_unsettled(application.id))))


def working(application: Application) -> bool:
    """Tell whether work that an event of a case entails is still to be done, such as a letter."""
    waiting = exists().where(
        OutboxEntry.event_id == Event.id,
        Event.stream == application.reference,
        OutboxEntry.state == "ready",
    )
    return bool(db.session.scalar(select(waiting)))


def due(actor: Person, after: int = 0) -> tuple[list[tuple[Application, Keeping]], bool]:
    """Return a page of the cases whose time is over and that are not held, oldest first, and whether there is another."""
    if actor.agency is None:
        raise Missing
    query = custody(actor).where(_over(actor.agency), Application.id > after)
    rows = list(db.session.scalars(query.order_by(Application.id).limit(PAGE + 1)))
    return [*_kept(rows[:PAGE])], len(rows) > PAGE


def all_due(agency: Agency) -> Iterator[tuple[Application, Keeping]]:
    """Return the cases of an agency whose time is over and that are not held, page by page."""
    last = 0
    while True:
        query = (
            select(Application)
            .where(Application.agency_id == agency.id, _over(agency), Application.id > last)
            .options(joinedload(Application.scheme).joinedload(Scheme.agency))
            .order_by(Application.id)
            .limit(PAGE)
        )
        rows = list(db.session.scalars(query))
        yield from _kept(rows)
        if len(rows) < PAGE:
            return
        last = rows[-1].id


def waiting(actor: Person) -> list[Row[Application, ErasureProposal]]:
    """Return the erasures that wait for a second person, oldest first, at most a page of them."""
    return _beside(actor, ErasureProposal, ErasureProposal.outcome == "open")


def standing(actor: Person) -> list[Row[Application, LegalHold]]:
    """Return the legal holds that stand, oldest first, at most a page of them."""
    return _beside(actor, LegalHold, LegalHold.lifted_at.is_(None))


def _beside(actor: Person, model: Any, condition: ColumnElement[bool]) -> list[Any]:
    found = (
        custody(actor)
        .join(model, model.application_id == Application.id)
        .where(condition)
        .add_columns(model)
        .order_by(model.id)
        .limit(PAGE)
    )
    return list(db.session.execute(found))


def _kept(rows: list[Application]) -> Iterator[tuple[Application, Keeping]]:
    numbers = [row.id for row in rows]
    found = select(Award.application_id).where(
        Award.application_id.in_(numbers), Award.disbursed_minor > 0
    )
    with_money = set(db.session.scalars(found))
    for row in rows:
        known = keeping(row, paid=row.id in with_money)
        if known is not None and known.over:
            yield row, known


def _paid(application_id: Any) -> ColumnElement[bool]:
    return exists().where(Award.application_id == application_id, Award.disbursed_minor > 0)


def _unsettled(application_id: Any) -> ColumnElement[bool]:
    owed = exists().where(
        LoanStanding.application_id == application_id,
        LoanStanding.repaid_on.is_(None),
        LoanStanding.written_off.is_(False),
    )
    disputed = exists().where(
        Proceeding.application_id == application_id, Proceeding.ended_at.is_(None)
    )
    return or_(owed, disputed)


def _over(agency: Agency) -> ColumnElement[bool]:
    """Return the condition that the time of a case is over, by the state it is in, and that neither a hold nor open money keeps it."""
    held_ = exists().where(
        LegalHold.application_id == Application.id, LegalHold.lifted_at.is_(None)
    )
    drafts = and_(Application.submitted_at.is_(None), _before(agency, "unsubmitted"))
    ended = and_(Application.submitted_at.is_not(None), _ended(agency))
    free = and_(~held_, ~_unsettled(Application.id))
    return and_(Application.erased_at.is_(None), or_(drafts, ended), free)


def _ended(agency: Agency) -> ColumnElement[bool]:
    known = select(WorkflowVersion.digest).where(
        or_(WorkflowVersion.agency_id.is_(None), WorkflowVersion.agency_id == agency.id)
    )
    money = _paid(Application.id)
    found: list[ColumnElement[bool]] = []
    for digest in db.session.scalars(known):
        for state in schemes.workflow(digest).states.values():
            if not state.end:
                continue
            place = and_(Application.workflow_digest == digest, Application.state == state.name)
            plain = kind_of(state, submitted=True, paid=False)
            over = _before(agency, "completed") & money | _before(agency, plain) & ~money
            found.append(and_(place, over))
    return or_(false(), *found)


def _before(agency: Agency, kind: str) -> ColumnElement[bool]:
    """Return the condition that the last change of a case was so long ago that its kind is not kept any more."""
    zone = country(agency.country).zone
    years = rule(kind, country=agency.country, agency=agency.code).years
    day = years_on(clock.today(zone), -years)
    return Application.updated_at < clock.start_of(day, zone)


def cases_of(application: Application) -> tuple[int, int]:
    """Return how many other cases of the applicant, and of the enterprise, still hold personal data."""
    others = select(func.count(Application.id)).where(
        Application.id != application.id, Application.erased_at.is_(None)
    )
    own = others.where(Application.applicant_id == application.applicant_id)
    whole = others.where(Application.enterprise_id == application.enterprise_id)
    return db.session.scalar(own) or 0, db.session.scalar(whole) or 0
