"""The waiting list of a call: cases for which the budget does not suffice, taken up again in the order they came."""

from datetime import datetime

from app import clock
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.commands import Evidence, take
from app.decisions import queries
from app.reviews import queries as reviews
from app.reviews.commands import Reasoned, reasoned
from app.trail.commands import Recorded
from workflows.machine import fire


def wait_list(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Put a case on the waiting list of its call, because the budget does not have what was recommended."""
    return _listed(reference, said, act, version, actor, since=clock.now())


def take_from_list(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Take a case from the waiting list once the budget has what was recommended and nobody waits longer for it."""
    return _listed(reference, said, act, version, actor, since=None)


def _listed(
    reference: str,
    said: Reasoned,
    act: str,
    version: int | None,
    actor: Person,
    *,
    since: datetime | None,
) -> Recorded:
    application = applications.find(reference, actor=actor, lock=True)
    budget = queries.budget(application, lock=True)
    left = (budget.left_minor if budget else None) or 0
    advice = reviews.recommendation(application)
    recommended = advice.amount_minor if advice else None
    facts = applications.facts(
        application,
        actor,
        expected_version=version,
        budget_left=left,
        recommended=recommended,
        ahead=queries.ahead(application, left),
        money=applications.amounts(application, budget_left=left),
    )
    facts = reasoned(application, act, said, facts)
    step = fire(applications.workflow(application), application.state, act, facts)
    application.waiting_since = since
    detail = {"recommended": recommended, "budget_left": left, "currency": application.currency}
    return take(application, step, facts, Evidence(detail, {"note": said.note}), actor=actor)
