"""What a vote leaves in the trail: the motion, the authority, the count, and what it departs from."""

from dataclasses import dataclass
from typing import Any

from app.accounts.models import Authority, Person
from app.applications.models import Application
from app.budgets.models import Budget
from app.decisions import queries
from app.decisions.models import Ballot
from app.reviews.models import Recommendation
from workflows.facts import Facts
from workflows.machine import Step
from workflows.quorum import Tally
from workflows.rules import motion

OUTCOME = {"for": "approve", "against": "decline"}


@dataclass(frozen=True)
class Turn:
    """One vote: the case and the budget of its call are locked, the facts gathered, the step taken but not yet recorded."""

    application: Application
    budget: Budget | None
    facts: Facts
    step: Step
    authority: Authority | None
    round: int
    before: tuple[Ballot, ...]
    advice: Recommendation | None

    @property
    def agency(self) -> str:
        """Return the code of the agency whose vote it is, "" where persons vote."""
        decision = self.step.workflow.decisions.get(self.step.act.decision or "")
        return self.facts.actor.agency if decision and decision.per else ""


def detail_of(turn: Turn, result: str | None, actor: Person) -> dict[str, Any]:
    """Return what the event of a vote says beside the step; ``result`` is the motion carried, ``None`` while it is open."""
    facts, step = turn.facts, turn.step
    advice = facts.recommended_outcome
    return {
        "vote": step.act.vote,
        # All of them: by another than the first a vote may be a veto, or decide a tie.
        "duties": [step.behalf.duty] if step.behalf else sorted(facts.actor.duties),
        "round": turn.round,
        # What is carried is named, also by a vote that is not one for it.
        "amount": motion(facts) if result == "for" and not facts.amount else facts.amount,
        "currency": facts.currency,
        "recommended": facts.recommended,
        "authority": {
            "instrument": facts.authority_instrument,
            "limit": facts.authority_limit,
            "currency": facts.currency if facts.authority_limit is not None else None,
            "body": facts.authority_body or None,
        },
        "recommendation": _advised(turn),
        "decided": OUTCOME[result] if result else None,
        "departs_from_recommendation": _departs(advice, result),
        "quorum": _told(step.tally) if step.tally else None,
        "votes": _votes(turn, actor) if result else None,
        "dissent": _dissent(turn, result),
        "agency": turn.agency or None,
        "asked": [*(facts.asked or ())] if turn.agency else None,
        "reasons_given": given(turn) if result == "against" else None,
    }


def _departs(advice: str | None, result: str | None) -> str | None:
    if result is None or advice is None:
        return None
    return "yes" if advice != OUTCOME[result] else "no"


def _advised(turn: Turn) -> dict[str, Any] | None:
    """Return what was recommended, by whom: what a decision departs from, or follows."""
    if turn.advice is None:
        return None
    return {
        "outcome": turn.advice.outcome,
        "amount": turn.advice.amount_minor,
        "officer": f"officer:{turn.advice.officer_id}",
    }


def _votes(turn: Turn, actor: Person) -> list[dict[str, Any]]:
    """Return every vote of the round, oldest first, with the one that decides."""
    before = [
        {"actor": v.cast_by, "for": v.person, "vote": v.vote}
        | ({"agency": v.agency} if v.agency else {})
        for v in queries.votes(turn.before)
    ]
    behalf = turn.step.behalf
    whose = behalf.giver if behalf else actor.mark
    own = {"agency": turn.agency} if turn.agency else {}
    return [*before, {"actor": actor.mark, "for": whose, "vote": turn.step.act.vote} | own]


def _told(counted: Tally) -> dict[str, Any]:
    return {
        "members": counted.members,
        "recused": counted.recused,
        "needed": counted.needed,
        "present": counted.present,
        "least_present": counted.least_present,
        "for": counted.votes_for,
        "against": counted.votes_against,
        "abstained": counted.abstained,
        "result": counted.result or "open",
        "rule": counted.rule,
    }


def _dissent(turn: Turn, result: str | None) -> list[str] | None:
    """Return who voted the other way, when the vote decides."""
    if result is None:
        return None
    other = "against" if result == "for" else "for"
    return [v.person for v in queries.votes(turn.before) if v.vote == other] + (
        [turn.facts.actor.mark] if turn.step.act.vote == other else []
    )


def given(turn: Turn) -> list[str]:
    """Return the coded reasons of all votes of the round, each once, oldest first."""
    before = [code for ballot in turn.before for code in ballot.reasons]
    return list(dict.fromkeys((*before, *turn.facts.reasons)))
