"""One act on one tranche: what is known of it, the step it takes, and the event it leaves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.accounts import queries as accounts
from app.accounts.models import Agency, Authority, Person
from app.applications import queries as applications
from app.applications.commands import Evidence, note_step
from app.applications.compose import run_clock
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.commands.moving import move
from app.awards.models import Award, Tranche
from app.db import db
from app.disbursements.models import PaymentInstruction
from app.disbursements.queries.gathering import (
    STILL_ELIGIBLE,
    Kept,
    disbursement_facts,
    gathered,
    tranche_facts,
)
from app.reviews.commands import Reasoned, reasoned
from app.submissions.compose import criteria, kept
from app.submissions.queries import DISBURSED
from app.trail.commands import Recorded
from workflows.definition import Workflow
from workflows.facts import Facts
from workflows.machine import Step, fire

RELEASER, WITHIN_AUTHORITY = "releaser", "within_authority"
# Who acts when a bank's file says what became of a payment.
BANK = "system:bank"


@dataclass
class Seen:
    """A tranche of a case, what is ``kept`` of the case, and the facts of an act on the tranche.

    ``authority`` is what the person releases payments under.
    """

    kept: Kept
    tranche: Tranche
    instruction: PaymentInstruction | None
    facts: Facts
    authority: Authority | None = None

    @property
    def application(self) -> Application:
        """Return the case."""
        return self.kept.application

    @property
    def award(self) -> Award:
        """Return the award of the case."""
        return self.kept.award

    @property
    def facility(self) -> Agency | None:
        """Return the agency the money goes through."""
        return self.kept.facility

    @property
    def workflow(self) -> Workflow:
        """Return the life of the tranche."""
        return self.kept.workflow

    @property
    def name(self) -> str:
        """Return how a list names the tranche: the reference of its case and its number."""
        return f"{self.application.reference}-T{self.tranche.number}"


@dataclass(kw_only=True)
class Turn(Seen):
    """One act on one tranche: the step is taken but not yet recorded; ``ran`` is what it did to the clock.

    ``private`` is what its event only commits to, beside the note.
    """

    step: Step
    ran: dict[str, Any]
    private: dict[str, str] = field(default_factory=dict)


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
    return taken(_authorised(replace(found, facts=facts), act), act)


def seen(application: Application, number: int, actor: Person | None) -> Seen:
    """Return what is known of a tranche of a case that the caller has locked; ``actor`` is ``None`` for the system."""
    (kept,) = gathered([(application, awards.awarded(application))])
    return _seen(kept, number, applications.facts(application, actor))


def all_seen(chosen: Sequence[tuple[Application, Award, int]], actor: Person) -> Iterator[Seen]:
    """Yield what a person sees of tranches of cases, in their order, by case, award and number; asked for once for all."""
    kept = gathered([(application, award) for application, award, _ in chosen])
    facts = applications.facts_of_each([application for application, _, _ in chosen], actor)
    for one, (application, _, number) in zip(kept, chosen, strict=True):
        yield _seen(one, number, facts[application.id])


def _seen(kept: Kept, number: int, who: Facts) -> Seen:
    tranche = kept.tranche(number)
    facts = tranche_facts(disbursement_facts(kept, who), kept, tranche)
    return Seen(kept, tranche, kept.instructions.get(tranche.id), facts)


def _authorised(found: Seen, act: str) -> Seen:
    """Add the authority under which a person takes an act that asks for one."""
    verb = found.workflow.acts.get(act)
    if verb is None or WITHIN_AUTHORITY not in verb.guards:
        return found
    authority = _authority(found.facts)
    limit = authority.limit_minor if authority else None
    money = applications.amounts(
        found.application, amount=found.facts.amount, authority_limit=limit
    )
    facts = replace(
        found.facts,
        authority_limit=limit,
        authority_instrument=authority.instrument if authority else None,
        money=found.facts.money | money,
    )
    return replace(found, facts=facts, authority=authority)


def _authority(facts: Facts) -> Authority | None:
    """Return the authority a releaser acts under: the own one, or that of whom the person stands in for."""
    actor = facts.actor
    own = int(actor.mark.partition(":")[2])
    givers = [
        d.giver_number for d in actor.delegated if d.duty == RELEASER and d.in_force(facts.today)
    ]
    people = [own] if RELEASER in actor.duties else givers
    sought = accounts.Sought(facts.scheme, facts.currency, facts.today, RELEASER)
    found = (accounts.authority(person, sought) for person in people)
    return next((authority for authority in found if authority), None)


def taken(found: Seen, act: str) -> Turn:
    """Take the act: the tranche stands where it leads, and the clock there runs."""
    application, tranche, today = found.application, found.tranche, found.facts.today
    step = fire(found.workflow, tranche.state, act, found.facts)
    tranche.state = step.target.name
    calendar = applications.calendar(application, today)
    ran = run_clock(tranche, step.source, step.target, step.act, today=today, calendar=calendar)
    return Turn(**vars(found), step=step, ran=ran)


def moved(turn: Turn, source: str, target: str, amount: int, recorded: Recorded) -> None:
    """Move money of a tranche from one place of its award to another, in minor units."""
    move(turn.award, source, target, amount, recorded, turn.tranche)


def recorded_as(
    turn: Turn,
    actor: Person | None,
    more: dict[str, Any] | None = None,
    duties: tuple[str, ...] = (),
    over_on: date | None = None,
    system: str = "",
) -> Recorded:
    """Record the event of a turn; ``more`` is what it says beside the tranche, ``system`` who acts where nobody does."""
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
        batch = turn.instruction.batch
        detail |= {
            "end_to_end_id": turn.instruction.end_to_end_id,
            "file_sha256": batch.sha256,
            "batch": batch.message_id,
            "amount": turn.instruction.amount_minor,
        }
    checked = turn.kept.judged if STILL_ELIGIBLE in turn.step.act.guards else None
    if checked is not None:
        detail |= {"eligibility": checked.outcome, "criteria": criteria(checked)}
    private = {"note": turn.facts.note, **turn.private}
    evidence = Evidence(detail, private, duties, over_on, system)
    recorded = note_step(
        turn.application, turn.step, turn.facts, evidence, actor=actor, ran=turn.ran
    )
    if checked is not None:
        db.session.add(kept(turn.application, DISBURSED, checked, recorded))
    return recorded
