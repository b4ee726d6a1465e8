"""What is known of the decisions of a case: rounds, votes, the decision that stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.applications.queries.taking import agencies_asked
from app.budgets import queries as budgets
from app.budgets.models import Budget
from app.countries.queries import country
from app.db import db
from app.decisions.models import Ballot, Decision, Voiding
from app.reviews.models import Recommendation
from workflows.authority import band_of
from workflows.definition import Band
from workflows.definition import Decision as Definition
from workflows.facts import Facts, Vote
from workflows.quorum import Tally, tally
from workflows.rules import motion, seated
from workflows.vocabulary import AWARD

LISTING = frozenset({"wait_list", "take_from_list"})
_ROUND = (
    select(func.count())
    .select_from(Decision)
    .where(Decision.application_id == bindparam("application"), Decision.name == bindparam("name"))
)
# The number of the round that is open, with its votes: one row without a vote when there is none yet.
_OPEN = _ROUND.with_only_columns((func.count() + 1).label("number")).subquery()
_BALLOTS = (
    select(_OPEN.c.number, Ballot)
    .outerjoin(
        Ballot,
        and_(
            Ballot.application_id == bindparam("application"),
            Ballot.decision == bindparam("name"),
            # Whoever stood aside in an earlier round does not see the case any more.
            or_(Ballot.round == _OPEN.c.number, Ballot.vote == "recuse"),
        ),
    )
    .order_by(Ballot.id)
)
_NEWEST = (
    select(Decision, Voiding.event_id)
    .outerjoin(Voiding, Voiding.decision_id == Decision.id)
    .where(Decision.application_id == bindparam("application"))
    .order_by(Decision.id.desc())
)


def open_round(application: Application, name: str) -> tuple[int, list[Ballot]]:
    """Return the number of the present round of a decision, from 1, and the votes cast in it, oldest first."""
    rows = db.session.execute(_BALLOTS, {"application": application.id, "name": name}).all()
    return rows[0][0], [row[1] for row in rows if row[1] is not None]


def votes(found: Sequence[Ballot]) -> tuple[Vote, ...]:
    """Return votes as the rules look at them: each under the name of the person whose vote it is."""
    return tuple(
        Vote(
            person=f"officer:{ballot.on_behalf_of_id or ballot.person_id}",
            vote=ballot.vote,
            duties=frozenset(ballot.duties),
            amount=ballot.amount_minor,
            cast_by=f"officer:{ballot.person_id}",
            agency=ballot.agency,
        )
        for ballot in found
    )


def decisions(application: Application) -> list[tuple[Decision, int | None]]:
    """Return every decision of a case, newest first, each with the event that made it void, if one did."""
    rows = db.session.execute(_NEWEST, {"application": application.id})
    return [(row[0], row[1]) for row in rows]


def decision(application: Application, name: str = AWARD) -> Decision | None:
    """Return the newest decision of a name, unless it was made void."""
    for found, voided_by in decisions(application):
        if name == found.name:
            return None if voided_by else found
    return None


def standing(application: Application) -> list[Decision]:
    """Return the decisions for that nothing has made void: the newest of each name, where it was one for."""
    newest: dict[str, tuple[Decision, int | None]] = {}
    for found, voided_by in decisions(application):
        newest.setdefault(found.name, (found, voided_by))
    return [
        found
        for found, voided_by in newest.values()
        if not voided_by and found.outcome == "approve"
    ]


def budget(application: Application, *, lock: bool = False) -> Budget | None:
    """Return the budget that an approval today is charged to, ``None`` where there is none; locked if it is to be used."""
    home = country(applications.terms(application).country)
    year = home.fiscal_year_of(applications.today(application))
    found = budgets.of_call(application.call.code, year)
    return budgets.locked(found.id) if found and lock else found


def listed(application: Application, actor: Person) -> dict[str, Any]:
    """Return the facts of the waiting list for a page: asked only where the case waits or may be put on the list."""
    acts = applications.workflow(application).acts_from(application.state)
    if actor.beside or not any(act.does in LISTING for act in acts):
        return {}
    found = budget(application)
    left = (found.left_minor if found else None) or 0
    advice = select(Recommendation.amount_minor).where(
        Recommendation.application_id == application.id
    )
    return {
        "budget_left": left,
        "recommended": db.session.scalar(advice.order_by(Recommendation.id.desc()).limit(1)),
        "ahead": ahead(application, left),
        "money": applications.amounts(application, budget_left=left),
    }


def ahead(application: Application, left: int) -> tuple[str, ...]:
    """Return the cases that wait longer under the same call and could be served with what is left, the longest first."""
    if application.waiting_since is None:
        return ()
    newest = (
        select(Recommendation.amount_minor)
        .where(Recommendation.application_id == Application.id)
        .order_by(Recommendation.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = (
        select(Application.reference)
        .where(Application.call_id == application.call_id, newest <= left)
        # Not those that were withdrawn or screened out while they waited.
        .where(Application.state == application.state)
        .where(Application.waiting_since < application.waiting_since)
        .order_by(Application.waiting_since)
        .limit(10)
    )
    return tuple(db.session.scalars(found))


def cast(application: Application) -> list[Ballot]:
    """Return every vote of a case, oldest first."""
    found = select(Ballot).where(Ballot.application_id == application.id)
    return list(db.session.scalars(found.order_by(Ballot.id)))


def objections(application: Application) -> int | None:
    """Return how many rounds in which agencies vote ended against, ``None`` where agencies do not vote."""
    decided = applications.workflow(application).decisions
    if not any(found.per for found in decided.values()):
        return None
    return sum(
        bool(decided[found.name].per) and found.outcome == "decline"
        for found, _ in decisions(application)
        if found.name in decided
    )


def silence(application: Application) -> dict[str, list[str]]:
    """Return which agencies were asked and have, or have not, answered in the open round; empty where none were asked."""
    name = open_name(application)
    workflow = applications.workflow(application)
    codes = agencies_asked(application, workflow)
    if name is None or not workflow.decisions[name].per or codes is None:
        return {}
    answered = [ballot.agency for ballot in open_round(application, name)[1]]
    silent = [code for code in codes if code not in answered]
    return {"asked": [*codes], "answered": answered, "silent": silent}


@dataclass(frozen=True)
class Deciding:
    """How a decision stands while it is open: its band of the authority matrix and the tally so far.

    ``motion`` is the amount it is about, in minor units. ``tally`` is ``None`` where nobody decides about the amount.
    """

    decision: Definition
    band: Band | None
    motion: int | None
    tally: Tally | None


def open_name(application: Application) -> str | None:
    """Return the decision a case waits for, ``None`` when it waits for none."""
    acts = applications.workflow(application).acts_from(application.state)
    return next((act.decision for act in acts if act.decision and act.vote), None)


def open_votes(application: Application) -> tuple[Vote, ...]:
    """Return the votes cast in the present round of the decision a case waits for."""
    name = open_name(application)
    return votes(open_round(application, name)[1]) if name else ()


def deciding(
    application: Application, facts: Facts, advice: Recommendation | None
) -> Deciding | None:
    """Return how the decision stands that a case waits for, ``None`` when it waits for none.

    ``facts`` hold the votes of the open round, ``advice`` is the recommendation that stands.
    """
    name = open_name(application)
    if name is None:
        return None
    decision_ = applications.workflow(application).decisions[name]
    asked = replace(
        facts,
        requested=application.requested_minor,
        recommended=advice.amount_minor if advice else None,
    )
    amount = motion(asked)
    band = seated(decision_, band_of(decision_, amount, facts.currency, facts.scheme), facts)
    counted = tally(decision_, band, asked.votes or ()) if band else None
    return Deciding(decision_, band, amount, counted)
