"""How a case with an award ends, and is opened again when a bank sends its last payment back."""

from app import clock
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.commands import Evidence, take, tell_partners
from app.applications.models import Application
from app.awards import queries
from app.awards.commands.moving import agreed, move
from app.awards.commands.moving import give_back as release
from app.reviews.commands import Reasoned, fired
from app.trail.commands import Recorded
from workflows.facts import Facts
from workflows.machine import fire


def end(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """End a case before its money is out, by the applicant or by the agency; reserved budget is given back."""
    application, facts, step = fired(reference, act, said, version, actor)
    evidence = Evidence({}, {"note": said.note})
    recorded = take(application, step, facts, evidence, actor=actor)
    give_back(application, recorded, facts.reasons)
    return recorded


def complete(application: Application, facts: Facts) -> Recorded:
    """Complete a case whose last tranche was just paid; the system acts, in the transaction of that payment."""
    step = fire(applications.workflow(application), application.state, "complete", facts)
    recorded = take(application, step, facts, Evidence({}), actor=None)
    _let_go(application, recorded, ended=step.target.end)
    return recorded


def finish(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """End a case whose money is out, such as by accepting its completion report."""
    application, facts, step = fired(reference, act, said, version, actor)
    evidence = Evidence({}, {"note": said.note})
    recorded = take(application, step, facts, evidence, actor=actor)
    _let_go(application, recorded, ended=step.target.end)
    return recorded


def _let_go(application: Application, recorded: Recorded, *, ended: bool) -> None:
    """Give back what was never claimed, or not found in order: it is there for others again."""
    award = queries.awarded(application)
    if ended and award.undrawn_minor:
        move(award, "undrawn", "released", award.undrawn_minor, recorded)
        agreed(award, recorded)


def give_back(application: Application, recorded: Recorded, reasons: tuple[str, ...] = ()) -> None:
    """End the award that stands, if there is one, and give back what it holds of the budget.

    Whatever other institutions had decided rested on it: each has the event that ended it, and its coded reasons, on its
    own trail.
    """
    award = queries.award(application)
    if award is None or award.ended_at is not None:
        return
    award.ended_at = clock.now()
    release(award, recorded)
    tell_partners(application, recorded, reasons)
