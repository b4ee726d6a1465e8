"""One act on one tranche: what is known of it, the step it takes, and the event it leaves."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.accounts.models import Agency, Person
from app.applications import queries as applications
from app.applications.commands import Evidence, note_step
from app.applications.compose import run_clock
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.commands.moving import move
from app.awards.models import Award, Tranche
from app.db import db
from app.disbursements import queries
from app.disbursements.models import PaymentInstruction
from app.disbursements.queries import (
    STILL_ELIGIBLE,
    disbursement_facts,
    eligible_still,
    tranche_facts,
)
from app.reviews.commands import Reasoned, reasoned
from app.schemes import queries as schemes
from app.schemes.compose.judging import Judged
from app.submissions.compose import criteria, kept
from app.submissions.queries import DISBURSED
from app.trail.commands import Recorded
from workflows.facts import Facts
from workflows.machine import Step, fire


@dataclass
class Seen:
    """A tranche of a case that is locked, and the facts of an act on it.

    ``facility`` is the agency its money goes through, ``judged`` what the rules of eligibility came to, where they are asked.
    """

    application: Application
    award: Award
    tranche: Tranche
    instruction: PaymentInstruction | None
    facility: Agency | None
    judged: Judged | None
    facts: Facts


@dataclass
class Turn(Seen):
    """One act on one tranche: the step is taken but not yet recorded; ``ran`` is what it did to the clock."""

    step: Step
    ran: dict[str, Any]


def turned(
    reference: str,
    number: int,
    act: str,
    version: int | None,
    actor: Person,
    entered: Reasoned | str = "",
) -> Turn:
    """Gather the facts of an act on a tranche and take it; ``entered`` is what was said, or the digest that was seen."""
    application = applications.find(reference, actor=actor, lock=True)
    found = seen(application, number, actor)
    facts = replace(found.facts, expected_version=version)
    if isinstance(entered, Reasoned):
        facts = reasoned(application, act, entered, facts)
    else:
        facts = replace(facts, seen_digest=entered)
    return taken(replace(found, facts=facts), act)


def seen(application: Application, number: int, actor: Person | None) -> Seen:
    award = awards.awarded(application)
    tranche = awards.tranche(award, number)
    instruction = queries.instruction(tranche)
    judged = eligible_still(application, award)
    shared = disbursement_facts(application, award, actor, judged)
    facts = tranche_facts(shared, award, tranche, instruction)
    facility = queries.facility(application)
    facts = replace(facts, through_facility=facility is not None)
    return Seen(application, award, tranche, instruction, facility, judged, facts)


def taken(found: Seen, act: str) -> Turn:
    """Take the act: the tranche stands where it leads, and the clock there runs."""
    application, tranche, today = found.application, found.tranche, found.facts.today
    workflow = schemes.workflow(application.scheme.tranche_digest)
    step = fire(workflow, tranche.state, act, found.facts)
    tranche.state = step.target.name
    calendar = applications.calendar(application, today)
    ran = run_clock(tranche, step.source, step.target, step.act, today=today, calendar=calendar)
    return Turn(**vars(found), step=step, ran=ran)


def moved(turn: Turn, source: str, target: str, recorded: Recorded) -> None:
    """Move the money of a tranche from one place of its award to another."""
    move(turn.award, source, target, turn.tranche.amount_minor, recorded, turn.tranche)


def recorded_as(
    turn: Turn,
    actor: Person | None,
    more: dict[str, Any] | None = None,
    duties: tuple[str, ...] = (),
    over_on: date | None = None,
) -> Recorded:
    db.session.flush()
    detail: dict[str, Any] = {
        "tranche": turn.tranche.number,
        "amount": turn.tranche.amount_minor,
        "currency": turn.award.currency,
        **(more or {}),
    }
    if turn.facility is not None:
        detail["through"] = turn.facility.code
    if turn.instruction is not None:
        detail |= {
            "end_to_end_id": turn.instruction.end_to_end_id,
            "file_sha256": turn.instruction.sha256,
        }
    checked = turn.judged if STILL_ELIGIBLE in turn.step.act.guards else None
    if checked is not None:
        detail |= {"eligibility": checked.outcome, "criteria": criteria(checked)}
    evidence = Evidence(detail, {"note": turn.facts.note}, duties, over_on)
    recorded = note_step(
        turn.application, turn.step, turn.facts, evidence, actor=actor, ran=turn.ran
    )
    if checked is not None:
        db.session.add(kept(turn.application, DISBURSED, checked, recorded))
    return recorded
