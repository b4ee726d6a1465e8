"""Money out: a tranche is claimed or drawn down, verified, prepared, checked, released, and paid once."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app import clock
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.commands import Evidence, note_step
from app.applications.compose import run_clock
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.commands import complete
from app.awards.models import Award, Tranche
from app.countries.queries import country
from app.db import db
from app.disbursements import queries
from app.disbursements.compose import payment_file
from app.disbursements.models import Disbursement, PaymentInstruction
from app.disbursements.queries import disbursement_facts, tranche_facts
from app.errors import Conflict, Invalid
from app.reviews.commands import Reasoned, reasoned
from app.schemes import queries as schemes
from app.schemes.commands import locked as locked_call
from app.schemes.commands import spend
from app.trail.commands import Recorded
from workflows.facts import Facts
from workflows.machine import Step, fire


@dataclass(frozen=True)
class BankAnswer:
    """What the bank said: its reference, and the local day it paid."""

    bank_reference: str
    paid_on: date


@dataclass
class _Seen:
    """A tranche of a case that is locked, and the facts of an act on it."""

    application: Application
    award: Award
    tranche: Tranche
    instruction: PaymentInstruction | None
    facts: Facts


@dataclass
class _Turn(_Seen):
    """One act on one tranche: the step is taken but not yet recorded; ``ran`` is what it did to the clock."""

    step: Step
    ran: dict[str, Any]


def ask(
    reference: str, number: int, note: str, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Claim (grant) or draw down (loan) a tranche."""
    turn = _turn(reference, number, act, version, actor, Reasoned(note=note))
    turn.tranche.asked_note = note
    return _record(turn, actor)


def verify(
    reference: str,
    number: int,
    note: str,
    *,
    act: str = "verify",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Find a claim or drawdown in order."""
    return _record(_turn(reference, number, act, version, actor, Reasoned(note=note)), actor)


def send_back(
    reference: str,
    number: int,
    said: Reasoned,
    *,
    act: str = "send_back",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Send a claim or drawdown back to the applicant, with reasons."""
    return _record(_turn(reference, number, act, version, actor, said), actor)


def prepare(
    reference: str, number: int, *, act: str = "prepare", version: int | None, actor: Person
) -> Recorded:
    """Prepare the payment: the file for the bank is made now and fixed by its digest."""
    turn = _turn(reference, number, act, version, actor)
    last = turn.instruction
    attempt = last.attempt + 1 if last else 1
    # The reference of the case is unique in this installation; the bank's field takes 35 characters.
    end_to_end = f"{turn.application.reference}-T{number}-{attempt}"
    content = payment_file(turn.application, turn.award, turn.tranche, end_to_end)
    turn.instruction = PaymentInstruction(
        tranche_id=turn.tranche.id,
        attempt=attempt,
        end_to_end_id=end_to_end,
        amount_minor=turn.tranche.amount_minor,
        currency=turn.award.currency,
        file=content,
        sha256=hashlib.sha256(content).hexdigest(),
        prepared_by=actor.id,
        prepared_at=clock.now(),
    )
    db.session.add(turn.instruction)
    return _record(turn, actor)


def check(
    reference: str,
    number: int,
    sha256: str,
    *,
    act: str = "check",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Check a prepared payment: another payment officer names the digest of the file."""
    turn = _turn(reference, number, act, version, actor, sha256)
    if turn.instruction is not None:
        turn.instruction.checked_by = actor.id
    return _record(turn, actor)


def release(
    reference: str,
    number: int,
    sha256: str,
    *,
    act: str = "release",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Release a checked payment to the bank: a third person names the digest of the file."""
    turn = _turn(reference, number, act, version, actor, sha256)
    if turn.instruction is not None:
        turn.instruction.released_by = actor.id
        turn.instruction.released_at = clock.now()
    return _record(turn, actor)


def report_unknown(
    reference: str,
    number: int,
    note: str,
    *,
    act: str = "report_unknown",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Record that the bank's answer is missing; nothing can be sent again until it is known."""
    turn = _turn(reference, number, act, version, actor, Reasoned(note=note))
    return _record(turn, actor)


def report_rejected(
    reference: str,
    number: int,
    said: Reasoned,
    *,
    act: str = "report_rejected",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Record that the bank rejected the payment, with reasons; only now may a new attempt be prepared."""
    turn = _turn(reference, number, act, version, actor, said)
    if turn.instruction is not None:
        turn.instruction.rejected_at = clock.now()
    return _record(turn, actor)


def confirm(
    reference: str,
    number: int,
    answer: BankAnswer,
    *,
    act: str = "confirm",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Record that the bank has paid: reserved becomes paid, and with the last tranche the case completes."""
    turn = _turn(reference, number, act, version, actor)
    application, award, tranche = turn.application, turn.award, turn.tranche
    if turn.instruction is None or turn.instruction.released_at is None:
        raise Conflict("No payment of this tranche was released.")
    zone = ZoneInfo(country(applications.terms(application).country).zone)
    released_on = turn.instruction.released_at.astimezone(zone).date()
    if not released_on <= answer.paid_on <= turn.facts.today:
        raise Invalid({"paid_on": [f"Enter a day from {released_on} to {turn.facts.today}."]})
    detail = {"bank_reference": answer.bank_reference, "paid_on": answer.paid_on.isoformat()}
    duties = ("schedule",) if award.terms else ()
    recorded = _record(turn, actor, detail, duties)
    db.session.add(
        Disbursement(
            tranche_id=tranche.id,
            instruction_id=turn.instruction.id,
            amount_minor=tranche.amount_minor,
            currency=award.currency,
            paid_on=answer.paid_on,
            bank_reference=answer.bank_reference,
            event_id=recorded.id,
        )
    )
    award.disbursed_minor += tranche.amount_minor
    spend(locked_call(application.call_id), tranche.amount_minor)
    unpaid = sum(other.state != tranche.state for other in awards.tranches(award))
    if unpaid == 0:
        complete(application, applications.facts(application, None, tranches_unpaid=0))
    return recorded


def move(
    reference: str, number: int, said: Reasoned, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Take an act that moves a tranche and does nothing beside."""
    return _record(_turn(reference, number, act, version, actor, said), actor)


def expire(application: Application, number: int, act: str) -> Recorded:
    """Take the act of the clock of a tranche that has run out: the system acts, on a case that the caller has locked."""
    seen = _seen(application, number, None)
    due_on = seen.tranche.due_on
    detail = {"expired_on": due_on.isoformat() if due_on else None}
    return _record(_taken(seen, act), None, detail, over_on=due_on)


def _turn(
    reference: str,
    number: int,
    act: str,
    version: int | None,
    actor: Person,
    entered: Reasoned | str = "",
) -> _Turn:
    """Gather the facts of an act on a tranche and take it; ``entered`` is what was said, or the digest that was seen."""
    application = applications.find(reference, actor=actor, lock=True)
    seen = _seen(application, number, actor)
    facts = replace(seen.facts, expected_version=version)
    if isinstance(entered, Reasoned):
        facts = reasoned(application, act, entered, facts)
    else:
        facts = replace(facts, seen_digest=entered)
    return _taken(replace(seen, facts=facts), act)


def _seen(application: Application, number: int, actor: Person | None) -> _Seen:
    award = awards.awarded(application)
    tranche = awards.tranche(award, number)
    instruction = queries.instruction(tranche)
    shared = disbursement_facts(application, award, actor)
    facts = tranche_facts(shared, award, tranche, instruction)
    return _Seen(application, award, tranche, instruction, facts)


def _taken(seen: _Seen, act: str) -> _Turn:
    """Take the act: the tranche stands where it leads, and the clock there runs."""
    application, tranche, today = seen.application, seen.tranche, seen.facts.today
    workflow = schemes.workflow(application.scheme.tranche_digest)
    step = fire(workflow, tranche.state, act, seen.facts)
    tranche.state = step.target.name
    calendar = applications.calendar(application, today)
    ran = run_clock(tranche, step.source, step.target, step.act, today=today, calendar=calendar)
    return _Turn(**vars(seen), step=step, ran=ran)


def _record(
    turn: _Turn,
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
    if turn.instruction is not None:
        detail |= {
            "end_to_end_id": turn.instruction.end_to_end_id,
            "file_sha256": turn.instruction.sha256,
        }
    evidence = Evidence(detail, {"note": turn.facts.note}, duties, over_on)
    return note_step(turn.application, turn.step, turn.facts, evidence, actor=actor, ran=turn.ran)
