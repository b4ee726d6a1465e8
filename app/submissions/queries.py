"""What can be asked of what is handed in: documents, frozen copies, what is still missing or speaks against it."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from app.applications.models import Application
from app.applications.queries import terms
from app.db import db
from app.documents.models import Document
from app.schemes import queries as schemes
from app.schemes.compose.terms import SchemeTerms
from app.schemes.schemas import problems, well_formed
from app.submissions.models import Attachment, Submission
from workflows import eligibility
from workflows.facts import Facts


def attachments(application: Application, act: str = "") -> list[Attachment]:
    """Return the documents the applicant attached and did not take off, or those officers attached for an act."""
    found = select(Attachment).where(
        Attachment.application_id == application.id,
        Attachment.removed_at.is_(None),
        Attachment.act == act,
    )
    return list(db.session.scalars(found.order_by(Attachment.id)))


def attached(application: Application, act: str) -> tuple[tuple[str, str], ...]:
    """Return kind and SHA-256 of the documents that officers attached for an act."""
    return tuple((found.kind, found.document.sha256) for found in attachments(application, act))


def papers(application: Application) -> list[Attachment]:
    """Return every document officers attached for an act, oldest first."""
    found = select(Attachment).where(
        Attachment.application_id == application.id,
        Attachment.removed_at.is_(None),
        Attachment.act != "",
    )
    return list(db.session.scalars(found.order_by(Attachment.id)))


def document(application: Application, document_id: int) -> Document | None:
    """Return a document that is or was attached to a case."""
    found = (
        select(Document)
        .join(Attachment, Attachment.document_id == Document.id)
        .where(Attachment.application_id == application.id, Document.id == document_id)
    )
    return db.session.scalars(found).first()


def submissions(application: Application) -> list[Submission]:
    """Return the frozen copies, oldest first."""
    found = select(Submission).where(Submission.application_id == application.id)
    return list(db.session.scalars(found.order_by(Submission.number)))


def submission_facts(application: Application, found: Facts) -> Facts:
    """Add what a submission is checked for: call, answers, documents, eligibility."""
    scheme = terms(application)
    wrong = problems(scheme, application.answers)
    labels = {question.key: question.label for question in scheme.questions}
    return replace(
        found,
        call_open=schemes.is_open(application.call),
        problems=tuple(labels.get(key, key) for key in wrong),
        missing_documents=missing_documents(application),
        failed_rules=failed_rules(scheme, application.answers),
    )


def missing_documents(application: Application) -> tuple[str, ...]:
    """Return the kinds of documents of which too few are attached."""
    held = [attachment.kind for attachment in attachments(application)]
    return tuple(
        f"{kind.label} ({held.count(kind.key)} of {kind.minimum})"
        for kind in terms(application).documents
        if held.count(kind.key) < kind.minimum
    )


def failed_rules(scheme: SchemeTerms, answers: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Return name, sentence and clause of each eligibility rule that does not hold on the answers.

    While required answers are missing, a rule that cannot be told yet does not count; once they are there it does.
    """
    open_ = {None} if problems(scheme, answers) else set()
    return tuple(
        (result.rule.name, result.rule.sentence, result.rule.clause)
        for result in eligibility.check(scheme.rules, well_formed(scheme, answers))
        if result.holds not in {True, *open_}
    )


def masked(account: str) -> str:
    """Return an account number as it is shown to those who do not pay: its last four digits."""
    return f"•••• {account[-4:]}"
