"""What can be asked of claims: how a tranche is claimed, what its claim is held to, and where an invoice was met before."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_UP, Decimal

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import selectinload

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.models import Award, Tranche
from app.claims.models import (
    ADVANCE,
    COSTS,
    RETENTION,
    Claim,
    ClaimDraft,
    ClaimFinding,
    ClaimLine,
    ClaimSettlement,
    RetainedTranche,
)
from app.db import db
from app.disbursements.queries import disbursements
from app.documents.models import Document
from app.schemes import queries as schemes
from app.schemes.schemas import filled
from app.submissions import queries as submissions
from app.submissions.models import Attachment
from workflows.claims import ClaimRules, Invoice, compared
from workflows.money import WHOLE

# The mode of a scheme in which money goes before its invoices.
IN_ADVANCE = "advance"
# As what an invoice is attached to a case, and for which act.
INVOICE, ACT = "invoice", "claim"
FIRST = 1
# A share is kept to a millionth of a per cent: finer makes no difference to an amount that can be paid.
_FINEST = Decimal("0.000001")
# How long the keys are by which invoices are found again.
SUPPLIER_KEY, INVOICE_KEY = 140, 60


def mode(application: Application) -> str:
    """Return how the scheme of a case is claimed: "" by a plain request, "reimbursement" or "advance"."""
    return applications.terms(application).claims.mode


def kind_of(application: Application, tranche: Tranche) -> str:
    """Return how a tranche is claimed: with cost lines, in advance, as what was kept back; "" by a plain request."""
    return kinds_of(application, [tranche])[tranche.id]


def kinds_of(application: Application, tranches: Sequence[Tranche]) -> dict[int, str]:
    """Return how each of the tranches of a case is claimed, by its number in the database; asked for once: see ``kind_of``."""
    how = mode(application)
    if not how:
        return dict.fromkeys((row.id for row in tranches), "")
    kept = select(RetainedTranche.tranche_id)
    kept = kept.where(RetainedTranche.tranche_id.in_([row.id for row in tranches]))
    retained = set(db.session.scalars(kept))

    def kind(row: Tranche) -> str:
        if row.id in retained:
            return RETENTION
        return ADVANCE if how == IN_ADVANCE and row.number == FIRST else COSTS

    return {row.id: kind(row) for row in tranches}


def draft(tranche: Tranche) -> ClaimDraft | None:
    """Return the lines that were saved for a tranche."""
    return db.session.get(ClaimDraft, tranche.id, populate_existing=True)


def standing(tranche: Tranche) -> Claim | None:
    """Return the claim of a tranche that was not sent back."""
    found = select(Claim).where(Claim.tranche_id == tranche.id, Claim.sent_back_at.is_(None))
    return db.session.scalars(found.order_by(Claim.id.desc()).limit(1)).first()


def count(application: Application) -> int:
    """Return how many claims were made in a case."""
    found = select(func.count()).where(Claim.application_id == application.id)
    return db.session.scalar(found) or 0


def claims(application: Application) -> list[Claim]:
    """Return the claims of a case with their lines, oldest first."""
    found = select(Claim).where(Claim.application_id == application.id).order_by(Claim.id)
    return list(db.session.scalars(found.options(selectinload(Claim.lines))))


def settlement(claim: Claim) -> ClaimSettlement | None:
    """Return what a claim came to."""
    return db.session.get(ClaimSettlement, claim.id)


def invoices(application: Application) -> list[Document]:
    """Return the documents that were uploaded for the claims of a case, claimed or not, oldest first."""
    found = (
        select(Document)
        .join(Attachment, Attachment.document_id == Document.id)
        .where(
            Attachment.application_id == application.id,
            Attachment.kind == INVOICE,
            Attachment.act == ACT,
        )
    )
    return list(db.session.scalars(found.order_by(Attachment.id)))


def rules(application: Application, award: Award, tranche: Tranche) -> ClaimRules:
    """Return what a claim of a tranche is held to today."""
    terms = applications.terms(application)
    return ClaimRules(
        currency=award.currency,
        public_share_pct=share_pct(application),
        cap=tranche.amount_minor,
        left=max(award.undrawn_minor - kept_back(application, award), 0),
        window_from=award.costs_from or date.min,
        window_to=award.costs_to or date.max,
        mode="advance" if terms.claims.mode == IN_ADVANCE else "reimbursement",
        retention_pct=terms.claims.retention_pct,
        advanced=open_advance(application, award),
    )


def share_pct(application: Application) -> Decimal:
    """Return which share of eligible cost is paid, in per cent: the one that was asked for, at most that of the scheme.

    It is what the rules of eligibility looked at: the amount asked for, of the cost of the project.
    """
    terms = applications.terms(application)
    answers = submissions.submissions(application)[-1].frozen.get("answers", {})
    values = filled(terms, answers, application.enterprise.country).values
    cost, asked = (Decimal(values.get(name) or 0) for name in ("project_cost", "amount"))
    if cost <= 0 or asked <= 0:
        return terms.share_max_pct
    return min((asked * WHOLE / cost).quantize(_FINEST, ROUND_UP), terms.share_max_pct)


def kept_back(application: Application, award: Award) -> int:
    """Return what was kept back of claims and is not claimed yet, in minor units."""
    initial = schemes.workflow(application.scheme.tranche_digest).initial
    found = (
        select(func.sum(Tranche.amount_minor))
        .join(RetainedTranche, RetainedTranche.tranche_id == Tranche.id)
        .where(RetainedTranche.award_id == award.id, Tranche.state == initial)
    )
    return int(db.session.scalar(found) or 0)


def owed_back(award: Award) -> int:
    """Return what was kept back of the claims of an award and not claimed since, in minor units: whatever its tranche says."""
    of_award = select(Tranche.id).where(Tranche.award_id == award.id)
    kept = (
        select(func.sum(ClaimSettlement.retained_minor))
        .join(Claim, Claim.id == ClaimSettlement.claim_id)
        .where(Claim.tranche_id.in_(of_award))
    )
    asked = select(func.sum(Claim.amount_minor)).where(
        Claim.tranche_id.in_(of_award), Claim.kind == RETENTION, Claim.sent_back_at.is_(None)
    )
    return int(db.session.scalar(kept) or 0) - int(db.session.scalar(asked) or 0)


def retained_tranche(application: Application, award: Award) -> Tranche | None:
    """Return the tranche that takes what is kept back, as long as nobody has claimed it."""
    initial = schemes.workflow(application.scheme.tranche_digest).initial
    found = (
        select(Tranche)
        .join(RetainedTranche, RetainedTranche.tranche_id == Tranche.id)
        .where(RetainedTranche.award_id == award.id, Tranche.state == initial)
    )
    return db.session.scalars(found).first()


def open_advance(application: Application, award: Award) -> int:
    """Return what was paid in advance and is not accounted for with invoices yet, in minor units."""
    if mode(application) != IN_ADVANCE:
        return 0
    of_award = select(Tranche.id).where(Tranche.award_id == award.id)
    advances = select(Claim.tranche_id).where(
        Claim.tranche_id.in_(of_award), Claim.kind == ADVANCE, Claim.sent_back_at.is_(None)
    )
    paid = disbursements(award)
    advanced = sum(paid[row].amount_minor for row in db.session.scalars(advances) if row in paid)
    cleared = (
        select(func.sum(ClaimSettlement.cleared_minor))
        .join(Claim, Claim.id == ClaimSettlement.claim_id)
        .where(Claim.tranche_id.in_(of_award))
    )
    return max(advanced - int(db.session.scalar(cleared) or 0), 0)


def others_open(application: Application, award: Award, tranche: Tranche) -> tuple[int, ...]:
    """Return the numbers of the other tranches that have not come to their end."""
    states = schemes.workflow(application.scheme.tranche_digest).states
    found = awards.tranches(award)
    return tuple(t.number for t in found if t.id != tranche.id and not states[t.state].end)


def known(application: Application) -> list[Invoice]:
    """Return the invoices of earlier claims of a case; what was sent back or refused may be claimed again."""
    found = _counted().where(ClaimLine.application_id == application.id)
    return [
        Invoice(line.supplier, line.invoice, f"claim {line.claim.number}")
        for line in db.session.scalars(found)
    ]


def _counted() -> Select[ClaimLine]:
    return (
        select(ClaimLine)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .outerjoin(ClaimFinding, ClaimFinding.line_id == ClaimLine.id)
        .where(
            Claim.sent_back_at.is_(None),
            or_(ClaimFinding.outcome.is_(None), ClaimFinding.outcome != "refused"),
        )
        .order_by(ClaimLine.id)
    )


def keys(supplier: str, invoice: str) -> tuple[str, str]:
    """Return the keys by which an invoice is found again."""
    return compared(supplier)[:SUPPLIER_KEY], compared(invoice)[:INVOICE_KEY]


def elsewhere(application: Application, lines: Sequence[ClaimLine], actor: Person) -> list[Invoice]:
    """Return where the invoices of lines stand in other cases, of every agency of the installation.

    A case is named by its reference where the person may know of it.
    """
    wanted = [(line.supplier_key, line.invoice_key) for line in lines if line.supplier_key]
    if not wanted:
        return []
    found = (
        _counted()
        .join(Application, Application.id == ClaimLine.application_id)
        .where(
            ClaimLine.application_id != application.id,
            tuple_(ClaimLine.supplier_key, ClaimLine.invoice_key).in_(wanted),
        )
        .with_only_columns(ClaimLine.supplier, ClaimLine.invoice, Application.reference)
    )
    rows = db.session.execute(found).all()
    seen = _known_of({row.reference for row in rows}, actor)
    places: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        place = row.reference if row.reference in seen else "another case"
        invoice = compared(row.supplier), compared(row.invoice)
        places.setdefault(invoice, []).append(place)
    return [
        Invoice(supplier, invoice, " and ".join(dict.fromkeys(met)))
        for (supplier, invoice), met in places.items()
    ]


def _known_of(references: set[str], actor: Person) -> set[str]:
    if not references:
        return set()
    seen = applications.visible(actor).where(Application.reference.in_(references))
    return set(db.session.scalars(seen.with_only_columns(Application.reference)))
