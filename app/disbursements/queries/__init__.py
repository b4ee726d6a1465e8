"""What is known of the payments of a case: instructions, what was paid, and the facts of the acts on a tranche."""

from dataclasses import replace

from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.models import Agency, Person
from app.applications import queries as applications
from app.applications.models import Application
from app.applications.queries.taking import agencies_of
from app.awards import queries as awards
from app.awards.models import Award, Tranche
from app.db import db
from app.disbursements.models import (
    Disbursement,
    PayeeAccount,
    PaymentInstruction,
    PaymentReturn,
)
from app.schemes import queries as schemes
from app.schemes.compose.judging import Judged
from app.submissions import queries as submissions
from workflows.facts import Facts

# The rule that asks for eligibility again.
STILL_ELIGIBLE = "still_eligible"
# The question how the money is to be paid, the answer that it goes through the facility of the enterprise's country, and
# the institution of the workflow that is this facility.
PAY_THROUGH, FACILITY, HOME = "pay_through", "facility", "home"


def instruction(tranche: Tranche) -> PaymentInstruction | None:
    """Return the instruction of a tranche that stands: the newest attempt."""
    found = (
        select(PaymentInstruction)
        .where(PaymentInstruction.tranche_id == tranche.id)
        .order_by(PaymentInstruction.attempt.desc())
        .limit(1)
    )
    return db.session.scalars(found.execution_options(populate_existing=True)).first()


def instructions(award: Award) -> dict[int, PaymentInstruction]:
    """Return the newest instruction of each tranche of an award, by the tranche's number in the database."""
    found = (
        select(PaymentInstruction)
        .join(Tranche, Tranche.id == PaymentInstruction.tranche_id)
        .where(Tranche.award_id == award.id)
        .order_by(PaymentInstruction.attempt)
    )
    return {row.tranche_id: row for row in db.session.scalars(found)}


def disbursements(award: Award) -> dict[int, Disbursement]:
    """Return what was paid and not sent back, by the tranche's number in the database."""
    found = (
        select(Disbursement)
        .join(Tranche, Tranche.id == Disbursement.tranche_id)
        .outerjoin(PaymentReturn, PaymentReturn.disbursement_id == Disbursement.id)
        .where(Tranche.award_id == award.id, PaymentReturn.disbursement_id.is_(None))
        .order_by(Disbursement.id)
    )
    return {row.tranche_id: row for row in db.session.scalars(found)}


def disbursement_of(instruction: PaymentInstruction) -> Disbursement | None:
    """Return what was paid by an instruction, whether or not the bank sent it back later."""
    found = select(Disbursement).where(Disbursement.instruction_id == instruction.id)
    return db.session.scalars(found).first()


def _found(instruction: PaymentInstruction | None) -> bool | None:
    """Return whether a person found that the bank has paid, ``None`` where nobody looked."""
    said = instruction.found if instruction else None
    return None if said is None else bool(said)


def payee_accounts(application: Application) -> list[PayeeAccount]:
    """Return the accounts of a case that came after the one submitted and were not dropped, oldest first."""
    found = select(PayeeAccount).where(
        PayeeAccount.application_id == application.id, PayeeAccount.dropped_at.is_(None)
    )
    return list(db.session.scalars(found.order_by(PayeeAccount.id)))


def payable(tranche: Tranche) -> int:
    """Return what is to be paid of a tranche, in minor units: what was verified, else what is planned."""
    return tranche.verified_minor or tranche.amount_minor


def unpaid(application: Application, award: Award) -> tuple[int, ...]:
    """Return the numbers of the tranches whose money has not come to the enterprise yet."""
    states = schemes.workflow(application.scheme.tranche_digest).states
    return tuple(t.number for t in awards.tranches(award) if not states[t.state].end)


def facility(application: Application) -> Agency | None:
    """Return the agency through which the money of a case goes by what was submitted; ``None`` for a direct payment."""
    workflow = schemes.workflow(application.scheme.tranche_digest)
    frozen = submissions.submissions(application)[-1].frozen
    if not workflow.institutions or frozen.get("answers", {}).get(PAY_THROUGH) != FACILITY:
        return None
    code = next(iter(agencies_of(application, HOME)), "")
    return accounts.agency_by_code(code)


def eligible_still(application: Application, award: Award) -> Judged | None:
    """Return what the rules of eligibility come to today, where an act that stands open asks for it before the first money.

    ``None`` where none asks, and once money is out.
    """
    workflow = schemes.workflow(application.scheme.tranche_digest)
    asks = any(
        STILL_ELIGIBLE in act.guards
        for tranche in awards.tranches(award)
        for act in workflow.acts_from(tranche.state)
    )
    return submissions.judged_again(application) if asks and not award.disbursed_minor else None


def disbursement_facts(
    application: Application, award: Award, actor: Person | None, judged: Judged | None
) -> Facts:
    """Return the facts that the acts on every tranche of an award share; ``actor`` is ``None`` for the system.

    ``judged`` is what the rules of eligibility come to, where an act asks for it.
    """
    open_ = applications.workflow(application).states[application.state].money
    return applications.facts(
        application,
        actor,
        account_settled=all(row.usable_on for row in payee_accounts(application)),
        disbursement_open=open_,
        earlier_unpaid=unpaid(application, award),
        unmet_rules=_unmet(award, judged),
    )


def _unmet(award: Award, judged: Judged | None) -> tuple[tuple[str, str, str], ...] | None:
    if judged is None:
        return () if award.disbursed_minor else None
    conditions = awards.conditions(award) if judged.to_do else []
    met = frozenset(condition.key for condition in conditions if condition.met_at is not None)
    return submissions.unmet(judged, met)


def tranche_facts(
    shared: Facts, award: Award, tranche: Tranche, instruction: PaymentInstruction | None
) -> Facts:
    """Return the facts that the acts on one tranche need."""
    unpaid = shared.earlier_unpaid or ()
    batch = instruction.batch if instruction else None
    released = {f"officer:{number}" for number in batch.released_by} if batch else set()
    return replace(
        shared,
        earlier_unpaid=tuple(number for number in unpaid if number < tranche.number),
        amount=payable(tranche),
        award_left=award.left_minor,
        file_digest=batch.sha256 if batch else None,
        releases=len(batch.releases) if batch else None,
        releases_needed=batch.needed if batch else None,
        released_by_actor=shared.actor.mark in released,
        found_paid=_found(instruction),
        tranche_conditions=awards.open_for(award, tranche.number, shared.today),
        strands=(),
        extended=tranche.clock_extended,
        clock_over=tranche.is_over(shared.today),
    )
