"""Verifying a claim: what is found on each line, what it comes to, and what of that is kept back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from app.accounts.models import Person
from app.awards.models import Tranche
from app.claims import compose, queries
from app.claims.compose import Errors, TypedFinding
from app.claims.models import COSTS, Claim, ClaimFinding, ClaimSettlement, RetainedTranche
from app.db import db
from app.disbursements.commands import verified
from app.disbursements.commands.turning import Turn, turned
from app.errors import Conflict, Invalid
from app.reviews.commands import Reasoned
from app.trail.commands import Recorded
from workflows.claims import Finding, Settlement, doubles, settle, unsettled

RETAINED = "Retention"


@dataclass(frozen=True)
class Verified:
    """What is said when a claim is verified: a note, and what was found on lines that are not accepted whole."""

    note: str = ""
    findings: tuple[TypedFinding, ...] = ()


def verify(
    reference: str,
    number: int,
    given: Verified,
    *,
    act: str = "verify",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Find a claim or drawdown in order, line by line; a line of which nothing is said is accepted.

    Raises ``Invalid`` with everything that is wrong, by field ("findings.0.reason"), also where an invoice stands in another
    case and no note says what was found; ``Conflict`` where nothing is left to be paid.
    """
    turn = turned(reference, number, act, version, actor, Reasoned(note=given.note))
    claim = queries.standing(turn.tranche)
    if claim is None or claim.kind != COSTS:
        if given.findings:
            raise Invalid({"findings": ["This claim has no cost lines."]})
        claimed = turn.tranche.claimed_minor or turn.tranche.amount_minor
        return verified(turn, claimed, actor)
    found, settled = _settled(turn, claim, given, actor)
    turn.private = {"findings": compose.reasons(found)}
    recorded = verified(turn, settled.payable, actor, _sums(settled, found, claim))
    _settle(turn, claim, found, settled, recorded)
    return recorded


def _settled(
    turn: Turn, claim: Claim, given: Verified, actor: Person
) -> tuple[list[Finding], Settlement]:
    errors: Errors = {}
    entered = given.findings
    lines = compose.cost_lines(claim.lines)
    # What was claimed is within the tranche and the award already, and no more than that is paid.
    rules = replace(
        queries.rules(turn.application, turn.award, turn.tranche),
        cap=claim.amount_minor,
        left=claim.amount_minor,
        advanced=claim.advanced_minor,
    )
    found = compose.findings(lines, entered, turn.award.currency, errors)
    compose.placed(unsettled(lines, found, rules), entered, errors)
    met = doubles(lines, queries.elsewhere(turn.application, claim.lines, actor))
    if met and not given.note.strip():
        errors["note"] = [*met, "Say in the note what you found about it."]
    if errors:
        raise Invalid(errors)
    settled = settle(lines, found, rules)
    if not settled.payable:
        raise Conflict("Nothing of this claim is to be paid: send it back with your reasons.")
    return found, settled


def _sums(settled: Settlement, found: Sequence[Finding], claim: Claim) -> dict[str, int]:
    outcomes = [one.outcome for one in found]
    return {
        "claim": claim.number,
        "amount": settled.payable,
        "claimed": claim.amount_minor,
        "cost": settled.claimed,
        "accepted_cost": settled.accepted_cost,
        "refused_cost": settled.refused_cost,
        "public_share": settled.public_share,
        "capped": settled.capped,
        "advance_cleared": settled.advance_cleared,
        "retained": settled.retained,
        "lines_reduced": outcomes.count("reduced"),
        "lines_refused": outcomes.count("refused"),
    }


def _settle(
    turn: Turn, claim: Claim, found: Sequence[Finding], settled: Settlement, recorded: Recorded
) -> None:
    """Keep what was found on each line and what it came to; what is kept back goes into the last tranche."""
    by_number = {one.line: one for one in found}
    for line in claim.lines:
        one = by_number[line.number]
        db.session.add(
            ClaimFinding(
                line_id=line.id,
                application_id=turn.application.id,
                outcome=one.outcome,
                accepted_minor=one.accepted,
                reason=one.reason,
                event_id=recorded.id,
            )
        )
    db.session.add(
        ClaimSettlement(
            claim_id=claim.id,
            accepted_minor=settled.accepted_cost,
            refused_minor=settled.refused_cost,
            share_minor=settled.public_share,
            capped_minor=settled.capped,
            cleared_minor=settled.advance_cleared,
            retained_minor=settled.retained,
            payable_minor=settled.payable,
            event_id=recorded.id,
        )
    )
    if settled.retained:
        _keep_back(turn, settled.retained, recorded)
    db.session.flush()


def _keep_back(turn: Turn, amount: int, recorded: Recorded) -> None:
    row = queries.retained_tranche(turn.application, turn.award)
    if row is not None:
        row.amount_minor += amount
        return
    last = select(func.max(Tranche.number)).where(Tranche.award_id == turn.award.id)
    row = Tranche(
        award_id=turn.award.id,
        number=(db.session.scalar(last) or 0) + 1,
        purpose=RETAINED,
        amount_minor=amount,
        state=turn.workflow.initial,
        asked_note="",
    )
    db.session.add(row)
    db.session.flush()
    kept = RetainedTranche(tranche_id=row.id, award_id=turn.award.id, event_id=recorded.id)
    db.session.add(kept)
