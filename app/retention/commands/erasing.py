"""What of a case is about people, table by table, and with what it is blanked; the database lets nothing else go."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, or_, select, update

from app import clock
from app.accounts.models import Enterprise, Interest, Person, SignIn
from app.applications.models import Application
from app.awards.models import Award, Condition, Tranche
from app.claims.models import Claim, ClaimDraft, ClaimFinding, ClaimLine
from app.db import db
from app.disbursements.models import (
    BankLine,
    BankReport,
    PayeeAccount,
    PaymentBatch,
    PaymentInstruction,
)
from app.documents.models import Document
from app.letters.models import IssuedLetter
from app.proceedings.models import Proceeding
from app.registry.models import Certificate
from app.retention import queries
from app.retention.models import LegalHold
from app.reviews.models import Assessment, Recommendation
from app.submissions.models import Attachment, Submission
from app.trail.models import Disclosure, DisclosureKey, Event, OutboxEntry

ERASED_NAME = "Erased"
# An account that was used within this time stays when only the time of an old case is over.
IN_USE = timedelta(days=365)


@dataclass(frozen=True)
class Reach:
    """Whether the erasure reaches beyond the case: to its applicant's account, and to the enterprise: address, certificates."""

    applicant: bool
    enterprise: bool


@dataclass(frozen=True)
class _Part:
    """Rows of a table, and what they are blanked with; ``None`` when they are deleted."""

    word: str
    model: Any
    rows: ColumnElement[bool]
    blanks: dict[str, Any] | None = None


def reach(application: Application, *, request: bool) -> Reach:
    """Return how far an erasure reaches: to what no other case needs; on request also to an account that is in use.

    The lock on the enterprise lets two last cases that are erased at once see each other.
    """
    locked = select(Enterprise.id).where(Enterprise.id == application.enterprise_id)
    db.session.execute(locked.with_for_update())
    own, whole = queries.cases_of(application)
    used = exists().where(
        SignIn.person_id == application.applicant_id, SignIn.seen_at > clock.now() - IN_USE
    )
    in_use = not request and bool(db.session.scalar(select(used)))
    return Reach(applicant=own == 0 and not in_use, enterprise=whole == 0)


def counted(application: Application, whole: Reach) -> dict[str, int]:
    """Return how many things of each kind there are to erase, by closed words; only this goes into the trail."""
    found = {"answers": len(application.answers)}
    for part in _parts(application, whole):
        count = select(func.count()).select_from(part.model).where(part.rows)
        found[part.word] = db.session.scalar(count) or 0
    found |= {"applicant": int(whole.applicant), "enterprise_address": int(whole.enterprise)}
    return {word: number for word, number in found.items() if number}


def blank(application: Application, whole: Reach) -> None:
    """Erase it."""
    unsynchronised = {"synchronize_session": False}
    for part in _parts(application, whole):
        if part.blanks is None:
            statement: Any = delete(part.model).where(part.rows)
        else:
            statement = update(part.model).where(part.rows).values(part.blanks)
        db.session.execute(statement, execution_options=unsynchronised)
    told = OutboxEntry.event_id.in_(_events(application))
    db.session.execute(
        update(OutboxEntry).where(told).values(error=None), execution_options=unsynchronised
    )
    if whole.applicant:
        _forget(application.applicant_id)
    if whole.enterprise:
        own = update(Enterprise).where(Enterprise.id == application.enterprise_id)
        db.session.execute(own.values(address=""), execution_options=unsynchronised)
    db.session.expire_all()
    application.answers = {}


def _forget(person_id: int) -> None:
    at = clock.now()
    person = {
        "name": ERASED_NAME,
        "email": f"erased-{person_id}@erased.invalid",
        # No password has this hash.
        "password": "",
        "active": False,
        "erased_at": at,
    }
    db.session.execute(update(Person).where(Person.id == person_id).values(person))
    sessions = update(SignIn).where(SignIn.person_id == person_id)
    ended = func.coalesce(SignIn.ended_at, at)
    db.session.execute(sessions.values(ended_at=ended, carried=None))


def _events(application: Application) -> Any:
    return select(Event.id).where(Event.stream == application.reference)


def _parts(application: Application, whole: Reach) -> tuple[_Part, ...]:
    case = application.id
    awards = select(Award.id).where(Award.application_id == case)
    tranches = select(Tranche.id).where(Tranche.award_id.in_(awards))
    attached = select(Attachment.document_id).where(Attachment.application_id == case)
    interest = Interest.case == application.reference
    if whole.enterprise:
        everywhere = and_(Interest.enterprise_id == application.enterprise_id, Interest.case == "")
        interest = or_(interest, everywhere)
    stream = application.reference
    certified = Certificate.enterprise_id == application.enterprise_id
    return (
        _Part("disclosures", Disclosure, Disclosure.event_id.in_(_events(application))),
        _Part("keys", DisclosureKey, DisclosureKey.stream == stream),
        _Part("submissions", Submission, Submission.application_id == case, {"frozen": {}}),
        _Part("documents", Document, Document.id.in_(attached), {"filename": ""}),
        _Part("letters", IssuedLetter, IssuedLetter.application_id == case, {"pdf": b""}),
        *_payments(application, tranches),
        _Part("comments", Assessment, Assessment.application_id == case, {"comment": ""}),
        _Part("notes", Recommendation, Recommendation.application_id == case, {"note": ""}),
        _Part("findings", Condition, Condition.award_id.in_(awards), {"evidence": ""}),
        _Part("requests", Tranche, Tranche.award_id.in_(awards), {"asked_note": ""}),
        *_claims(application),
        _Part("proceedings", Proceeding, Proceeding.award_id.in_(awards), {"private": {}}),
        _Part("interests", Interest, interest, {"reason": ""}),
        _Part("holds", LegalHold, LegalHold.application_id == case, {"reason": ""}),
        _Part(
            "certificates",
            Certificate,
            certified if whole.enterprise else false(),
            {"holder": "", "revoked_why": ""},
        ),
    )


def _payments(application: Application, tranches: Any) -> tuple[_Part, ...]:
    """Return what payments and answers of banks say of people.

    A file of several payments goes whole: its digest stays, and each payment keeps a row of its own.
    """
    own = PaymentInstruction.tranche_id.in_(tranches)
    files = select(PaymentInstruction.batch_id).where(own)
    lines = BankLine.instruction_id.in_(select(PaymentInstruction.id).where(own))
    reports = select(BankLine.report_id).where(lines)
    accounts = PayeeAccount.application_id == application.id
    return (
        _Part("payment_files", PaymentBatch, PaymentBatch.id.in_(files), {"file": b""}),
        _Part("payees", PaymentInstruction, own, {"payee": {}, "found": None}),
        _Part("payee_accounts", PayeeAccount, accounts, {"account": {}}),
        _Part("bank_files", BankReport, BankReport.id.in_(reports), {"content": b""}),
        _Part("bank_lines", BankLine, lines, {"told": {}}),
    )


def _claims(application: Application) -> tuple[_Part, ...]:
    """Return what claims say of people: suppliers, invoices, what was bought, why less was accepted."""
    case = application.id
    invoice = {"supplier": "", "supplier_key": "", "invoice": "", "invoice_key": ""}
    lines = {**invoice, "description": ""}
    return (
        _Part("claim_drafts", ClaimDraft, ClaimDraft.application_id == case, {"lines": []}),
        _Part("claims", Claim, Claim.application_id == case, {"salt": ""}),
        _Part("cost_lines", ClaimLine, ClaimLine.application_id == case, lines),
        _Part("cost_findings", ClaimFinding, ClaimFinding.application_id == case, {"reason": ""}),
    )
