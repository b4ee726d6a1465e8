"""Money out: a tranche is claimed or drawn down, verified, prepared, checked, released, and paid once."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app import clock
from app.accounts.models import Agency, Person
from app.applications import queries as applications
from app.applications.commands import Evidence, note_step
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.commands import complete
from app.awards.models import Award, Tranche
from app.countries.queries import calendar_of, country
from app.db import db
from app.disbursements import queries
from app.disbursements.models import Disbursement, PaymentInstruction
from app.disbursements.render import Account, Payment, PaymentFile, pain_001
from app.errors import Conflict, Invalid
from app.reviews.commands import Reasoned, reasoned
from app.schemes import queries as schemes
from app.schemes.commands import locked as locked_call
from app.schemes.commands import spend
from app.trail.commands import Recorded
from workflows.clocks import due
from workflows.definition import Clock
from workflows.facts import SYSTEM, Facts
from workflows.machine import Step, fire
from workflows.money import DECIMALS, from_minor


@dataclass(frozen=True)
class BankAnswer:
    """What the bank said: its reference, and the local day it paid."""

    bank_reference: str
    paid_on: date


@dataclass
class _Turn:
    """One act on one tranche: the case is locked, the facts gathered, the step taken but not yet recorded."""

    application: Application
    award: Award
    tranche: Tranche
    instruction: PaymentInstruction | None
    facts: Facts
    step: Step


def ask(
    reference: str, number: int, note: str, *, act: str, version: int | None, actor: Person
) -> Recorded:
    """Claim (grant) or draw down (loan) a tranche."""
    turn = _turn(reference, number, act, version, actor, Reasoned(note=note))
    turn.tranche.asked_note = note
    return _record(turn, actor)


def verify(
    reference: str, number: int, note: str, *, version: int | None, actor: Person
) -> Recorded:
    """Find a claim or drawdown in order."""
    return _record(_turn(reference, number, "verify", version, actor, Reasoned(note=note)), actor)


def send_back(
    reference: str, number: int, said: Reasoned, *, version: int | None, actor: Person
) -> Recorded:
    """Send a claim or drawdown back to the applicant, with reasons."""
    return _record(_turn(reference, number, "send_back", version, actor, said), actor)


def prepare(reference: str, number: int, *, version: int | None, actor: Person) -> Recorded:
    """Prepare the payment: the file for the bank is made now and fixed by its digest."""
    turn = _turn(reference, number, "prepare", version, actor)
    last = turn.instruction
    attempt = last.attempt + 1 if last else 1
    # The reference of the case is unique in this installation; the bank's field takes 35 characters.
    end_to_end = f"{turn.application.reference}-T{number}-{attempt}"
    content = _file(turn, end_to_end)
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
    reference: str, number: int, sha256: str, *, version: int | None, actor: Person
) -> Recorded:
    """Check a prepared payment: another payment officer names the digest of the file."""
    turn = _turn(reference, number, "check", version, actor, sha256)
    if turn.instruction is not None:
        turn.instruction.checked_by = actor.id
    return _record(turn, actor)


def release(
    reference: str, number: int, sha256: str, *, version: int | None, actor: Person
) -> Recorded:
    """Release a checked payment to the bank: a third person names the digest of the file."""
    turn = _turn(reference, number, "release", version, actor, sha256)
    if turn.instruction is not None:
        turn.instruction.released_by = actor.id
        turn.instruction.released_at = clock.now()
    return _record(turn, actor)


def report_unknown(
    reference: str, number: int, note: str, *, version: int | None, actor: Person
) -> Recorded:
    """Record that the bank's answer is missing; nothing can be sent again until it is known."""
    turn = _turn(reference, number, "report_unknown", version, actor, Reasoned(note=note))
    return _record(turn, actor)


def report_rejected(
    reference: str, number: int, said: Reasoned, *, version: int | None, actor: Person
) -> Recorded:
    """Record that the bank rejected the payment, with reasons; only now may a new attempt be prepared."""
    turn = _turn(reference, number, "report_rejected", version, actor, said)
    if turn.instruction is not None:
        turn.instruction.rejected_at = clock.now()
    return _record(turn, actor)


def confirm(
    reference: str, number: int, answer: BankAnswer, *, version: int | None, actor: Person
) -> Recorded:
    """Record that the bank has paid: reserved becomes paid, and with the last tranche the case completes."""
    turn = _turn(reference, number, "confirm", version, actor)
    application, award, tranche = turn.application, turn.award, turn.tranche
    if turn.instruction is None or turn.instruction.released_at is None:
        raise Conflict("No payment of this tranche was released.")
    released_on = turn.instruction.released_at.astimezone(_zone(application)).date()
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
        facts = Facts(SYSTEM, application.version, turn.facts.today, tranches_unpaid=0)
        complete(application, facts)
    return recorded


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
    award = awards.awarded(application)
    tranche = awards.tranche(award, number)
    instruction = queries.instruction(tranche)
    facts = tranche_facts(
        disbursement_facts(application, award, actor), award, tranche, instruction
    )
    facts = replace(facts, expected_version=version)
    if isinstance(entered, Reasoned):
        facts = reasoned(application, act, entered, facts)
    else:
        facts = replace(facts, seen_digest=entered)
    workflow = schemes.workflow(application.scheme.tranche_digest)
    step = fire(workflow, tranche.state, act, facts)
    tranche.state = step.target.name
    return _Turn(application, award, tranche, instruction, facts, step)


def disbursement_facts(application: Application, award: Award, actor: Person) -> Facts:
    """Return the facts that the acts on every tranche of an award share."""
    paid = queries.disbursements(award)
    unpaid = tuple(t.number for t in awards.tranches(award) if t.id not in paid)
    open_ = application.state == "disbursing"
    return applications.facts(application, actor, disbursement_open=open_, earlier_unpaid=unpaid)


def tranche_facts(
    shared: Facts, award: Award, tranche: Tranche, instruction: PaymentInstruction | None
) -> Facts:
    """Return the facts that the acts on one tranche need."""
    unpaid = shared.earlier_unpaid or ()
    return replace(
        shared,
        earlier_unpaid=tuple(number for number in unpaid if number < tranche.number),
        amount=tranche.amount_minor,
        award_left=award.amount_minor - award.disbursed_minor,
        file_digest=instruction.sha256 if instruction else None,
    )


def _record(
    turn: _Turn, actor: Person, more: dict[str, Any] | None = None, duties: tuple[str, ...] = ()
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
    private = {"note": turn.facts.note} if turn.facts.note else {}
    evidence = Evidence(detail, private, duties)
    return note_step(turn.application, turn.step, turn.facts, evidence, actor=actor)


def _file(turn: _Turn, end_to_end: str) -> bytes:
    """Make the bank's file for one tranche from what was submitted, not from what stands in the draft now."""
    application, award, tranche = turn.application, turn.award, turn.tranche
    frozen = applications.submissions(application)[-1].frozen
    answers = frozen["answers"]
    terms = applications.terms(application)
    calendar = calendar_of(terms.country, turn.facts.today)
    loan = terms.loan is not None
    return pain_001(
        PaymentFile(
            message_id=end_to_end,
            created=clock.now().replace(microsecond=0),
            execution=due(Clock(1, "working"), turn.facts.today, calendar),
            category="LOAN" if loan else "GOVT",
            debtor=_debtor(application.scheme.agency),
            payments=(
                Payment(
                    end_to_end_id=end_to_end,
                    instruction_id=end_to_end,
                    amount=from_minor(tranche.amount_minor, award.currency),
                    currency=award.currency,
                    decimals=DECIMALS[award.currency],
                    creditor=Account(
                        name=answers["account_holder"],
                        country=frozen["enterprise"]["country"],
                        town=frozen["enterprise"]["address"].rsplit("\n", 1)[-1],
                        number=answers["bank_account"],
                        bic=answers["bank_bic"],
                        clearing_system=None,
                        clearing_member=None,
                    ),
                    purpose="LOAN" if loan else "GOVG",
                    remittance=f"{application.reference} tranche {tranche.number}",
                ),
            ),
        )
    )


def _debtor(agency: Agency) -> Account:
    account = agency.account
    return Account(
        name=account["name"],
        country=agency.country,
        town=account["town"],
        number=account["number"],
        bic=account["bic"],
        clearing_system=None,
        clearing_member=None,
    )


def _zone(application: Application) -> ZoneInfo:
    return ZoneInfo(country(applications.terms(application).country).zone)
