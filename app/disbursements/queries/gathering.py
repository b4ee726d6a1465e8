"""What is kept of cases that the acts on their tranches look at, gathered for many cases at once, and the facts drawn from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from app.accounts.models import Agency
from app.applications import queries as applications
from app.applications.models import Application
from app.applications.queries.taking import agencies_of
from app.awards import queries as awards
from app.awards.models import Award, Tranche
from app.db import db
from app.disbursements.models import PayeeAccount, PaymentInstruction
from app.disbursements.queries import payable
from app.errors import Missing
from app.schemes import queries as schemes
from app.schemes.compose.judging import Judged
from app.submissions import queries as submissions
from workflows.definition import Workflow
from workflows.facts import Facts

# The rule that asks for eligibility again.
STILL_ELIGIBLE = "still_eligible"
# The question how the money is to be paid, the answer that it goes through the facility of the enterprise's country, and
# the institution of the workflow that is this facility.
PAY_THROUGH, FACILITY, HOME = "pay_through", "facility", "home"
Case = tuple[Application, Award]


@dataclass(frozen=True)
class Kept:
    """A case with what is kept of its money: tranches, and the newest instruction of each by its number in the database.

    ``accounts`` came after the one submitted and were not dropped, oldest first; ``frozen`` is what was submitted last;
    ``facility`` the agency through which the money goes by it, ``None`` for a direct payment. ``judged`` is what the rules
    of eligibility come to today, ``None`` where no open act asks for it before the first money, and once money is out.
    """

    application: Application
    award: Award
    tranches: list[Tranche]
    instructions: dict[int, PaymentInstruction]
    accounts: list[PayeeAccount]
    frozen: dict[str, Any]
    facility: Agency | None
    judged: Judged | None

    @property
    def workflow(self) -> Workflow:
        """Return the life of the tranches."""
        return schemes.workflow(self.application.scheme.tranche_digest)

    def tranche(self, number: int) -> Tranche:
        """Return a tranche by its number; raises ``Missing``."""
        for row in self.tranches:
            if row.number == number:
                return row
        raise Missing(f"The award has no tranche {number}.")


def gathered(cases: Sequence[Case]) -> list[Kept]:
    """Return what is kept of each of many cases, in their order; each thing is asked for once for all of them."""
    applied = [application for application, _ in cases]
    tranches = awards.tranches_of([award for _, award in cases])
    instructions = _instructions([row.id for rows in tranches.values() for row in rows])
    accounts = _accounts(applied)
    frozen = {number: row.frozen for number, row in submissions.newest(applied).items()}
    through = {one.id: _through(one, frozen.get(one.id, {})) for one in applied}
    agencies = _agencies(set(through.values()))
    judged = _judged([case for case in cases if _asks(case, tranches[case[1].id])], frozen)
    return [
        Kept(
            application=application,
            award=award,
            tranches=tranches[award.id],
            instructions=instructions,
            accounts=accounts.get(application.id, []),
            frozen=frozen.get(application.id, {}),
            facility=agencies.get(through[application.id]),
            judged=judged.get(application.id),
        )
        for application, award in cases
    ]


def _instructions(tranches: Sequence[int]) -> dict[int, PaymentInstruction]:
    found = (
        select(PaymentInstruction)
        .where(PaymentInstruction.tranche_id.in_(tranches))
        .order_by(PaymentInstruction.attempt)
        .execution_options(populate_existing=True)
    )
    return {row.tranche_id: row for row in db.session.scalars(found)}


def _accounts(cases: Sequence[Application]) -> dict[int, list[PayeeAccount]]:
    query = select(PayeeAccount).where(
        PayeeAccount.application_id.in_([case.id for case in cases]),
        PayeeAccount.dropped_at.is_(None),
    )
    found: dict[int, list[PayeeAccount]] = {}
    for row in db.session.scalars(query.order_by(PayeeAccount.id)):
        found.setdefault(row.application_id, []).append(row)
    return found


def _through(application: Application, frozen: dict[str, Any]) -> str:
    """Return the code of the agency through which the money of a case goes, "" for a direct payment."""
    workflow = schemes.workflow(application.scheme.tranche_digest)
    if not workflow.institutions or frozen.get("answers", {}).get(PAY_THROUGH) != FACILITY:
        return ""
    return next(iter(agencies_of(application, HOME)), "")


def _agencies(codes: set[str]) -> dict[str, Agency]:
    named = codes - {""}
    found = select(Agency).where(Agency.code.in_(named))
    return {row.code: row for row in db.session.scalars(found)} if named else {}


def _asks(case: Case, tranches: Sequence[Tranche]) -> bool:
    """Tell whether an act that stands open asks for eligibility again, before the first money."""
    application, award = case
    workflow = schemes.workflow(application.scheme.tranche_digest)
    states = {row.state for row in tranches}
    asks = any(STILL_ELIGIBLE in act.guards for name in states for act in workflow.acts_from(name))
    return asks and not award.disbursed_minor


def _judged(cases: Sequence[Case], frozen: dict[int, dict[str, Any]]) -> dict[int, Judged]:
    applied = [application for application, _ in cases]
    known = submissions.known_of_each(applied)
    return {
        one.id: submissions.judged_on(one, frozen.get(one.id, {}), known[one.id]) for one in applied
    }


def disbursement_facts(kept: Kept, who: Facts) -> Facts:
    """Return the facts that the acts on every tranche of an award share; ``who`` are those of every act of the case."""
    open_ = applications.workflow(kept.application).states[kept.application.state].money
    states = kept.workflow.states
    return replace(
        who,
        account_settled=all(row.usable_on for row in kept.accounts),
        disbursement_open=open_,
        earlier_unpaid=tuple(row.number for row in kept.tranches if not states[row.state].end),
        unmet_rules=_unmet(kept.award, kept.judged),
    )


def _unmet(award: Award, judged: Judged | None) -> tuple[tuple[str, str, str], ...] | None:
    if judged is None:
        return () if award.disbursed_minor else None
    met = frozenset(condition.key for condition in award.conditions if condition.met_at is not None)
    return submissions.unmet(judged, met)


def tranche_facts(shared: Facts, kept: Kept, tranche: Tranche) -> Facts:
    """Return the facts that the acts on one tranche need."""
    unpaid = shared.earlier_unpaid or ()
    instruction = kept.instructions.get(tranche.id)
    batch = instruction.batch if instruction else None
    released = {f"officer:{number}" for number in batch.released_by} if batch else set()
    return replace(
        shared,
        earlier_unpaid=tuple(number for number in unpaid if number < tranche.number),
        amount=payable(tranche),
        award_left=kept.award.left_minor,
        file_digest=batch.sha256 if batch else None,
        releases=len(batch.releases) if batch else None,
        releases_needed=batch.needed if batch else None,
        released_by_actor=shared.actor.mark in released,
        found_paid=_found(instruction),
        tranche_conditions=awards.open_for(kept.award, tranche.number, shared.today),
        strands=(),
        extended=tranche.clock_extended,
        clock_over=tranche.is_over(shared.today),
        through_facility=kept.facility is not None,
    )


def _found(instruction: PaymentInstruction | None) -> bool | None:
    """Return whether a person found that the bank has paid, ``None`` where nobody looked."""
    said = instruction.found if instruction else None
    return None if said is None else bool(said)
