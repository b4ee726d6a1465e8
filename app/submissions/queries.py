"""What can be asked of what is handed in: documents, frozen copies, what is still missing or speaks against it."""

from collections.abc import Sequence, Set
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, tuple_

from app.accounts.models import Person
from app.applications.models import Application
from app.applications.queries import terms, today, workflow
from app.applications.queries.dollars import rate_known
from app.applications.queries.taking import part_of
from app.db import db
from app.documents.models import Document
from app.registry import queries as registry
from app.schemes import queries as schemes
from app.schemes.compose.applying import documents, files
from app.schemes.compose.judging import CONDITION, Given, Judged, judge
from app.schemes.compose.judging import wanted as wanted_facts
from app.schemes.schemas import Filled, filled
from app.submissions.models import Attachment, EligibilityCheck, Submission
from workflows.eligibility import CONDITIONS, Result
from workflows.facts import Facts
from workflows.money import to_minor
from workflows.size import Standing

# When the rules were asked.
SUBMITTED, DISBURSED = "submission", "disbursement"
# The fact how many other cases of the enterprise are under way.
OTHERS = "other_applications"


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


def readable(application: Application, document_id: int, actor: Person) -> Document | None:
    """Return a document of a case that a person may read; ``None`` also for one that is not for the person.

    What officers attached for their acts is for who sees the whole case; an applicant, and an agency that sees its part
    alone, read what the applicant attached.
    """
    flow, part = workflow(application), part_of(application, actor)
    institution = part.institution if part else ""
    if not flow.shows(application.state, "documents", actor.reads_as, institution):
        return None
    found = select(Document).join(Attachment, Attachment.document_id == Document.id)
    found = found.where(Attachment.application_id == application.id, Document.id == document_id)
    if actor.beside or institution in flow.confined:
        own = ["", *(act.name for act in flow.acts.values() if "applicant" in act.by)]
        found = found.where(Attachment.act.in_(own))
    return db.session.scalars(found).first()


def submissions(application: Application) -> list[Submission]:
    """Return the frozen copies, oldest first."""
    found = select(Submission).where(Submission.application_id == application.id)
    return list(db.session.scalars(found.order_by(Submission.number)))


def newest(cases: Sequence[Application]) -> dict[int, Submission]:
    """Return the newest frozen copy of each of many cases, by the number of the case."""
    last = (
        select(Submission.application_id, func.max(Submission.number))
        .where(Submission.application_id.in_([case.id for case in cases]))
        .group_by(Submission.application_id)
    )
    found = select(Submission).where(tuple_(Submission.application_id, Submission.number).in_(last))
    return {row.application_id: row for row in db.session.scalars(found)}


def form_of(application: Application) -> Filled:
    """Return the form of a case with its answers: which questions apply, what they come to, what is wrong."""
    return filled(terms(application), application.answers, application.enterprise.country)


def wanted(application: Application) -> dict[str, tuple[str, int]]:
    """Return the documents asked for on the answers so far, by kind: label, and how many at least.

    A file that a question asks for is one, of the kind that has the name of the question.
    """
    scheme, found = terms(application), form_of(application)
    kinds = {kind.key: (kind.label, kind.minimum) for kind in documents(scheme, found.values)}
    asked = {q.key: (q.label, int(q.required)) for q in files(scheme, found.asked)}
    return kinds | asked


def requested(application: Application) -> int | None:
    """Return the amount that the answers ask for, in minor units, ``None`` while they ask for none."""
    amount = Decimal(form_of(application).values.get("amount", "0"))
    return to_minor(amount, application.currency) if amount > 0 else None


def file_questions(application: Application) -> frozenset[str]:
    """Return the questions whose answer is a file, whether they apply or not."""
    return frozenset(q.key for q in terms(application).questions if q.kind == "file")


def holding(exclusive: str) -> str | None:
    """Return the reference of the one application an enterprise may have, ``None`` while it has none."""
    found = select(Application.reference).where(Application.exclusive == exclusive)
    return db.session.scalars(found).first()


def outdated(application: Application) -> bool:
    """Tell whether a draft stands under an earlier version of its scheme; what was handed in never does."""
    return application.submitted_at is None and application.scheme_id != application.call.scheme_id


def submission_facts(application: Application, found: Facts) -> Facts:
    """Add what a submission is checked for, but for eligibility: call, answers, documents, rate."""
    scheme, closed = terms(application), schemes.closure(application.call)
    seen = on_paper(application).get("documents", {})
    # What is wrong in a cell of a table is wrong with the table.
    wrong = dict.fromkeys(place.partition(".")[0] for place in form_of(application).problems)
    labels = {question.key: question.label for question in scheme.questions}
    return replace(
        found,
        call_open=not closed,
        call_closed=closed,
        problems=tuple(labels.get(key, key) for key in wrong if key not in seen),
        missing_documents=missing_documents(application),
        rate_known=rate_known(application),
    )


def on_paper(application: Application) -> dict[str, Any]:
    """Return how an application was filed on paper, as its frozen copies have it; empty for one that was not."""
    found = submissions(application)
    filed: dict[str, Any] = found[-1].frozen.get("paper", {}) if found else {}
    return filed


def missing_documents(
    application: Application, *, apart: Set[str] = frozenset()
) -> tuple[str, ...]:
    """Return the kinds of documents of which too few are attached, but for those that are told of ``apart``."""
    held = [attachment.kind for attachment in attachments(application)]
    for kind, count in on_paper(application).get("documents", {}).items():
        held += [kind] * count
    return tuple(
        f"{label} ({held.count(kind)} of {least})"
        for kind, (label, least) in wanted(application).items()
        if held.count(kind) < least and kind not in apart
    )


def judged(application: Application, seen: dict[str, int] | None = None) -> Judged:
    """Return what the rules of eligibility come to for a case as its answers stand, with the facts of today.

    While answers are missing a rule that cannot be told yet is open; once they are there it fails. ``seen`` are the
    documents seen on paper, where they are not in a frozen copy yet.
    """
    found = form_of(application)
    seen = on_paper(application).get("documents", {}) if seen is None else seen
    complete = all(place.partition(".")[0] in seen for place in found.problems)
    given = Given(found.values, found.asked, application.enterprise.country, complete)
    return judge(terms(application), given, known_of(application))


def judged_again(application: Application) -> Judged:
    """Return what the rules come to for the frozen answers, with the facts of today."""
    copies = submissions(application)
    return judged_on(application, copies[-1].frozen if copies else {}, known_of(application))


def judged_on(application: Application, frozen: dict[str, Any], known: dict[str, Any]) -> Judged:
    """Return what the rules come to for the answers of a frozen copy, with facts that are known."""
    country = application.enterprise.country
    found = filled(terms(application), frozen.get("answers", {}), country)
    given = Given(found.values, found.asked, country, complete=True)
    return judge(terms(application), given, known)


def size_of(application: Application) -> Standing | None:
    """Return of which size the enterprise is by the frozen answers, where a rule of the scheme asks; never once erased."""
    if "size" not in wanted_facts(terms(application)) or application.erased_at is not None:
        return None
    return judged_again(application).standing


def known_of(application: Application) -> dict[str, Any]:
    """Return the facts that the rules of a case ask for beside its answers, as they are today; no other is gathered."""
    return known_of_each([application])[application.id]


def known_of_each(cases: Sequence[Application]) -> dict[int, dict[str, Any]]:
    """Return what ``known_of`` tells of each of many cases, by the number of the case; asked for once for all of them."""
    wanted = {case.id: frozenset(wanted_facts(terms(case))) for case in cases}
    asked = frozenset().union(*wanted.values())
    enterprises = {case.enterprise_id for case in cases if wanted[case.id]}
    records = registry.records_of(enterprises, asked)
    under_way = _under_way(enterprises) if OTHERS in asked else set()
    found = {}
    for case in cases:
        own = wanted[case.id]
        known = registry.facts_in(records, case.enterprise, terms(case), today(case), own)
        if OTHERS in own:
            others = [n for n, owner in under_way if owner == case.enterprise_id and n != case.id]
            known[OTHERS] = len(others)
        found[case.id] = known
    return found


def _under_way(enterprises: Set[int]) -> set[tuple[int, int]]:
    """Return number and enterprise of the cases of enterprises that were handed in and have not ended."""
    handed_in = select(Application).where(
        Application.enterprise_id.in_(enterprises), Application.submitted_at.is_not(None)
    )
    return {
        (one.id, one.enterprise_id)
        for one in db.session.scalars(handed_in)
        if not workflow(one).states[one.state].end
    }


def checks(application: Application) -> list[EligibilityCheck]:
    """Return the checks of eligibility that are kept with a case, oldest first."""
    found = select(EligibilityCheck).where(EligibilityCheck.application_id == application.id)
    return list(db.session.scalars(found.order_by(EligibilityCheck.id)))


def conditions(application: Application) -> tuple[tuple[str, str], ...]:
    """Return name and sentence of the rules that became conditions with the newest submission."""
    if not any(rule.otherwise == CONDITIONS for rule in terms(application).rules):
        return ()
    kept = [check for check in checks(application) if check.occasion == SUBMITTED]
    return tuple(
        (found["rule"], found["sentence"])
        for found in (kept[-1].results if kept else ())
        if found["result"] == CONDITION
    )


def unmet(judged: Judged, met: Set[str]) -> tuple[tuple[str, str, str], ...]:
    """Return what speaks against the first money; a condition that is ``met`` by name is done."""
    open_ = [one for one in judged.to_do if one.rule.name not in met]
    return told(judged.against) + tuple(
        (name, f"Still to be done before the first disbursement: {sentence}", clause)
        for name, sentence, clause in told(tuple(open_))
    )


def told(results: tuple[Result, ...]) -> tuple[tuple[str, str, str], ...]:
    """Return name, sentence and clause of rules that do not hold."""
    return tuple((one.rule.name, one.rule.sentence, one.rule.clause) for one in results)


def masked(account: str) -> str:
    """Return an account number as it is shown to those who do not pay: its last four digits."""
    return f"•••• {account[-4:]}"
