"""What is known of the proceedings of a case, and the facts of the acts on one."""

from dataclasses import replace

from sqlalchemy import func, select

from app.accounts import queries as accounts
from app.accounts.models import Authority, Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.models import Award
from app.budgets.models import Budget
from app.db import db
from app.errors import Missing
from app.proceedings.models import Proceeding
from app.schemes import queries as schemes
from workflows.authority import band_of
from workflows.definition import Act, Band, Decision, Workflow
from workflows.facts import Facts
from workflows.vocabulary import AWARD, OWNER

APPROVE, WITHIN_AUTHORITY = "approve", "within_authority"


def proceedings(application: Application) -> list[Proceeding]:
    """Return the proceedings of a case, the newest first."""
    found = select(Proceeding).where(Proceeding.application_id == application.id)
    return list(db.session.scalars(found.order_by(Proceeding.number.desc())))


def proceeding(application: Application, number: int) -> Proceeding:
    """Return a proceeding of a case by its number, as it stands in the database; raises ``Missing``."""
    found = (
        select(Proceeding)
        .where(Proceeding.application_id == application.id, Proceeding.number == number)
        .execution_options(populate_existing=True)
    )
    row = db.session.scalars(found).first()
    if row is None:
        raise Missing(f"The case has no proceeding {number}.")
    return row


def count(application: Application) -> int:
    """Return how many proceedings a case has."""
    counted = select(func.count()).where(Proceeding.application_id == application.id)
    return db.session.scalar(counted) or 0


def workflow(found: Proceeding) -> Workflow:
    """Return the life a proceeding goes by."""
    return schemes.workflow(found.workflow_digest)


def is_open(found: Proceeding) -> bool:
    """Tell whether something is still to be done in a proceeding."""
    return not workflow(found).states[found.state].end


def open_ones(application: Application, kind: str) -> list[Proceeding]:
    """Return the proceedings of a kind that are still open in a case."""
    return [row for row in proceedings(application) if row.kind == kind and is_open(row)]


def facts_of(
    application: Application, award: Award, found: Proceeding, actor: Person | None
) -> Facts:
    """Return the facts that the acts on a proceeding look at; ``actor`` is ``None`` for the system."""
    facts = applications.facts(application, actor)
    band = band_for(application, found)
    approved = {f"officer:{one.person_id}" for one in found.approvals}
    return replace(
        facts,
        amount=found.amount_minor,
        award_standing=award.accepted_at is not None and award.ended_at is None,
        approvals=len(found.approvals),
        approvals_needed=votes(band),
        approved_by_actor=facts.actor.mark in approved,
        own=actor is not None and actor.id == found.proposed_by,
        budget_left=budget_left(award),
        more=int(found.terms.get("more", 0)),
        money=applications.amounts(application, amount=found.amount_minor),
        extended=found.clock_extended,
        clock_over=found.is_over(facts.today),
        strands=(),
    )


def band_for(application: Application, found: Proceeding) -> Band | None:
    """Return the band of the case's authority matrix that a proceeding falls in by its amount, ``None`` where it has none."""
    decision = _decision(application, found)
    if decision is None or found.amount_minor is None:
        return None
    scheme = applications.terms(application).code
    return band_of(decision, found.amount_minor, application.currency, scheme)


def _decision(application: Application, found: Proceeding) -> Decision | None:
    """Return the decision whose matrix says who approves: that on the award, or what another institution decides in the case."""
    case = applications.workflow(application)
    approving = {one.institution for one in workflow(found).acts.values() if one.does == APPROVE}
    own = (act.decision for act in case.acts.values() if act.institution in approving - {OWNER})
    return case.decisions.get(next((name for name in own if name), AWARD))


def votes(band: Band | None) -> int:
    """Return how many have to approve by a band: as many as its decision takes, one without a band."""
    if band is None:
        return 1
    if isinstance(band.needed, int):
        return band.needed
    return band.of if band.needed == "all" else band.of // 2 + 1


def authority(
    application: Application, found: Proceeding, act: Act, facts: Facts, actor: Person
) -> Authority | None:
    """Return the authority a person approves a proceeding under, in the body its amount asks for; ``None`` for none."""
    if WITHIN_AUTHORITY not in act.guards:
        return None
    band = band_for(application, found)
    sought = accounts.Sought(
        facts.scheme,
        facts.currency,
        facts.today,
        band.by if band else act.by[0],
        band.body if band else "",
    )
    givers = [
        d.giver_number
        for d in facts.actor.delegated
        if d.duty in act.by and d.in_force(facts.today)
    ]
    people = [actor.id] if not facts.actor.duties.isdisjoint(act.by) else givers
    return next((one for p in people if (one := accounts.authority(p, sought))), None)


def budget_left(award: Award) -> int:
    """Return what is left of the budget an award is charged to, in minor units."""
    return db.session.get_one(Budget, award.budget_id).left_minor or 0
