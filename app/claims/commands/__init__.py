"""What can happen to a claim: its lines saved, an invoice attached, claimed, verified line by line, sent back."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import update

from app import clock
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.models import Award, Tranche
from app.claims import compose, queries
from app.claims.commands.verifying import Verified, verify
from app.claims.compose import Drawn, TypedLine
from app.claims.models import ADVANCE, COSTS, Claim, ClaimDraft, ClaimLine
from app.db import db
from app.disbursements import commands as disbursements
from app.disbursements.commands import asked
from app.disbursements.commands.turning import Turn, turned
from app.documents.models import Document
from app.errors import Conflict, Invalid
from app.reviews.commands import Reasoned
from app.schemes import queries as schemes
from app.submissions.models import Attachment
from app.trail.commands import Recorded
from workflows.claims import wrong_advance
from workflows.money import formatted

__all__ = ["Asked", "Verified", "ask", "attach", "draw", "save", "send_back", "typed", "verify"]


@dataclass(frozen=True)
class Asked:
    """What is said with a claim: a note, and its lines where they are not those that were saved."""

    note: str = ""
    lines: tuple[TypedLine, ...] | None = None


def save(reference: str, number: int, lines: Sequence[TypedLine], *, actor: Person) -> Tranche:
    """Save the lines of a claim that is being written, right or wrong.

    Raises ``Conflict`` for a tranche that is not claimed with cost lines, or is with the agency already.
    """
    application, tranche = _written(reference, number, actor)
    _keep(application, tranche, lines)
    return tranche


def attach(reference: str, number: int, document: Document, *, actor: Person) -> Attachment:
    """Keep an invoice for the claim of a tranche; it may stand behind several lines. Raises ``Conflict`` as ``save``."""
    application, _ = _written(reference, number, actor)
    attachment = Attachment(
        application_id=application.id,
        document=document,
        kind=queries.INVOICE,
        act=queries.ACT,
        # It is no paper of the case before it is claimed: until then it is the applicant's alone.
        removed_at=clock.now(),
    )
    db.session.add(attachment)
    db.session.flush()
    return attachment


def _written(reference: str, number: int, actor: Person) -> tuple[Application, Tranche]:
    application = applications.find(reference, actor=actor, lock=True)
    tranche = awards.tranche(awards.awarded(application), number)
    if queries.kind_of(application, tranche) != COSTS:
        raise Conflict("This tranche is claimed without cost lines.")
    if tranche.state != schemes.workflow(application.scheme.tranche_digest).initial:
        raise Conflict("This claim is with the agency: its lines stand as you sent them.")
    return application, tranche


def _keep(application: Application, tranche: Tranche, lines: Sequence[TypedLine]) -> None:
    draft = queries.draft(tranche)
    if draft is None:
        draft = ClaimDraft(tranche_id=tranche.id, application_id=application.id)
        db.session.add(draft)
    draft.lines, draft.saved_at = [asdict(line) for line in lines], clock.now()
    db.session.flush()


def ask(
    reference: str,
    number: int,
    given: Asked,
    *,
    act: str,
    version: int | None,
    actor: Person,
) -> Recorded:
    """Claim (grant) or draw down (loan) a tranche.

    Raises ``Invalid`` with everything that is wrong, by field ("lines.0.cost"), ``Conflict`` for a retention before its time.
    """
    turn = turned(reference, number, act, version, actor, Reasoned(note=given.note))
    kind = queries.kind_of(turn.application, turn.tranche)
    if given.lines and kind != COSTS:
        raise Invalid({"lines": ["This tranche is claimed without cost lines."]})
    if kind == COSTS:
        return _claim_costs(turn, given.lines, actor)
    if not kind:
        return asked(turn, turn.tranche.amount_minor, actor)
    _may_ask(turn, kind)
    recorded = asked(turn, turn.tranche.amount_minor, actor, {"kind": kind})
    _made(turn, kind, turn.tranche.amount_minor, recorded)
    return recorded


def _may_ask(turn: Turn, kind: str) -> None:
    """Refuse an advance that cannot be paid, and what was kept back while anything else is open."""
    if kind == ADVANCE:
        rules = queries.rules(turn.application, turn.award, turn.tranche)
        told = wrong_advance(turn.tranche.amount_minor, rules)
        if told:
            raise Invalid({"": list(told)})
        return
    open_ = queries.others_open(turn.application, turn.award, turn.tranche)
    if open_:
        named = ", ".join(str(number) for number in open_)
        raise Conflict(f"What was kept back is paid last: tranche {named} has not ended.")
    kept = queries.owed_back(turn.award)
    if turn.tranche.amount_minor > kept:
        amount = formatted(kept, turn.award.currency)
        raise Conflict(f"Only {amount} was kept back of the claims of this award.")


def _claim_costs(turn: Turn, lines: Sequence[TypedLine] | None, actor: Person) -> Recorded:
    if lines is not None:
        _keep(turn.application, turn.tranche, lines)
    drawn = draw(turn.application, turn.award, turn.tranche)
    if drawn.errors:
        raise Invalid(drawn.errors)
    rows = typed(turn.tranche)
    stored = {str(one.id): one for one in queries.invoices(turn.application)}
    documents = [stored[row.document] for row in rows]
    digests = [document.sha256 for document in documents]
    salt = secrets.token_hex(32)
    sealed = compose.digest(drawn.lines, digests, salt)
    detail = {
        "kind": COSTS,
        "amount": drawn.claimed,
        "planned": turn.tranche.amount_minor,
        "cost": drawn.cost,
        "lines": len(drawn.lines),
        "lines_sha256": sealed,
        "documents": [
            {"kind": queries.INVOICE, "sha256": sha256} for sha256 in dict.fromkeys(digests)
        ],
    }
    turn.private = {"lines": compose.private(drawn.lines)}
    recorded = asked(turn, drawn.claimed, actor, detail)
    claim = _made(turn, COSTS, drawn.claimed, recorded)
    claim.cost_minor, claim.lines_sha256, claim.salt = drawn.cost, sealed, salt
    claim.lines = _lines(turn.application, drawn, documents)
    _hand_over(turn.application, documents)
    db.session.flush()
    return recorded


def _hand_over(application: Application, documents: Sequence[Document]) -> None:
    """Make the invoices of a claim papers of the case."""
    claimed = update(Attachment).where(
        Attachment.application_id == application.id,
        Attachment.document_id.in_([document.id for document in documents]),
    )
    db.session.execute(claimed.values(removed_at=None))


def typed(tranche: Tranche) -> list[TypedLine]:
    """Return the lines that were saved for a tranche."""
    draft = queries.draft(tranche)
    return [TypedLine(**line) for line in draft.lines] if draft else []


def draw(application: Application, award: Award, tranche: Tranche) -> Drawn:
    """Return the claim that the saved lines of a tranche make today, with everything that is wrong with it."""
    return compose.drawn(
        typed(tranche),
        queries.rules(application, award, tranche),
        applications.today(application),
        queries.known(application),
        {str(document.id) for document in queries.invoices(application)},
    )


def _made(turn: Turn, kind: str, amount: int, recorded: Recorded) -> Claim:
    """Return the row of a claim, not yet sent to the database where it has lines."""
    application = turn.application
    claim = Claim(
        application_id=application.id,
        tranche_id=turn.tranche.id,
        number=queries.count(application) + 1,
        kind=kind,
        cost_minor=0,
        amount_minor=amount,
        share_pct=str(queries.share_pct(application)),
        advanced_minor=queries.open_advance(application, turn.award) if kind == COSTS else 0,
        lines_sha256="",
        salt="",
        event_id=recorded.id,
        at=recorded.at,
    )
    db.session.add(claim)
    return claim


def _lines(
    application: Application, drawn: Drawn, documents: Sequence[Document]
) -> list[ClaimLine]:
    rows = []
    for line, document in zip(drawn.lines, documents, strict=True):
        supplier_key, invoice_key = queries.keys(line.supplier, line.invoice)
        rows.append(
            ClaimLine(
                application_id=application.id,
                number=line.number,
                supplier=line.supplier,
                supplier_key=supplier_key,
                invoice=line.invoice,
                invoice_key=invoice_key,
                dated=line.dated,
                description=line.description,
                cost_minor=line.cost,
                document_id=document.id,
            )
        )
    return rows


def send_back(
    reference: str,
    number: int,
    said: Reasoned,
    *,
    act: str = "send_back",
    version: int | None,
    actor: Person,
) -> Recorded:
    """Send a claim or drawdown back to the applicant, with reasons; its lines can be mended and claimed again."""
    recorded = disbursements.send_back(
        reference, number, said, act=act, version=version, actor=actor
    )
    application = applications.find(reference, actor=actor, part=True)
    claim = queries.standing(awards.tranche(awards.awarded(application), number))
    if claim is not None:
        claim.sent_back_at = recorded.at
    db.session.flush()
    return recorded
