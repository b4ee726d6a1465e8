"""Conditions of an award: met with evidence, or waived by a person with the authority for it."""

from dataclasses import dataclass, replace
from typing import Any

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Authority, Person
from app.applications import queries as applications
from app.applications.commands import Evidence, take
from app.applications.models import Application
from app.awards import queries
from app.awards.models import Award, Condition
from app.trail.commands import Recorded
from workflows.facts import Facts
from workflows.machine import fire


@dataclass(frozen=True)
class _Turn:
    """A condition of a case that is locked, and the facts of an act on it."""

    application: Application
    award: Award | None
    chosen: Condition | None
    facts: Facts


def meet_condition(
    reference: str,
    key: str,
    evidence: str,
    *,
    act: str = "meet_condition",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Record a condition as met; with the last one before the first money the award goes into disbursement."""
    turn = _turn(reference, key, version, actor)
    step = fire(applications.workflow(turn.application), turn.application.state, act, turn.facts)
    if turn.chosen is not None:
        turn.chosen.met_at, turn.chosen.met_by = clock.now(), actor.id
        turn.chosen.evidence = evidence
    found = Evidence({"condition": key}, {"evidence": evidence} if evidence else {})
    return take(turn.application, step, turn.facts, found, actor=actor)


def waive_condition(
    reference: str, key: str, note: str, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Waive a condition by name, under an authority that reaches the award; the reason is kept."""
    turn = _turn(reference, key, version, actor)
    authority = _authority(turn.facts, actor)
    limit = authority.limit_minor if authority else None
    size = turn.award.amount_minor - turn.award.released_minor if turn.award else None
    facts = replace(
        turn.facts,
        note=note,
        amount=size,
        authority_limit=limit,
        authority_instrument=authority.instrument if authority else None,
        money=applications.amounts(turn.application, amount=size, authority_limit=limit),
    )
    step = fire(applications.workflow(turn.application), turn.application.state, act, facts)
    if turn.chosen is not None:
        turn.chosen.met_at, turn.chosen.waived_by = clock.now(), actor.id
        turn.chosen.evidence = note
        turn.chosen.authority_id = authority.id if authority else None
    detail: dict[str, Any] = {
        "condition": key,
        "authority": {"instrument": facts.authority_instrument, "limit": limit},
    }
    return take(turn.application, step, facts, Evidence(detail, {"note": note}), actor=actor)


def _authority(facts: Facts, actor: Person) -> Authority | None:
    sought = accounts.Sought(facts.scheme, facts.currency, facts.today)
    return accounts.authority(actor.id, sought)


def _turn(reference: str, key: str, version: int | None, actor: Person) -> _Turn:
    application = applications.find(reference, actor=actor, lock=True)
    award = queries.award(application)
    known = queries.conditions(award) if award else []
    open_ones = [one for one in known if one.met_at is None]
    chosen = next((one for one in open_ones if one.key == key), None)
    facts = applications.facts(
        application,
        actor,
        expected_version=version,
        # What is asked for later, or for one tranche, does not keep the first money back.
        open_conditions=_waits(open_ones, chosen),
        condition_open=chosen is not None,
    )
    return _Turn(application, award, chosen, facts)


def _waits(open_ones: list[Condition], chosen: Condition | None) -> tuple[str, ...]:
    """Return the conditions before the first money that are open; none once another kind of condition is looked at."""
    first = tuple(one.key for one in open_ones if one.before_first_money)
    if chosen is not None and not chosen.before_first_money:
        return (*first, chosen.key, "")
    return first
