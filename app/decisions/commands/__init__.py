"""Deciding: a vote under an authority, what the votes come to, and what makes a decision void."""

from dataclasses import dataclass, replace

from sqlalchemy import insert

from app.accounts import queries as accounts
from app.accounts.commands import declare_interest
from app.accounts.models import Authority, Person
from app.applications import queries as applications
from app.applications.commands import Evidence, take
from app.applications.models import Application
from app.awards import commands as awards
from app.budgets.models import Budget
from app.db import db
from app.decisions import queries
from app.decisions.compose import OUTCOME, Turn, detail_of, given
from app.decisions.models import Ballot, Decision, Voiding
from app.errors import Conflict
from app.reviews import queries as reviews
from app.reviews.commands import Reasoned, fired, reasoned
from app.reviews.models import Recommendation
from app.submissions import queries as submissions
from app.trail.commands import Recorded
from workflows.authority import delegated_limit
from workflows.definition import Act
from workflows.facts import Delegated, Facts
from workflows.machine import Refused, Step, fire, why_not
from workflows.rules import band, motion
from workflows.vocabulary import AWARD

_BALLOT = insert(Ballot)
_DECISION = insert(Decision).returning(Decision.id)
# The letter of an award that waited for the last institution to decide.
OFFER = "offer"


@dataclass(frozen=True)
class Cast:
    """What a member votes: the amount as typed (only for), coded reasons, and a note in plain words."""

    amount: str = ""
    reasons: tuple[str, ...] = ()
    note: str = ""


def vote(reference: str, cast: Cast, *, act: str, version: int | None, actor: Person) -> Recorded:
    """Vote on a decision, alone or as one of several; with the vote that decides, the offer is made or the case declined.

    The person votes in the own right, or under a delegation where the own authority does not reach.
    """
    turn = _turn(reference, cast, act, version, actor)
    step, facts, application = turn.step, turn.facts, turn.application
    result = step.result or (step.act.vote if step.tally is None else None)
    evidence = Evidence(detail_of(turn, result, actor), {"note": cast.note})
    if result == "for" and (step.act.decision or AWARD) == AWARD:
        offer = awards.terms_of_offer(application, facts, turn.advice)
        evidence.detail.update(offer.told)
        recorded = take(application, step, facts, evidence, actor=actor, days=offer.days)
        awards.grant(application, _charged(turn.budget), facts, offer, recorded)
    elif result == "for" and step.letter == OFFER:
        offer = awards.offered(application, facts)
        evidence.detail.update(offer.told)
        recorded = take(application, step, facts, evidence, actor=actor, days=offer.days)
    elif result == "against" and step.act.voids:
        recorded = _voided(application, step, facts, evidence, actor)
    else:
        recorded = take(application, step, facts, evidence, actor=actor)
    _keep(turn, recorded, result, actor)
    if step.act.vote == "recuse":
        declare_interest(actor, application.enterprise_id, cast.note, case=application.reference)
    return recorded


def void(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Take a yes back as another institution, which makes void what rested on it: see ``_voided``."""
    application, facts, step = fired(reference, act, said, version, actor)
    return _voided(application, step, facts, Evidence({}, {"note": said.note}), actor)


def consult(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Ask the agencies again that were asked before: all of them after an objection, those that were silent otherwise."""
    application = applications.find(reference, actor=actor, lock=True)
    facts = applications.facts(
        application,
        actor,
        expected_version=version,
        objections=queries.objections(application),
    )
    facts = reasoned(application, act, said, facts)
    step = fire(applications.workflow(application), application.state, act, facts)
    return take(application, step, facts, Evidence({}, {"note": said.note}), actor=actor)


def undo(
    reference: str, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Undo an approval before the offer is accepted: it is void, its budget given back, and the case decided again."""
    application, facts, step = fired(reference, act, said, version, actor)
    return _voided(application, step, facts, Evidence({}, {"note": said.note}), actor)


def _voided(
    application: Application, step: Step, facts: Facts, evidence: Evidence, actor: Person
) -> Recorded:
    """Record a refusal that makes void every decision that stands, as each rested on the others.

    The award ends, its budget is given back, and every institution that had decided has the reason on its own trail.
    """
    standing = queries.standing(application)
    award = next((found.id for found in standing if found.name == step.act.voids), None)
    evidence.detail.update(
        voids=step.act.voids, decision=award, void=sorted(found.name for found in standing)
    )
    recorded = take(application, step, facts, evidence, actor=actor)
    db.session.add_all(Voiding(decision_id=found.id, event_id=recorded.id) for found in standing)
    awards.give_back(application, recorded, facts.reasons)
    return recorded


def _turn(reference: str, cast: Cast, act: str, version: int | None, actor: Person) -> Turn:
    application = applications.find(reference, actor=actor, lock=True)
    budget = queries.budget(application, lock=True)
    workflow = applications.workflow(application)
    if act not in workflow.acts:
        # The case was moved to a version without it after the request had named it.
        facts = applications.facts(application, actor, expected_version=version)
        raise Refused(act, application.state, why_not(workflow, application.state, act, facts))
    verb = workflow.acts[act]
    name = verb.decision or AWARD
    number, before = queries.open_round(application, name)
    advice = reviews.recommendation(application)
    facts = applications.facts(
        application, actor, expected_version=version, votes=queries.votes(before)
    )
    facts = _entered((application, budget, advice), cast, verb, facts)
    step, facts, authority = _under(application, verb, facts, actor)
    return Turn(application, budget, facts, step, authority, number, tuple(before), advice)


def _charged(budget: Budget | None) -> Budget:
    if budget is None:
        raise Conflict("The call has no budget for this fiscal year.")
    return budget


def _entered(
    turn: tuple[Application, Budget | None, Recommendation | None],
    cast: Cast,
    verb: Act,
    facts: Facts,
) -> Facts:
    """Add what the person entered, and what it is measured against."""
    application, budget, advice = turn
    amount = applications.minor(application, "amount", cast.amount)
    left = (budget.left_minor if budget else None) or 0
    recommended = _before(application, verb) or (advice.amount_minor if advice else None)
    facts = replace(
        facts,
        requested=application.requested_minor,
        recommended=recommended,
        recommended_outcome=advice.outcome if advice else None,
        amount=_amount(verb, amount, recommended or application.requested_minor),
        budget_left=left,
        attached=submissions.attached(application, verb.name) if verb.attachments else None,
    )
    told = facts.amount if verb.vote == "for" else motion(facts)
    money = applications.amounts(
        application, amount=told, recommended=recommended, budget_left=left
    )
    facts = replace(facts, money=money)
    return reasoned(application, verb.name, Reasoned(cast.reasons, cast.note), facts)


def _before(application: Application, verb: Act) -> int | None:
    """Return the amount that was awarded, for the decisions of others on it, such as a guarantee."""
    if (verb.decision or AWARD) == AWARD:
        return None
    award = queries.decision(application, AWARD)
    return award.amount_minor if award else None


def _amount(verb: Act, typed: int | None, before: int | None) -> int | None:
    """Return the amount of a vote for: the one typed for an award, else the one decided on before."""
    if verb.vote != "for":
        return None
    return typed or 0 if (verb.decision or AWARD) == AWARD else before


def _under(
    application: Application, verb: Act, facts: Facts, actor: Person
) -> tuple[Step, Facts, Authority | None]:
    """Fire in the own right, else under each delegation in force; the refusal told is that of the own right."""
    workflow = applications.workflow(application)
    refused: Refused | None = None
    handed = [d for d in facts.actor.delegated if d.in_force(facts.today)]
    for behalf in (None, *handed):
        tried, authority = _authorised(application, verb, facts, behalf, actor)
        try:
            return fire(workflow, application.state, verb.name, tried), tried, authority
        except Refused as error:
            refused = refused or error
    raise refused or AssertionError("A vote was neither taken nor refused.")


def _authorised(
    application: Application, verb: Act, facts: Facts, behalf: Delegated | None, actor: Person
) -> tuple[Facts, Authority | None]:
    """Add the authority a vote would be cast under: of the person, or of whom the person acts for."""
    workflow = applications.workflow(application)
    found = band(workflow.decisions[verb.decision], verb, facts) if verb.decision else None
    sought = accounts.Sought(
        facts.scheme,
        facts.currency,
        facts.today,
        found.by if found else "approver",
        found.body if found else "",
    )
    person = behalf.giver_number if behalf else actor.id
    authority = accounts.authority(person, sought)
    limit = authority.limit_minor if authority else None
    if behalf is not None:
        limit = delegated_limit(behalf.limit, limit)
    more = applications.amounts(application, authority_limit=limit)
    tried = replace(
        facts,
        behalf_of=behalf.number if behalf else None,
        authority_limit=limit,
        authority_instrument=authority.instrument if authority else None,
        authority_body=authority.body if authority else None,
        money=facts.money | more,
    )
    return tried, authority


def _keep(turn: Turn, recorded: Recorded, result: str | None, actor: Person) -> None:
    """Keep the vote, and the decision when it is the one that decides."""
    facts, behalf = turn.facts, turn.step.behalf
    shared = {
        "application_id": turn.application.id,
        "round": turn.round,
        "authority_id": turn.authority.id if turn.authority else None,
        "delegation_id": behalf.number if behalf else None,
        "event_id": recorded.id,
        "at": recorded.at,
    }
    name = turn.step.act.decision or AWARD
    connection = db.session.connection()
    row = {
        "decision": name,
        "person_id": actor.id,
        "agency": turn.agency,
        "on_behalf_of_id": behalf.giver_number if behalf else None,
        "vote": turn.step.act.vote,
        "duties": [behalf.duty] if behalf else sorted(facts.actor.duties),
        "amount_minor": facts.amount,
        "reasons": list(facts.reasons),
    }
    connection.execute(_BALLOT, shared | row)
    if result is None:
        return
    amount = facts.amount or next((b.amount_minor for b in turn.before if b.amount_minor), None)
    decided = {
        "name": name,
        "officer_id": actor.id,
        "outcome": OUTCOME[result],
        "amount_minor": amount if result == "for" else None,
        "reasons": given(turn),
        # Advice to the agency binds no other institution.
        "departs": None
        if turn.advice is None or turn.step.act.institution
        else turn.advice.outcome != OUTCOME[result],
        "late": bool(facts.clock_over),
        "at_limit": result == "for" and amount is not None and amount == facts.authority_limit,
    }
    connection.execute(_DECISION, shared | decided)
